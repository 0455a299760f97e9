"""Tables as data: what a generation is made of. `graphql_api.store.layout` makes them from a model."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from graphql_api.kinds.kind import Storage


class Role(StrEnum):
    """What a column holds of its field, or of its entry."""

    VALUE = "VALUE"
    """The value itself, as its kind's column; JSON for lists, groups, unions, images and floats."""
    ASCENDING = "ASCENDING"
    """What the ascending order compares, where that is not the value's own column."""
    DESCENDING = "DESCENDING"
    FOLDED = "FOLDED"
    """Text for comparisons that ignore case."""
    HAS = "HAS"
    """Whether there is a value, of a field that cannot be compared."""
    COUNT = "COUNT"
    """How many references lead here."""
    SEARCHED = "SEARCHED"
    """Text for the full-text index alone; the column's field is a dotted path."""

    TARGET = "TARGET"
    """The key (pk) of the entry that a reference leads to; NULL if nowhere, or to the entry itself."""
    STATUS = "STATUS"
    """A ReferenceStatus."""
    KEY = "KEY"
    """The key as the reference names it."""
    NAMES = "NAMES"
    """JSON: what a reference says of a grouped entry, a value for each of that type's fields."""
    REPEATED = "REPEATED"
    """Whether an earlier reference of the same list leads to the same place."""
    ALTERNATIVE = "ALTERNATIVE"
    """A value that `orBy` compares, of a reference within JSON; the column's field is the group's field."""
    ROUTE = "ROUTE"
    """Whether a reference within JSON was reached by the fields that the column's field, a dotted path, names."""

    MARKDOWN = "MARKDOWN"
    HTML = "HTML"
    TEXT = "TEXT"
    HEADINGS = "HEADINGS"
    """JSON: [[level, text, anchor], …]."""
    WORDS = "WORDS"
    MINUTES = "MINUTES"
    LEAD = "LEAD"
    EXCERPT = "EXCERPT"
    """JSON: the excerpt of the default length."""

    PK = "PK"
    OWNER = "OWNER"
    """The pk of the entry that a row of a further table belongs to."""
    POSITION = "POSITION"
    """From 1 in a list; the slot, from 0, of a reference within JSON."""
    CARRIED = "CARRIED"
    """The owner's key of its default order, so that a list by target is in that order."""
    NODE_ID = "NODE_ID"
    PATH = "PATH"
    """The file; "" for a grouped entry that only references name."""
    ITEM = "ITEM"
    """The item's key in a file of several entries; "" otherwise."""
    PLACE = "PLACE"
    """See `graphql_api.store.places`: the value of each order's field, the identity's first."""
    PLACE_CHECK = "PLACE_CHECK"
    DIGEST = "DIGEST"
    VERSION = "VERSION"
    UPDATED_AT = "UPDATED_AT"
    UNLISTED = "UNLISTED"
    OTHER = "OTHER"
    """Of a table that no model shapes."""


class Column(Struct, frozen=True):
    """One column; `field` is the name of the GraphQL field whose it is, "" for the entry's own."""

    name: str
    storage: Storage
    role: Role = Role.OTHER
    field: str = ""
    nullable: bool = False


class Index(Struct, frozen=True):
    """One index; `columns` may carry a direction, `where` makes it partial. A unique one is there during a load."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str | None = None
    is_early: bool = False
    """Whether a load itself needs it, before the table is full."""


class Table(Struct, frozen=True, dict=True):
    """One table; rows are found by `primary_key`."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: dict[str, str] = {}
    indexes: tuple[Index, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def _by_role(self) -> dict[tuple[str, Role], Column]:
        return {(column.field, column.role): column for column in self.columns}

    def column(self, name: str) -> Column:
        """Return the column `name`. Raises KeyError."""
        return self._by_name[name]

    def find(self, field_name: str, role: Role) -> Column | None:
        """Return the column that holds `role` of the field, None if the table has none."""
        return self._by_role.get((field_name, role))

    @cached_property
    def _fields(self) -> frozenset[str]:
        return frozenset(column.field for column in self.columns)

    def has(self, field_name: str) -> bool:
        """Return whether the table holds anything of a field."""
        return field_name in self._fields

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _c(name: str, storage: Storage = Storage.TEXT, *, nullable: bool = False) -> Column:
    return Column(name, storage, nullable=nullable)


SEED = Table(
    "seed",
    (
        _c("path"),
        _c("size_bytes", Storage.INTEGER),
        _c("mtime_ns", Storage.INTEGER),
        _c("ctime_ns", Storage.INTEGER),
        _c("inode", Storage.INTEGER),
        _c("sha256", Storage.BYTES, nullable=True),
        _c("hidden", Storage.INTEGER),
    ),
    ("path",),
)

LINKED = Table(
    "linked",
    (
        _c("path"),
        _c("item"),
        _c("position", Storage.INTEGER),
        _c("type_name"),
        _c("urls", nullable=True),
        _c("place"),
        _c("links"),
        _c("html"),
    ),
    ("path", "item", "position"),
    indexes=(Index("linked_undecided", ("path",), where="urls IS NULL OR urls = ''", is_early=True),),
)
"""Texts that link to other files, by the entry that they are in.

`urls` is what was put into the text, by the key of the link, as JSON; NULL while nothing is, "" where nobody knows.
`place` is JSON: the list or "", the field, its role, the position in a list or null, the path in JSON or null. `links`
is JSON: [address, part, line, is_name] of each. `html` is the text before any url was put in.
"""

MOVE = Table(
    "move",
    (_c("path"), _c("position", Storage.INTEGER), _c("old"), _c("new")),
    ("path", "position"),
)
"""What redirect files say, each by its last good form."""

REDIRECT = Table("redirect", (_c("old"), _c("url"), _c("page", nullable=True)), ("old",))
"""Where an old url leads, by its key: to `url`, and to the entry whose url is `page`."""

PROBLEM = Table(
    "problem",
    (
        _c("path"),
        _c("position", Storage.INTEGER),
        _c("severity"),
        _c("code"),
        _c("line", Storage.INTEGER, nullable=True),
        _c("message"),
    ),
    ("path", "position"),
)

PUBLISH = Table(
    "publish",
    (
        _c("sequence", Storage.INTEGER),
        Column("version", Storage.TOKEN),
        Column("published_at", Storage.TOKEN),
        _c("label"),
        _c("total", Storage.INTEGER),
        _c("ids", Storage.INTEGER),
        _c("is_known", Storage.BOOLEAN),
    ),
    ("sequence",),
)
"""What was published, one row each; `total` counts the entries with files that differ from before, `ids` the rows of
`change`. `is_known` says that these are all that differs."""

CHANGE = Table(
    "change",
    (
        _c("sequence", Storage.INTEGER),
        Column("node_id", Storage.TOKEN),
        _c("kind", Storage.INTEGER),
        Column("type", Storage.TOKEN),
        _c("url", nullable=True),
        _c("has_file", Storage.BOOLEAN),
    ),
    ("sequence", "node_id"),
)
"""What differs after a publish; `kind` is one of `graphql_api.store.history.CHANGE_KINDS`."""
