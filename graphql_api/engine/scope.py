"""Scopes: what a selection is read from. An entry's row, a row of a list, a value within JSON, a text in its forms.

The rows of one FROM clause share their joins; each is added when something of it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.engine.expression import Expression, sql_value, stored_value
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.sites import Site
    from graphql_api.store.tables import Table


class EntryScope(Struct):
    """One row of an entry type under the name `alias`; `joins` is shared by all scopes of one FROM clause."""

    layout: Layout
    entry: EntryLayout
    alias: str
    name: Callable[[str], str]
    """Gives a name that is new in the statement."""
    joins: list[str] = []
    optional: bool = False
    target: str = ""
    """SQL for the key by which the row is found, where it is joined."""
    _details: str = ""
    _is_wide: bool = False
    _ones: dict[str, EntryScope] = {}

    def column(self, name: str) -> str:
        """Return the SQL name of a column of the narrow table."""
        return f"{self.alias}.{name}"

    @property
    def pk(self) -> str:
        """The SQL name of the row's key."""
        return f"{self._details if self._is_wide else self.alias}.pk"

    def join(self, target: str, *, optional: bool = False) -> None:
        """Join the row with the key `target`, which may be missing if that is `optional`."""
        self.target, self.optional = target, optional
        self.joins.append(self._join("LEFT JOIN" if optional else "JOIN"))

    def read_wide(self) -> None:
        """Read from the wide table what stands in both, as far as nothing of the row has been asked for yet.

        SQLite leaves out a LEFT JOIN that finds one row and that nothing is asked of: so that is one row to find
        instead of two.
        """
        if self.target and not self._details:
            if not self.optional:
                self.joins[self.joins.index(self._join("JOIN"))] = self._join("LEFT JOIN")
            self._details, self._is_wide = self.name(self.entry.details.name), True
            join = "LEFT JOIN" if self.optional else "JOIN"
            self.joins.append(f"{join} {self.entry.details.name} AS {self._details} ON {self.pk} = {self.target}")

    def _join(self, how: str) -> str:
        return f"{how} {self.entry.main.name} AS {self.alias} ON {self.alias}.pk = {self.target}"

    def value(self, field_name: str, role: Role = Role.VALUE) -> Expression:
        """Return what the tables hold of a field as JSON."""
        table = self.entry.main if self.entry.main.find(field_name, role) else self.entry.details
        column = table.find(field_name, role)
        assert column is not None  # noqa: S101 - the layout has what the model declares
        return stored_value(self.sql(field_name, role), column.storage, nullable=column.nullable)

    def sql(self, field_name: str, role: Role = Role.VALUE) -> str:
        """Return the SQL name of what the tables hold of a field, which may be in the wide one."""
        is_there = self._is_wide and self.entry.details.find(field_name, role)
        if not is_there and (column := self.entry.main.find(field_name, role)):
            return f"{self.alias}.{column.name}"
        column = self.entry.details.find(field_name, role)
        assert column is not None  # noqa: S101 - the layout has what the model declares
        return f"{self.details()}.{column.name}"

    def details(self) -> str:
        """Return the name of the row in the wide table, joined when it is first asked for."""
        if not self._details:
            self._details = self.name(self.entry.details.name)
            join = "LEFT JOIN" if self.optional else "JOIN"
            self.joins.append(f"{join} {self.entry.details.name} AS {self._details} ON {self._details}.pk = {self.pk}")
        return self._details

    def one(self, site: Site) -> EntryScope:
        """Return the scope of the entry that a reference of this row leads to."""
        if site.path[0] not in self._ones:
            is_optional = self.optional or not site.field.type.is_required
            target = self.sql(site.column_field, Role.TARGET)
            self._ones[site.path[0]] = joined(self.layout, site, target, self.name, self.joins, optional=is_optional)
        return self._ones[site.path[0]]

    def rows(self, source: str | None = None) -> str:
        """Return the FROM clause's content: the table, or `source` in its place, and the joins."""
        return "\n".join([f"{source or self.entry.main.name} AS {self.alias}", *self.joins])


