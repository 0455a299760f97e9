"""Expressions: JSON text as a template whose places are filled by SQL.

Objects inside objects become one flat template, so that an answer is put together in as few steps as possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.engine import sql
from graphql_api.kinds.kind import Storage

if TYPE_CHECKING:
    from collections.abc import Iterable


class Expression(Struct, frozen=True):
    """JSON text: `template` has a %s for each of `arguments`, which are SQL; a percent sign itself is %%."""

    template: str
    arguments: tuple[str, ...] = ()

    def sql(self) -> str:
        """Return one SQL expression for the text."""
        if self.template == "%s":
            return self.arguments[0]
        return sql.template(self.template, list(self.arguments))


def sql_value(text: str) -> Expression:
    """Return the expression whose JSON text the SQL `text` gives as it is."""
    return Expression("%s", (text,))


def token(text: str) -> Expression:
    """Return a JSON string that needs no escapes."""
    return Expression(f'"{text}"')


def json_object(members: Iterable[tuple[str, Expression]]) -> Expression:
    """Return the JSON object with `members` in order; keys are GraphQL names, which need no escapes."""
    members = list(members)
    template = ",".join(f'"{key}":{value.template}' for key, value in members)
    return Expression("{" + template + "}", tuple(each for _, value in members for each in value.arguments))


def json_list(items: str) -> Expression:
    """Return the JSON list of `items`, SQL that gives the elements joined by commas, or NULL for none."""
    return Expression("[%s]", (items,))


def or_null(value: str) -> str:
    """Return SQL that gives `value`, or JSON's null where it is NULL."""
    return f"coalesce({value}, 'null')"


def stored_value(column: str, storage: Storage, *, nullable: bool = False) -> Expression:
    """Return a column's value as JSON."""
    match storage:
        case Storage.TEXT:
            value = Expression("%s", (sql.json_text(column),))
        case Storage.TOKEN:
            value = Expression('"%s"', (column,))
        case Storage.BOOLEAN:
            value = Expression("%s", (sql.boolean(column),))
        case _:
            value = Expression("%s", (column,))
    if not nullable:
        return value
    if storage in {Storage.TEXT, Storage.JSON, Storage.INTEGER}:
        # Of a missing text json_quote gives null, so that only the others need to be asked.
        return value if storage is Storage.TEXT else sql_value(or_null(column))
    return sql_value(f"CASE WHEN {column} IS NULL THEN 'null' ELSE {value.sql()} END")
