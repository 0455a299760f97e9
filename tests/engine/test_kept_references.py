"""Lists of groups with a reference that is kept: repeats, what leads, and their number, wherever the lists stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = """
type Song @content(files: ["songs/*.yml"]) {
  slug: String! @from(file: NAME) @key
  sources: [Source!]!
  booklet: Booklet
  pages: [Page!]!
  versions: [Version!]!
  namedBy: Int! @back(of: "Song.versions.further.like")
}
type Source { label: String writer: Writer song: Song @ref(missing: KEEP) state: ReferenceStatus @from(field: "song") }
type Booklet { sources: [Source!]! }
union Page @block(key: "kind") = Credits | Blank
type Credits { sources: [Source!]! }
type Blank { note: String }
type Version { like: Song further: [Version!]! }
type Writer @content(files: ["writers.yml"], each: ITEM) { slug: String! @from(file: KEY) @key }
"""
SOURCES = "[{label: a, song: two, writer: mia}, {label: b, song: gone, writer: mia}, {label: c, song: two}, {label: d}]"


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One song whose sources stand in a list, in a group and in two blocks, and in which versions have versions."""
    site = SiteFolder(tmp_path_factory.mktemp("songs"), MODEL)
    pages = f"[{{kind: Credits, sources: {SOURCES}}}, {{kind: Blank}}, {{kind: Credits, sources: {SOURCES}}}]"
    versions = "[{like: one, further: [{like: two, further: [{like: three}]}, {like: three}]}]"
    site.write(
        "songs/one.yml", f"sources: {SOURCES}\nbooklet: {{sources: {SOURCES}}}\npages: {pages}\nversions: {versions}"
    )
    site.write("songs/two.yml", "{}")
    site.write("songs/three.yml", "{}")
    site.write("writers.yml", "mia: {}\n")
    site.load()
    with Product(site.store) as product:
        yield product


def labels(songs: Product, arguments: str) -> list[str]:
    """Return the labels of the sources in each of the four lists, as one text a list."""
    sources = f"sources{arguments} {{ label }}"
    selection = f"{sources} booklet {{ {sources} }} pages {{ ... on Credits {{ {sources} }} }}"
    song: dict[str, Any] = songs.data(f'{{ song(by: {{slug: "one"}}) {{ {selection} }} }}')["song"]
    first, _, second = song["pages"]
    return ["".join(one["label"] for one in each["sources"]) for each in (song, song["booklet"], first, second)]


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ("", "abd"),
        ("(unique: false)", "abcd"),
        ("(resolved: true)", "a"),
        ("(unique: false, resolved: true)", "ac"),
    ],
)
def test_arguments_are_about_the_kept_reference_of_one_list(arguments: str, kept: str, songs: Product) -> None:
    """Not about another reference beside it, and not about what other lists of the entry have named."""
    assert labels(songs, arguments) == [kept] * 4


def test_every_group_counts_with_or_without_its_reference(songs: Product) -> None:
    """Four lists of four; of those that name one, a fourth leads nowhere."""
    assert songs.data("{ content { sourceCount danglingCount } }") == {
        "content": {"sourceCount": 16, "danglingCount": 4}
    }


def test_references_of_a_group_in_itself_lead_somewhere(songs: Product) -> None:
    """Those of the outermost groups are stored apart from those within."""
    selection = "like { slug } further { like { slug } further { like { slug } } }"
    song = songs.data(f'{{ song(by: {{slug: "one"}}) {{ versions {{ {selection} }} }} }}')["song"]
    two, three = {"slug": "two"}, {"slug": "three"}
    further = [{"like": two, "further": [{"like": three}]}, {"like": three, "further": []}]
    # An entry is no reference to itself.
    assert song["versions"] == [{"like": None, "further": further}]
    named = songs.data("{ songs { nodes { slug namedBy } } }")["songs"]["nodes"]
    assert {each["slug"]: each["namedBy"] for each in named} == {"one": 0, "two": 1, "three": 1}
