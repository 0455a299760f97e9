"""The engine gives the oracle's answer to every operation, over content that is hard and over the project's own."""

from __future__ import annotations

import asyncio
import json
import os
import random
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.engine.requests import Engine, Request
from graphql_api.errors import GraphQLAPIError
from graphql_api.loading.load import load
from graphql_api.rendering.render import render_answer
from graphql_api.settings import Limits, Settings
from tests.oracle.arguments import plain_value
from tests.oracle.comparison import code_of, compare, translated
from tests.oracle.content import Content
from tests.oracle.execution import Oracle, oracle_schema
from tests.oracle.filters import matches
from tests.oracle.hostile import hostile_operations
from tests.oracle.lists import paged_list
from tests.oracle.operations import operation
from tests.oracle.reduction import reduced
from tests.oracle.searching import check_search
from tests.oracle.seeds import read_seeds
from tests.oracle.synthetic import write_seeds
from tests.oracle.values import Values, literal
from tests.oracle.walks import HEAD, PAGE, SHOWN, PagedList, cut, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.oracle.execution import Execute
    from tests.oracle.operations import Operation

SEEDS = Path(__file__).parents[2] / "seeds"
SYNTHETIC_COUNT = 300
EXAMPLES = int(os.environ.get("GRAPHQL_API_TEST_EXAMPLES", "450"))
SEED = int(os.environ.get("GRAPHQL_API_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
SCHEMA = oracle_schema()
# Limits are another test's concern; a size in a variable would count as the largest.
UNLIMITED = Limits(depth=1000, selections=1_000_000, lists=1000, rows=1 << 61, texts=1 << 61, document_tokens=1_000_000)
EVERYTHING = """
query ($after: String) { questions(orderBy: [URL_ASC], first: 25, after: $after) {
  nodes {
    id articleId slug url title question date author score noIndex
    answer { markdown html text excerpt wordCount readingMinutes headings { level text anchor } }
    seo { title description keywords } subject { id slug title questionCount }
    relatedArticles(unique: false) { position articleId title subject url status question { url } }
    named: relatedArticles { position } leading: relatedArticles(resolved: true) { position }
    referencedBy(first: 100) { totalCount nodes { url } }
    neighbours(depth: 3, first: 100) { distance question { url } }
    next { url } previous { url }
  }
  pageInfo { hasNextPage endCursor }
} }
"""
COMPLEMENT = """{
  kept: questions(filter: $f) { totalCount nodes { url } }
  left: questions(filter: {not: $f}) { totalCount nodes { url } }
  either: questions(filter: {or: [$f, {not: $f}]}) { totalCount nodes { url } }
}"""


@dataclass(frozen=True)
class Sides:
    """The product, speaking the oracle's ids, and the oracle over the same seeds."""

    product: Execute
    oracle: Execute
    content: Content


def generated(examples: int) -> settings:
    """Return how many examples a test tries."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(
        max_examples=max(1, examples),
        phases=phases,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module", params=["synthetic", "seeds"])
def sides(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Both sides over one folder of seeds, loaded by the product in its own way."""
    folder = SEEDS
    if request.param == "synthetic":
        folder = tmp_path_factory.mktemp("seeds")
        write_seeds(folder, SYNTHETIC_COUNT, SEED)
    content = Content(read_seeds(folder))
    oracle = Oracle(content, render_answer).execute
    settings = Settings(tmp_path_factory.mktemp("store"), limits=UNLIMITED)
    with asyncio.Runner() as runner:
        report = runner.run(load(folder, settings.store))
        assert report.added == len(content.articles), report.problems
        store = open_store(settings)
        runner.run(store.__aenter__())
        yield Sides(translated(spoken(runner, Executor(store)), oracle), oracle, content)
        runner.run(store.__aexit__(None, None, None))


@pytest.fixture(autouse=True)
def _printed_seed() -> None:
    print(f"GRAPHQL_API_TEST_SEED={SEED}")  # noqa: T201 - pytest shows it with a failure


def spoken(runner: asyncio.Runner, engine: Engine) -> Execute:
    """Return the engine as a plain function."""

    def execute(document: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            response = runner.run(engine.execute(Request(document, None, variables)))
        except GraphQLAPIError as error:
            # It never should; told as a response, so that the operation is shown and reduced.
            return {"errors": [{"message": repr(error), "extensions": {"code": "RAISED"}}]}
        decoded: dict[str, Any] = json.loads(response.body)
        assert ("data" in decoded) == response.has_data
        return decoded

    return execute


def test_generated_operations_have_equal_answers(sides: Sides) -> None:
    """Equal JSON in equal order, for two sets of variables: what was kept for the first must not show in the second."""
    for number in range(EXAMPLES):
        one = operation(sides.content, SCHEMA, random.Random(f"{SEED}:{number}"))
        if differs(sides, one, one.document):
            small = reduced(one.document, partial(differs, sides, one))
            for variables in (one.variables, one.other_variables):
                compare(sides.product, sides.oracle, small, variables)
            pytest.fail(f"the engine answers differently when asked again: {small} {one.variables}")


def differs(sides: Sides, one: Operation, document: str) -> bool:
    """Return whether the document, with an operation's variables, has another answer from the product."""
    try:
        for variables in (one.variables, one.other_variables):
            compare(sides.product, sides.oracle, document, variables)
    except AssertionError:
        return True
    return False


def test_a_filter_and_its_complement_share_all_questions(sides: Sides) -> None:
    """Logic has two values: what does not meet a filter meets its complement, unknown subjects and null scores too."""
    values = Values(sides.content, random.Random(SEED))
    for number in range(EXAMPLES):
        value = values.value(SCHEMA.type_map["QuestionFilter"], ("filter",)) or {}
        by_literal = number % 2 == 0
        text = COMPLEMENT.replace("$f", literal(value)) if by_literal else f"query ($f: QuestionFilter!) {COMPLEMENT}"
        found = compare(sides.product, sides.oracle, text, {} if by_literal else {"f": plain_value(value)})
        if "data" in found:
            counts = {name: part["totalCount"] for name, part in found["data"].items()}
            assert counts["kept"] + counts["left"] == counts["either"] == len(sides.content.articles)


@seed(SEED)
@generated(EXAMPLES // 20)
@given(document=hostile_operations())
def test_hostile_operations_have_equal_answers(sides: Sides, document: str) -> None:
    """Any text, any number and any nesting of nulls that the schema allows."""
    compare(sides.product, sides.oracle, document, None)


@seed(SEED)
@generated(EXAMPLES // 20)
@given(draw=st.randoms(use_true_random=False))
def test_lists_are_walked_to_both_ends_equally(sides: Sides, draw: random.Random) -> None:
    """By each side's own cursors, in pages of any size, forwards and backwards."""
    paged = drawn_list(sides, draw)
    size = max(draw.randint(1, 7), paged.page(sides.oracle)["totalCount"] // 6 + 1)
    assert walk(sides.product, paged, size) == walk(sides.oracle, paged, size)


@seed(SEED)
@generated(EXAMPLES // 10)
@given(draw=st.randoms(use_true_random=False))
def test_pages_between_two_places_are_equal(sides: Sides, draw: random.Random) -> None:
    """After one cursor, before another, or both: nodes, flags and count."""
    paged = drawn_list(sides, draw)
    theirs, ours = (
        [edge["cursor"] for edge in paged.page(execute, first=100)["edges"]]
        for execute in (sides.product, sides.oracle)
    )
    assert len(theirs) == len(ours)
    after = draw.choice([None, *range(len(ours))])
    before = draw.choice([None, *range(len(ours) if after is None else after + 1, len(ours))])
    assert cut(sides.product, paged, theirs, after, before) == cut(sides.oracle, paged, ours, after, before)


def drawn_list(sides: Sides, draw: random.Random) -> PagedList:
    """Return a list that both sides accept."""
    paged = paged_list(sides.content, draw)
    assume("data" in compare(sides.product, sides.oracle, paged.document, paged.variables))
    return paged


@pytest.mark.parametrize("spelt", [str, str.upper, str.lower, str.swapcase, str.casefold])
@pytest.mark.parametrize("test", ["contains", "startsWith"])
def test_text_is_found_however_it_is_spelt(sides: Sides, test: str, spelt: Callable[[str], str]) -> None:
    """Case is folded by Unicode on both sides; nothing in a text is a pattern."""
    titles = sorted({article["title"] for article in sides.content.articles.values()})
    for title in random.Random(SEED).sample(titles, min(25, len(titles))):
        for part in (title[:1], title[:5], title[2:6], title[-3:]):
            one = json.dumps(spelt(part), ensure_ascii=False)
            document = f"{{ questions(filter: {{title: {{{test}: {one}}}}}) {{ totalCount nodes {{ url }} }} }}"
            compare(sides.product, sides.oracle, document, None)


def test_every_article_is_equal_in_every_field(sides: Sides) -> None:
    """No generated operation has to hit it: each article is read whole."""
    after: tuple[Any, Any] | None = (None, None)
    while after:
        pages = [
            execute(EVERYTHING, {"after": place})["data"]["questions"]
            for execute, place in zip((sides.product, sides.oracle), after, strict=True)
        ]
        assert pages[0]["nodes"] == pages[1]["nodes"]
        info = [page["pageInfo"] for page in pages]
        assert info[0]["hasNextPage"] == info[1]["hasNextPage"]
        after = (info[0]["endCursor"], info[1]["endCursor"]) if info[0]["hasNextPage"] else None


LIST = (
    f"query ({HEAD}, $order: [QuestionOrder!], $filter: QuestionFilter)"
    f" {{ questions(orderBy: $order, filter: $filter, {PAGE}) {SHOWN % 'url'} }}"
)
ORIGIN = {"order": ["DATE_DESC"], "filter": {"noIndex": {"eq": False}}}


@pytest.mark.parametrize(
    "other",
    [
        {"order": ["DATE_ASC"]},
        {"order": ["DATE_DESC", "TITLE_ASC"]},
        {"order": ["TITLE_DESC"]},
        {"filter": {"noIndex": {"eq": True}}},
        {"filter": {"noIndex": {"eq": False}, "hasRelatedArticles": True}},
        {"filter": None},
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_cursor_of_another_order_or_filter_is_bad_input(sides: Sides, other: dict[str, Any], side: str) -> None:
    """A cursor is tied to its order and filter."""
    cursor = sides.product(LIST, ORIGIN)["data"]["questions"]["pageInfo"]["startCursor"]
    response = sides.product(LIST, ORIGIN | other | {side: cursor})
    assert code_of(response) == "BAD_USER_INPUT"
    assert "data" not in response


def test_a_cursor_that_was_tampered_with_is_bad_input(sides: Sides) -> None:
    """Whichever character was changed, left out or added."""
    cursor = sides.product(LIST, ORIGIN)["data"]["questions"]["pageInfo"]["startCursor"]
    changed = [cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor))]
    shorter = [cursor[:at] for at in range(len(cursor))]
    for tampered in (*changed, *shorter, cursor + "A", cursor + "=", "é" + cursor, cursor * 2, "\x00"):
        assert code_of(sides.product(LIST, ORIGIN | {"after": tampered})) == "BAD_USER_INPUT", tampered


def test_a_cursor_serves_the_same_order_and_filter_however_they_are_written(sides: Sides) -> None:
    """As variables or as literals, with one order or a list of one."""
    first = sides.product(LIST, ORIGIN)["data"]["questions"]
    literal = (
        "query ($after: String) { questions(filter: {noIndex: {eq: false}}, orderBy: DATE_DESC,"
        " after: $after) { nodes { url } } }"
    )
    found = sides.product(literal, {"after": first["edges"][2]["cursor"]})["data"]["questions"]["nodes"]
    whole = sides.oracle(LIST, ORIGIN | {"first": 23})["data"]["questions"]["edges"]
    assert found == [edge["node"] for edge in whole[3:]]


@pytest.mark.parametrize("condition", [None, {"hasRelatedArticles": True}, {"score": {"exists": False}}])
def test_search_finds_only_what_has_all_words_and_meets_the_filter(sides: Sides, condition: dict[str, Any]) -> None:
    """Whatever the ranking: hits, count and facets fit each other, and a word of a title finds that title."""
    titles = sorted({word for article in sides.content.articles.values() for word in article["title"].split()})
    draw = random.Random(SEED)
    words = [word for word in titles if word.isalpha() and len(word) > 3]
    for word in draw.sample(words, min(6, len(words))):
        hits = check_search(sides.product, sides.content, word, condition)
        articles = sides.content.articles.values()
        named = [one for one in articles if word in one["title"].split() and matches(one, condition)]
        assert {article["url"] for article in named} <= set(hits), word
