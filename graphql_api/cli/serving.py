"""What `graphql-api serve` does before and around serving: load, and say what is served and where to look."""

from __future__ import annotations

import asyncio
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from graphql_api import collector
from graphql_api.cli import report
from graphql_api.errors import GraphQLAPIError, LoadBusyError, NoGenerationError, StoreError
from graphql_api.server.handed_over import is_handed_over
from graphql_api.server.listening import check_address
from graphql_api.server.run import serve
from graphql_api.settings import DEFAULT_NICENESS
from graphql_api.signals import run
from graphql_api.store.ahead import CheckAhead
from graphql_api.store.generations import read_pointer
from graphql_api.store.webhook_queue import register

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.engine.documents import DocumentCache
    from graphql_api.records import LoadReport
    from graphql_api.server.probes import ContentSummary
    from graphql_api.settings import Settings
    from graphql_api.store.open_generation import Generation

_NAME = "graphql-api"
_PROBLEMS_SHOWN = 5


class Sources(NamedTuple):
    """What to load, and how nice: the folder of the seeds, and, if named, model, public folder, origin, redirects."""

    seeds: Path
    model: Path | None = None
    public: Path | None = None
    site_url: str = ""
    redirects: Path | None = None
    nice: int = DEFAULT_NICENESS

    @property
    def files(self) -> tuple[Path, ...]:
        """What a load reads, as far as authors write it."""
        return tuple(filter(None, (self.seeds, self.model, self.redirects)))


def load_and_serve(sources: Sources | None, settings: Settings) -> None:
    """Load `sources`, unless that is None, then serve until SIGTERM or SIGINT.

    A load that fails does not keep what was loaded before from being served. Raises the load's error when there is
    nothing else to serve, StoreError for a store that cannot be read, and the server's errors.
    """
    register(settings.store, settings.webhooks)
    if sources is not None:
        if settings.unix_socket is None and not is_handed_over():
            check_address(settings.host, settings.port)  # a load can take minutes
        _load(sources, settings.store)
    with collector.paused():
        with CheckAhead(settings.store) as ahead:
            from graphql_api.app import create_app  # noqa: PLC0415 - this takes as long as to check 1 GB

            show_content, known = _content(settings, ahead)
        app = create_app(settings, known)

    def show_where(url: str) -> None:
        show_content()
        report.show(f"GraphiQL and the API: {url}{settings.base_path}/graphql (Ctrl+C ends)")

    serve(
        app,
        host=settings.host,
        port=settings.port,
        unix_socket=settings.unix_socket,
        workers=settings.workers,
        is_supervised=settings.mmap,
        limits=settings.connections,
        log_format=settings.log_format,
        access_log=settings.access_log,
        request_ids=settings.request_ids,
        trusted_proxies=settings.trusted_proxies,
        on_listening=show_where,
    )


def load_command(sources: Sources, store: Path) -> tuple[str, ...]:
    """Return the command that loads `sources` again, by the Python that runs, whatever lies in the folder."""
    model = [] if sources.model is None else ["--model", str(sources.model)]
    public = [] if sources.public is None else ["--public", str(sources.public)]
    site = ["--site-url", sources.site_url] if sources.site_url else []
    redirects = [] if sources.redirects is None else ["--redirects", str(sources.redirects)]
    run_it = (sys.executable, "-P", "-m", "graphql_api", "load")
    nice = [] if sources.nice == DEFAULT_NICENESS else ["--nice", str(sources.nice)]
    return *run_it, "--seeds", str(sources.seeds), "--store", str(store), *model, *public, *site, *redirects, *nice


def _load(sources: Sources, store: Path) -> None:
    with collector.paused():  # a server that does not load needs none of this
        from graphql_api.cli import misfit  # noqa: PLC0415 - see above
        from graphql_api.loading.load import load  # noqa: PLC0415 - as above
        from graphql_api.loading.options import LoadOptions  # noqa: PLC0415 - as above

    options = LoadOptions(
        model=sources.model,
        public=sources.public,
        redirects=sources.redirects,
        site_url=sources.site_url,
        nice=sources.nice,
    )
    try:
        with report.progress_of("Loading") as progress:
            loaded = run(load(sources.seeds, store, options, progress))
    except GraphQLAPIError as error:
        if not isinstance(error, LoadBusyError) and not _has_generation(store):
            raise
        report.say(f"The seeds were NOT loaded: {error}")
        return
    show_load(sources, loaded)
    misfit.tell_of_load(sources.seeds, sources.model, loaded)


def _has_generation(store: Path) -> bool:
    try:
        read_pointer(store)
    except StoreError:
        return False
    return True


def show_load(sources: Sources, loaded: LoadReport) -> None:
    """Print what a load did in a few lines: counts, the first problems, and the command that tells them all."""
    seeds = sources.seeds
    counts = f"{loaded.added:,} added, {loaded.changed:,} changed, {loaded.removed:,} removed"
    report.show(f"Loaded {seeds} in {loaded.seconds:.2f} s: {counts}, {loaded.unchanged:,} unchanged.")
    report.show(f"Problems: {report.problem_counts(loaded.problems)}.")
    model = [] if sources.model is None else ["--model", str(sources.model)]
    command = shlex.join([_program(), "check", "--seeds", str(seeds), *model])
    report.show_first_problems(loaded.problems, _PROBLEMS_SHOWN, command)
    report.show_consequences(loaded.problems)


def _program() -> str:
    """Return how this program was called, which need not be on the path; its name if Python was called instead."""
    return sys.argv[0] if Path(sys.argv[0]).name == _NAME else _NAME


def _content(settings: Settings, ahead: CheckAhead) -> tuple[Callable[[], None], Generation[DocumentCache] | None]:
    """Return what shows the content that is served, and what was opened to look at it, if there is any.

    It is told once the server listens. The processes that answer are forked from this one, with all that is known here.
    """
    try:
        summary, known = asyncio.run(_opened(settings, ahead))
    except NoGenerationError as error:
        told = f"Every request is answered with 503 until there is something to serve. {error}"
        return partial(report.say, told), None
    counts = ", ".join(report.counted(count, name.removesuffix("Count")) for name, count in summary.counts.items())
    return partial(report.show, f"Serving version {summary.version} ({counts})."), known


async def _opened(settings: Settings, ahead: CheckAhead) -> tuple[ContentSummary, Generation[DocumentCache]]:
    from graphql_api.app import StoredContent, open_store  # noqa: PLC0415 - as above

    async with open_store(replace(settings, mmap=False), ahead=ahead) as store:  # nobody would replace this process
        return await StoredContent(store, settings.store).opened()
