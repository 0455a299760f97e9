"""The whole way of a load, and of a check: discover, read, write, publish."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.errors import ContentError
from graphql_api.loading.copies import Spare
from graphql_api.loading.holding import held_report, is_rolled_back
from graphql_api.loading.model_file import model_of
from graphql_api.loading.no_files import with_types_without_files
from graphql_api.loading.publish import Current, begun, building, locked, publish, read_current
from graphql_api.loading.redirect_tables import Moved, moved_by
from graphql_api.loading.refusals import refuse_errors, refuse_shrinking
from graphql_api.loading.seen import Seen, files_fingerprint, write_seen
from graphql_api.loading.unchanged import reported
from graphql_api.loading.work import Work, without_equal, work_of
from graphql_api.model.globs import Globs
from graphql_api.reading.problems import Code
from graphql_api.reading.redirect_files import find_redirects
from graphql_api.reading.telling import told_once
from graphql_api.records import LoadReport, Problem
from graphql_api.store.layout import layout_of
from graphql_api.store.rollback import is_held
from graphql_api.store.threads import in_thread, meanwhile
from graphql_api.store.webhook_queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from graphql_api.loading.building import Building
    from graphql_api.loading.history import Published
    from graphql_api.loading.options import LoadOptions, Progress
    from graphql_api.loading.previous import Difference
    from graphql_api.loading.readers import Readers
    from graphql_api.loading.rows import SeedRows
    from graphql_api.loading.unchanged import Look
    from graphql_api.model.types import Model
    from graphql_api.reading.discover import Discovery
    from graphql_api.records import SeedFile
    from graphql_api.store.history import Event
    from graphql_api.store.layout import Layout

_LOGGER = logging.getLogger(__name__)


class _Result(Struct, frozen=True):
    """A generation that is finished, and may be published.

    `problems` are all that are to be told, `known` those of them that the generation knows. `is_settled` says that
    files which stay as they are now need not be read again.
    """

    published: Published
    event: Event | None
    difference: Difference
    entry_count: int
    hidden: int
    problems: tuple[Problem, ...]
    known: tuple[Problem, ...]
    is_settled: bool


async def load_whole(
    seen: Look, seeds: Path, store: Path, options: LoadOptions, *, readers: Readers, progress: Progress
) -> LoadReport:
    """Load a folder in which something may have changed, by what was `seen`; see `graphql_api.loading.load`."""
    discovery = seen.discovery
    with locked(store):
        model = model_of(seeds, options.model)
        readers.use(model)
        spare = Spare(store)
        async with meanwhile(spare.sum_up if seen.pieces and not options.force else _nothing):
            current = await in_thread(partial(read_current, store, layout_of(model), options.site, seen.intact))
            is_same_model = current.layout is not None and current.layout.model.text == model.text
            claimed = claimed_by(model, discovery, known=current.stats if is_same_model else ())
            claimed = with_types_without_files(claimed, model, seeds, options.model, discovery.files)
            if options.force:
                current = current.built_anew()
            redirects = find_redirects(seeds, options.redirects)
            moved = await in_thread(partial(moved_by, redirects, claimed.files, options.site_url))
        report = await _Load(
            seeds, store, options, seen, spare, claimed, layout_of(model), current, moved, readers, progress
        ).run()
    return replace(report, unclaimed=redirects.count_unclaimed(discovery, claimed.files))


def _nothing() -> None:
    """Do nothing."""


def claimed_by(model: Model, discovery: Discovery, known: Container[str] = ()) -> Discovery:
    """Return what was found without the files that no type claims; some type does of those that are `known`."""
    globs = [Globs(each.globs) for each in model.entry_types.values() if each.globs]
    files = tuple(
        file for file in discovery.files if file.path in known or any(each.matches(file.path) for each in globs)
    )
    return replace(discovery, files=files)


class _Load(Struct, frozen=True):
    """One load, with all that it works on.

    `discovery` is what was `seen` without what no type claims, and with what is told of types that claim nothing.
    """

    seeds: Path
    store: Path
    options: LoadOptions
    seen: Look
    spare: Spare
    discovery: Discovery
    layout: Layout
    current: Current
    moved: Moved
    readers: Readers
    progress: Progress

    async def run(self) -> LoadReport:
        """Build the next generation and publish it, if anything has changed."""
        work = await self._work()
        is_same = self.current.redirect_files == self.moved.fingerprint
        if self.current.is_reusable and work.is_nothing and is_same:
            await self._check_rest()
            return self._unchanged(work)
        if not self.options.force and await self._is_held(work):
            return held_report(self.current, self.discovery)
        # Runs as soon as threads copy the current generation, and this waits for them.
        asyncio.get_running_loop().call_soon(self.readers.prepare, len(work.changed))
        await begun(self.store, self.current, self.seen, self.spare)
        async with building(
            self.store, self.layout, self.seeds, self.current, self.options, moved=self.moved
        ) as next_generation:
            is_as_found = await self._write(next_generation, work)
            result = self._named(await self._finished(next_generation))
            refuse_errors(result.problems, strict=self.options.strict)
            refuse_shrinking(result.difference, result.problems, allow=self.options.allow_shrink)
            await self._check_rest()
            await asyncio.to_thread(self._announce, result.event)
            left: list[Seen] = []
            is_sure = is_as_found and result.is_settled and work.is_sure and not work.hidden
            # Summing up the new file needs the interpreter for nothing, and this needs nothing else.
            async with meanwhile(partial(self._look_back, result, left) if is_sure else _nothing):
                new = await publish(self.store, self.layout, self.options.site, next_generation, result.published)
        for seen in left:
            write_seen(self.store, new, seen)
        pointer = self.current.pointer
        was_current = pointer is not None and pointer.version == result.published.version and not self.current.damage
        return _report(result, published=not was_current)

    async def _check_rest(self) -> None:
        if self.seen.watch:
            await self.seen.watch.check(self.seen.discovery)

    def _named(self, result: _Result) -> _Result:
        """Return the result with its label: of the same content as before, the newest one that was given."""
        pointer, published = self.current.pointer, result.published
        if pointer is None or pointer.version != published.version:
            return result
        return replace(result, published=replace(published, label=self.options.label or pointer.label))

    def _announce(self, event: Event | None) -> None:
        """Put webhooks into the queue, before the publish comes about; they never keep it from that."""
        try:
            if event is not None:
                enqueue(self.store, self.options.webhooks, event)
        except OSError as error:
            _LOGGER.warning("Webhooks cannot be put into the queue: %s", error)

    async def _work(self) -> Work:
        current = self.current
        work = work_of(self.discovery, current.stats, trusts_stat=not self.options.rescan)
        if not current.is_reusable or not work.changed:
            return work
        return await in_thread(partial(without_equal, work, self.seeds, current.stats, current.digests))

    async def _is_held(self, work: Work) -> bool:
        pointer, text = self.current.pointer, self.layout.model.text
        # After damage this is not the pointer that is current.
        if pointer is None or self.current.damage or not is_held(pointer, self.options.label):
            return False
        return await in_thread(partial(is_rolled_back, self.seeds, text, self.discovery, self.current, work))

    def _unchanged(self, work: Work) -> LoadReport:
        """Return the report of a load that had nothing to do; the next one can know by a look at the files alone."""
        current = self.current
        assert current.pointer is not None  # noqa: S101 - it is what nothing has changed in
        seen = self._seen(current.entry_count, current.hidden, current.problems)
        if work.is_sure:
            write_seen(self.store, current.pointer, seen)
        return reported(seen, self.store, current.pointer, self.seen.discovery, self.options)

    def _look_back(self, result: _Result, left: list[Seen]) -> None:
        """Add what was loaded, so that the next load knows by a look at the files whether anything has changed."""
        with contextlib.suppress(ContentError):  # a file of redirects is gone: the next load tells
            left.append(self._seen(result.entry_count, result.hidden, result.known))

    def _seen(self, entry_count: int, hidden: int, problems: tuple[Problem, ...]) -> Seen:
        redirects = find_redirects(self.seeds, self.options.redirects)
        unclaimed = redirects.count_unclaimed(self.seen.discovery, self.discovery.files)
        files = files_fingerprint(self.seen.discovery, self.moved.fingerprint)
        without_files = [each for each in self.discovery.problems if each.code == Code.NO_FILES]
        return Seen(files, entry_count, hidden, unclaimed, (*problems, *without_files))

    async def _write(self, next_generation: Building, work: Work) -> bool:
        """Write what has changed. Returns whether all files that were read were still as they had been found."""
        await next_generation.remove(work.gone)
        await next_generation.keep(work.hidden)
        await next_generation.restat(work.touched)
        done, is_as_found = 0, True
        async with aclosing(self.readers.read(self.seeds, work.changed)) as batches:
            async for batch in batches:
                await next_generation.write(batch)
                is_as_found = is_as_found and _are_as_found(work.changed[done : done + len(batch)], batch)
                done += len(batch)
                self.progress(done, len(work.changed))
        return is_as_found

    async def _finished(self, next_generation: Building) -> _Result:
        published = await next_generation.finish()
        damage = [self.current.damage] if self.current.damage else []
        known = await next_generation.problems()
        problems = told_once([*damage, *self.discovery.problems, *known])
        return _Result(
            published,
            await next_generation.event(published),
            await next_generation.difference(),
            await next_generation.entry_count(),
            await next_generation.hidden_count(),
            tuple(problems),
            tuple(known),
            await next_generation.is_settled(),
        )


def _are_as_found(files: Sequence[SeedFile], seeds: Sequence[SeedRows]) -> bool:
    """Return whether seeds had, when they were read, the stat with which their files were found."""
    read = [(seed.path, seed.size_bytes, seed.mtime_ns, seed.ctime_ns, seed.inode) for seed in seeds]
    return list(map(tuple, files)) == read


def _report(result: _Result, *, published: bool) -> LoadReport:
    difference = result.difference
    return LoadReport(
        version=result.published.version,
        published=published,
        added=difference.added,
        changed=difference.changed,
        removed=difference.removed,
        unchanged=result.entry_count - difference.added - difference.changed,
        hidden=result.hidden,
        unclaimed=0,
        seconds=0.0,
        problems=result.problems,
        sequence=result.published.sequence,
        label=result.published.label,
        changes=result.event,
    )
