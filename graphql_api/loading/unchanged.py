"""Unchanged: a load that finds nothing to do, told without importing what reads, renders and writes.

The pointer says with which model and which code its generation was made. Where these are as they are now, and the files
as the last load has left them, a load is over; where it has left no word, the generation is asked, which knows the stat
of every file. In doubt a load goes the whole way.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.errors import StoreError
from graphql_api.loading.copies import sums_of
from graphql_api.loading.made_by import code_fingerprint
from graphql_api.loading.model_file import fingerprint_of, fingerprint_of_site, model_text
from graphql_api.loading.refusals import refuse_emptiness, refuse_errors
from graphql_api.loading.seen import Seen, files_fingerprint, read_seen, write_seen
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.reading.redirect_files import find_redirects
from graphql_api.reading.telling import told_once
from graphql_api.records import LoadReport
from graphql_api.store.generations import (
    check_size,
    generation_path,
    load_lock,
    read_pointer,
    reading,
    relabelled,
)
from graphql_api.store.threads import in_thread, in_threads

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.loading.options import LoadOptions
    from graphql_api.loading.work_tree import Watch
    from graphql_api.reading.discover import Discovery
    from graphql_api.reading.redirect_files import Found
    from graphql_api.store.generations import Pointer


class Look(Struct, frozen=True):
    """What the first look at the seeds and the store has found.

    `report` is that of a load that has nothing to do; None where there is something to do, or may be. `intact` is the
    current pointer if its generation was found to be, byte for byte, what was published, `pieces` the checksums of that
    one's pieces; `watch` tells whether Git is changing the seeds.
    """

    discovery: Discovery
    intact: Pointer | None = None
    pieces: tuple[bytes, ...] = ()
    report: LoadReport | None = None
    watch: Watch | None = None


async def look(seeds: Path, store: Path, options: LoadOptions, watch: Watch | None = None) -> Look:
    """Return what there is to load, and whether that is anything.

    Raises ContentError for seeds or a model that cannot be read, LoadRefusedError, and LoadBusyError.
    """
    # Beside each other: neither needs what the other uses most, the interpreter or the memory's bandwidth.
    discovery, (intact, pieces) = await in_threads(partial(discover, seeds, SUFFIXES), partial(_intact, store))
    refuse_emptiness(seeds, discovery, allow=options.allow_shrink)
    if intact is None or options.force or options.rescan:
        return Look(discovery, intact, pieces, watch=watch)
    seen = Look(discovery, intact, pieces, watch=watch)
    return replace(seen, report=await _unchanged(seeds, store, options, seen, intact))


def _intact(store: Path) -> tuple[Pointer | None, tuple[bytes, ...]]:
    """Return the pointer if what it names is what was published; otherwise the load tells what is wrong.

    Beside it are the checksums of the generation's pieces.
    """
    try:
        pointer = read_pointer(store)
        path = generation_path(store, pointer)
        with reading(path):
            check_size(path, pointer)
            sums = sums_of(path)
    except (OSError, StoreError):
        return None, ()
    # What an earlier program has published has no checksum.
    return (pointer, sums.pieces) if pointer.checksum in {"", sums.checksum} else (None, ())


async def _unchanged(
    seeds: Path, store: Path, options: LoadOptions, found: Look, pointer: Pointer
) -> LoadReport | None:
    made_by = (pointer.model, pointer.code, pointer.site)
    model = fingerprint_of(model_text(seeds, options.model))
    if made_by != (model, code_fingerprint(), fingerprint_of_site(options.site)):
        return None
    try:
        with load_lock(store):
            if read_pointer(store) != pointer:
                return None
            redirects = find_redirects(seeds, options.redirects)
            seen = await _seen(store, pointer, found.discovery, redirects)
            if found.watch:
                await found.watch.check(found.discovery)
            return reported(seen, store, pointer, found.discovery, options) if seen else None
    except (OSError, StoreError):
        return None  # the load itself tells what is wrong, or mends it


async def _seen(store: Path, pointer: Pointer, discovery: Discovery, redirects: Found) -> Seen | None:
    """Return what a load that has nothing to do sees; None if there is something to do, or may be."""
    files = files_fingerprint(discovery, redirects.fingerprint())
    before = read_seen(store, pointer)
    if before:  # what has changed is found on the whole way, which reads the manifest too
        return before if before.files == files else None
    from graphql_api.loading.unchanged_manifest import seen_in_manifest  # noqa: PLC0415 - opens the database

    seen = await in_thread(partial(seen_in_manifest, store, pointer, discovery, redirects, files))
    if seen:
        write_seen(store, pointer, seen)
    return seen


def reported(seen: Seen, store: Path, pointer: Pointer, discovery: Discovery, options: LoadOptions) -> LoadReport:
    """Give the publish another label, if there is one, and return the report of a load that has nothing else to do.

    What was wrong before still is. Raises LoadRefusedError, StoreError and OSError.
    """
    problems = tuple(told_once([*discovery.problems, *seen.problems]))
    refuse_errors(problems, strict=options.strict)
    pointer = relabelled(store, pointer, options.label)
    return LoadReport(
        version=pointer.version,
        published=False,
        added=0,
        changed=0,
        removed=0,
        unchanged=seen.entries,
        hidden=seen.hidden,
        unclaimed=seen.unclaimed,
        seconds=0.0,
        problems=problems,
        sequence=pointer.sequence,
        label=pointer.label,
    )
