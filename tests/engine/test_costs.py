"""Costs: what an operation reads is counted, bounded by a budget, and told."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

import pytest
from graphql import GraphQLNonNull, OperationDefinitionNode, parse

from graphql_api.engine.documents import DocumentCache
from graphql_api.model.language import builtin_model, read_model
from graphql_api.schema.build import build_schema
from graphql_api.settings import Limits
from tests.cookbook import recipes
from tests.engine.conftest import SEEDS
from tests.engine.product import Product
from tests.server.programs import PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphql_api.engine.operations import Operation

MANY = 350_000
COUNTS = {"Question": MANY, "Subject": 350}
DOCUMENTS = {
    **{recipe.title: recipe.operation for recipe in recipes()},
    **{
        text.split("(")[0].split()[-1]: text
        for page in ("frontends.md", "search.md", "filters.md")
        for text in re.findall(
            r"graphql\(`(.*?)`\)", (PROJECT_FOLDER / "docs" / page).read_text(encoding="utf-8"), re.DOTALL
        )
    },
    **{
        path.stem: path.read_text(encoding="utf-8")
        for path in (PROJECT_FOLDER / "graphql_api" / "server" / "examples").glob("*.graphql")
    },
}
BLOG = PROJECT_FOLDER / "examples" / "blog" / "content.graphql"


@pytest.fixture(scope="module")
def documents() -> DocumentCache:
    """Return what makes documents of texts, by the built-in model."""
    return DocumentCache(build_schema(builtin_model()), Limits(), 1_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the seeds."""
    folder: Path = tmp_path_factory.mktemp("store")
    with Product(folder) as product:
        product.load(SEEDS)
    return folder


@pytest.fixture
def small(folder: Path) -> Iterator[Product]:
    """Return an engine with a small budget."""
    with Product(folder, Limits(cost=1_000)) as product:
        yield product


def operations_of(documents: DocumentCache, text: str) -> Iterator[Operation]:
    """Return the operations of a document."""
    for node in parse(text).definitions:
        if isinstance(node, OperationDefinitionNode):
            yield documents.get(text).operation(node.name.value if node.name else None)


def variables_of(operation: Operation) -> dict[str, Any]:
    """Return a value for each variable that needs one."""
    values: dict[str, Any] = {"String": "x", "ID": "x", "Int": 20, "Boolean": True, "Date": "2024-01-01", "Float": 1.5}
    needed = {name: type_ for name, type_ in operation.variables.types.items() if isinstance(type_, GraphQLNonNull)}
    return {name: values.get(str(type_.of_type), []) for name, type_ in needed.items()}


def cost(documents: DocumentCache, text: str, counts: Mapping[str, int] | None = None, **variables: Any) -> int:
    """Return what the only operation of a document costs."""
    operation = documents.get(text).operation(None)
    plan = operation.plan(operation.variables.coerce(variables))
    plan.bind(variables)
    return plan.cost.exact(COUNTS if counts is None else counts, variables)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_documented_is_near_the_budget_at_350_000_entries(documents: DocumentCache, name: str) -> None:
    """Not even whatever its variables are: neither is it refused, nor does the log warn."""
    operations = list(operations_of(documents, DOCUMENTS[name]))
    assert operations
    for operation in operations:
        variables = operation.variables.coerce(variables_of(operation))
        assert operation.plan(variables).cost.bound(COUNTS) * 2 <= Limits().cost


def test_models_of_other_sites_have_room_too() -> None:
    """Pages, counts, facets and a search of every type of an example with lists of references everywhere."""
    schema = build_schema(read_model(BLOG.read_text(encoding="utf-8")))
    documents = DocumentCache(schema, Limits(), 100)
    text = "{ posts(first: 100) { totalCount nodes { title authors { name posts(first: 3) { nodes { title } } } } } }"
    counts = dict.fromkeys(documents.layout.model.entry_types, MANY)
    assert cost(documents, text, counts) * 2 <= Limits().cost


INNER = "questions(first: 100) { nodes { subject { %s } } }"


TITLES = "nodes { title }"
YEARS = "questions { facets { years { year } } }"
SNIPPETS = "edges { snippet { text } }"


@pytest.mark.parametrize(
    ("dearer", "cheaper", "factor"),
    [
        pytest.param(
            'questions(filter: {title: {contains: "x"}}) { totalCount }', "questions { totalCount }", 9, id="filter"
        ),
        pytest.param(INNER % YEARS, YEARS, 1, id="nested facets"),
        pytest.param('search(query: "x") { totalCount }', 'question(by: {url: "x"}) { title }', 9, id="search"),
        pytest.param(
            f"questions(orderBy: [SCORE_ASC, TITLE_ASC]) {{ {TITLES} }}", f"questions {{ {TITLES} }}", 9, id="order"
        ),
        pytest.param(
            "questions(first: 9) { nodes { answer { html } } }", f"questions(first: 9) {{ {TITLES} }}", 9, id="texts"
        ),
        pytest.param(
            "questions { nodes { answer { excerpt(length: 999) } } }",
            "questions { nodes { answer { excerpt(length: 50) } } }",
            2,
            id="excerpts",
        ),
        pytest.param(f"questions(offset: 9999) {{ {TITLES} }}", f"questions(offset: 3) {{ {TITLES} }}", 9, id="offset"),
        pytest.param(
            f'search(query: "x", first: 100) {{ {SNIPPETS} }}',
            f'search(query: "x", first: 1) {{ {SNIPPETS} }}',
            1,
            id="snippets",
        ),
    ],
)
def test_what_is_read_counts(documents: DocumentCache, dearer: str, cheaper: str, factor: int) -> None:
    """Not only what is shown: rows looked at for counts, facets, conditions, orders and searches, texts by length."""
    assert cost(documents, f"{{ {dearer} }}") > factor * cost(documents, f"{{ {cheaper} }}")