class ChildScope(Struct):
    """One row of a list of groups, of the entry `owner`; `group` is the group's name."""

    layout: Layout
    entry: EntryLayout
    top: str
    group: str
    table: Table
    alias: str
    name: Callable[[str], str]
    joins: list[str] = []
    _ones: dict[str, EntryScope] = {}

    @property
    def owner_pk(self) -> str:
        """The key of the entry that the row belongs to."""
        return f"{self.alias}.owner_pk"

    def sql(self, field_name: str, role: Role = Role.VALUE) -> str:
        """Return the SQL name of a column."""
        column = self.table.find(field_name, role)
        assert column is not None  # noqa: S101 - the layout has what the model declares
        return f"{self.alias}.{column.name}"

    def value(self, field_name: str, role: Role = Role.VALUE, *, nullable: bool = False) -> Expression:
        """Return a column as JSON."""
        column = self.table.find(field_name, role)
        assert column is not None  # noqa: S101 - the layout has what the model declares
        return stored_value(f"{self.alias}.{column.name}", column.storage, nullable=nullable)

    def one(self, field_name: str) -> EntryScope:
        """Return the scope of the entry that a reference of this row leads to."""
        if field_name not in self._ones:
            site = self.layout.entries[self.entry.type.name].site((self.top, field_name))
            is_optional = not site.field.type.is_required
            target = self.sql(field_name, Role.TARGET)
            self._ones[field_name] = joined(self.layout, site, target, self.name, self.joins, optional=is_optional)
        return self._ones[field_name]

    def rows(self) -> str:
        """Return the FROM clause's content."""
        return "\n".join([f"{self.table.name} AS {self.alias}", *self.joins])


class JsonScope(Struct, frozen=True):
    """A value within the JSON of an entry's field: `base` is SQL that gives JSON, `path` where in it the value is.

    `owner_pk` is SQL for the key of the entry, `top` the field; they lead to the references within.
    """

    entry: EntryLayout
    owner_pk: str
    top: str
    base: str
    path: str = "$"
    group: str = ""

    def at(self, position: int, group: str = "") -> JsonScope:
        """Return the scope of a part, by its place."""
        return JsonScope(self.entry, self.owner_pk, self.top, self.base, f"{self.path}[{position}]", group)

    def within(self, base: str, group: str = "") -> JsonScope:
        """Return the scope of an element of a list, which the SQL `base` gives."""
        return JsonScope(self.entry, self.owner_pk, self.top, base, "$", group)

    def value(self) -> Expression:
        """Return the value as JSON."""
        return sql_value(self.json)

    @property
    def json(self) -> str:
        """SQL for the value as JSON."""
        return f"({self.base} -> '{self.path}')"

    @property
    def sql(self) -> str:
        """SQL for a scalar value."""
        return f"({self.base} ->> '{self.path}')"

    @property
    def is_null(self) -> str:
        """SQL for whether there is no value."""
        return f"coalesce(json_type({self.base}, '{self.path}'), 'null') = 'null'"

    def elements(self) -> str:
        """Return the FROM item (key, value) of a list."""
        return f"json_each({self.base}, '{self.path}')"


class TextScope(Struct, frozen=True):
    """A text in its forms, which are columns of an entry."""

    entry: EntryScope
    field_name: str


class PageScope(Struct, frozen=True):
    """The page of an entry."""

    entry: EntryScope


class MadeScope(Struct, frozen=True):
    """A row that the planner makes: columns by name, each with SQL for its JSON, and the entry that it leads to."""

    values: dict[str, Expression]
    entry: EntryScope | None = None


AnyScope = EntryScope | ChildScope | JsonScope | TextScope | PageScope | MadeScope | None


def joined(
    layout: Layout, site: Site, target: str, name: Callable[[str], str], joins: list[str], *, optional: bool
) -> EntryScope:
    """Return the scope of the entry with the key `target`, joined."""
    entry = layout.entries[site.target_type]
    scope = EntryScope(layout, entry, name(entry.main.name), name, joins)
    scope.join(target, optional=optional)
    return scope
