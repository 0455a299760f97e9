"""Search: what is asked is found, whatever is typed is a search, and nothing but marks is ever HTML."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.engine.article import write_article
from tests.engine.product import Product
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URLS = "query ($query: String!) { search(query: $query, first: 100) { totalCount nodes { url } } }"
EDGES = """query ($query: String!, $filter: QuestionFilter, $first: Int, $after: String) {
  search(query: $query, filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor score node { url title date author subject { slug } } snippet { text html } }
    facets { subjects { subject { slug } count } years { year count } authors { author count } } } }"""
# Each line of the text that one article has, by the name that its url ends with.
ARTICLES = {
    "cafe": {"title": "Café au lait", "answer": "Drink it **hot**, in the naïve hope of waking up."},
    "running": {"title": "On running", "answer": "Runners run; he ran, she is running a marathon."},
    "binary": {"title": "Binary search", "answer": "Halve the sorted list, and halve again. Search is binary here."},
    "reversed": {"title": "Search, not binary", "answer": "A linear search looks at every item, one by one."},
    "markup": {"title": "Tags & <marks>", "answer": 'Write `<script>alert(1)</script>` & `"quotes"` as text: <mark>.'},
    "keyword": {"title": "Nothing of it", "answer": "Plain.", "keywords": "zeppelin, airship"},
    "emoji": {"title": "Smile 😀 please", "answer": "Ελληνικά, 日本語 and Straße."},
    "state": {"title": "The state of the art", "answer": "A state-of-the-art machine."},
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return an engine over a few articles that are made for these tests."""
    folder = tmp_path_factory.mktemp("small")
    for slug, article in ARTICLES.items():
        write_article(folder / "seeds", slug, **article)
    with Product(folder / "store") as small:
        assert small.load(folder / "seeds").problems == ()
        yield small


def found(product: Product, query: str) -> list[str]:
    """Return the slugs of what a search finds, best first."""
    nodes = product.data(URLS, {"query": query})["search"]["nodes"]
    return [node["url"].rsplit("/", 1)[1] for node in nodes]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        pytest.param("cafe", {"cafe"}, id="without the accent"),
        pytest.param("CAFÉ", {"cafe"}, id="in capitals with it"),
        pytest.param("naive hope", {"cafe"}, id="in the text"),
        pytest.param("runs marathons ", {"running"}, id="stems of other forms"),
        pytest.param("marath", {"running"}, id="start of the last word"),
        pytest.param("marath running ", set(), id="start of another word"),
        pytest.param('"binary search"', {"binary"}, id="phrase"),
        pytest.param("binary search", {"binary", "reversed"}, id="words in any order"),
        pytest.param("search -linear", {"binary"}, id="word left out"),
        pytest.param('search -"linear search"', {"binary"}, id="phrase left out"),
        pytest.param("-search", set(), id="nothing wanted"),
        pytest.param("zeppelin", {"keyword"}, id="keyword"),
        pytest.param("Ελληνικά", {"emoji"}, id="Greek"),
        pytest.param("state-of-the-art", {"state"}, id="hyphens hold words together"),
        pytest.param("nothing such", set(), id="all words must occur"),
        pytest.param("", set(), id="nothing typed"),
        pytest.param("   ", set(), id="only blanks"),
        pytest.param('- " * ( ) : ^ +', set(), id="only signs"),
    ],
)
def test_search_finds_exactly(small: Product, query: str, slugs: set[str]) -> None:
    """Accents and case fold, words stem, the last may be unfinished; quotes hold together, a minus leaves out."""
    assert set(found(small, query)) == slugs


def test_title_counts_for_more_than_text(small: Product) -> None:
    """Both have both words; the one whose title begins with what was typed comes first."""
    assert found(small, "binary search") == ["binary", "reversed"]
    assert found(small, "search")[0] == "reversed"


@pytest.mark.parametrize(
    "query",
    [
        *('"', '""', '"""', '"unbalanced', 'un"balanced', "'", "-", "--", "- -", '-"', '-""', '"-"', "*", "a*", "*a"),
        *("AND", "OR", "NOT", "a AND", "NOT a", "a NEAR b", "NEAR(a b, 2)", "a + b", "^a", "title:a", "title : a"),
        *("{title question}: a", "- {title}: a", "(", ")", "((a)", "a)", "rowid", "rank:1", "search", "a;b", "a\\b"),
        *(
            "\x00",
            "a\x00b",
            "\x00a",
            "😀",
            "😀*",
            "é",
            "\u0301",
            "\u200b",
            "\ufeff",
            "\u202e",
            "日本",
            "%",
            "_",
        ),
        *("?1", "%s", "%%", "'; DROP TABLE search; --", "<mark>", "\n\t", "a" * 10_000, "a " * 5_000, '"' * 10_000),
        *("-a " * 3_000, "(" * 10_000, "日" * 10_000, "_" * 100, "a-b-c-d" * 500),
    ],
    ids=lambda query: ascii(query[:20]),
)
def test_whatever_is_typed_is_a_search(small: Product, query: str) -> None:
    """Operators, quotes without an end, no letter at all, very long: an answer, and never an error."""
    search = small.response(EDGES, {"query": query})["data"]["search"]
    assert search["totalCount"] == len(search["edges"])


