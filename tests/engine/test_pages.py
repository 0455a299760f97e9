"""Pages: cursors that survive a reload and nothing else, and arguments that contradict each other."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.engine.cursors import CONTEXT_CHARACTERS
from graphql_api.store.places import place, values_of
from tests.engine.article import write_article
from tests.engine.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUESTION_ORDERS = [
    f"{name}_{direction}" for name in ("DATE", "TITLE", "ARTICLE_ID", "SCORE", "URL") for direction in ("ASC", "DESC")
]
LIST = """query ($order: [QuestionOrder!], $filter: QuestionFilter, $first: Int, $after: String, $last: Int,
               $before: String, $offset: Int) {
  questions(orderBy: $order, filter: $filter, first: $first, after: $after, last: $last, before: $before,
            offset: $offset) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { url title } } nodes { url } } }"""
SUBJECTS = """query ($order: [SubjectOrder!], $first: Int, $after: String) {
  subjects(orderBy: $order, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { slug } } }"""


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[tuple[Product, Path]]:
    """Return an engine over articles named a, c, e, g and i, and the folder of their seeds."""
    seeds = tmp_path / "seeds"
    for slug in "acegi":
        write_article(seeds, slug, title=f"Title {slug}")
    with Product(tmp_path / "store") as product:
        product.load(seeds)
        yield product, seeds


def page(product: Product, **variables: Any) -> dict[str, Any]:
    """Return a page of questions."""
    found: dict[str, Any] = product.data(LIST, variables)["questions"]
    return found


def slugs(page_: dict[str, Any]) -> str:
    """Return the last letters of the urls on a page."""
    return "".join(node["url"][-1] for node in page_["nodes"])


def refused(product: Product, **variables: Any) -> str:
    """Return the message with which a page is refused."""
    error = product.error(LIST, variables)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    return str(error["message"])


@pytest.mark.parametrize("order", ["URL_ASC", "TITLE_ASC", "DATE_DESC"])
def test_cursor_names_a_place_that_outlives_its_row(changing: tuple[Product, Path], order: str) -> None:
    """After a reload that took away the row of a cursor, and put others around it, the walk goes on from its place."""
    product, seeds = changing
    cursor = page(product, order=[order], first=2)["pageInfo"]["endCursor"]
    (seeds / "things" / "c.md").unlink()
    for slug in "bdh":
        write_article(seeds, slug, title=f"Title {slug}")
    assert product.load(seeds).published
    assert slugs(page(product, order=[order], first=2, after=cursor)) == "de"
    assert slugs(page(product, order=[order], last=5, before=cursor)) == "ab"
    before = page(product, order=[order], first=2, after=cursor)["pageInfo"]
    assert (before["hasNextPage"], before["hasPreviousPage"]) == (True, True)


def test_cursor_survives_a_load_of_the_same_content(tmp_path: Path) -> None:
    """Another store, loaded from equal seeds, gives and takes the same cursors: nodes can share them."""
    for slug in "abc":
        write_article(tmp_path / "seeds", slug, title=f"Title {slug}")
    with Product(tmp_path / "one") as one, Product(tmp_path / "other") as other:
        one.load(tmp_path / "seeds")
        other.load(tmp_path / "seeds")
        cursor = page(one, first=1)["pageInfo"]["endCursor"]
        assert page(other, first=1)["pageInfo"]["endCursor"] == cursor
        assert slugs(page(other, after=cursor)) == "bc"


def test_cursor_is_opaque(product: Product) -> None:
    """No part of it can be read, as it stands or decoded, so that nobody comes to rely on what is in it."""
    for edge in page(product, first=100)["edges"]:
        assert set(edge["cursor"]) <= set(string.ascii_letters + string.digits + "-_")
        assert edge["node"]["url"].rsplit("/", 1)[1] not in edge["cursor"]


def test_cursor_is_read_once_for_all_fields_that_share_it(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forged one can be a megabyte long, and equal filters in different variables do not look the same to a plan."""
    read: list[str] = []

    def values_read(text: str) -> list[Any]:
        read.append(text)
        return values_of(text)

    names = [f"v{number}" for number in range(50)]
    fields = " ".join(
        f"{each}: questions(after: $c, filter: {{title: {{contains: ${each}}}}}) {{totalCount}}" for each in names
    )
    document = f"query ($c: String!, {', '.join(f'${each}: String!' for each in names)}) {{ {fields} }}"
    cursor = page(product, filter={"title": {"contains": "e"}}, first=1)["pageInfo"]["endCursor"]
    monkeypatch.setattr("graphql_api.engine.cursors.values_of", values_read)
    product.data(document, {"c": cursor, **dict.fromkeys(names, "e")})
    assert read == [cursor[CONTEXT_CHARACTERS:]]


