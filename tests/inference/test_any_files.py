"""Any files: whatever stands in them, the guess is a model, and they load by it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from graphql_api.inference.infer import infer
from tests.inference.guessing import guess, write_files
from tests.random_seeds import seed_of_run
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = uncounted

KEYS = st.sampled_from(
    [
        "title",
        "name",
        "slug",
        "url",
        "date",
        "tags",
        "author",
        "authors",
        "related",
        "id",
        "type",
        "body",
        "content",
        "file",
        "path",
        "layout",
        "draft",
        "weight",
        "position",
        "image",
        "seo",
        "link1",
        "link2",
        "a",
        "b",
        "c",
        "Title",
        "TITLE",
        "page_title",
        "page-title",
        "pageTitle",
        "posts",
        "post",
        "postCount",
        "status",
        "node",
        "entry",
        "en",
        "fr",
        "__typename",
        "query",
        "true",
        "null",
        "1st",
        "x.y",
        "$",
        "@key",
        '"quoted"',
        "é",
        "цвет",
        "blocks",
        "_type",
        "version",
    ]
) | st.text(max_size=6).filter(lambda text: "\0" not in text)
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", " ", "a", "b", "/a/b", "/a/c", "p0", "p1", "2024-01-31", "2024-01-31T10:00:00Z", "x.png", "35min", "7min"]
    ),
    st.sampled_from(
        ["[[p0]]", "a, b, c", "C++", "C#", "true", "null", "{", "**b** [a](b) and more\n\ntext", '"""', "#", "\\n"]
    ),
    st.text(max_size=12).filter(lambda text: "\0" not in text),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)
FILES = st.dictionaries(
    st.tuples(
        st.sampled_from(
            ["", "posts", "posts/x", "authors", "docs/1.a", "docs/2.b", "tags", "_data", "node", "a b/(c)"]
        ),
        st.sampled_from(["p0", "p1", "index", "_index", "2024-01-01-a", "01-b", "x.y", "é"]),
        st.sampled_from([".md", ".json", ".yml"]),
    ),
    st.tuples(st.dictionaries(KEYS, VALUES, max_size=6), st.sampled_from(["", "Text.", "&nbsp;"])),
    min_size=1,
    max_size=8,
)


def _text(suffix: str, values: dict[str, Any], body: str) -> str:
    # JSON is YAML; on one line it is front matter.
    written = json.dumps(values)
    return f"---\n{written}\n---\n{body}" if suffix == ".md" else written


@pytest.fixture(scope="module")
def fresh_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return what gives an empty folder."""
    folder = tmp_path_factory.mktemp("any")

    def fresh() -> Path:
        shutil.rmtree(folder)
        folder.mkdir()
        return folder

    return fresh


@seed(seed_of_run())
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(files=FILES)
def test_any_files_load_by_what_is_guessed_from_them(
    fresh_folder: Callable[[], Path], files: dict[tuple[str, str, str], tuple[dict[str, Any], str]]
) -> None:
    """Each of one type, and without an error; what cannot be read is left out."""
    texts = {
        f"{folder}/{stem}{suffix}".lstrip("/"): _text(suffix, values, body)
        for (folder, stem, suffix), (values, body) in files.items()
    }
    folder = write_files(fresh_folder(), texts)
    assume(infer(folder).types)
    found = guess(folder)
    assert (found.errors, found.unclaimed) == ((), ()), found.text