def test_cost_is_multiplied_through_nested_pages_and_aliases(documents: DocumentCache) -> None:
    """A count below a page counts for each of its rows, and each alias of it once more."""
    counted = 'questions(filter: {title: {contains: "x"}}) { totalCount }'
    once = cost(documents, f"{{ {INNER.replace('100', '1') % counted} }}")
    hundred = cost(documents, f"{{ {INNER % counted} }}")
    aliased = cost(documents, f"{{ {INNER % ' '.join(f'a{n}: {counted}' for n in range(10))} }}")
    assert hundred > 90 * once
    assert aliased > 9 * hundred


def test_size_in_a_variable_counts_as_it_is(documents: DocumentCache) -> None:
    """And as the largest where a bound for all requests is asked for; there are never more rows than entries."""
    text = "query ($n: Int!) { questions(first: $n) { nodes { title } } }"
    literal = "{ questions(first: %d) { nodes { title } } }"
    assert [cost(documents, text, n=n) for n in (3, 100)] == [cost(documents, literal % n) for n in (3, 100)]
    assert documents.get(text).operation(None).plan({"n": 3}).cost.bound(COUNTS) == cost(documents, literal % 100)
    assert cost(documents, literal % 100, {"Question": 3}) == cost(documents, literal % 3)


def test_operation_over_the_budget_is_refused_with_what_is_dear_in_it(small: Product) -> None:
    """Its place, its part of the cost, and what to do; programs find the numbers in the extensions."""
    nested = '{ subjects { nodes { list: questions(filter: {title: {contains: "x"}}) { count: totalCount } } } }'
    error = small.error(nested.replace("subjects", "subjects(first: 100)").replace("count:", "a: totalCount b:"))
    assert error["extensions"]["code"] == "COST_EXCEEDED"
    assert error["extensions"]["budget"] == 1_000 < error["extensions"]["cost"]
    assert error["path"] == ["subjects", "nodes", "list", "a"]
    assert "'subjects.nodes.list.a'" in error["message"]
    assert "looking at every entry" in error["message"]
    assert "fewer times" in error["message"]


def test_operation_above_half_of_the_budget_is_warned_of_once(small: Product, caplog: pytest.LogCaptureFixture) -> None:
    """However often it is asked; one below is never."""
    with caplog.at_level(logging.WARNING):
        for size in (100, 20):
            for _ in range(3):
                small.data(f"query Dear {{ questions(first: {size}) {{ nodes {{ title url date }} }} }}")
    (record,) = caplog.records
    assert "'Dear'" in record.getMessage()
    assert "1,000 units" in record.getMessage()


def test_answer_that_gets_too_long_is_not_built(folder: Path) -> None:
    """Whether its lists are long, or its fields many: SQLite ends as soon as it is."""
    long = "questions(first: 100) { nodes { answer { html } } }"
    with Product(folder, Limits(answer_bytes=20_000)) as product:
        for document in (f"{{ {long} }}", f"{{ {' '.join(f'a{n}: {long}' for n in range(3))} }}"):
            assert product.error(document)["extensions"]["code"] == "ANSWER_TOO_LARGE"
            assert "bounded(" in product.store.asked[-1]
        short = " ".join(f"a{n}: questions(first: 9) {{ nodes {{ title url }} }}" for n in range(30))
        assert product.error(f"{{ {short} }}")["extensions"]["code"] == "ANSWER_TOO_LARGE"


def test_only_lists_that_may_be_long_are_watched(folder: Path) -> None:
    """Short ones within a long answer are not; whatever gets too long is refused all the same."""
    inner = "relatedArticles { title question { answer { markdown } relatedArticles { title %s } } }"
    two_levels = f"{{ question(by: {{id: 1}}) {{ {inner % 'question { answer { markdown } }'} }} }}"
    with Product(folder) as product:
        product.data(two_levels)
        assert product.store.asked[-1].count("bounded(") == 1  # the outer one
        product.data(
            f"{{ questions(first: 2) {{ nodes {{ {inner % 'question { answer { text html markdown } }'} }} }} }}"
        )
        assert product.store.asked[-1].count("bounded(") == 3
    with Product(folder, Limits(answer_bytes=3_000)) as product:
        pages = f"{{ questions(first: 100) {{ nodes {{ {inner % ''} }} }} }}"
        assert product.error(pages)["extensions"]["code"] == "ANSWER_TOO_LARGE"


def test_statement_that_is_watched_gives_the_same_answer(folder: Path) -> None:
    """The functions that watch it change no byte; empty lists stay empty."""
    page = "questions(first: 3) { nodes { title answer { html text } relatedArticles { title } } }"
    with Product(folder) as product:
        many = product.data(f"{{ {' '.join(f'a{n}: {page}' for n in range(9))} }}")
        assert "within(" in product.store.asked[-1]
        one = product.data(f"{{ {page} }}")
        assert list(many.values()) == [one["questions"]] * 9
