"""The layout: which tables a model becomes, and where in them each field is.

An entry type is a narrow table (`e1`: what may be asked, and references), a wide one beside it (`d1`: what is only
shown), a table for each list that holds references (`l1_4`) or is asked by its values (`v1_4`), and one for the
references within JSON (`r1_7`). Groups, lists and unions without references of their own are JSON in one column, by
position. Names are numbered, so that no text of an author's gets into SQL.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from graphql_api.kinds.registry import KINDS, choice
from graphql_api.model.types import Field, Shape
from graphql_api.store import columns as made
from graphql_api.store.tables import PROBLEM, SEED, Column, Role, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import EntryType, FieldType, Model


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


@dataclass(frozen=True, slots=True)
class Site:
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


@dataclass(frozen=True, slots=True)
class Searched:
    """One column of a full-text index: the field's dotted path, its weight, and where its text is."""

    path: str
    weight: float
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of an order: a column of the narrow table, and whether it is read backwards."""

    column: str
    reversed: bool = False


@dataclass(frozen=True)
class EntryLayout:
    """Where the fields of one entry type are."""

    type: EntryType
    number: int
    main: Table
    details: Table
    lists: dict[str, Table] = field(default_factory=dict)
    """Of LIST and CHILD fields, by the field's name."""
    values: dict[str, Table] = field(default_factory=dict)
    """Of lists of scalars that are asked by their values, by the field's name: (owner_pk, position, value)."""
    nested: dict[tuple[str, str, str], Table] = field(default_factory=dict)
    """Of NESTED sites, by their path."""
    sites: tuple[Site, ...] = ()
    searched: tuple[Searched, ...] = ()

    @property
    def search_table(self) -> str:
        """The name of the full-text index; its content is the view of that name with `_source` after it."""
        return f"s{self.number}"

    def place_of(self, field_name: str) -> Table:
        """Return which of main and details has the columns of a field. Raises KeyError."""
        for table in (self.main, self.details):
            if any(column.field == field_name for column in table.columns):
                return table
        raise KeyError(f"{self.type.name}.{field_name}")

    def order_key(self, field_name: str, *, descending: bool) -> OrderKey:
        """Return the key of an order by one field, which has @order or is the identity's."""
        if descending and (column := self.main.find(field_name, Role.DESCENDING)):
            return OrderKey(column.name, reversed=column.storage is made.REVERSED)
        ascending = self.main.find(field_name, Role.ASCENDING)
        value = ascending or self.main.find(field_name, Role.VALUE) or self.main.find(field_name, Role.COUNT)
        assert value is not None  # noqa: S101 - the model was checked: the field can be sorted by
        return OrderKey(value.name, reversed=descending)

    @property
    def order_fields(self) -> tuple[Field, ...]:
        """The fields that may be sorted by, as they stand in a row's place: the identity's first, if it is one."""
        return made.order_fields(self.type)

    def site(self, path: tuple[str, ...]) -> Site:
        """Return the site that `path` leads to. Raises KeyError."""
        for site in self.sites:
            if site.path == path:
                return site
        raise KeyError(".".join((self.type.name, *path)))


