"""Load: make the store hold what the seeds say, opening only the files that have changed.

Seeds are read and rendered by a pool of processes while the rows of those that are ready are written.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import multiprocessing
import os
import time
from collections import deque
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from graphql_api.content.discover import Discovery, discover
from graphql_api.content.problems import Code
from graphql_api.content.references import title_key
from graphql_api.content.seed import read_seed
from graphql_api.errors import LoadRefusedError
from graphql_api.records import LoadReport, Problem, SeedFile, Severity
from graphql_api.store.publish import Current, building, locked, publish, read_current
from graphql_api.store.rows import SeedRows, seed_rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from graphql_api.store.building import Building, Difference

SHRINK_LIMIT = 0.2
_FILES_PER_TASK = 100
_FILES_WORTH_A_POOL = 150


class Progress(Protocol):
    """Is told how far a load has come."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` changed seeds are written."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load: `force` reads every file again, `strict` publishes nothing if there is an ERROR.

    `allow_shrink` lets more than a fifth of the articles go.
    """

    force: bool = False
    strict: bool = False
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """What a load has to do: the files to read and the paths that are gone; `kept` counts the files left unopened."""

    read: tuple[SeedFile, ...]
    gone: tuple[str, ...]


def _ignore_progress(done: int, total: int) -> None:
    """Tell nobody."""


async def load(
    seeds: Path, store: Path, options: LoadOptions = LoadOptions(), progress: Progress = _ignore_progress
) -> LoadReport:
    """Load the folder `seeds` into the store folder `store` and publish the result, all or nothing.

    Raises ContentError (LoadRefusedError, LoadBusyError) and StoreError; then the store is as it was.
    """
    started = time.perf_counter()
    async with locked(store):
        current = await read_current(store)
        if options.force:
            current = dataclasses.replace(current, stats={}, reusable=False)
        discovery = await asyncio.to_thread(discover, seeds)
        work = _work(discovery, current)
        if current.pointer and current.reusable and not work.read and not work.gone:
            report = _unchanged(current, discovery)
        else:
            report = await _load(seeds, store, options, current, discovery, work, progress)
    return dataclasses.replace(report, seconds=time.perf_counter() - started)


async def check(seeds: Path, progress: Progress = _ignore_progress) -> list[Problem]:
    """Read and validate every seed of the folder `seeds` and store nothing. Returns all problems, by path."""
    discovery = await asyncio.to_thread(discover, seeds)
    problems = list(discovery.problems)
    paths_by_url: dict[str, list[str]] = {}
    done = 0
    async for batch in _read(seeds, discovery.files):
        done += len(batch)
        progress(done, len(discovery.files))
        for seed in batch:
            problems += seed.problems
            if seed.article:
                paths_by_url.setdefault(seed.article.url, []).append(seed.path)
    problems += _duplicates(paths_by_url)
    return _told_once(problems)


async def _load(
    seeds: Path,
    store: Path,
    options: LoadOptions,
    current: Current,
    discovery: Discovery,
    work: _Work,
    progress: Progress,
) -> LoadReport:
    async with building(store, current) as next_generation:
        await next_generation.expect([*(file.path for file in work.read), *work.gone])
        await next_generation.remove(work.gone)
        await _write(next_generation, seeds, work.read, progress)
        version = await next_generation.finish()
        problems = _told_once([*discovery.problems, *await next_generation.problems()])
        count = await next_generation.question_count()
        difference = next_generation.difference()
        _refuse(options, difference, count, problems)
        await next_generation.close()
        is_new = current.pointer is None or current.pointer.version != version
        await asyncio.to_thread(publish, store, version)
    return _report(version, difference, count, problems, published=is_new)


async def _write(
    next_generation: Building, seeds: Path, files: Sequence[SeedFile], progress: Progress
) -> None:
    done = 0
    async for batch in _read(seeds, files):
        await next_generation.write(batch)
        done += len(batch)
        progress(done, len(files))


def _work(discovery: Discovery, current: Current) -> _Work:
    """Return what differs from the manifest. A file that could not be looked at is neither changed nor gone."""
    changed = tuple(
        file for file in discovery.files if current.stats.get(file.path) != (file.size_bytes, file.mtime_ns)
    )
    found = {file.path for file in discovery.files}
    gone = tuple(path for path in current.stats if path not in found and not discovery.hides(path))
    return _Work(changed, gone)


async def _read(seeds: Path, files: Sequence[SeedFile]) -> AsyncIterator[list[SeedRows]]:
    """Yield the seeds in batches, in order; a few batches are read ahead."""
    loop = asyncio.get_running_loop()
    tasks: deque[asyncio.Future[list[SeedRows]]] = deque()
    with _workers(len(files)) as (workers, ahead):
        for chunk in _chunks(files):
            tasks.append(loop.run_in_executor(workers, _read_chunk, seeds, chunk))
            if len(tasks) > ahead:
                yield await tasks.popleft()
        while tasks:
            yield await tasks.popleft()


@contextlib.contextmanager
def _workers(files: int) -> Iterator[tuple[Executor, int]]:
    """Give the executor for so many files and how many tasks to keep ahead: processes if they are worth starting."""
    cores = len(os.sched_getaffinity(0))
    if files < _FILES_WORTH_A_POOL or cores == 1:
        with ThreadPoolExecutor(1) as threads:
            yield threads, 1
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(cores, context) as processes:
        try:
            yield processes, 2 * cores
        except BaseException:
            processes.shutdown(cancel_futures=True)
            raise


def _chunks(files: Sequence[SeedFile]) -> Iterator[Sequence[SeedFile]]:
    for start in range(0, len(files), _FILES_PER_TASK):
        yield files[start : start + _FILES_PER_TASK]


def _read_chunk(seeds: Path, files: Sequence[SeedFile]) -> list[SeedRows]:
    """Read, render and encode some seeds; runs in a worker."""
    return [seed_rows(read_seed(seeds, file), title_key) for file in files]


def _refuse(options: LoadOptions, difference: Difference, count: int, problems: Sequence[Problem]) -> None:
    """Raise LoadRefusedError if the options forbid to publish what was built."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if options.strict and errors:
        raise LoadRefusedError(f"Nothing was published: {errors} errors, and --strict allows none.", problems)
    removed = len(difference.removed)
    before = count - len(difference.added) + removed
    if removed > SHRINK_LIMIT * before and not options.allow_shrink:
        raise LoadRefusedError(
            f"Nothing was published: {removed} of {before} articles would go. "
            "If that is meant, load with --allow-shrink.",
            problems,
        )


