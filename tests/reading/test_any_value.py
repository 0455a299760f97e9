"""Whatever stands in a file, reading ends in values or in named problems, never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api.model.language import read_model
from graphql_api.reading.compile import reader_of
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.records import Severity
from tests.uncounted import uncounted

MODEL = """
type Post @content(files: ["*.json"], each: ITEM, ignore: ["layout"]) {
  slug: String! @from(key: "slug") @from(file: KEY) @key
  url: String! @from(template: "/{date.year}/{slug}") @key
  title: String! @check(max: 9, level: WARNING) @default(value: "none")
  part: String @from(field: "title", like: "{**}-*")
  date: DateTime!
  tags: [Tag!]! @from(key: "tags", split: ",")
  author: Person @from(key: "meta.author")
  rating: Int @check(min: 1, max: 5)
  scores: [[Float!]!]!
  cover: Image
  paper: File
  link: Url
  day: Date
  any: JSON
  mood: Mood
  seo: Seo!
  more: [Seo!]! @check(level: WARNING)
  links: [Link!]! @from(keys: "link{at}")
  blocks: [Block!]!
  draft: Boolean! @default(value: false) @hidden
  text: RichText @from(key: "text", escapes: true)
}
type Person @content(files: ["people/*.yml"]) { slug: String! @from(file: NAME) @key }
type Tag @grouped { slug: String! @from(slug: true) @key title: String! label: String @from(key: "label") }
type Seo { title: String! @default(value: "x") deep: [Seo!]! tag: Tag }
type Link { at: Int! url: Url! }
type Text { text: String! }
type Picture { image: Image! }
union Block @block(key: "type") = Text | Picture
enum Mood { GOOD BAD }
"""
KEYS = (
    *("slug", "title", "date", "tags", "meta", "author", "rating", "scores", "cover", "paper", "link", "day", "any"),
    *("mood", "seo", "more", "link1", "link2", "linkx", "blocks", "draft", "text", "type", "image", "src", "deep"),
    *("tag", "label", "url", "layout", "alt", "width", ""),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        (
            "",
            " ",
            "2024-03-09",
            "2024-03-09T10:00+02:00",
            "/a/",
            "Text",
            "Picture",
            "GOOD",
            "a-b",
            "a, b",
            "../x.png",
            "a\0b",
        )
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)),
    max_leaves=25,
)
READER = reader_of(read_model(MODEL))


@uncounted
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=12), VALUES), max_size=4))
def test_any_value_is_read_or_named(items: list[Any]) -> None:
    """Each item is an entry, hidden, or failed with an error; problems have a sentence with a remedy."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "posts.json").write_text(json.dumps(items, ensure_ascii=True), encoding="utf-8")
        (seed,) = READER.read(folder, discover(folder, SUFFIXES).files)
    if seed.failed == {""}:
        return
    assert len(seed.entries) + seed.hidden + len(seed.failed) == len(items)
    assert bool(seed.failed) == any(problem.severity is Severity.ERROR for problem in seed.problems)
    for problem in seed.problems:
        assert problem.message.endswith((".", ". It is left out."))
        assert len(problem.message) < 3_000
    for entry in seed.entries:
        assert "FAILED" not in repr(entry.values)
