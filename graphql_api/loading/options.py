"""Options: how to load, and what a check has found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from graphql_api.records import Served
from graphql_api.settings import DEFAULT_NICENESS

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.records import Problem


class Progress(Protocol):
    """Is told how far a load has come."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` changed seeds are written."""


class LoadOptions(Struct, frozen=True):
    """How to load: `force` reads every file again, `strict` publishes nothing if there is an ERROR.

    `rescan` compares every file's bytes with what was read, whatever `stat` says. `allow_shrink` lets more than a fifth
    of the entries go. `model` names a model's file in place of the one in the seeds folder, `public` the folder whose
    files the site serves from its root, `redirects` the file of old and new urls in place of those in the seeds folder.
    `label` is what the publish is called, `site_url` the site's own origin, "" where nobody says. `webhooks` are urls
    that are told of the publish, `nice` is the niceness of the processes that read, 0 for none.
    """

    force: bool = False
    strict: bool = False
    allow_shrink: bool = False
    model: Path | None = None
    public: Path | None = None
    redirects: Path | None = None
    label: str = ""
    rescan: bool = False
    site_url: str = ""
    webhooks: tuple[str, ...] = ()
    nice: int = DEFAULT_NICENESS

    @property
    def site(self) -> Served:
        """How the site is served."""
        return Served(self.public, self.site_url or None)


class Checked(Struct, frozen=True):
    """What a check has found: the problems by path and line, how many files it read, and those that no type claims."""

    problems: tuple[Problem, ...]
    files: int
    unclaimed: tuple[str, ...]
