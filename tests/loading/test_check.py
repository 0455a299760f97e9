"""A check tells what a load would: what one file says, and what several decide together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import StoreError
from graphql_api.loading import check as check_module
from graphql_api.loading.building import Building
from graphql_api.loading.load import check
from tests.loading.site_folder import SiteFolder, told

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Post @content(files: ["posts/*.md"]) {
  slug: String! @from(key: "slug") @from(file: NAME) @key
  draft: Boolean! @default(value: false) @hidden
  author: Author! @ref(missing: ERROR)
  related: [Post!]!
  sources: [Source!]!
  body: RichText @from(file: BODY)
}
type Source { post: Post @ref(missing: WARN) kept: Post @ref(missing: KEEP) }
type Author @content(files: ["authors.yml"], each: ITEM) { slug: String! @from(file: KEY) @key name: String! }
"""


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    site = SiteFolder(tmp_path, MODEL)
    site.write("authors.yml", "ann: {name: Ann}\n")
    return site


def test_references_that_name_nothing_are_told_as_a_load_tells_them(site: SiteFolder) -> None:
    """As errors and warnings, with their lines; also what leads to entries that are refused, hidden or in dispute."""
    site.page("posts/a.md", "author: ann\nrelated: [b, c, none]\nsources:\n  - post: d\n    kept: none\n  - post: e")
    site.page("posts/b.md", "author: eve")
    site.page("posts/c.md", "author: ann\ndraft: true")
    site.page("posts/d.md", "author: ann\nslug: e")
    site.page("posts/e.md", "author: ann\nrelated: e")
    checked = asyncio.run(check(site.root)).problems
    assert not site.store.exists()
    assert checked == site.load().problems
    dangling = [(each.severity, each.path, each.line) for each in checked if each.code == "REFERENCE_DANGLING"]
    assert dangling == [
        *[("WARNING", "posts/a.md", 3)] * 3,
        ("WARNING", "posts/a.md", 5),
        ("WARNING", "posts/a.md", 7),
        ("ERROR", "posts/b.md", 2),
    ]


def test_a_check_finds_nothing_wrong_with_what_is_in_order(site: SiteFolder) -> None:
    """References that lead somewhere, to entries of files that are read later, and around in a circle."""
    site.page("posts/a.md", "author: ann\nrelated: b")
    site.page("posts/b.md", "author: ann\nrelated: [a, b]")
    checked = asyncio.run(check(site.root))
    assert (checked.problems, checked.files) == ((), 3)


def test_what_is_lost_in_texts_is_told_by_both(site: SiteFolder) -> None:
    """A warning for each kind and file, whether or not it is loaded."""
    site.page("posts/a.md", "author: ann", "<font>a</font> <blink>b</blink> [c](#nowhere)\n")
    expected = [("WARNING", "HTML_LEFT_OUT", "posts/a.md"), ("WARNING", "LINK_DANGLING", "posts/a.md")]
    report = site.load()
    assert told(report) == expected
    assert asyncio.run(check(site.root)).problems == report.problems
    assert told(site.load()) == expected


def test_a_check_without_room_says_so(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What more than one file decides needs a temporary database."""
    site.page("posts/a.md", "author: ann")

    class Full(Building):
        async def write(self, _: object) -> None:
            await self._db.execute("PRAGMA max_page_count = 1")
            await self._db.execute("CREATE TABLE much AS SELECT zeroblob(1 << 20) AS b")

    monkeypatch.setattr(check_module, "Building", Full)
    with pytest.raises(StoreError, match="TMPDIR"):
        asyncio.run(check(site.root))
