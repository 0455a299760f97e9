"""An unknown key that is nearly a known one is told with that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.spelling import spelling_of

from .seed_files import faults_of

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Episode @content(files: ["*.md"]) {
  slug: String! @from(file: NAME) @key
  topics: [String!]!
  readingTime: Int
  seo: Seo
  color: String @from(key: "params.color")
}
type Seo { title: String }
"""


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("topic", "topics"),
        ("topicss", "topics"),
        ("tipics", "topics"),
        ("topcis", "topics"),
        ("Topics", "topics"),
        ("\xa0\xa0topics\u200b", "topics"),
        ("readingtime", "readingTime"),
        ("reading_tme", "reading_time"),
        ("colour", None),
        ("to", None),
        ("t" * 100, None),
    ],
)
def test_known_key_is_found_by_one_slip(key: str, meant: str | None) -> None:
    """One letter more, less or another, two that changed places, or other case; not what is merely alike."""
    assert spelling_of(["topics", "readingTime", "reading_time", "reading-time"])(key) == meant


@pytest.mark.parametrize(
    ("text", "unknown", "meant"),
    [
        ("topcis: [a]", "topcis", "topics"),
        ("seo: {titel: x}", "seo.titel", "title"),
        ("params:\n  colr: x", "params.colr", "color"),
    ],
)
def test_unknown_key_is_told_with_the_key_that_is_meant(tmp_path: Path, text: str, unknown: str, meant: str) -> None:
    """At the top of a file, in a group, and where a dotted key leads."""
    ((code, _, message),) = faults_of(tmp_path, MODEL, f"---\n{text}\n---\n", "a.md")
    assert (code, message) == (
        "UNKNOWN_KEY",
        f"The key `{unknown}` is unknown and ignored. If `{meant}` is meant, mend its spelling. Else remove it.",
    )
