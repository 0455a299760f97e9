"""Drafts: entries and what stands in them, while they are read and after.

A value is what JSON has, a `Text`, a `Reference`, or a dictionary: an image, or a group with its fields by name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.oracle.declarations import Field, Type
    from tests.oracle.documents import Document

At = tuple[str | int, ...]


class _Failed:
    """Stands for a value that has been refused."""


FAILED: Any = _Failed()


class Problem(NamedTuple):
    """One thing that is wrong; `said` is the name of an unknown key."""

    severity: str
    code: str
    path: str
    said: str = ""


@dataclass(eq=False)
class Reference:
    """One reference: the key as written, what it says of a grouped entry, and where it leads."""

    of: Field
    target_type: Type
    key: str
    names: dict[str, Any] = field(default_factory=dict)
    group: dict[str, Any] = field(default_factory=dict)
    target: Entry | None = None
    status: str = "DANGLING"


@dataclass(eq=False, repr=False)  # entries lead to each other, so a failure would show all of them again and again
class Entry:
    """One entry; `references` are all that stand in it, in the order in which they were read."""

    type: Type
    path: str
    values: dict[str, Any]
    references: list[Reference] = field(default_factory=list)
    identity: tuple[Any, ...] = ()

    @cached_property
    def mark(self) -> str:
        """Its identity as a text, for cursors; read once all is known."""
        return json.dumps(self.identity)

    def __lt__(self, other: Entry) -> bool:
        """Compare by identity."""
        return self.identity < other.identity


@dataclass
class Draft:
    """An entry while it is read: its file, its item, its whole mapping, and what is wrong with it."""

    document: Document
    path: str
    item: str
    root: At
    top: Any
    faults: list[tuple[str, str, At, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def refuse(self, code: str, at: At) -> Any:
        """Note an ERROR and return what stands for the value."""
        self.faults.append(("ERROR", code, at, ""))
        return FAILED

    @property
    def has_errors(self) -> bool:
        """Whether the entry is refused."""
        return any(severity == "ERROR" for severity, *_ in self.faults)
