"""Entries that are sorted by a count, unless something else is asked, are so in every list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Song @content(files: ["songs/*.yml"]) {
  slug: String! @from(file: NAME) @key
  after: [Song!]!
  followers: [Song!]! @back(of: "Song.after")
  albumCount: Int! @back(of: "Album.songs") @order(default: %s)
}
type Album @content(files: ["albums/*.yml"]) { slug: String! @from(file: NAME) @key songs: [Song!]! }
"""


@pytest.mark.parametrize(("direction", "slugs"), [("DESC", ["c", "b", "a"]), ("ASC", ["a", "b", "c"])])
def test_list_of_back_references_is_sorted_by_a_count(direction: str, slugs: list[str], tmp_path: Path) -> None:
    """As the list of all is; also when an incremental load changes the counts alone."""
    site = SiteFolder(tmp_path, MODEL % direction)
    site.write("songs/first.yml", "{}")
    for slug in "abc":
        site.write(f"songs/{slug}.yml", "after: [first]")
    site.write("albums/one.yml", "songs: [b, c, first]")
    site.write("albums/two.yml", "songs: [c, first]")
    site.write("albums/three.yml", "songs: [first]")
    site.load()
    document = '{ song(by: {slug: "first"}) { followers { nodes { slug } } } }'

    def followers() -> list[str]:
        with Product(site.store) as product:
            return [node["slug"] for node in product.data(document)["song"]["followers"]["nodes"]]

    assert followers() == slugs
    site.write("albums/one.yml", "songs: [a, b, first]")
    site.write("albums/two.yml", "songs: [a, first]")
    site.load()
    assert followers() == [{"a": "c", "b": "b", "c": "a"}[slug] for slug in slugs]
