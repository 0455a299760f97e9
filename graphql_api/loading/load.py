"""Load: make the store hold what the seeds say, opening only the files that have changed.

What reads, renders and writes is imported once there is something to do.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graphql_api import collector
from graphql_api.errors import GraphQLAPIError
from graphql_api.loading.journal import write_down_failure, write_down_report
from graphql_api.loading.options import LoadOptions
from graphql_api.loading.unchanged import look
from graphql_api.loading.work_tree import ATTEMPTS, SeedsMovedError, watch
from graphql_api.settings import DEFAULT_NICENESS
from graphql_api.store.generations import pointer_path

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.loading.options import Checked, Progress
    from graphql_api.loading.unchanged import Look
    from graphql_api.records import LoadReport


_DEFAULT = LoadOptions()


def _ignore_progress(done: int, total: int) -> None:
    """Tell nobody."""


async def load(
    seeds: Path, store: Path, options: LoadOptions = _DEFAULT, progress: Progress = _ignore_progress
) -> LoadReport:
    """Load the folder `seeds` into the store folder `store` and publish the result, all or nothing.

    Raises ContentError (LoadRefusedError, LoadBusyError), ModelError and StoreError; then the store is as it was.
    """
    started = time.perf_counter()
    try:
        report = await _loaded(seeds, store, options, progress)
    except GraphQLAPIError as error:
        write_down_failure(store, error, time.perf_counter() - started)
        raise
    report = replace(report, seconds=time.perf_counter() - started)
    write_down_report(store, report)
    return report


async def _loaded(seeds: Path, store: Path, options: LoadOptions, progress: Progress) -> LoadReport:
    """Load; anew, if Git has changed the seeds meanwhile."""
    attempt = 0
    while True:
        attempt += 1
        watched = await watch(seeds)
        labelled = replace(options, label=options.label or (watched.state.commit if watched else ""))
        try:
            seen = await look(seeds, store, labelled, watched)
            return seen.report or await _whole(seen, seeds, store, labelled, progress)
        except SeedsMovedError:
            if attempt == ATTEMPTS:
                raise


async def _whole(seen: Look, seeds: Path, store: Path, options: LoadOptions, progress: Progress) -> LoadReport:
    from graphql_api.loading.readers import Readers

    with Readers(options.site, nice=options.nice) as readers:
        if options.force or not pointer_path(store).exists():
            readers.prepare(len(seen.discovery.files))  # they start while this imports the rest
        with collector.paused():
            from graphql_api.loading.whole_load import load_whole

        return await load_whole(seen, seeds, store, options, readers=readers, progress=progress)


async def check(
    seeds: Path,
    progress: Progress = _ignore_progress,
    model: Path | None = None,
    public: Path | None = None,
    redirects: Path | None = None,
    *,
    nice: int = DEFAULT_NICENESS,
) -> Checked:
    """Read and validate every seed of the folder `seeds` and store nothing.

    Raises ContentError if the folder cannot be read, and ModelError.
    """
    from graphql_api.loading.check import check as check_all

    return await check_all(seeds, progress, model, public, redirects, nice=nice)
