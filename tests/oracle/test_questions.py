"""The engine gives the oracle's answer to every operation, over content that is hard and over the project's own."""

from __future__ import annotations

import json
import os
import random
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from tests.oracle.arguments import plain_value
from tests.oracle.articles import QUESTIONS
from tests.oracle.comparison import code_of, compare
from tests.oracle.execution import oracle_schema
from tests.oracle.hostile import hostile_operations
from tests.oracle.lists import paged_list
from tests.oracle.operations import operation
from tests.oracle.reduction import reduced
from tests.oracle.searching import check_search
from tests.oracle.sides import Sides, both
from tests.oracle.synthetic import write_seeds
from tests.oracle.values import Values, literal
from tests.oracle.walks import HEAD, PAGE, SHOWN, PagedList, cut, walk
from tests.random_seeds import seed_of_run
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.oracle.operations import Operation

pytestmark = uncounted

SEEDS = Path(__file__).parents[2] / "seeds"
SYNTHETIC_COUNT = 300
EXAMPLES = int(os.environ.get("GRAPHQL_API_TEST_EXAMPLES", "450"))
SEED = int(seed_of_run())
SCHEMA = oracle_schema(QUESTIONS)
EVERYTHING = """
query ($after: String) { questions(orderBy: [URL_ASC], first: 25, after: $after) {
  nodes {
    id articleId slug url title question date author score noIndex sourcePath
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
    with both(QUESTIONS, folder, tmp_path_factory.mktemp("store"), validates=True) as sides:
        assert sides.told == sides.site.told()
        yield sides


def test_generated_operations_have_equal_answers(sides: Sides) -> None:
    """Equal JSON in equal order, for two sets of variables: what was kept for the first must not show in the second."""
    for number in range(EXAMPLES):
        one = operation(sides.site, SCHEMA, random.Random(f"{SEED}:{number}"))
        if differs(sides, one, one.document):
            small = reduced(one.document, partial(differs, sides, one))
            for variables in (one.variables, one.other_variables):
                compare(sides.product, sides.oracle.execute, small, variables)
            pytest.fail(f"the engine answers differently when asked again: {small} {one.variables}")


def differs(sides: Sides, one: Operation, document: str) -> bool:
    """Return whether the document, with an operation's variables, has another answer from the product."""
    try:
        for variables in (one.variables, one.other_variables):
            compare(sides.product, sides.oracle.execute, document, variables)
    except AssertionError:
        return True
    return False


def test_a_filter_and_its_complement_share_all_questions(sides: Sides) -> None:
    """Logic has two values: what does not meet a filter meets its complement, unknown subjects and null scores too."""
    values = Values(sides.site, random.Random(SEED))
    for number in range(EXAMPLES):
        value = values.value(SCHEMA.type_map["QuestionFilter"], ("filter",)) or {}
        by_literal = number % 2 == 0
        text = COMPLEMENT.replace("$f", literal(value)) if by_literal else f"query ($f: QuestionFilter!) {COMPLEMENT}"
        found = compare(sides.product, sides.oracle.execute, text, {} if by_literal else {"f": plain_value(value)})
        if "data" in found:
            counts = {name: part["totalCount"] for name, part in found["data"].items()}
            assert counts["kept"] + counts["left"] == counts["either"] == len(sides.site.entries["Question"])


@seed(SEED)
@generated(EXAMPLES // 20)
@given(document=hostile_operations())
def test_hostile_operations_have_equal_answers(sides: Sides, document: str) -> None:
    """Any text, any number and any nesting of nulls that the schema allows."""
    compare(sides.product, sides.oracle.execute, document, None)


@seed(SEED)
@generated(EXAMPLES // 20)
@given(draw=st.randoms(use_true_random=False))
def test_lists_are_walked_to_both_ends_equally(sides: Sides, draw: random.Random) -> None:
    """By each side's own cursors, in pages of any size, forwards and backwards."""
    paged = drawn_list(sides, draw)
    size = max(draw.randint(1, 7), paged.page(sides.oracle.execute)["totalCount"] // 6 + 1)
    assert walk(sides.product, paged, size) == walk(sides.oracle.execute, paged, size)


@seed(SEED)
@generated(EXAMPLES // 10)
@given(draw=st.randoms(use_true_random=False))
def test_pages_between_two_places_are_equal(sides: Sides, draw: random.Random) -> None:
    """After one cursor, before another, or both: nodes, flags and count."""
    paged = drawn_list(sides, draw)
    theirs, ours = (
        [edge["cursor"] for edge in paged.page(execute, first=100)["edges"]]
        for execute in (sides.product, sides.oracle.execute)
    )
    assert len(theirs) == len(ours)
    after = draw.choice([None, *range(len(ours))])
    before = draw.choice([None, *range(len(ours) if after is None else after + 1, len(ours))])
    assert cut(sides.product, paged, theirs, after, before) == cut(sides.oracle.execute, paged, ours, after, before)


def drawn_list(sides: Sides, draw: random.Random) -> PagedList:
    """Return a list that both sides accept."""
    paged = paged_list(sides.site, SCHEMA, draw)
    assume("data" in compare(sides.product, sides.oracle.execute, paged.document, paged.variables))
    return paged


@pytest.mark.parametrize("spelt", [str, str.upper, str.lower, str.swapcase, str.casefold])
@pytest.mark.parametrize("test", ["contains", "startsWith"])
def test_text_is_found_however_it_is_spelt(sides: Sides, test: str, spelt: Callable[[str], str]) -> None:
    """Case is folded by Unicode on both sides; nothing in a text is a pattern."""
    titles = sorted({each.values["title"] for each in sides.site.entries["Question"]})
    for title in random.Random(SEED).sample(titles, min(25, len(titles))):
        for part in (title[:1], title[:5], title[2:6], title[-3:]):
            one = json.dumps(spelt(part), ensure_ascii=False)
            document = f"{{ questions(filter: {{title: {{{test}: {one}}}}}) {{ totalCount nodes {{ url }} }} }}"
            compare(sides.product, sides.oracle.execute, document, None)


def test_every_article_is_equal_in_every_field(sides: Sides) -> None:
    """No generated operation has to hit it: each article is read whole."""
    after: tuple[Any, Any] | None = (None, None)
    while after:
        pages = [
            execute(EVERYTHING, {"after": place})["data"]["questions"]
            for execute, place in zip((sides.product, sides.oracle.execute), after, strict=True)
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
    whole = sides.oracle.execute(LIST, ORIGIN | {"first": 23})["data"]["questions"]["edges"]
    assert found == [edge["node"] for edge in whole[3:]]


@pytest.mark.parametrize("condition", [None, {"hasRelatedArticles": True}, {"score": {"exists": False}}])
def test_search_finds_only_what_has_all_words_and_meets_the_filter(sides: Sides, condition: dict[str, Any]) -> None:
    """Whatever the ranking: hits, count and facets fit each other, and a word of a title finds that title."""
    titles = sorted({word for each in sides.site.entries["Question"] for word in each.values["title"].split()})
    draw = random.Random(SEED)
    words = [word for word in titles if word.isalpha() and len(word) > 3]
    for word in draw.sample(words, min(6, len(words))):
        hits = check_search(sides.product, sides.oracle, word, condition)
        meets = sides.oracle.answers.meets
        articles = sides.site.entries["Question"]
        named = [each for each in articles if word in each.values["title"].split() and meets(each, condition)]
        assert {each.values["url"] for each in named} <= set(hits), word