@dataclass(frozen=True)
class Layout:
    """The tables of a model."""

    model: Model
    entries: dict[str, EntryLayout]
    content: Table
    sites: tuple[Site, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by its name, those that others refer to first."""
        found = [self.content, SEED, PROBLEM]
        found += [entry.main for entry in self.entries.values()]
        for entry in self.entries.values():
            found += [entry.details, *entry.lists.values(), *entry.values.values(), *entry.nested.values()]
        return {table.name: table for table in found}

    def sites_to(self, type_name: str) -> tuple[Site, ...]:
        """Return the sites whose references lead to entries of a type."""
        return tuple(site for site in self.sites if site.target_type == type_name)

    def kind_of(self, type_: FieldType) -> Kind | None:
        """Return the kind of a scalar or an enum; None for other shapes."""
        return kind_of(self.model, type_)

    def nested_site(self, type_name: str, top: str, group: str, field_name: str) -> Site:
        """Return the site of a reference within the JSON of the field `top`. Raises KeyError."""
        return self.entries[type_name].site((top, group, field_name))


def kind_of(model: Model, type_: FieldType) -> Kind | None:
    """Return the kind of a scalar or an enum; None for other shapes."""
    if type_.shape is Shape.SCALAR:
        return KINDS[type_.name]
    return choice(model.choices[type_.name]) if type_.shape is Shape.ENUM else None


def layout_of(model: Model) -> Layout:
    """Return the layout of a model that has been checked."""
    entries = {}
    for number, type_ in enumerate(model.entry_types.values(), 1):
        entries[type_.name] = _entry_layout(model, type_, number)
    sites = tuple(site for entry in entries.values() for site in entry.sites)
    return Layout(model, entries, _content_table(model), sites)


def fingerprint(model: Model) -> str:
    """Return 16 hex digits that change with the model's text."""
    return hashlib.sha256(model.text.encode()).hexdigest()[:16]


def _entry_layout(model: Model, type_: EntryType, number: int) -> EntryLayout:
    maker = made.Maker(model, type_, number)
    sites: list[Site] = []
    lists: dict[str, Table] = {}
    values: dict[str, Table] = {}
    nested: dict[tuple[str, str, str], Table] = {}
    main, details = f"e{number}", f"d{number}"
    for at, each in enumerate(type_.fields):
        if not each.is_value:
            continue
        match made.placement(model, each):
            case made.Placement.ONE:
                sites.append(_site(type_, SiteShape.ONE, (each.name,), each, main, "pk", each.name))
            case made.Placement.LIST:
                lists[each.name] = maker.list_table(each, at)
                sites.append(
                    _site(type_, SiteShape.LIST, (each.name,), each, lists[each.name].name, "owner_pk", each.name)
                )
            case made.Placement.CHILD:
                lists[each.name] = maker.child_table(each, at)
                for inner in model.groups[each.type.name].fields:
                    if inner.reference and not inner.type.is_list:
                        path = (each.name, inner.name)
                        sites.append(
                            _site(type_, SiteShape.CHILD, path, inner, lists[each.name].name, "owner_pk", inner.name)
                        )
                _add_nested(model, type_, each, maker, sites, nested, skip_direct=True)
            case made.Placement.JSON:
                _add_nested(model, type_, each, maker, sites, nested, skip_direct=False)
                if made.is_asked_by_value(model, each):
                    values[each.name] = maker.values_table(each, at)
            case _:
                pass
    main_table, details_table = maker.main_table(main, sites), maker.details_table(details)
    return EntryLayout(
        type_, number, main_table, details_table, lists, values, nested, tuple(sites),
        tuple(maker.searched(main_table, details_table)),
    )  # fmt: skip


def _add_nested(
    model: Model,
    type_: EntryType,
    top: Field,
    maker: made.Maker,
    sites: list[Site],
    nested: dict[tuple[str, str, str], Table],
    *,
    skip_direct: bool,
) -> None:
    """Add the sites within the JSON of the field `top`; `skip_direct` leaves out those that are columns already."""
    for group, inner in _references_within(model, top):
        if skip_direct and group == top.type.name and not inner.type.is_list:
            continue
        path = (top.name, group, inner.name)
        nested[path] = table = maker.nested_table(inner, len(sites))
        sites.append(_site(type_, SiteShape.NESTED, path, inner, table.name, "owner_pk", inner.name))


def _references_within(model: Model, top: Field) -> Iterator[tuple[str, Field]]:
    """Yield (group, field) of each reference in the groups that a field holds, each group once."""
    seen: set[str] = set()
    waiting = list(made.groups_of(model, top.type))
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for inner in model.groups[name].fields:
            if inner.reference:
                yield name, inner
            else:
                waiting += made.groups_of(model, inner.type)


def _site(  # noqa: PLR0917 - a record
    type_: EntryType, shape: SiteShape, path: tuple[str, ...], each: Field, table: str, owner: str, column_field: str
) -> Site:
    return Site(shape, type_.name, path, each.type.name, each, table, owner, column_field)


def _content_table(model: Model) -> Table:
    return Table("content", made.content_columns(model), ("pk",))


def is_column(table: Table, name: str) -> bool:
    """Return whether the table has a column of that name."""
    return any(column.name == name for column in table.columns)


__all__ = ["Column", "EntryLayout", "Layout", "OrderKey", "Searched", "Site", "SiteShape", "layout_of"]
