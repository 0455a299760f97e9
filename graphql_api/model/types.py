"""What a model declares, as frozen data: the one description that reading, loading, schema and engine all work from.

Names are as in `content.graphql`. Everything here has been checked: names lead somewhere, patterns are well formed,
there is no circle that has no end. `graphql_api.model.language` reads a text into these.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct


class Absent(Enum):
    """The type of `ABSENT`, which is itself in every process that a model is sent to."""

    ABSENT = "ABSENT"


ABSENT: Any = Absent.ABSENT
"""Stands where there is no value and None would be one."""


class Shape(StrEnum):
    """What the values of a field are."""

    SCALAR = "SCALAR"
    """Of a kind (`graphql_api.kinds`): String, Int, Date, RichText, Image, …"""
    ENUM = "ENUM"
    GROUP = "GROUP"
    UNION = "UNION"
    """Of one of several groups, told apart by a key (blocks)."""
    ENTRY = "ENTRY"
    """A reference to an entry, or what directives such as @back make of entries."""


class Each(StrEnum):
    """What is one entry."""

    FILE = "FILE"
    ITEM = "ITEM"


class FilePart(StrEnum):
    """A part of a file; see `vocabulary.graphql`."""

    NAME = "NAME"
    FOLDER = "FOLDER"
    PATH = "PATH"
    ROUTE = "ROUTE"
    BODY = "BODY"
    KEY = "KEY"


class EntryPart(StrEnum):
    """What the store knows of an entry."""

    VERSION = "VERSION"
    UPDATED_AT = "UPDATED_AT"


class DatePart(StrEnum):
    """What a facet of dates counts by."""

    YEAR = "YEAR"
    MONTH = "MONTH"


class Missing(StrEnum):
    """What becomes of a reference that leads nowhere."""

    KEEP = "KEEP"
    WARN = "WARN"
    ERROR = "ERROR"


class Level(StrEnum):
    """How much a bad value costs."""

    WARNING = "WARNING"
    ERROR = "ERROR"


class Direction(StrEnum):
    """A direction of an order."""

    ASC = "ASC"
    DESC = "DESC"


class Step(StrEnum):
    """Which sibling."""

    NEXT = "NEXT"
    PREVIOUS = "PREVIOUS"


class FieldType(Struct, frozen=True):
    """The type of a field, as GraphQL's wrappers make it: a list has an `item`, everything else a `name`."""

    name: str
    """Of the named type, whatever lists are around it."""
    shape: Shape
    """Of the named type."""
    is_required: bool
    item: FieldType | None = None

    @property
    def is_list(self) -> bool:
        """Whether the values are lists."""
        return self.item is not None

    def __str__(self) -> str:
        """Return the type as GraphQL writes it."""
        inner = f"[{self.item}]" if self.item else self.name
        return f"{inner}!" if self.is_required else inner


class From(Struct, frozen=True):
    """One @from: exactly one of `key`, `keys`, `field`, `file`, `entry` and `template` is set, then what is made of it.

    `key` is the path of keys, outermost first; () is the value itself. With none of the six set (only `slug`, `split`,
    `like` or `escapes` given), the value is the one that the field would have without @from.
    """

    key: tuple[str, ...] | None = None
    keys: str | None = None
    field: str | None = None
    file: FilePart | None = None
    entry: EntryPart | None = None
    template: str | None = None
    like: str | None = None
    escapes: bool = False
    split: str | None = None
    slug: bool = False


class Check(Struct, frozen=True):
    """One @check."""

    min: float | None = None
    max: float | None = None
    like: str | None = None
    level: Level = Level.ERROR


class Facet(Struct, frozen=True):
    """One @facet; `name` is the facet's own, in the singular ("year", "tag")."""

    name: str
    by: DatePart | None = None


class Search(Struct, frozen=True):
    """One @search; `of` is a field of what the field leads to."""

    weight: float = 1.0
    of: str | None = None


class Reference(Struct, frozen=True):
    """How a field of an entry type leads to an entry.

    `by` is the key of the target type that it names; `or_by` gives groups of fields, of the group that the field is in,
    that must all be those of the entry where `by` leads nowhere.
    """

    by: str
    or_by: tuple[tuple[str, ...], ...] = ()
    missing: Missing = Missing.WARN


class Back(Struct, frozen=True):
    """One @back: `type_name` is the entry type whose references count, `path` the fields that lead to the reference."""

    type_name: str
    path: tuple[str, ...]