@uncounted
@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(query=st.text() | st.text(alphabet='ab "-*()^:+{}é😀\x00\n', max_size=30))
@example(query="\x00")
def test_any_text_is_a_search(small: Product, query: str) -> None:
    """As above, for texts that nobody has thought of; what is found is escaped in its snippet."""
    for edge in small.data(EDGES, {"query": query})["search"]["edges"]:
        assert_safe(edge["snippet"])


def assert_safe(snippet: dict[str, str]) -> None:
    """Without its marks, which are balanced, the HTML is the escaped text."""
    unmarked = re.sub("<mark>([^<]*)</mark>", r"\1", snippet["html"])
    assert not re.search("[<>]", unmarked)
    assert html.unescape(unmarked) == snippet["text"]


def test_snippet_is_escaped_and_marks_what_was_asked_for(small: Product) -> None:
    """The text of an article can hold anything, marks too."""
    (edge,) = small.data(EDGES, {"query": "script alert"})["search"]["edges"]
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)&lt;/<mark>script</mark>&gt;" in edge["snippet"]["html"]
    assert "<script>alert(1)</script>" in edge["snippet"]["text"]
    assert_safe(edge["snippet"])


@pytest.mark.parametrize("query", ["light", "the speed of light", "prime -infinity", '"of the"', "wave"])
def test_snippets_of_real_articles_are_safe_and_short(product: Product, query: str) -> None:
    """At most 200 characters and an ellipsis on each side."""
    edges = product.data(EDGES, {"query": query})["search"]["edges"]
    assert edges
    for edge in edges:
        assert_safe(edge["snippet"])
        assert len(edge["snippet"]["text"]) <= 202
        assert "\n" not in edge["snippet"]["text"]


def test_scores_fall_and_equal_ones_follow_by_url(product: Product) -> None:
    """The order is total, so that pages neither repeat nor leave out."""
    edges = product.data(EDGES, {"query": "number", "first": 100})["search"]["edges"]
    keys = [(-edge["score"], edge["node"]["url"]) for edge in edges]
    assert len(keys) > 10
    assert keys == sorted(keys)


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Product]:
    """Return an engine over five articles that differ in nothing but their urls, which came in another order."""
    with Product(tmp_path / "store") as twins:
        for slugs in ("db", "eac"):
            for slug in slugs:
                write_article(tmp_path / "seeds", slug, title="Twin")
            twins.load(tmp_path / "seeds")
        yield twins


@pytest.mark.parametrize(("first", "offset"), [(0, 0), (1, 0), (2, 1), (3, 2), (5, 0), (5, 3), (1, 9)])
def test_equal_scores_follow_by_url_on_every_page(twins: Product, first: int, offset: int) -> None:
    """A page that ends among equal scores has the first of them by url, and knows what follows."""
    document = """query ($first: Int!, $offset: Int!) { search(query: "twin", first: $first, offset: $offset) {
      totalCount nodes { url } pageInfo { hasNextPage } } }"""
    search = twins.data(document, {"first": first, "offset": offset})["search"]
    assert [node["url"][-1] for node in search["nodes"]] == list("abcde")[offset : offset + first]
    assert search["totalCount"] == 5
    assert search["pageInfo"]["hasNextPage"] == (first + offset < 5)


FILTERS = [
    None,
    {},
    {"subject": {"eq": "physics"}},
    {"date": {"gte": "2024-01-01"}},
    {"not": {"author": {"eq": "Jonas Weiß"}}},
    {"or": [{"score": {"gte": 4}}, {"score": {"exists": False}}]},
]


