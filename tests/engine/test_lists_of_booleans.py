"""Filters of lists take their values from variables, Booleans as well as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Poll @content(files: ["polls.yml"], each: ITEM) {
  slug: String! @from(file: KEY) @key
  replies: [Boolean!]! @filter
}
"""


def test_lists_of_booleans_come_from_variables(tmp_path: Path) -> None:
    """One plan answers them all: what is in a list is bound, and shapes no statement."""
    site = SiteFolder(tmp_path, MODEL)
    site.write("polls.yml", "all: {replies: [true, false]}\nno: {replies: [false]}\nyes: {replies: [true]}\nnone: {}")
    site.load()
    document = "query ($f: PollFilter, $some: [Boolean!]) { asked: polls(filter: $f) { nodes { slug } }"
    document += " some: polls(filter: {replies: {hasAny: $some}}) { nodes { slug } } }"
    kept = {(True,): ["all", "yes"], (False,): ["all", "no"], (True, False): ["all", "no", "yes"], (): []}
    with Product(site.store) as product:
        for values, slugs in kept.items():
            variables = {"f": {"replies": {"hasAny": list(values)}}, "some": list(values)}
            data = product.data(document, variables)
            assert {name: [node["slug"] for node in page["nodes"]] for name, page in data.items()} == {
                "asked": slugs,
                "some": slugs,
            }
        data = product.data(document, {"f": {"replies": {"hasAll": [True, False]}}, "some": True})
        assert [len(page["nodes"]) for page in data.values()] == [1, 2]
