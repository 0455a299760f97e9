"""Entries: what files become, in the model's words, before the store gives them rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.reading.events import Path
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

    `escapes` says that line breaks are written as `\n` on one line. `at` is where it stands in its file, None for what
    follows the front matter.
    """

    __slots__ = ("at", "escapes", "rendered", "source")

    rendered: Answer

    def __init__(self, source: str, *, escapes: bool, at: Path | None = ()) -> None:
        """Keep what is to be rendered."""
        self.source = source
        self.escapes = escapes
        self.at = at

    def __repr__(self) -> str:
        """Return what it was made from."""
        return f"RichText({self.source!r}, escapes={self.escapes})"


class Entry(NamedTuple):
    """One entry of a file.

    `path` is that of the file, below the seeds folder; `item` the key of the item, or its number from 1, and "" where
    the file is the entry. `values` has one value for each field of the type, in their order, None for fields that are
    no values of the file: values of kinds, tuples for lists and groups (one value for each of the group's fields),
    (number of the member, group) for unions, and `Ref` for references. `is_own` is False for what only names it.
    `texts` are the texts in Markdown anywhere in the values.
    """

    type_name: str
    path: str
    item: str
    values: tuple[Any, ...]
    is_own: bool = True
    texts: Sequence[RichText] = ()


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