@pytest.mark.parametrize("condition", FILTERS, ids=str)
@pytest.mark.parametrize("query", ["number", "what is", "light"])
def test_pages_walked_to_the_end_are_the_whole_list(
    product: Product, query: str, condition: dict[str, Any] | None
) -> None:
    """By cursor in twos, by offset, and all at once: the same questions in the same order, as many as counted."""
    whole_list = product.data(EDGES, {"query": query, "filter": condition, "first": 100})["search"]
    urls = [edge["node"]["url"] for edge in whole_list["edges"]]
    assert whole_list["totalCount"] == len(urls) == len(set(urls))
    walked: list[str] = []
    after = None
    while True:
        page = product.data(EDGES, {"query": query, "filter": condition, "first": 2, "after": after})["search"]
        assert page["totalCount"] == len(urls)
        assert page["pageInfo"]["hasPreviousPage"] == bool(walked)
        walked += [edge["node"]["url"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert walked == urls
    by_offset = """query ($query: String!, $filter: QuestionFilter, $offset: Int!) {
      search(query: $query, filter: $filter, first: 1, offset: $offset) { nodes { url } } }"""
    for at in range(len(urls) + 1):
        nodes = product.data(by_offset, {"query": query, "filter": condition, "offset": at})["search"]["nodes"]
        assert [node["url"] for node in nodes] == urls[at : at + 1]


@pytest.mark.parametrize("condition", FILTERS, ids=str)
def test_filter_keeps_of_the_matches_what_the_list_keeps(product: Product, condition: dict[str, Any] | None) -> None:
    """A filter means in a search what it means in a list, and changes neither order nor score."""
    kept = "query ($filter: QuestionFilter) { questions(filter: $filter, first: 100) { nodes { url } } }"
    allowed = {node["url"] for node in product.data(kept, {"filter": condition})["questions"]["nodes"]}
    everything = product.data(EDGES, {"query": "number", "first": 100})["search"]["edges"]
    filtered = product.data(EDGES, {"query": "number", "first": 100, "filter": condition})["search"]["edges"]
    expected = [(edge["node"]["url"], edge["score"]) for edge in everything if edge["node"]["url"] in allowed]
    assert [(edge["node"]["url"], edge["score"]) for edge in filtered] == expected


@pytest.mark.parametrize("condition", FILTERS, ids=str)
def test_facets_count_all_matches_and_not_the_page(product: Product, condition: dict[str, Any] | None) -> None:
    """Most frequent first, ties by name."""
    nodes = [
        edge["node"]
        for edge in product.data(EDGES, {"query": "number", "filter": condition, "first": 100})["search"]["edges"]
    ]
    facets = product.data(EDGES, {"query": "number", "filter": condition, "first": 1})["search"]["facets"]
    authors = Counter(node["author"] for node in nodes)
    assert [(each["author"], each["count"]) for each in facets["authors"]] == sorted(
        authors.items(), key=lambda item: (-item[1], item[0])
    )
    years = Counter(int(node["date"][:4]) for node in nodes)
    assert [(each["year"], each["count"]) for each in facets["years"]] == sorted(
        years.items(), key=lambda item: (-item[1], item[0])
    )
    subjects = Counter(node["subject"]["slug"] for node in nodes)
    assert {each["subject"]["slug"]: each["count"] for each in facets["subjects"]} == dict(subjects)


def test_cursor_of_a_search_is_refused_once_altered(product: Product) -> None:
    """Whichever character it is."""
    cursor = product.data(EDGES, {"query": "number", "first": 2})["search"]["pageInfo"]["endCursor"]
    for at, character in enumerate(cursor):
        altered = cursor[:at] + ("A" if character != "A" else "B") + cursor[at + 1 :]
        error = product.error(EDGES, {"query": "number", "after": altered})
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert "'after'" in error["message"]


@pytest.mark.parametrize(
    "other",
    [{"query": "numbers"}, {"query": "number "}, {"filter": {"subject": {"eq": "physics"}}}],
    ids=str,
)
def test_cursor_belongs_to_its_search(product: Product, other: dict[str, Any]) -> None:
    """Another query or filter has another order."""
    cursor = product.data(EDGES, {"query": "number", "first": 2})["search"]["pageInfo"]["endCursor"]
    error = product.error(EDGES, {"query": "number", "after": cursor} | other)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "start again without it" in error["message"]


def test_cursor_of_a_list_is_none_of_a_search(product: Product) -> None:
    """And the other way round."""
    listed = product.data("{ questions { pageInfo { endCursor } } }")["questions"]["pageInfo"]["endCursor"]
    searched = product.data(EDGES, {"query": "number"})["search"]["pageInfo"]["endCursor"]
    assert product.error(EDGES, {"query": "number", "after": listed})["extensions"]["code"] == "BAD_USER_INPUT"
    error = product.error("query ($a: String) { questions(after: $a) { nodes { url } } }", {"a": searched})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
