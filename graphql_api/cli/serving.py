"""What `graphql-api serve` does before and around serving: load, and say what is served and where to look."""

from __future__ import annotations

import asyncio
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from graphql_api.app import StoredContent, create_app
from graphql_api.cli import report
from graphql_api.errors import GraphQLAPIError, LoadBusyError, NoGenerationError, StoreError
from graphql_api.loading.load import load
from graphql_api.server.listening import check_address
from graphql_api.server.run import serve
from graphql_api.signals import run
from graphql_api.store.generations import read_pointer
from graphql_api.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.records import LoadReport
    from graphql_api.server.probes import ContentSummary
    from graphql_api.settings import Settings

_NAME = "graphql-api"
_PROBLEMS_SHOWN = 5


def load_and_serve(seeds: Path | None, settings: Settings) -> None:
    """Load the folder `seeds`, unless it is None, then serve until SIGTERM or SIGINT.

    A load that fails does not keep what was loaded before from being served. Raises the load's error when there is
    nothing else to serve, StoreError for a store that cannot be read, and the server's errors.
    """
    if seeds is not None:
        if settings.unix_socket is None:
            check_address(settings.host, settings.port)  # a load can take minutes
        _load(seeds, settings.store)
    content = _content(settings)

    def show_where(url: str) -> None:
        content()
        report.show(f"GraphiQL and the API: {url}{settings.base_path}/graphql (Ctrl+C ends)")

    serve(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        unix_socket=settings.unix_socket,
        workers=settings.workers,
        limits=settings.connections,
        log_format=settings.log_format,
        access_log=settings.access_log,
        on_listening=show_where,
    )


def _load(seeds: Path, store: Path) -> None:
    try:
        with report.progress_of("Loading") as progress:
            loaded = run(load(seeds, store, progress=progress))
    except GraphQLAPIError as error:
        if not isinstance(error, LoadBusyError) and not _has_generation(store):
            raise
        report.say(f"The seeds were NOT loaded: {error}")
        return
    _show_load(seeds, loaded)


def _has_generation(store: Path) -> bool:
    try:
        read_pointer(store)
    except StoreError:
        return False
    return True


def _show_load(seeds: Path, loaded: LoadReport) -> None:
    counts = f"{loaded.added:,} added, {loaded.changed:,} changed, {loaded.removed:,} removed"
    report.show(f"Loaded {seeds} in {loaded.seconds:.2f} s: {counts}, {loaded.unchanged:,} unchanged.")
    report.show(f"Problems: {report.problem_counts(loaded.problems)}.")
    command = shlex.join([_program(), "check", "--seeds", str(seeds)])
    report.show_first_problems(loaded.problems, _PROBLEMS_SHOWN, command)
    report.show_consequences(loaded.problems)


def _program() -> str:
    """Return how this program was called, which need not be on the path; its name if Python was called instead."""
    return sys.argv[0] if Path(sys.argv[0]).name == _NAME else _NAME


def _content(settings: Settings) -> Callable[[], None]:
    """Return what shows the content that is served; it is looked at now, and told once the server listens."""
    try:
        summary = asyncio.run(_summary(settings))
    except NoGenerationError as error:
        return partial(report.say, f"Every request is answered with 503 until there is something to serve. {error}")
    articles = report.counted(summary.question_count, "article")
    subjects = report.counted(summary.subject_count, "subject")
    return partial(report.show, f"Serving {articles} in {subjects}, version {summary.version}.")


async def _summary(settings: Settings) -> ContentSummary:
    async with SQLiteStore(settings.store, settings.limits.deadline_seconds) as store:
        return await StoredContent(store, settings.store).current()
