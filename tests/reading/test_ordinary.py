"""The short way of reading front matter gives what the careful way gives, or declines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.kinds.plain import Plain
from graphql_api.reading.events import lines_of_events, read_events
from graphql_api.reading.front_matter import YamlHandler
from graphql_api.reading.ordinary import lines_of_ordinary, read_ordinary

if TYPE_CHECKING:
    from pathlib import Path

FRONT = """_schema: default
id: -7
date: 2024-03-09
title: >-
    Why: *is* the "sky" # dark
seo:
  title: No
  page_keywords: >-
    a, b
author:
score: -1.5
no_index: true
related_article1:
    id: 12
    title: >-
        A title
    url: /learn/a/questions/b

"""


def test_ordinary_front_matter_is_read() -> None:
    """Plain values, single lines in block scalars, mappings, nothing, and empty lines."""
    assert read_ordinary(FRONT) == {
        "_schema": "default",
        "id": "-7",
        "date": "2024-03-09",
        "title": 'Why: *is* the "sky" # dark',
        "seo": {"title": "No", "page_keywords": "a, b"},
        "author": None,
        "score": "-1.5",
        "no_index": "true",
        "related_article1": {"id": "12", "title": "A title", "url": "/learn/a/questions/b"},
    }
    assert read_ordinary(FRONT) == read_events(FRONT)


@pytest.mark.parametrize(
    "front",
    [
        "",
        "\n",
        "# a comment\n",
        "- a\n",
        "a\n",
        "a: - b\n",
        "a: -b\n",
        "a: 'b'\n",
        'a: "b"\n',
        "a: b # c\n",
        "a: b: c\n",
        "a: b#c\n",
        "a: [b]\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !b c\n",
        "a: >-\n  b\n  c\n",
        "a: >-\n  b\n\n  c\n",
        "a: >-\n    b\n  c: d\n",
        "a: >-\nb: c\n",
        "a: |\n  b\n",
        "a:\n  b: >-\n  c\n",
        "a:\n  b:\n    c: d\n",
        "a:\n  b: c\n d: e\n",
        "  a: b\n",
        "a: b\n  c: d\n",
        "a: b\na: c\n",
        "a:\n  b: c\n  b: d\n",
        "<<: a\n",
        "a b: c\n",
        "id: -\n",
        "score: .inf\n",
        "no_index: ~\n",
        f"{'a' * 101}: b\n",
        f"a:\n{' ' * 17}b: c\n",
    ],
)
def test_anything_else_is_declined(front: str) -> None:
    """What needs YAML's rules is left to those who know them."""
    assert read_ordinary(front) is None


KEYS = st.sampled_from(("a", "b", "c_d", "id", "score", "no_index", "e-f", "_g", "1", ""))
SIMPLE = (
    "x",
    "x y",
    "x  ",
    "5",
    "-5",
    "-0",
    "1.5",
    "-0.0",
    "true",
    "no",
    "~",
    "x'y",
    "/u/v",
    "é",
    "x\x85y",
    "x\ufeff",
    "-x",
    "x&*!",
)
ODD = ("x: y", "x:y", "x #", "- x", "'x'", "[x]", "*x", "x\ty", ">-", ">- ", "|", "\t", "\x07", "@", "..", "---")
BLOCK = (
    ">-\n{0} x",
    ">-\n{0}  x: y ",
    ">-\n{0} - x",
    ">-\n{0} x\n",
    ">-\n{0} x\n{0} y",
    ">-\n{0}x",
    ">-\n{0} # x",
    ">-\n{0} \tx",
)
VALUES = st.sampled_from((*SIMPLE, *SIMPLE, *ODD, *BLOCK, *BLOCK, "", "", "\n"))
LINES = st.builds(
    lambda indent, key, space, value: f"{indent}{key}:{space}{value.replace('{0}', indent)}\n",
    st.sampled_from(("", "", "", "  ", "  ", "    ")),
    KEYS,
    st.sampled_from((" ", " ", " ", "  ", "")),
    VALUES,
)


@settings(deadline=None, max_examples=1_000)
@given(st.lists(LINES, max_size=6).map("".join))
def test_both_ways_read_alike(front: str) -> None:
    """Where the short way has a value, the careful one has the same, marks and lines included."""
    values = read_ordinary(front)
    if values is not None:
        assert with_types(values) == with_types(read_events(front))
        assert lines_of_ordinary(front) == lines_of_events(front)


def with_types(value: Any) -> Any:
    """Tell marked text from other text."""
    if isinstance(value, dict):
        return {key: with_types(inner) for key, inner in value.items()}
    return (type(value) is Plain, value)


@pytest.mark.parametrize("tail", ["b", "b: &c d", "b: *c", "  - b", "? b", "...", "--- c", "b: {", "\tb: c"])
def test_no_line_is_passed_over(tail: str) -> None:
    """A line that does not fit makes the whole unusual, wherever it stands."""
    assert read_ordinary(f"a: b\n{tail}\n") is None
    assert read_ordinary(f"{tail}\na: b\n") is None


def test_real_front_matter_is_ordinary(corpus: Path) -> None:
    """Nearly every file of a whole site is read the short way, to the values of the careful one."""
    declined = 0
    for path in sorted(corpus.rglob("*.md"))[::10]:
        front, _ = YamlHandler().split(path.read_text(encoding="utf-8"))
        values = read_ordinary(front)
        declined += values is None
        assert values is None or with_types(values) == with_types(read_events(front)), path
    assert declined < 10
