"""The layout: which tables a model becomes, and where in them each field is.

An entry type is a narrow table (`e1`: what may be asked, and references), a wide one beside it (`d1`: what is only
shown, and again what entries are called and sorted by), a table for each list that holds references (`l1_4`) or is
asked by its values (`v1_4`), and one for the references within JSON (`r1_7`). Groups, lists and unions without
references of their own are JSON in one column, by position. Names are numbered, so that no text of an author's gets
into SQL.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.store import placements
from graphql_api.store.making import TableMaker
from graphql_api.store.placements import Placement, kind_of
from graphql_api.store.routes import routes_asked
from graphql_api.store.sites import Searched, Site, SiteShape
from graphql_api.store.tables import CHANGE, LINKED, MOVE, PROBLEM, PUBLISH, REDIRECT, SEED, Role, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import EntryType, Field, FieldType, Model


class OrderKey(Struct, frozen=True):
    """One key of an order: a column of the narrow table, and whether it is read backwards."""

    column: str
    reversed: bool = False


class EntryLayout(Struct, frozen=True):
    """Where the fields of one entry type are."""

    model: Model
    type: EntryType
    number: int
    main: Table
    details: Table
    lists: dict[str, Table] = {}
    """Of LIST and CHILD fields, by the field's name."""
    values: dict[str, Table] = {}
    """Of lists of scalars that are asked by their values, by the field's name: (owner_pk, position, value)."""
    nested: dict[tuple[str, str, str], Table] = {}
    """Of NESTED sites, by their path."""
    sites: tuple[Site, ...] = ()
    searched: tuple[Searched, ...] = ()

    @property
    def search_table(self) -> str:
        """What the names of the full-text index begin with: its tables, and the view `_source` of its texts."""
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
            return OrderKey(column.name, reversed=column.storage is placements.REVERSED)
        ascending = self.main.find(field_name, Role.ASCENDING)
        value = ascending or self.main.find(field_name, Role.VALUE) or self.main.find(field_name, Role.COUNT)
        assert value is not None  # noqa: S101 - the model was checked: the field can be sorted by
        return OrderKey(value.name, reversed=descending)

    @property
    def order_fields(self) -> tuple[Field, ...]:
        """The fields that may be sorted by, as they stand in a row's place: the identity's first, if it is one."""
        return placements.order_fields(self.type)

    def site(self, path: tuple[str, ...]) -> Site:
        """Return the site that fields lead to, one within the other. Raises KeyError."""
        group, each = "", self.type.field(path[0])
        for name in path[1:]:
            group = each.type.name
            each = self.model.groups[group].field(name)
        for site in self.sites:
            wanted = (path[0], group, path[-1]) if site.shape is SiteShape.NESTED else path
            if site.path == wanted:
                route = self.nested[wanted].find(".".join(path[1:-1]), Role.ROUTE) if wanted in self.nested else None
                return replace(site, route=route.name) if route else site
        raise KeyError(".".join((self.type.name, *path)))


class Layout(Struct, frozen=True):
    """The tables of a model."""

    model: Model
    entries: dict[str, EntryLayout]
    content: Table
    sites: tuple[Site, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by its name, those that others refer to first."""
        found = [self.content, SEED, PROBLEM, LINKED, MOVE, REDIRECT, PUBLISH, CHANGE]
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


@lru_cache(maxsize=1)  # the model of a generation is laid out for its fingerprint, and at once again for its schema
def layout_of(model: Model) -> Layout:
    """Return the layout of a model that has been checked."""
    entries = {}
    for number, type_ in enumerate(model.entry_types.values(), 1):
        entries[type_.name] = _entry_layout(model, type_, number)
    sites = tuple(site for entry in entries.values() for site in entry.sites)
    return Layout(model, entries, _content_table(model), sites)


def _entry_layout(model: Model, type_: EntryType, number: int) -> EntryLayout:
    tables = _Tables(model, type_, TableMaker(model, type_, number))
    for at, each in enumerate(type_.fields):
        if each.is_value:
            tables.add(each, at)
    main = tables.maker.main_table(tables.main, tables.sites)
    details = tables.maker.details_table(f"d{number}")
    searched = tuple(tables.maker.searched(main, details))
    return EntryLayout(
        model, type_, number, main, details, tables.lists, tables.values, tables.nested, tuple(tables.sites), searched
    )


class _Tables(Struct):
    """What the fields of one type have added so far."""

    model: Model
    type: EntryType
    maker: TableMaker
    sites: list[Site] = []
    lists: dict[str, Table] = {}
    values: dict[str, Table] = {}
    nested: dict[tuple[str, str, str], Table] = {}

    @property
    def main(self) -> str:
        """The name of the narrow table."""
        return f"e{self.maker.number}"

    def add(self, each: Field, at: int) -> None:
        """Add what a field needs beside its columns; `at` is its number in the type."""
        match placements.placement(self.model, each):
            case Placement.ONE:
                self._add_site(SiteShape.ONE, (each.name,), each, self.main)
            case Placement.LIST:
                self.lists[each.name] = table = self.maker.list_table(each, at)
                self._add_site(SiteShape.LIST, (each.name,), each, table.name)
            case Placement.CHILD:
                self._add_children(each, at)
            case Placement.JSON:
                self._add_nested(each, are_columns=False)
                if placements.is_asked_by_value(self.model, each):
                    self.values[each.name] = self.maker.values_table(each, at)
            case Placement.SCALAR | Placement.RICH_TEXT:
                pass  # columns are all that they need

    def _add_children(self, each: Field, at: int) -> None:
        """Add the table of a list of groups, and the references that are columns of it."""
        self.lists[each.name] = table = self.maker.child_table(each, at)
        for inner in self.model.groups[each.type.name].fields:
            if inner.reference and not inner.type.is_list:
                self._add_site(SiteShape.CHILD, (each.name, inner.name), inner, table.name)
        self._add_nested(each, are_columns=True)

    def _add_nested(self, top: Field, *, are_columns: bool) -> None:
        """Add the sites within the JSON of a field; `are_columns` says that its groups' own references are no JSON."""
        for group, inner in _references_within(self.model, top):
            is_column = are_columns and group == top.type.name and not inner.type.is_list
            if is_column and not placements.holds_itself(self.model, group):
                continue
            path = (top.name, group, inner.name)
            routes = routes_asked(self.model, self.type, top, group, inner.name)
            self.nested[path] = table = self.maker.nested_table(inner, len(self.sites), routes)
            self._add_site(SiteShape.NESTED, path, inner, table.name)

    def _add_site(self, shape: SiteShape, path: tuple[str, ...], each: Field, table: str) -> None:
        owner = "pk" if shape is SiteShape.ONE else "owner_pk"
        self.sites.append(Site(shape, self.type.name, path, each.type.name, each, table, owner, each.name))


def _references_within(model: Model, top: Field) -> Iterator[tuple[str, Field]]:
    """Yield (group, field) of each reference in the groups that a field holds, each group once."""
    seen: set[str] = set()
    waiting = list(placements.groups_of(model, top.type))
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for inner in model.groups[name].fields:
            if inner.reference:
                yield name, inner
            else:
                waiting += placements.groups_of(model, inner.type)


def _content_table(model: Model) -> Table:
    return Table("content", placements.content_columns(model), ("pk",))
