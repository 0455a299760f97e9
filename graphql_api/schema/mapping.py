"""What a field shows: the vocabulary in which the types say where their values come from.

The planner reads nothing else about a field. Tables, columns and relations are named as in `graphql_api.store.tables`.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import strawberry

if TYPE_CHECKING:
    from collections.abc import Callable

METADATA_KEY = "graphql_api.mapping"


@dataclass(frozen=True, slots=True)
class Column:
    """A scalar: the column `name` of the current row."""

    name: str


@dataclass(frozen=True, slots=True)
class One:
    """An object: the row that the to-one relation `relation` leads to."""

    relation: str


@dataclass(frozen=True, slots=True)
class Many:
    """A plain list of objects: all rows of the to-many relation `relation`, in its own order."""

    relation: str


@dataclass(frozen=True, slots=True)
class Pages:
    """A connection over `table`: all of its rows, or those that `relation` leads to from the current row.

    `total` is the column that counts them without a filter: of the current row, or of `content` for all rows.
    """

    table: str
    relation: str | None = None
    total: str | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """One object or null: the row of `table` that the arguments name."""

    table: str


@dataclass(frozen=True, slots=True)
class Special:
    """A field whose SQL has a shape of its own; `name` is the planner's name for it."""

    name: str


Mapping = Column | One | Many | Pages | Lookup | Special


def shows(mapping: Mapping, description: str) -> Any:  # noqa: ANN401 - stands where a type's default value stands
    """Return a Strawberry field without arguments that shows `mapping`."""
    return strawberry.field(description=description, metadata={METADATA_KEY: mapping})


def planned(mapping: Mapping) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator: the method's signature gives the arguments, its docstring the description.

    The method is never called: the planner turns the field into SQL.
    """

    def declare(method: Callable[..., Any]) -> Any:  # noqa: ANN401 - as Strawberry's own decorator
        description = " ".join((inspect.getdoc(method) or "").split())
        return strawberry.field(method, description=description, metadata={METADATA_KEY: mapping})

    return declare
