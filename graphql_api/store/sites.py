"""Sites: the places in the entries of a type where references stand, and the texts that are searched."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from graphql_api.model.types import Field


class SiteShape(Enum):
    """How the references of a site are stored."""

    ONE = auto()
    """One an entry, in its own row."""
    LIST = auto()
    """A list of references: a table of them."""
    CHILD = auto()
    """In the groups of a list: the table of the groups."""
    NESTED = auto()
    """Anywhere within JSON: a table of slots."""


class Site(Struct, frozen=True):
    """A place in the entries of one type where references stand.

    `path` leads there from the entry: ("subject",), ("relatedArticles", "question"); of a NESTED one it is the entry's
    field, the group and the group's field. `table` has a row for each; its `owner` column is the entry's pk.
    `column_field` is the field by which `table.find` knows the columns TARGET, STATUS, KEY, NAMES and REPEATED.
    """

    shape: SiteShape
    owner_type: str
    path: tuple[str, ...]
    target_type: str
    field: Field
    table: str
    owner: str
    column_field: str
    route: str = ""
    """The column that says which rows to follow, "" for all: see `graphql_api.store.routes`."""

    def followed(self, alias: str = "") -> str:
        """Return the condition, with `AND` before it, on the rows to follow; "" for all. `alias` ends with a dot."""
        return f" AND {alias}{self.route}" if self.route else ""


class Searched(Struct, frozen=True):
    """One column of a full-text index: the field's dotted path, its weight, and where its text is."""

    path: str
    weight: float
    table: str
    column: str
