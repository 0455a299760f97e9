"""A search of what references lead to looks into what is shown of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Note @content(files: ["*.md"]) {
  slug: String! @from(file: NAME) @key
  topic: Topic @search(of: "title")
}
type Topic @grouped%s { slug: String! @key title: String! }
"""
WITH_ITEMS = ' @content(files: ["topics.yml"], each: ITEM)'


def found(site: SiteFolder, word: str) -> list[str]:
    """Return the notes that a search finds."""
    with Product(site.store) as product:
        nodes = product.data(f'{{ searchNotes(query: "{word} ") {{ nodes {{ slug }} }} }}')["searchNotes"]["nodes"]
    return sorted(node["slug"] for node in nodes)


def test_title_of_the_own_item_is_searched(tmp_path: Path) -> None:
    """The item's title and not the key that the reference says; without an item, or without items at all, the key."""
    site = SiteFolder(tmp_path, MODEL % WITH_ITEMS)
    site.page("owls.md", "topic: birds")
    site.page("moss.md", "topic: plants")
    site.write("topics.yml", "birds: {slug: birds, title: Feathered friends}")
    site.load()
    assert [found(site, word) for word in ("feathered", "birds", "plants")] == [["owls"], [], ["moss"]]
    site.write("topics.yml", "birds: {slug: birds, title: On the wing}")
    site.load()
    assert [found(site, word) for word in ("feathered", "wing")] == [[], ["owls"]]
    site.model(MODEL % "")
    site.load()
    assert [found(site, word) for word in ("wing", "birds")] == [[], ["owls"]]
