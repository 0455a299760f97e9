"""Limits: what one document may ask for, told with bounded work."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from graphql_api.engine.limits import Measure
from graphql_api.errors import ValidationError
from graphql_api.model.language import builtin_model
from graphql_api.schema.build import build_schema
from graphql_api.settings import Limits
from tests.engine.conftest import SEEDS
from tests.engine.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def code(error: dict[str, Any]) -> str:
    """Return the code of an error."""
    return str(error["extensions"]["code"])


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return an engine with small limits over the seeds."""
    folder: Path = tmp_path_factory.mktemp("strict")
    limits = Limits(
        depth=8, selections=30, lists=3, rows=1_000, texts=90, introspected=1_000, document_tokens=200, operations=3
    )
    with Product(folder, limits) as strict:
        strict.load(SEEDS)
        yield strict


RELATED = "relatedArticles { question { %s } }"
WALK = "neighbours { distance }"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param(
            '{ question(by: {url: "x"}) { subject { questions { nodes { subject { questions { nodes { subject { slug }'
            " } } } } } } } }",
            "levels of fields",
            id="depth",
        ),
        pytest.param(f"{{ {' '.join(f'a{n}: __typename' for n in range(31))} }}", "fields", id="selections"),
        pytest.param(
            f'{{ question(by: {{url: "x"}}) {{ {RELATED % (RELATED % (RELATED % WALK))} }} }}',
            "levels of",
            id="lists",
        ),
        pytest.param("{ questions(first: 100) { nodes { neighbours { distance } } } }", "objects", id="rows"),
        pytest.param("{ questions(first: 31) { nodes { answer { html text markdown } } } }", "whole texts", id="texts"),
        pytest.param(
            "{ a: __schema { types { fields { name } } } ...F } fragment F on Query { __schema { types {"
            " fields { args { name } } } } }",
            "objects of the schema",
            id="introspection",
        ),
        pytest.param(" ".join(f"query Q{n} {{ __typename }}" for n in range(4)), "4 operations", id="operations"),
        pytest.param(
            "query ($n: Int) { subjects(first: $n) { nodes { questions { nodes { url } } } } }",
            "objects",
            id="variable",
        ),
    ],
)
def test_document_over_a_limit_is_refused(strict: Product, document: str, said: str) -> None:
    """Before it is planned, with the limit in words; a size in a variable counts as the largest."""
    error = strict.error(document)
    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert said in error["message"]
    assert "allowed" in error["message"]


def test_document_with_too_many_tokens_is_refused_before_it_is_read(strict: Product) -> None:
    """Whatever comes after them."""
    error = strict.error("{ " + "__typename " * 300)
    assert code(error) == "GRAPHQL_PARSE_FAILED"
    assert "200" in error["message"]


@pytest.mark.parametrize("inner", ["{ content " * 3_000, "[" * 3_000, "{a:" * 3_000])
def test_document_nested_beyond_the_parser_is_refused(product: Product, inner: str) -> None:
    """As a parse error like any other, not as a failure of ours."""
    document = inner if inner.startswith("{ c") else f"{{ questions(filter: {inner}"
    assert code(product.error(document)) == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize(
    "document",
    [
        "{ nothing { nowhere } }",
        "{ ...Nothing }",
        "{ ... on Nothing { a { b } } }",
        "{ ...F } fragment F on Nothing { a { b } }",
        "{ ...F } fragment F on Query { content { version } ...F }",
        f"{{ questions(first: {'9' * 5_000}) {{ totalCount }} }}",
        "mutation { a { b } }",
    ],
)
def test_document_that_does_not_fit_the_schema_is_measured_all_the_same(product: Product, document: str) -> None:
    """Limits come before validation: what has no size there is left to validation to refuse."""
    error = product.error(document)
    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert "allowed" not in error["message"]


def test_texts_up_to_the_limit_are_answered(tmp_path: Path) -> None:
    """Short texts do not count, nor does what stands beside the texts."""
    document = "{ questions(first: 30) { nodes { answer { html text markdown excerpt headings { text } } } } }"
    with Product(tmp_path, Limits(texts=90)) as product:
        product.load(SEEDS)
        assert len(product.data(document)["questions"]["nodes"]) == 30


def test_greatest_page_can_be_set(tmp_path: Path) -> None:
    """Greater or smaller than the default; without a size a page is never greater."""
    for page, size in ((10, 10), (72, 20)):
        with Product(tmp_path, Limits(page=page)) as product:
            product.load(SEEDS)
            assert (
                len(product.data(f"{{ questions(first: {page}) {{ nodes {{ url }} }} }}")["questions"]["nodes"]) == page
            )
            assert len(product.data("{ questions { nodes { url } } }")["questions"]["nodes"]) == size
            assert len(product.data('{ search(query: "a the of") { nodes { url } } }')["search"]["nodes"]) <= size
            for asked in (
                f"questions(first: {page + 1})",
                f"questions(last: {page + 1})",
                f'search(query: "a", first: {page + 1})',
            ):
                assert f"must be 0 to {page}" in product.error(f"{{ {asked} {{ totalCount }} }}")["message"]


