"""What a field shows: the vocabulary in which the types say where their values come from.

The planner reads nothing else about a field. A field of the model is looked up in the layout; what the product adds to
every model (pages, facets, searches) has a name of its own, and what it needs to know beside that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from graphql_api.model.types import Facet, Field

METADATA_KEY = "graphql_api.mapping"


class Declared(Struct, frozen=True):
    """A field that the model declares, on an entry type or a group."""

    field: Field


class Identifier(Struct, frozen=True):
    """The id of an entry."""


class Part(Struct, frozen=True):
    """A part of a value that has parts (rich text, an image, a heading): its place among them, and its role."""

    position: int
    role: str = ""


class Counted(Struct, frozen=True):
    """A column of the row that says what the content is, by its name; `field` is the type or group that it counts."""

    column: str = ""
    field: str = ""


class Pages(Struct, frozen=True):
    """A connection over all entries of a type."""

    type_name: str


class Lookup(Struct, frozen=True):
    """One entry or null: the one that the arguments name."""

    type_name: str


class SearchOf(Struct, frozen=True):
    """A connection over what a search finds: in the entries of one type, or of several."""

    type_names: tuple[str, ...]
    is_over_all: bool = False


class FacetOf(Struct, frozen=True):
    """The counts of one facet."""

    field: Field
    facet: Facet


class Special(Struct, frozen=True):
    """A part of a shape that its planner knows by `name`: the edges of a page, the count of a facet, `node`."""

    name: str


Mapping = Declared | Identifier | Part | Counted | Pages | Lookup | SearchOf | FacetOf | Special


def metadata(mapping: Mapping) -> dict[str, Any]:
    """Return the metadata of a Strawberry field that shows `mapping`."""
    return {METADATA_KEY: mapping}