def _unchanged(current: Current, discovery: Discovery) -> LoadReport:
    version = current.pointer.version if current.pointer else ""
    problems = _told_once([*discovery.problems, *current.problems])
    return LoadReport(version, False, 0, 0, 0, current.question_count, 0.0, tuple(problems))


def _report(
    version: str, difference: Difference, count: int, problems: Sequence[Problem], *, published: bool
) -> LoadReport:
    added, changed, removed = len(difference.added), len(difference.changed), len(difference.removed)
    return LoadReport(version, published, added, changed, removed, count - added - changed, 0.0, tuple(problems))


def _told_once(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems by path; an unknown key, which tends to stand in every file, is told once."""
    told: set[str] = set()
    kept = []
    for problem in sorted(problems, key=lambda problem: problem.path):
        if problem.code == Code.UNKNOWN_KEY:
            if problem.message in told:
                continue
            told.add(problem.message)
        kept.append(problem)
    return kept


def _duplicates(paths_by_url: dict[str, list[str]]) -> Iterator[Problem]:
    for url, paths in paths_by_url.items():
        for path in paths if len(paths) > 1 else ():
            others = ", ".join(other for other in paths if other != path)
            message = f"The url {url} also stands in {others}. Give each article a url of its own."
            yield Problem(Severity.ERROR, Code.DUPLICATE_URL.value, path, None, message)