class Walk(Struct, frozen=True):
    """One @walk: `path` are the fields that lead to the reference that is followed."""

    path: tuple[str, ...]


class Sibling(Struct, frozen=True):
    """One @sibling."""

    by: tuple[str, ...]
    in_: str | None = None
    step: Step = Step.NEXT


class Field(Struct, frozen=True):
    """One field.

    A field has a value in the file (then `sources` says from where, several being tried in order), or is one of `back`,
    `walk`, `sibling`, `status_of` (the name of the reference beside it that it tells of) and `entry`.
    """

    name: str
    type: FieldType
    description: str = ""
    sources: tuple[From, ...] = ()
    default: Any = ABSENT
    """The JSON form of the value that an absent key means."""
    check: Check | None = None
    reference: Reference | None = None
    """Set exactly for fields whose values are references."""
    back: Back | None = None
    walk: Walk | None = None
    sibling: Sibling | None = None
    status_of: str | None = None
    entry: EntryPart | None = None
    is_key: bool = False
    is_filter: bool = False
    is_order: bool = False
    default_order: Direction | None = None
    facet: Facet | None = None
    search: Search | None = None
    hidden_when: bool | None = None
    unlisted_when: bool | None = None
    is_alias: bool = False

    @property
    def is_value(self) -> bool:
        """Whether the field's value is read from files."""
        return not (self.back or self.walk or self.sibling or self.status_of or self.entry)


class Key(Struct, frozen=True):
    """What names one entry: a field with @key, or several under a `name`."""

    name: str
    fields: tuple[str, ...]


class Page(Struct, frozen=True):
    """One @page: dotted paths of fields."""

    json_ld: str | None = None
    title: str | None = None
    description: str | None = None
    image: str | None = None


class _Fields(Struct, frozen=True, dict=True):
    """What has fields."""

    name: str
    fields: tuple[Field, ...]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    def field(self, name: str) -> Field:
        """Return the field `name`. Raises KeyError."""
        return self._by_name[name]


class Group(_Fields, frozen=True):
    """A type without entries of its own; `block` is its value of a union's key, where @is gives one."""

    description: str = ""
    block: str | None = None


class Union(Struct, frozen=True):
    """A union of groups: `key` is the front matter key whose value, by `members`, says which group it is."""

    name: str
    key: str
    members: dict[str, str]
    """The name of the group for each value of the key."""
    description: str = ""


class Choice(Struct, frozen=True):
    """An enum: `values` gives the spelling in files of each of its values."""

    name: str
    values: dict[str, str]
    description: str = ""
    descriptions: dict[str, str] = {}


class EntryType(_Fields, frozen=True):
    """A type with entries: with files (`globs`), grouped, both, or a singleton (one glob without wildcards)."""

    keys: tuple[Key, ...]
    """The first one is the identity. A singleton may have none."""
    globs: tuple[str, ...] = ()
    each: Each = Each.FILE
    ignore: frozenset[str] = frozenset()
    is_singleton: bool = False
    is_grouped: bool = False
    plural: str = ""
    """The name of the list: "questions"."""
    search: str = ""
    """The name of the search; "" if nothing of the type is searched."""
    page: Page | None = None
    description: str = ""

    @property
    def is_only_named(self) -> bool:
        """Whether nothing is known of its entries but what references say."""
        return self.is_grouped and not self.globs

    @property
    def identity(self) -> Key | None:
        """The key that names an entry unless something else is said."""
        return self.keys[0] if self.keys else None


class Model(Struct, frozen=True, eq=False):
    """A whole model, equal to none but itself.

    `entry_types`, `groups`, `unions` and `choices` are in the order of the text, by name.
    """

    text: str
    entry_types: dict[str, EntryType]
    groups: dict[str, Group] = {}
    unions: dict[str, Union] = {}
    choices: dict[str, Choice] = {}

    def fields_of(self, type_name: str) -> tuple[Field, ...]:
        """Return the fields of an entry type or a group. Raises KeyError."""
        return (self.entry_types.get(type_name) or self.groups[type_name]).fields

    def shape_of(self, type_name: str) -> Shape:
        """Return what values of the named type are."""
        if type_name in self.entry_types:
            return Shape.ENTRY
        if type_name in self.groups:
            return Shape.GROUP
        if type_name in self.unions:
            return Shape.UNION
        return Shape.ENUM if type_name in self.choices else Shape.SCALAR
