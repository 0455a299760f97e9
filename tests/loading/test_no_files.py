"""A type whose globs match no file is told, at its line of the model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from graphql_api.loading.load import check, load
from graphql_api.loading.options import LoadOptions
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Note @content(files: ["notes/*.md"]) { slug: String! @from(file: NAME) @key tags: [Tag!]! }
type Tag @grouped @content(files: ["tags/*.yml"]) { slug: String! @key }
\"\"\"
type Show is no type, nor is
type Site
\"\"\"
"""


def site_with(folder: Path, more: str) -> SiteFolder:
    """Return a site with two notes, a folder of shows, and a model with `more` in it."""
    site = SiteFolder(folder, MODEL + more)
    for path in ("notes/a.md", "notes/b.md", "shows/2024/first.markdown", "shows/notes.txt"):
        site.page(path, "tags: [red]")
    return site


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ('@content(files: ["shows"])', 'Show has no files: shows is a folder. Write "shows/**/*.markdown".'),
        (
            '@content(files: ["show/**/*.md", "!show/x/*"])',
            "Show has no files: none matches show/**/*.md, !show/x/*. Add one, mend the globs, or take the type out.",
        ),
        ('@singleton(file: "s.yml")', "Show has no file: s.yml is not there. Add it, or mend the path here."),
        (
            '@grouped @content(files: ["a.yml"])',
            "Show has no files: none matches a.yml. Add one, mend the globs, or take the type out.",
        ),
    ],
)
def test_type_whose_globs_match_nothing_is_told_with_what_to_do(tmp_path: Path, declared: str, message: str) -> None:
    """By a check and by every load, also those that find nothing new, whatever they know that by."""
    site = site_with(tmp_path, f"type Show {declared} {{ slug: String! @from(file: NAME) @key }}")
    told = [("WARNING", "NO_FILES", "content.graphql", 8, message)]
    for problems in (
        asyncio.run(check(site.root)).problems,
        site.load().problems,
        site.load().problems,
        site.load().problems,
        site.load(force=True).problems,
    ):
        assert [(each.severity, each.code, each.path, each.line, each.message) for each in problems] == told
    for word in site.store.glob("*seen*"):
        word.unlink()
    assert [each.code for each in site.load().problems] == ["NO_FILES"]


@pytest.mark.parametrize(
    "declared",
    ["@grouped", '@grouped @content(files: ["show/*.yml"])', '@content(files: ["show/*.md", "shows/**/*.markdown"])'],
)
def test_type_that_needs_no_file_or_has_one_is_not_told(tmp_path: Path, declared: str) -> None:
    """What only references name is whole without, and a folder for more of what they say may be empty."""
    key = "@key" if "grouped" in declared else "@from(file: NAME) @key"
    site = site_with(tmp_path, f"type Show {declared} {{ slug: String! {key} }}")
    assert "NO_FILES" not in {each.code for each in site.load().problems}


def test_named_model_is_told_by_its_name_and_the_built_in_one_not_at_all(tmp_path: Path) -> None:
    """That one is nobody's to mend."""
    site = site_with(tmp_path, "type Show @grouped { slug: String! @key }")
    model = tmp_path / "other.graphql"
    model.write_text('type Show @singleton(file: "s.yml") { title: String! }')
    report = asyncio.run(load(site.root, site.store, LoadOptions(model=model, allow_shrink=True)))
    assert [(each.code, each.path, each.line) for each in report.problems] == [("NO_FILES", str(model), 1)]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.json").write_text("{}")
    assert asyncio.run(check(tmp_path / "empty")).problems == ()
