"""Scopes: the rows that a selection is read from, and the joins that its to-one fields add to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql_api.engine.expression import Expression, column_value
from graphql_api.store.tables import RELATIONS, TABLES, Column, Kind

if TYPE_CHECKING:
    from graphql_api.store.dialects import Dialect
    from graphql_api.store.tables import Relation

# Rows that the planner makes, which no table holds.
_MADE = {
    "neighbour": {"distance": Column("distance", Kind.INTEGER)},
    "subject_facet": {"count": Column("count", Kind.INTEGER)},
    "year_facet": {"year": Column("year", Kind.INTEGER), "count": Column("count", Kind.INTEGER)},
    "author_facet": {"author": Column("author", Kind.TEXT), "count": Column("count", Kind.INTEGER)},
}


@dataclass(slots=True)
class Scope:
    """One row of `table` under the name `alias`; `joins` is shared by all scopes of one FROM clause."""

    table: str
    alias: str
    joins: list[str] = field(default_factory=list)
    optional: bool = False
    _ones: dict[str, Scope] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """Return the SQL name of a column."""
        return f"{self.alias}.{name}"

    def value(self, name: str, dialect: Dialect) -> Expression:
        """Return a column's value as JSON."""
        column = _MADE[self.table][name] if self.table in _MADE else TABLES[self.table].column(name)
        return column_value(column, self.column(name), dialect)

    def one(self, relation: Relation, alias: str) -> Scope:
        """Return the scope of the row that a to-one relation leads to, joined when it is first asked for."""
        if relation.name not in self._ones:
            optional = self.optional or relation.optional
            join = "LEFT JOIN" if optional else "JOIN"
            on = relation.on.format(source=self.alias, target=alias)
            self.joins.append(f"{join} {relation.target} AS {alias} ON {on}")
            self._ones[relation.name] = Scope(relation.target, alias, self.joins, optional)
        return self._ones[relation.name]

    def rows(self, source: str | None = None) -> str:
        """Return the FROM clause's content: the table, or `source` in its place, and the joins."""
        return "\n".join([f"{source or self.table} AS {self.alias}", *self.joins])


def relation_of(table: str, name: str) -> Relation:
    """Return the relation `name` of `table`. Raises KeyError."""
    return RELATIONS[table, name]
