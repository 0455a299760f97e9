"""The example in examples/blog: a model that nothing can be said against, and files that fit it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.model.language import problems_of, read_model
from graphql_api.reading.compile import reader_of
from graphql_api.reading.discover import SUFFIXES, discover
from tests.inference.guessing import guess

if TYPE_CHECKING:
    from graphql_api.reading.entry import Entry, SeedEntries

BLOG = Path(__file__).parents[1] / "examples" / "blog"


@pytest.fixture(scope="module")
def read() -> list[SeedEntries]:
    """Return every file of the blog, read by its model."""
    reader = reader_of(read_model((BLOG / "content.graphql").read_text()))
    return reader.read(BLOG, discover(BLOG, SUFFIXES).files)


def test_model_has_no_problem() -> None:
    """Not even a warning."""
    assert problems_of((BLOG / "content.graphql").read_text()) == ()


def test_every_file_is_read_without_a_problem(read: list[SeedEntries]) -> None:
    """Every file is claimed, and nothing is wrong with any; only the draft gives no entry."""
    assert [problem for file in read for problem in file.problems] == []
    assert [file.file.path for file in read if not file.entries] == ["posts/winter-light.md"]
    assert sum(file.hidden for file in read) == 1


def test_images_and_tracks_are_measured(read: list[SeedEntries]) -> None:
    """They lie beside the files."""
    weir = _value(_entry(read, "posts/along-the-weir.md"), "cover")
    assert (weir.width, weir.height) == (60, 40)
    track = _value(_entry(read, "posts/along-the-weir.md"), "track")
    assert track.size == (BLOG / "tracks" / "along-the-weir.gpx").stat().st_size


def test_url_follows_from_date_and_slug(read: list[SeedEntries]) -> None:
    """A slug of its own stands for the file's name."""
    assert _value(_entry(read, "posts/one-pen-one-year.md"), "url") == "/2025/one-pen"


def test_guess_from_the_blog_loads_it() -> None:
    """As if nobody had written its model."""
    found = guess(BLOG)
    assert (found.errors, found.unclaimed) == ((), ())
    assert {"Post", "Author", "Tag", "Page", "Site"} <= set(found.model.entry_types)


def _entry(read: list[SeedEntries], path: str) -> Entry:
    return next(entry for file in read if file.file.path == path for entry in file.entries)


def _value(entry: Entry, field: str) -> Any:
    model = read_model((BLOG / "content.graphql").read_text())
    names = [each.name for each in model.entry_types[entry.type_name].fields]
    return entry.values[names.index(field)]
