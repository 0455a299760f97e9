"""Entries: what files become, in the model's words, before the store gives them rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from graphql_api.records import Answer, Problem, SeedFile


class Ref(NamedTuple):
    """One reference as written.

    `key` is what the target's key must be. `names`, for a grouped target, is a JSON list of the values that the
    reference gives for each field of the target's type, in their order; null where it gives none.
    """

    key: str
    names: str | None = None


class RichText:
    r"""One text in Markdown; `rendered` is filled for many texts at once.

    `escapes` says that line breaks are written as `\n` on one line.
    """

    __slots__ = ("escapes", "rendered", "source")

    rendered: Answer

    def __init__(self, source: str, *, escapes: bool) -> None:
        """Keep what is to be rendered."""
        self.source = source
        self.escapes = escapes

    def __repr__(self) -> str:
        """Return what it was made from."""
        return f"RichText({self.source!r}, escapes={self.escapes})"


class Entry(NamedTuple):
    """One entry of a file.

    `path` is that of the file, below the seeds folder; `item` the key of the item, or its number from 1, and "" where
    the file is the entry. `values` has one value for each field of the type, in their order, None for fields that are
    no values of the file: values of kinds, tuples for lists and groups (one value for each of the group's fields),
    (number of the member, group) for unions, and `Ref` for references. `is_own` is False for what only names it.
    """

    type_name: str
    path: str
    item: str
    values: tuple[Any, ...]
    is_own: bool = True


class SeedEntries(NamedTuple):
    """One file, read: its stat, the SHA-256 of its bytes (None if they were not read), its entries and its problems.

    `hidden` counts the entries that `@hidden` leaves out; `failed` holds the items that have an ERROR, and keep their
    last good form: "" is the whole file.
    """

    file: SeedFile
    sha256: bytes | None
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    hidden: int = 0
    failed: frozenset[str] = frozenset()
