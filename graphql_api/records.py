"""Records: what the layers hand to each other: files, problems, rendered texts, reports.

All text is `str` without NUL; paths are POSIX and relative to the seeds folder.

What has fields is a `Struct`: to declare one takes a fortieth of a frozen dataclass's time, to make one a sixth. What
every entry needs and other processes read is a named tuple.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path


class Severity(StrEnum):
    """How much a problem costs: an ERROR keeps the entry's new form out, a WARNING does not."""

    ERROR = "ERROR"
    WARNING = "WARNING"


class Problem(Struct, frozen=True):
    """One thing that is wrong with one seed file.

    `code` is stable and SCREAMING_SNAKE_CASE; `path` is relative to the seeds folder ("." for the folder itself);
    `line` counts from 1 in the file; `message` says what is wrong and what to do, in one sentence or two.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    message: str


class Served(NamedTuple):
    """How the site is served: the folder of the files at its root, and its origin ("https://example.org"), if known."""

    public: Path | None = None
    origin: str | None = None


ANY_SITE: Final = Served()
"""A site of which nothing is known."""


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


class EntryLink(NamedTuple):
    """One link to another file: its address or name as written, its part behind a "#" or "", and its line from 1.

    `is_name` says that it is a name in double brackets.
    """

    address: str
    part: str
    line: int
    is_name: bool = False

    @property
    def key(self) -> str:
        """By what `with_addresses` knows it: its address, or "[[" and its name."""
        return f"[[{self.address}" if self.is_name else self.address


class Loss(NamedTuple):
    """What an author wrote and readers will not see as meant.

    `code` names its kind, `sentence` says what is shown instead; `written` is how it may stand in the source.
    """

    code: str
    sentence: str
    written: str


class Answer(NamedTuple):
    """One answer in every form that the API shows.

    `markdown` has its escapes undone; `lead` is the start of `text` on one line; `word_count` counts `text`. `losses`
    has everything that its author wrote and that is not shown as meant, `links` what it links to by the place or the
    name of a file.
    """

    markdown: str
    html: str
    text: str
    headings: tuple[Heading, ...]
    lead: str
    word_count: int
    losses: tuple[Loss, ...] = ()
    links: tuple[EntryLink, ...] = ()


class LoadReport(Struct, frozen=True):
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
