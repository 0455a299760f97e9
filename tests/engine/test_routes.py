"""Back references and walks follow the route that they name, also where a group can be reached by several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODEL = """
type Play @content(files: ["plays/*.yml"]) {
  slug: String! @from(file: NAME) @key
  version: String! @from(entry: VERSION)
  cast: Cast!
  likened: Cast
  acts: [Act!]!
  after: [Play!]! @back(of: "Play.cast.lead.sources")
  asLead: Int! @back(of: "Play.cast.lead.sources")
  asOther: Int! @back(of: "Play.cast.others.sources")
  inScene: Int! @back(of: "Play.acts.scenes.sources")
  around: [Play!]! @walk(over: "cast.lead.sources")
}
type Cast { lead: Role others: [Role!]! }
type Role { sources: [Play!]! }
type Act { sources: [Play!]! scenes: [Act!]! }
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    """Three plays: the first names the second as a lead does and the third as others do."""
    site = SiteFolder(tmp_path_factory.mktemp("plays"), MODEL)
    site.write(
        "plays/one.yml",
        "cast: { lead: { sources: [two] }, others: [{ sources: [three] }] }\nlikened: { lead: { sources: [three] } }",
    )
    site.write("plays/two.yml", "cast: { others: [{ sources: [one, three] }] }")
    acts = "[{ sources: [one], scenes: [{ sources: [two], scenes: [{ sources: [three] }] }] }]"
    site.write("plays/three.yml", f"acts: {acts}\ncast: {{ lead: {{ sources: [one] }} }}")
    site.load()
    return site


@pytest.fixture(scope="module")
def plays(site: SiteFolder) -> Iterator[Product]:
    """An engine over them."""
    with Product(site.store) as product:
        yield product


def counts(plays: Product, name: str) -> dict[str, Any]:
    """Return a field of each play."""
    found = plays.data(f"{{ plays {{ nodes {{ slug {name} }} }} }}")["plays"]["nodes"]
    return {each["slug"]: each[name] for each in found}


def test_only_references_of_the_named_route_count(plays: Product) -> None:
    """Neither those of the list beside it nor those of another field of the same group."""
    assert counts(plays, "asLead") == {"one": 1, "two": 1, "three": 0}
    assert counts(plays, "asOther") == {"one": 1, "two": 0, "three": 2}


def test_a_group_in_itself_counts_at_the_named_depth_alone(plays: Product) -> None:
    """Of acts within acts, those of the second level."""
    assert counts(plays, "inScene") == {"one": 0, "two": 1, "three": 0}


def test_lists_and_walks_follow_the_same_route(plays: Product) -> None:
    """The list has what its count says, and a walk goes no other way."""
    data = plays.data('{ play(by: {slug: "three"}) { after { nodes { slug } } around(depth: 3) { play { slug } } } }')
    assert data["play"] == {
        "after": {"nodes": []},
        "around": [{"play": {"slug": "one"}}, {"play": {"slug": "two"}}],
    }


def test_versions_do_not_tell_of_routes(site: SiteFolder, tmp_path: Path) -> None:
    """What is asked of references is no value of the entry: without the fields that ask, versions stay."""
    bare = "\n".join(line for line in MODEL.splitlines() if "@back" not in line and "@walk" not in line)
    other = SiteFolder(tmp_path, bare)
    for file in (site.root / "plays").iterdir():
        other.write(f"plays/{file.name}", file.read_text())
    other.load()
    with Product(site.store) as asked, Product(other.store) as unasked:
        assert counts(asked, "version") == counts(unasked, "version")


def test_another_route_asked_for_makes_its_flags_anew(site: SiteFolder, tmp_path: Path) -> None:
    """A load by a model that asks for one more route tells the references of unchanged files apart."""
    other = SiteFolder(tmp_path, "\n".join(line for line in MODEL.splitlines() if "asOther" not in line))
    for file in (site.root / "plays").iterdir():
        other.write(f"plays/{file.name}", file.read_text())
    other.load()
    other.model(MODEL)
    other.load()
    with Product(other.store) as product:
        assert counts(product, "asOther") == {"one": 1, "two": 0, "three": 2}
