"""A text is cut between grapheme clusters."""

from __future__ import annotations

import pytest

from graphql_api.search.graphemes import cut
from graphql_api.search.snippets import excerpt


@pytest.mark.parametrize(
    ("text", "length", "start"),
    [
        ("abc", 5, "abc"),
        ("abc", 2, "ab"),
        ("ae\u0301b", 2, "a"),
        ("ae\u0301b", 3, "ae\u0301"),
        ("नमस्ते", 4, "नमस्"),
        ("a👩\u200d🔬b", 2, "a"),
        ("a👩\u200d🔬b", 4, "a👩\u200d🔬"),
        ("👍🏽b", 1, "👍"),
        ("a👍🏽b", 2, "a"),
        ("🇩🇪🇫🇷", 3, "🇩🇪"),
        ("🇩🇪🇫🇷", 1, "🇩"),
        ("ก\u0e33น", 1, "ก"),
        ("นก\u0e33", 2, "น"),
        ("a\r\nb", 2, "a"),
        ("e" + "\u0301" * 100, 90, "e" + "\u0301" * 89),
    ],
)
def test_no_cluster_is_parted(text: str, length: int, start: str) -> None:
    """What belongs together is kept or left out as a whole, unless it is longer than any text has it."""
    assert cut(text, length) == start


@pytest.mark.parametrize(
    ("lead", "length", "shown"),
    [
        ("one two three", 9, "one two…"),
        ("植物的光合作用需要叶绿素", 6, "植物的光合…"),
        ("前言 " + "植物的光合作用" * 20, 60, "前言 " + ("植物的光合作用" * 20)[:56] + "…"),
        ("e\u0301" * 40, 10, "e\u0301" * 4 + "…"),
        ("a" * 50, 10, "a" * 9 + "…"),
    ],
)
def test_excerpts_end_between_clusters(lead: str, length: int, shown: str) -> None:
    """At a blank where words have blanks, between two clusters elsewhere."""
    assert excerpt(lead, length) == shown
    assert len(shown) <= length
