"""The comparison and the walks: they pass what is equal and find what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle.answers import ID_PREFIX
from tests.oracle.articles import QUESTIONS, article, oracle
from tests.oracle.comparison import compare, differences, identities, translated
from tests.oracle.pages import CURSOR_PREFIX
from tests.oracle.walks import HEAD, PAGE, SHOWN, PagedList, cut, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

SEVEN = oracle(*(article(slug) for slug in "abcdefg"))
LIST = PagedList(f"query ({HEAD}) {{ questions(orderBy: [URL_DESC], {PAGE}) {SHOWN % 'slug'} }}", ("questions",))


def foreign(document: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    """Answer as the oracle does, with ids of another make."""
    there = document.replace("their-", ID_PREFIX)
    response: dict[str, Any] = _renamed(SEVEN.execute(there, _renamed(variables, "their-", ID_PREFIX)))
    return response


def _renamed(value: Any, old: str = ID_PREFIX, new: str = "their-") -> Any:
    if isinstance(value, dict):
        return {key: _renamed(entry, old, new) for key, entry in value.items()}
    if isinstance(value, list):
        return [_renamed(entry, old, new) for entry in value]
    return value.replace(old, new) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("expected", "actual", "count"),
    [
        ({"a": 1, "b": [None, "x"]}, {"a": 1.0, "b": [None, "x"]}, 0),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, 1),
        ({"a": 1}, {"a": True}, 1),
        ({"a": 0}, {"a": False}, 1),
        ({"a": None}, {"a": ""}, 1),
        ({"a": None}, {}, 1),
        ([1, 2], [1], 1),
        ([1], [2, 3], 2),
        ({"a": {}}, {"a": []}, 1),
        (CURSOR_PREFIX + "x", "theirs", 0),
        (CURSOR_PREFIX + "x", None, 1),
        (CURSOR_PREFIX + "x", "", 1),
        (None, "theirs", 1),
    ],
)
def test_every_difference_is_found(expected: Any, actual: Any, count: int) -> None:
    """Keys in order, lists in length, values in kind; a cursor need only be one."""
    assert len(list(differences(expected, actual))) == count


def test_ids_of_each_side_stand_for_the_same_nodes() -> None:
    """Ids are opaque: they are translated both ways, in documents, in variables and in responses."""
    product = translated(foreign, SEVEN.execute, QUESTIONS)
    known = identities(SEVEN.execute, QUESTIONS)["Question", '["/learn/art/questions/c"]']
    document = f'query ($id: ID!) {{ node(id: $id) {{ id }} question(by: {{id: "{known}"}}) {{ id slug }} }}'
    assert compare(product, SEVEN.execute, document, {"id": known})["data"]["question"]["slug"] == "c"


def test_sides_with_different_content_do_not_compare() -> None:
    """A missing article is told at once."""
    with pytest.raises(AssertionError, match="one side alone"):
        translated(foreign, oracle(article("a")).execute, QUESTIONS)


@pytest.mark.parametrize(
    ("document", "other"),
    [
        ("{ content { questionCount } }", "{ content { danglingCount } }"),
        ("{ questions(first: 101) { totalCount } }", "{ questions { totalCount } }"),
        ("{ questions(first: 101) { totalCount } }", "{ nothing }"),
        ("{ questions { totalCount } }", "{ questions(first: 101) { totalCount } }"),
    ],
)
def test_another_answer_fails_the_comparison(document: str, other: str) -> None:
    """Other data, data beside an error, an error of another code, an error instead of data."""
    with pytest.raises(AssertionError, match="differences"):
        compare(lambda _document, variables: SEVEN.execute(other, variables), SEVEN.execute, document, None)


def test_a_walk_reads_every_node_once_in_both_directions() -> None:
    """Whatever the size, also where the last page is full."""
    for size in (1, 2, 7, 8):
        assert [node["slug"] for node in walk(SEVEN.execute, LIST, size)] == list("gfedcba")


def test_a_walk_notices_a_flag_that_lies() -> None:
    """A page that says that nothing comes before it, although it does, is told."""

    def liar(document: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        response = SEVEN.execute(document, variables)
        response["data"]["questions"]["pageInfo"]["hasPreviousPage"] = False
        return response

    with pytest.raises(AssertionError):
        walk(liar, LIST, 3)


def test_a_cut_shows_pages_between_two_places() -> None:
    """The first three, the last three, none and all of what lies between."""
    cursors = [edge["cursor"] for edge in LIST.page(SEVEN.execute)["edges"]]
    seen = cut(SEVEN.execute, LIST, cursors, 0, 6)
    assert ["".join(node["slug"] for node in nodes) for nodes, *_ in seen] == ["fed", "dcb", "", "fedcb"]
    assert [flags for _, *flags in seen] == [[True, True, 7]] * 4