def fan_out(levels: int, last: str) -> str:
    """Return a document whose fragments spread each the next twice."""
    fragments = [
        f"fragment F{n} on Question {{ next {{ ...F{n + 1} }} previous {{ ...F{n + 1} }} }}" for n in range(levels)
    ]
    fragments.append(f"fragment F{levels} on Question {{ {last} }}")
    return f'{{ question(by: {{ url: "x" }}) {{ ...F0 }} }} {" ".join(fragments)}'


@pytest.mark.parametrize("levels", [12, 20])
def test_fragments_that_double_at_each_level_are_refused(product: Product, levels: int) -> None:
    """A few hundred bytes that mean a million fields."""
    error = product.error(fan_out(levels, "title"))
    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert "fields" in error["message"]


@pytest.mark.parametrize("body", ["...F{0}", "next {{ ...F{0} }}", "next {{ ...F{0} }} previous {{ ...F{0} }}"])
@pytest.mark.parametrize("levels", [100, 220])
def test_fragments_nested_very_deep_are_refused_in_words(product: Product, levels: int, body: str) -> None:
    """Or answered, but neither a failure of ours nor two words that help nobody."""
    fragments = [f"fragment F{n} on Question{{{body.format(n + 1)}}}" for n in range(levels)]
    fragments.append(f"fragment F{levels} on Question {{ title }}")
    response = product.response(f'{{ question(by: {{ url: "x" }}) {{ ...F0 }} }} {" ".join(fragments)}')
    if "errors" in response:
        assert code(response["errors"][0]) == "GRAPHQL_VALIDATION_FAILED"
        assert "ask for less" in response["errors"][0]["message"].lower()
    else:
        assert (levels, body) == (100, "...F{0}")


class CountedLookups(dict[str, Any]):
    """A dictionary that counts how often each of its keys is looked up."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.lookups: Counter[str] = Counter()

    def __getitem__(self, key: str) -> Any:
        self.lookups[key] += 1
        return super().__getitem__(key)


@pytest.mark.parametrize("levels", [10, 100])
def test_each_fragment_is_measured_once(levels: int) -> None:
    """The work grows with the document, not with what it means (2 to the power of 100 fields): counted, not timed."""
    document = parse(fan_out(levels, "title"))
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    fragments = CountedLookups(
        {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    )
    with pytest.raises(ValidationError):
        Measure(build_schema(builtin_model()).graphql, fragments).check(operation, Limits())
    assert set(fragments.lookups.values()) == {1}
    assert len(fragments.lookups) == levels + 1


def test_document_is_validated_with_bounded_work(product: Product) -> None:
    """Fields that repeat must be compared with each other: in so many steps, or not at all."""
    fragment = f"fragment F on Query {{ {'content { version } ' * 400} }}"
    error = product.error(" ".join(f"query Q{n} {{ ...F }}" for n in range(90)) + fragment)
    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert "ask for less" in error["message"]
    assert product.data("{ " + "content { version } " * 900 + "}")["content"]


def test_first_conflict_ends_the_comparison(product: Product) -> None:
    """A document of three hundred conflicting fields has ninety thousand conflicts, of which one is told."""
    fields = " ".join(f"a: questions(first: {number}) {{ totalCount }}" for number in range(300))
    response = product.response(f"{{ {fields} }}")
    (error,) = response["errors"]
    assert error["message"].startswith("Fields 'a' conflict because they have differing arguments.")


@pytest.mark.parametrize("padding", ["#" + "x" * 70_000, " " * 70_000, "," * 70_000, "# ü" * 20_000])
def test_document_with_too_many_bytes_is_refused_before_it_is_read(product: Product, padding: str) -> None:
    """Comments and blanks take time too."""
    error = product.error("{ content { version } } " + padding)
    assert code(error) == "GRAPHQL_PARSE_FAILED"
    assert "65,536 are allowed" in error["message"]


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (f"{{ {'a' * 60_000} }}", None),
        (f"query ($u: Int) {{ {'a' * 60_000}: questions(first: $u) {{ totalCount }} }}", {"u": 5_000}),
        ("query ($u: Int) { questions(first: $u) { totalCount } }", {"u": "x" * 60_000}),
        ("query ($u: [QuestionOrder!]) { questions(orderBy: $u) { totalCount } }", {"u": ["x" * 60_000]}),
        (f"{{ questions(first: {'9' * 60_000}) {{ totalCount }} }}", None),
    ],
    ids=["name", "path", "value", "enum", "number"],
)
def test_what_a_client_sent_is_told_back_in_part(
    product: Product, document: str, variables: dict[str, Any] | None
) -> None:
    """An error is short, whatever it is about."""
    assert len(json.dumps(product.response(document, variables))) < 2_000


def test_too_many_errors_are_cut_off(product: Product) -> None:
    """A document with a thousand mistakes gets some of them, and the word that there are more."""
    errors = product.response("{ " + " ".join(f"a{number}" for number in range(1_000)) + " }")["errors"]
    assert len(errors) == 21
    assert "Too many" in errors[-1]["message"]
