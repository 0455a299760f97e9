"""Records: what the layers hand to each other: files, problems, rendered texts, reports.

All text is `str` without NUL; paths are POSIX and relative to the seeds folder.

What every entry needs is a named tuple: making one takes a third of the time of a frozen dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Severity(StrEnum):
    """How much a problem costs: an ERROR keeps the entry's new form out, a WARNING does not."""

    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one seed file.

    `code` is stable and SCREAMING_SNAKE_CASE; `path` is relative to the seeds folder ("." for the folder itself);
    `line` counts from 1 in the file; `message` says what is wrong and what to do, in one sentence or two.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    message: str


class SeedFile(NamedTuple):
    """What `stat` says of a seed file: enough to know, without opening it, whether it has changed.

    Whoever forges the time of a file (`mtime_ns`) changes the time of its inode (`ctime_ns`).
    """

    path: str
    size_bytes: int
    mtime_ns: int
    ctime_ns: int = 0
    inode: int = 0


class Heading(NamedTuple):
    """One heading of an answer; `level` is 1 to 6, `anchor` the id of the element in the answer's HTML."""

    level: int
    text: str
    anchor: str


class Answer(NamedTuple):
    """One answer in every form that the API shows.

    `markdown` has its escapes undone; `lead` is the start of `text` on one line; `word_count` counts `text`. `losses`
    has a sentence for everything that its author wrote and that is not shown as meant.
    """

    markdown: str
    html: str
    text: str
    headings: tuple[Heading, ...]
    lead: str
    word_count: int
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one load did. Counts are of entries; `published` is False when the content was already current.

    `hidden` counts the entries that say of themselves that they are not to be published, `unclaimed` the files that no
    type of the model claims. `sequence` is the place of what is served among all that was published, `label` what that
    was called; `changes` tells what this load has published (`graphql_api.store.history.Event`), None for nothing.
    """

    version: str
    published: bool
    added: int
    changed: int
    removed: int
    unchanged: int
    hidden: int
    unclaimed: int
    seconds: float
    problems: tuple[Problem, ...]
    sequence: int = 0
    label: str = ""
    changes: dict[str, Any] | None = None