def test_place_of_a_cursor_is_bound_once_for_all_fields_that_share_it(product: Product) -> None:
    """With one filter in one variable too: each field more would cost a copy of each of its values."""
    filter_ = {"title": {"contains": "e"}, "and": [{"date": {"gte": "2000-01-01"}}, {}]}
    cursor = page(product, filter=filter_, first=1)["pageInfo"]["endCursor"]

    def bound(fields: int) -> list[Any]:
        shown = " ".join(f"a{each}: questions(after: $c, filter: $f) {{nodes {{url}}}}" for each in range(fields))
        document = f"query ($c: String!, $f: QuestionFilter) {{ {shown} }}"
        return product.plan(document, {"c": cursor, "f": filter_})[1]

    assert bound(50) == bound(1)


@pytest.mark.parametrize("order", QUESTION_ORDERS)
def test_every_altered_cursor_is_refused(product: Product, order: str) -> None:
    """Whichever character was changed, left out or put in; the message says what to do."""
    cursor = page(product, order=[order], first=1)["pageInfo"]["endCursor"]
    for at in range(len(cursor)):
        other = "A" if cursor[at] != "A" else "B"
        for altered in (cursor[:at] + other + cursor[at + 1 :], cursor[:at] + cursor[at + 1 :], cursor[:at] + other):
            assert "start again without it" in refused(product, order=[order], after=altered)


@pytest.mark.parametrize("cursor", ["", " ", "0", "null", "é", "a" * 20_000, "YWJj", "=" * 64, "\x00", "😀" * 30])
@pytest.mark.parametrize("name", ["after", "before"])
def test_text_that_is_no_cursor_is_refused_by_name(product: Product, name: str, cursor: str) -> None:
    """The message names the argument."""
    assert f"'{name}'" in refused(product, **{name: cursor})


@pytest.mark.parametrize(
    "values", [[], {}, 5, None, [None] * 5, [[]] * 5, [{}] * 5, [[1], "x", [2], 10**18, "y"]], ids=str
)
@pytest.mark.parametrize("order", QUESTION_ORDERS)
def test_forged_cursor_is_refused(product: Product, order: str, values: Any) -> None:
    """Whoever reads our source can make a place whose digest is right; what makes no sense is refused all the same."""
    context = page(product, order=[order], first=1)["pageInfo"]["endCursor"][:CONTEXT_CHARACTERS]
    assert "altered" in refused(product, order=[order], after=context + place(values))


@pytest.mark.parametrize("order", QUESTION_ORDERS)
def test_cursor_belongs_to_its_order(product: Product, order: str) -> None:
    """In another order it would name another place; no order at all is the default one."""
    cursor = page(product, order=[order], first=3)["pageInfo"]["endCursor"]
    for other in QUESTION_ORDERS:
        if other != order:
            refused(product, order=[other], after=cursor)
    if order == "DATE_DESC":
        assert page(product, after=cursor)["edges"] == page(product, order=[order], after=cursor)["edges"]
    else:
        refused(product, after=cursor)


def test_cursor_belongs_to_its_filter(product: Product) -> None:
    """Also when only a value in it differs."""
    mine = {"subject": {"eq": "physics"}}
    cursor = page(product, filter=mine, first=3)["pageInfo"]["endCursor"]
    assert page(product, filter=mine, after=cursor)["nodes"]
    others: list[Any] = [None, {}, {"subject": {"eq": "economics"}}, {"subject": {"ne": "physics"}}, {"and": [mine]}]
    for other in others:
        refused(product, filter=other, after=cursor)


