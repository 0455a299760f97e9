"""A kind: what the values of a scalar field are, in words that every layer understands.

`reading` takes `read`, `loading` and `store` the column and the order, `engine` the JSON form and the operators,
`schema` makes a scalar of it, unless it has a type for it. So a new kind is one file beside this one, and a line in
`registry`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable


class Storage(StrEnum):
    """How a column is stored, and how it becomes JSON."""

    TEXT = "TEXT"
    """Text, which JSON must escape."""
    TOKEN = "TOKEN"  # noqa: S105 - no secret
    """Text that JSON need not escape: ids, enum values, dates, moments."""
    INTEGER = "INTEGER"
    BOOLEAN = "BOOLEAN"
    """0 or 1."""
    REAL = "REAL"
    """To compare and to sort by; what is shown of a float is its JSON."""
    JSON = "JSON"
    """JSON text, made when it was loaded so that an answer copies it as it is."""
    BYTES = "BYTES"
    SORTED = "SORTED"
    """Whatever sorts: a column without a type, for what may be missing."""


class BadValueError(Exception):
    """Says what is wrong with a value: `code` is that of a problem, `reason` follows the key's name in a sentence.

    `BadValueError("WRONG_TYPE", "is a list. It must be text.")` becomes "`tags` is a list. It must be text."
    """

    def __init__(self, code: str, reason: str) -> None:
        """Keep both."""
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Order(Struct, frozen=True):
    """How values sort: each function takes a value, or None for a missing one, and gives what SQLite compares.

    A missing value comes last in both directions. `descending` is None where nothing can be negated: then the column
    of `ascending` is read backwards if the field is required, and a column of `reversed_missing` otherwise.
    """

    ascending: Callable[[Any], Any]
    descending: Callable[[Any], Any] | None
    storage: Storage


class Kind(Struct, frozen=True):
    """One kind of scalar values.

    `read` turns what stands in a file (str, int, float, bool, None, dict, list, as `reading` gives it) into a value, or
    raises BadValueError; text comes without outer white space. `is_absent_when_empty` says that "" counts as absent.
    `dump` gives the JSON form (what orjson writes) of a value, `column` what its column holds. `operators` are those
    of its filter, "" for `filter_name` means that it cannot be compared, and only `has…: Boolean` is asked of it.
    """

    name: str
    storage: Storage
    read: Callable[[Any], Any]
    dump: Callable[[Any], Any]
    column: Callable[[Any], Any]
    is_absent_when_empty: bool = True
    filter_name: str = ""
    operators: tuple[str, ...] = ()
    order: Order | None = None
    description: str = ""
    """That of its scalar in the schema, for a kind that has no type of its own there."""
    takes_plain_number: bool = False
    """Whether an unquoted plain scalar of YAML is read as a number or Boolean for it; otherwise as written text."""
