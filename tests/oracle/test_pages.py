"""The oracle's orders, pages and cursors, by hand-computed answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.oracle.articles import article, data, oracle
from tests.oracle.comparison import code_of
from tests.oracle.pages import cursor, scope_of

ORDERED = oracle(
    article("a", date="2024-01-02", title="b", score=1.0, id=3),
    article("b", date="2024-01-01", title="～", score=None, id=2),
    article("c", date="2024-01-02", title="😀", score=2.0, id=3),
    article("d", "zoo", date="2023-01-01", title="b", score=None, id=-1),
    article("e", "zoo", date="2024-01-01", title="B", score=1.0, id=2),
)
FIVE = oracle(*(article(slug) for slug in "abcde"))


@pytest.mark.parametrize(
    ("order", "slugs"),
    [
        ("null", "acbed"),
        ("[]", "acbed"),
        ("DATE_ASC", "dbeac"),
        ("TITLE_ASC", "eadbc"),
        ("TITLE_DESC", "cbade"),
        ("SCORE_ASC", "aecbd"),
        ("SCORE_DESC", "caebd"),
        ("ARTICLE_ID_ASC", "dbeac"),
        ("ARTICLE_ID_DESC", "acbed"),
        ("URL_DESC", "edcba"),
        ("[SCORE_DESC, URL_DESC]", "ceadb"),
        ("[DATE_DESC, SCORE_DESC]", "caebd"),
        ("[DATE_DESC, DATE_ASC, TITLE_ASC]", "acebd"),
    ],
)
def test_orders_are_total_and_null_scores_come_last(order: str, slugs: str) -> None:
    """Later keys break ties, then the url ascends; text is ordered by code point."""
    found = data(ORDERED, f"{{ questions(orderBy: {order}) {{ nodes {{ slug }} }} }}")
    assert "".join(node["slug"] for node in found["questions"]["nodes"]) == slugs


def test_subjects_are_ordered_with_the_slug_last() -> None:
    """By title, or by their number of questions; equal ones by slug, ascending."""
    shelf = oracle(
        article("a", "x") | {"subject": "Same"}, article("b", "y") | {"subject": "Same"}, article("c", "y"),
        article("d", "z") | {"subject": "Able"}, article("e", "y"),
    )  # fmt: skip
    document = """{
      default: subjects { nodes { slug title } }
      big: subjects(orderBy: QUESTION_COUNT_DESC) { nodes { slug questionCount } }
      down: subjects(orderBy: [TITLE_DESC, SLUG_DESC]) { nodes { slug } }
    }"""
    found = {name: [tuple(node.values()) for node in part["nodes"]] for name, part in data(shelf, document).items()}
    assert found["default"] == [("z", "Able"), ("x", "Same"), ("y", "Y")]
    assert found["big"] == [("y", 3), ("x", 1), ("z", 1)]
    assert found["down"] == [("y",), ("x",), ("z",)]


def page(arguments: str, **variables: Any) -> tuple[str, bool, bool]:
    """Return a page of the five: its slugs, whether there is something before, and after."""
    document = (
        "query ($after: String, $before: String) {"
        f" questions(orderBy: [URL_ASC], after: $after, before: $before {arguments})"
        " { edges { cursor node { slug } } nodes { slug } totalCount"
        " pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } }"
    )
    named = {name: place(slug) for name, slug in variables.items()}
    found = data(FIVE, document, **named)["questions"]
    assert found["totalCount"] == 5
    assert found["nodes"] == [edge["node"] for edge in found["edges"]]
    cursors = [edge["cursor"] for edge in found["edges"]] or [None]
    info = found["pageInfo"]
    assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
    return "".join(node["slug"] for node in found["nodes"]), info["hasPreviousPage"], info["hasNextPage"]


def place(slug: str) -> str:
    """Return the cursor of one of the five."""
    return cursor(json.dumps([f"/learn/art/questions/{slug}"]), scope_of({"orderBy": ["URL_ASC"]}))


@pytest.mark.parametrize(
    ("arguments", "places", "expected"),
    [
        ("", {}, ("abcde", False, False)),
        ("first: 2", {}, ("ab", False, True)),
        ("last: 2", {}, ("de", True, False)),
        ("first: null, last: 1", {}, ("e", True, False)),
        ("first: 0", {}, ("", False, True)),
        ("last: 0", {}, ("", True, False)),
        ("first: 2", {"after": "b"}, ("cd", True, True)),
        ("first: 2", {"after": "c"}, ("de", True, False)),
        ("first: 2", {"after": "e"}, ("", True, False)),
        ("first: 0", {"after": "b"}, ("", True, True)),
        ("last: 2", {"before": "d"}, ("bc", True, True)),
        ("last: 2", {"before": "c"}, ("ab", False, True)),
        ("last: 2", {"before": "a"}, ("", False, True)),
        ("last: 0", {"before": "d"}, ("", True, True)),
        ("first: 9", {"after": "a", "before": "d"}, ("bc", True, True)),
        ("first: 1", {"after": "a", "before": "d"}, ("b", True, True)),
        ("last: 1", {"after": "a", "before": "d"}, ("c", True, True)),
        ("first: 1", {"after": "a", "before": "b"}, ("", True, True)),
        ("first: 2", {"before": "d"}, ("ab", False, True)),
        ("last: 2", {"after": "b"}, ("de", True, False)),
        ("offset: 3", {}, ("de", True, False)),
        ("first: 1, offset: 1", {}, ("b", True, True)),
        ("offset: 0", {}, ("abcde", False, False)),
        ("offset: 5", {}, ("", True, False)),
        ("offset: 99", {}, ("", True, False)),
    ],
)
def test_a_page_and_what_lies_around_it(
    arguments: str, places: dict[str, str], expected: tuple[str, bool, bool]
) -> None:
    """Both flags speak of the whole filtered list, in both directions, also around an empty page."""
    assert page(f", {arguments}" if arguments else "", **places) == expected


def test_a_page_holds_20_unless_told_otherwise() -> None:
    """Neither first nor last is first: 20; 100 is the most."""
    many = oracle(*(article(f"n{number:03}") for number in range(120)))
    document = "{ default: questions { nodes { slug } } most: questions(first: 100) { nodes { slug } } }"
    assert {name: len(part["nodes"]) for name, part in data(many, document).items()} == {"default": 20, "most": 100}


@pytest.mark.parametrize(
    "arguments",
    [
        "first: -1", "first: 101", "last: -1", "last: 101", "first: 1, last: 1", "offset: -1", "offset: 1, last: 1",
        'offset: 0, after: "$C"', 'offset: 0, before: "$C"', 'after: "x"', 'before: ""',
        'after: "$C", orderBy: DATE_ASC',
        'after: "$C", orderBy: URL_ASC, filter: {noIndex: {eq: true}}', 'after: "ä"',
    ],
)  # fmt: skip
def test_page_arguments_that_do_not_fit_are_bad_input(arguments: str) -> None:
    """Out of range, at odds with each other, or a cursor that was made elsewhere: no data at all."""
    document = f"{{ content {{ questionCount }} questions({arguments.replace('$C', place('b'))}) {{ totalCount }} }}"
    response = FIVE.execute(document)
    assert "data" not in response
    assert code_of(response) == "BAD_USER_INPUT"