def test_cursor_of_subjects_is_none_of_questions(product: Product) -> None:
    """And the other way round."""
    cursor = product.data(SUBJECTS, {"first": 1})["subjects"]["pageInfo"]["endCursor"]
    refused(product, after=cursor)
    mine = page(product, first=1)["pageInfo"]["endCursor"]
    assert product.error(SUBJECTS, {"after": mine})["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"first": 1, "last": 1}, "'first' and 'last'", id="both ends"),
        pytest.param({"first": 101}, "'first'", id="first too large"),
        pytest.param({"last": 101}, "'last'", id="last too large"),
        pytest.param({"first": -1}, "'first'", id="first negative"),
        pytest.param({"last": -1}, "'last'", id="last negative"),
        pytest.param({"offset": -1}, "'offset'", id="offset negative"),
        pytest.param({"offset": 1, "last": 1}, "'offset'", id="offset from the end"),
    ],
)
def test_arguments_that_make_no_page_are_refused(product: Product, arguments: dict[str, int], said: str) -> None:
    """As variables and as literals alike; the message names the arguments."""
    assert said in refused(product, **arguments)
    written = ", ".join(f"{name}: {value}" for name, value in arguments.items())
    error = product.error(f"{{ questions({written}) {{ totalCount }} }}")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert said in error["message"]
    assert error["path"] == ["questions"]


@pytest.mark.parametrize("side", ["after", "before"])
def test_offset_goes_with_no_cursor(product: Product, side: str) -> None:
    """One says where to begin, the other too."""
    cursor = page(product, first=1)["pageInfo"]["endCursor"]
    assert "'offset'" in refused(product, offset=1, **{side: cursor})


def test_page_of_none_and_page_beyond_the_end_are_empty(product: Product) -> None:
    """No error, no cursors, and the flags and the count are right all the same."""
    none = page(product, first=0)
    assert (none["nodes"], none["edges"], none["totalCount"]) == ([], [], 72)
    assert none["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }
    beyond = page(product, offset=1_000_000)
    assert (beyond["nodes"], beyond["totalCount"]) == ([], 72)
    assert (beyond["pageInfo"]["hasNextPage"], beyond["pageInfo"]["hasPreviousPage"]) == (False, True)


def test_page_holds_20_unless_told_otherwise(product: Product) -> None:
    """A null is as good as nothing; 100 are the most."""
    assert len(page(product)["nodes"]) == len(page(product, first=None, last=None, offset=None)["nodes"]) == 20
    assert len(page(product, first=100)["nodes"]) == 72


@pytest.mark.parametrize("order", QUESTION_ORDERS)
def test_walks_in_both_directions_meet(product: Product, order: str) -> None:
    """Forwards by first and after, backwards by last and before, and by offset: one list, each question once."""
    forwards, backwards, by_offset = list[str](), list[str](), list[str]()
    after = before = None
    for offset in range(0, 72, 9):
        there = page(product, order=[order], first=9, after=after)
        back = page(product, order=[order], last=9, before=before)
        forwards += [node["url"] for node in there["nodes"]]
        backwards[:0] = [node["url"] for node in back["nodes"]]
        by_offset += [node["url"] for node in page(product, order=[order], first=9, offset=offset)["nodes"]]
        after, before = there["pageInfo"]["endCursor"], back["pageInfo"]["startCursor"]
    assert (there["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"]) == (False, False)
    assert forwards == backwards == by_offset
    assert len(set(forwards)) == 72


@pytest.mark.parametrize("order", ["TITLE", "SLUG", "QUESTION_COUNT"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_subjects_are_walked_in_every_order(product: Product, order: str, direction: str) -> None:
    """By cursor in threes, the list that one page shows."""
    whole = product.data(SUBJECTS, {"order": [f"{order}_{direction}"]})["subjects"]["nodes"]
    walked: list[Any] = []
    after = None
    for _ in range(3):
        found = product.data(SUBJECTS, {"order": [f"{order}_{direction}"], "first": 3, "after": after})["subjects"]
        walked += found["nodes"]
        after = found["pageInfo"]["endCursor"]
    assert walked == whole
    assert not found["pageInfo"]["hasNextPage"]


def test_edges_and_nodes_show_the_same_page(product: Product) -> None:
    """Whichever a client prefers, and the cursors of the page are those of its edges."""
    found = page(product, first=5)
    assert [edge["node"]["url"] for edge in found["edges"]] == [node["url"] for node in found["nodes"]]
    assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
    assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
