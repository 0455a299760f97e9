"""Load: make the store hold what the seeds say, opening only the files that have changed."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from graphql_api.errors import LoadRefusedError
from graphql_api.loading.manifest import duplicate_url
from graphql_api.loading.publish import Current, begun, building, locked, publish, read_current
from graphql_api.loading.readers import Workers
from graphql_api.reading.discover import Discovery, discover
from graphql_api.reading.telling import told_once
from graphql_api.records import LoadReport, Problem, SeedFile, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.loading.building import Building
    from graphql_api.loading.previous import Difference

SHRINK_LIMIT = 0.2
"""The greatest part of the articles that may go in one load without being asked for."""


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
    """What a load has to do: files to read, paths that are gone, and paths that cannot be looked at."""

    changed: tuple[SeedFile, ...]
    gone: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.changed and not self.gone


@dataclass(frozen=True, slots=True)
class _Result:
    """A generation that is finished, and may be published."""

    version: str
    difference: Difference
    question_count: int
    problems: tuple[Problem, ...]


def _ignore_progress(done: int, total: int) -> None:
    """Tell nobody."""


async def load(
    seeds: Path, store: Path, options: LoadOptions = LoadOptions(), progress: Progress = _ignore_progress
) -> LoadReport:
    """Load the folder `seeds` into the store folder `store` and publish the result, all or nothing.

    Raises ContentError (LoadRefusedError, LoadBusyError) and StoreError; then the store is as it was.
    """
    started = time.perf_counter()
    discovery = await asyncio.to_thread(discover, seeds)
    with locked(store):
        current = await read_current(store)
        if options.force:
            current = current.built_anew()
        with Workers() as workers:
            report = await _load(seeds, store, options, discovery, current, workers, progress)
    return replace(report, seconds=time.perf_counter() - started)


async def check(seeds: Path, progress: Progress = _ignore_progress) -> list[Problem]:
    """Read and validate every seed of the folder `seeds` and store nothing. Returns all problems, by path and line.

    Raises ContentError if the folder cannot be read.
    """
    discovery = await asyncio.to_thread(discover, seeds)
    problems = list(discovery.problems)
    paths_by_url: dict[str, list[str]] = {}
    done = 0
    with Workers() as workers:
        async for batch in workers.read(seeds, discovery.files):
            done += len(batch)
            progress(done, len(discovery.files))
            for seed in batch:
                problems += seed.problems
                if seed.article:
                    paths_by_url.setdefault(seed.article.url, []).append(seed.path)
    for url, paths in paths_by_url.items():
        problems += [duplicate_url(url, path, paths) for path in paths if len(paths) > 1]
    return told_once(problems)


async def _load(  # noqa: PLR0917 - what a load is made of
    seeds: Path,
    store: Path,
    options: LoadOptions,
    discovery: Discovery,
    current: Current,
    workers: Workers,
    progress: Progress,
) -> LoadReport:
    """Build the next generation and publish it, if anything has changed."""
    work = _work(discovery, current)
    if current.is_reusable and work.is_nothing:
        return _unchanged(current, discovery, options)
    # Runs as soon as threads copy the current generation, and this waits for them.
    asyncio.get_running_loop().call_soon(workers.prepare, len(work.changed))
    beginning = await begun(store, current)
    if beginning is not current:
        current, work = beginning, _work(discovery, beginning)
    async with building(store, current) as next_generation:
        await _write(next_generation, seeds, work, workers, progress)
        result = await _finished(next_generation, discovery, current)
        _refuse(options, result)
        await publish(store, next_generation, result.version)
    was_current = current.pointer is not None and current.pointer.version == result.version
    return _report(result, published=not was_current)


async def _write(next_generation: Building, seeds: Path, work: _Work, workers: Workers, progress: Progress) -> None:
    await next_generation.remove(work.gone)
    await next_generation.keep(work.hidden)
    done = 0
    async with aclosing(workers.read(seeds, work.changed)) as batches:
        async for batch in batches:
            await next_generation.write(batch)
            done += len(batch)
            progress(done, len(work.changed))


async def _finished(next_generation: Building, discovery: Discovery, current: Current) -> _Result:
    version = await next_generation.finish()
    damage = [current.damage] if current.damage else []
    problems = told_once([*damage, *discovery.problems, *await next_generation.problems()])
    return _Result(version, await next_generation.difference(), await next_generation.question_count(), tuple(problems))


def _work(discovery: Discovery, current: Current) -> _Work:
    """Return what differs from the manifest. A file that could not be looked at is neither changed nor gone."""
    changed = tuple(
        file for file in discovery.files if current.stats.get(file.path) != (file.size_bytes, file.mtime_ns)
    )
    found = {file.path for file in discovery.files}
    lost = [path for path in current.stats if path not in found]
    hidden = tuple(path for path in lost if discovery.hides(path))
    return _Work(changed, tuple(path for path in lost if not discovery.hides(path)), hidden)


def _refuse(options: LoadOptions, result: _Result) -> None:
    """Raise LoadRefusedError if the options forbid to publish what was built."""
    _refuse_errors(options, result.problems)
    removed, before = result.difference.removed, result.difference.before
    if removed > SHRINK_LIMIT * before and not options.allow_shrink:
        raise LoadRefusedError(
            f"Nothing was published: {removed:,} of {before:,} articles would go. "
            "If that is meant, load with --allow-shrink.",
            result.problems,
        )


def _refuse_errors(options: LoadOptions, problems: Sequence[Problem]) -> None:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if options.strict and errors:
        count = "1 error" if errors == 1 else f"{errors:,} errors"
        raise LoadRefusedError(f"Nothing was published: {count}, and --strict allows none.", problems)


def _unchanged(current: Current, discovery: Discovery, options: LoadOptions) -> LoadReport:
    """Return the report of a load that had nothing to do; what was wrong before still is."""
    version = current.pointer.version if current.pointer else ""
    problems = tuple(told_once([*discovery.problems, *current.problems]))
    _refuse_errors(options, problems)
    return LoadReport(version, False, 0, 0, 0, current.question_count, 0.0, problems)  # noqa: FBT003 - a record


def _report(result: _Result, *, published: bool) -> LoadReport:
    difference = result.difference
    return LoadReport(
        version=result.version,
        published=published,
        added=difference.added,
        changed=difference.changed,
        removed=difference.removed,
        unchanged=result.question_count - difference.added - difference.changed,
        seconds=0.0,
        problems=result.problems,
    )
