"""Expressions: JSON text as a template whose places are filled by SQL.

Objects inside objects become one flat template, so that an answer is put together in as few steps as possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.store.tables import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.store.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Expression:
    """JSON text: `template` has a %s for each of `arguments`, which are SQL; a percent sign itself is %%."""

    template: str
    arguments: tuple[str, ...] = ()

    def sql(self, dialect: Dialect) -> str:
        """Return one SQL expression for the text."""
        if self.template == "%s":
            return self.arguments[0]
        return dialect.template(self.template, list(self.arguments))


def sql_value(sql: str) -> Expression:
    """Return the expression whose JSON text `sql` gives as it is."""
    return Expression("%s", (sql,))


def token(text: str) -> Expression:
    """Return a JSON string that needs no escapes."""
    return Expression(f'"{text}"')


def json_object(members: Iterable[tuple[str, Expression]]) -> Expression:
    """Return the JSON object with `members` in order; keys are GraphQL names, which need no escapes."""
    members = list(members)
    template = ",".join(f'"{key}":{value.template}' for key, value in members)
    return Expression("{" + template + "}", tuple(sql for _, value in members for sql in value.arguments))


def json_list(items: str) -> Expression:
    """Return the JSON list of `items`, SQL that gives the elements joined by commas, or NULL for none."""
    return Expression("[%s]", (items,))


def or_null(value: str) -> str:
    """Return SQL that gives `value`, or JSON's null where it is NULL."""
    return f"coalesce({value}, 'null')"


def column_value(column: Column, sql: str, dialect: Dialect) -> Expression:
    """Return a column's value as JSON."""
    match column.kind:
        case Kind.TEXT:
            value = Expression("%s", (dialect.json_text(sql),))
        case Kind.DATE | Kind.TOKEN:
            value = Expression('"%s"', (sql,))
        case Kind.BOOLEAN:
            value = Expression("%s", (dialect.boolean(sql),))
        case _:
            value = Expression("%s", (sql,))
    if not column.nullable:
        return value
    return sql_value(or_null(value.sql(dialect)))


def limit(size: str) -> str:
    """Return a LIMIT clause. Of a bare parameter SQLite would plan by the value, and prepare anew for each value."""
    return f"LIMIT {size} + 0"
