"""Publish: from the current generation to the next one, all or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.errors import NoGenerationError, StoreError
from graphql_api.loading.building import Building
from graphql_api.loading.checks import checks_of
from graphql_api.loading.copies import copy_generation
from graphql_api.loading.history import Before, Published
from graphql_api.loading.made_by import code_fingerprint
from graphql_api.loading.manifest import PROBLEMS, UNREAD_SIZE, Stat, problems_of, read_seeds
from graphql_api.loading.model_file import fingerprint_of, fingerprint_of_site
from graphql_api.loading.previous import Previous
from graphql_api.model.language import read_model
from graphql_api.model.problems import ModelError
from graphql_api.records import Problem, Severity
from graphql_api.store.ddl import tables_fingerprint
from graphql_api.store.driver import open_generation, sqlite3
from graphql_api.store.generations import (
    Pointer,
    building_path,
    check_generation,
    checksum_of,
    generation_path,
    load_lock,
    read_pointer,
    read_previous,
    reading,
    remove_leftovers,
    sync_folder,
    write_pointer,
)
from graphql_api.store.just_checked import note_checked
from graphql_api.store.kept import remove_spares
from graphql_api.store.layout import layout_of
from graphql_api.store.threads import in_thread, in_threads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from graphql_api.loading.copies import Spare
    from graphql_api.loading.options import LoadOptions
    from graphql_api.loading.redirect_tables import Moved
    from graphql_api.loading.unchanged import Look
    from graphql_api.records import Served
    from graphql_api.store.layout import Layout

GENERATION_DAMAGED = "GENERATION_DAMAGED"


class Current(Struct, frozen=True):
    """What a load has to know of the current generation.

    `pointer` is None when nothing is published that this code can read. `stats` and `digests` give what is known of the
    seeds by path; `layout` is that of its model, `redirect_files` the fingerprint of those. `is_reusable` says that the
    next generation can begin as a copy; otherwise it is built anew. `damage` is the problem to tell.
    """

    pointer: Pointer | None = None
    layout: Layout | None = None
    stats: dict[str, Stat] = {}
    digests: dict[str, bytes] = {}
    problems: tuple[Problem, ...] = ()
    entry_count: int = 0
    hidden: int = 0
    redirect_files: str = ""
    is_reusable: bool = False
    damage: Problem | None = None

    def built_anew(self) -> Current:
        """Return the same, with every seed to be read again."""
        unread = {path: (path, UNREAD_SIZE, 0, 0, 0) for path in self.stats}
        return replace(self, stats=unread, is_reusable=False)


_AHEAD: dict[Pointer, Current] = {}
"""What was read before a load was asked for, at most one."""


@contextlib.contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the lock of `store` for one load. Raises LoadBusyError at once, StoreError if the folder is not writable."""
    with _as_store_error(f"The store {store} cannot be written"), load_lock(store):
        remove_leftovers(store)
        try:
            yield
        finally:
            remove_leftovers(store)


def read_ahead(store: Path) -> None:
    """Read what is current, for a load that will be asked for; it takes that once it has found the generation intact.

    What cannot be read now is left to the load, which tells. Blocks.
    """
    _AHEAD.clear()
    with contextlib.suppress(OSError, sqlite3.Error, StoreError):
        pointer = read_pointer(store)
        _AHEAD[pointer] = _read(generation_path(store, pointer), pointer, is_checked=False)


def read_current(store: Path, layout: Layout, site: Served, intact: Pointer | None) -> Current:
    """Return what is current; a generation that cannot be read counts as one that must be built anew. Blocks.

    So does one of another model, or of a site that is served otherwise; what was published with that can still be
    carried over, and of one that is damaged, what was published before it. `intact` is a pointer whose generation was
    compared with its checksum just now. Raises OSError for want of file descriptors, which is no fault of what is
    published.
    """
    try:
        pointer = read_pointer(store)
        ahead = _AHEAD.pop(pointer, None) if pointer == intact else None
        current = ahead or _read(generation_path(store, pointer), pointer, is_checked=pointer == intact)
    except NoGenerationError:
        return Current()
    except (OSError, sqlite3.Error, StoreError) as error:
        _raise_shortage(error)
        return _instead(store, _damage(error))
    if current.layout is None:
        return Current()
    made_by = (pointer.code, pointer.tables, pointer.site)
    is_same = made_by == (code_fingerprint(), tables_fingerprint(layout), fingerprint_of_site(site))
    return current if is_same else current.built_anew()


def _raise_shortage(error: Exception) -> None:
    """Raise what an error comes from if that is want of file descriptors: it passes, and the generation is sound."""
    for each in (error, error.__cause__):
        if isinstance(each, OSError) and each.errno in {errno.EMFILE, errno.ENFILE}:
            raise each


def _instead(store: Path, damage: Problem) -> Current:
    """Return what is known in place of a generation that cannot be read: the one before it, or nothing."""
    pointer = read_previous(store)
    current = Current()
    if pointer:
        with contextlib.suppress(OSError, sqlite3.Error, StoreError):
            current = _read(generation_path(store, pointer), pointer, is_checked=False)
    return replace(current.built_anew() if current.layout else Current(), damage=damage)


async def begun(store: Path, current: Current, seen: Look, spare: Spare) -> None:
    """Copy the current generation to where the next one is written, if that can begin as a copy. Raises StoreError.

    `seen` and `spare` know the checksums of the pieces of the current generation and of the spare.
    """
    if current.pointer and current.is_reusable:
        source = generation_path(store, current.pointer)
        known = seen.pieces if current.pointer == seen.intact else ()
        with _as_store_error(f"The generation {source} cannot be copied"):
            await in_threads(partial(copy_generation, store, source, known, spare))


@contextlib.asynccontextmanager
async def building(
    store: Path, layout: Layout, seeds: Path, current: Current, options: LoadOptions, *, moved: Moved
) -> AsyncIterator[Building]:
    """Give the next generation of the folder `seeds` and redirect files, begun as a copy of the current one or empty.

    Raises StoreError if it cannot be written.
    """
    path = building_path(store)
    pointer = current.pointer
    previous = (
        Previous(generation_path(store, pointer), current.layout, pointer.code) if pointer else Previous(None, None, "")
    )
    fresh = not current.is_reusable
    with _as_store_error(f"The next generation cannot be written to {path}"):
        if fresh:
            path.unlink(missing_ok=True)
        before, made_for = _before(store, options.label), fingerprint_of_site(options.site)
        async with Building(
            path, layout, seeds, previous, before, moved=moved, fresh=fresh, site=made_for
        ) as next_generation:
            yield next_generation


def _before(store: Path, label: str) -> Before:
    """Return what the next publish comes after; the places are counted on, whatever became of the generations."""
    version, sequence = "", 0
    with contextlib.suppress(StoreError):
        pointer = read_pointer(store)
        version, sequence = pointer.version, pointer.sequence
    previous = read_previous(store)
    return Before(version, max(sequence, previous.sequence if previous else 0), label)


async def publish(
    store: Path, layout: Layout, site: Served, next_generation: Building, published: Published
) -> Pointer:
    """Make the finished generation the current one, under its name: check, fsync, rename, fsync, then the pointer.

    All that only reads the new file, or has nothing to do with it, is done at once. Returns the pointer. Raises
    StoreError.
    """
    await next_generation.close()
    path = building_path(store)
    before = path.stat()
    checksum, *_ = await in_threads(
        partial(checksum_of, path), *checks_of(path, layout), next_generation.synchronise, partial(remove_spares, store)
    )
    return await in_thread(partial(_rename, store, layout, site, published, checksum=checksum, before=before))


def _rename(
    store: Path, layout: Layout, site: Served, published: Published, *, checksum: str, before: os.stat_result
) -> Pointer:
    built = building_path(store)
    size_bytes = built.stat().st_size
    name = f"{published.version}-{checksum[:16]}.sqlite"
    built.replace(store / "generations" / name)
    sync_folder(store / "generations")
    pointer = Pointer(
        version=published.version,
        file=name,
        size_bytes=size_bytes,
        checksum=checksum,
        tables=tables_fingerprint(layout),
        code=code_fingerprint(),
        model=fingerprint_of(layout.model.text),
        site=fingerprint_of_site(site),
        sequence=published.sequence,
        label=published.label,
    )
    with contextlib.suppress(OSError):  # a shortcut for servers, and nothing else
        note_checked(store, pointer, store / "generations" / name, before)
    write_pointer(store, pointer)
    return pointer


def _read(path: Path, pointer: Pointer, *, is_checked: bool) -> Current:
    with reading(path):
        if not is_checked:
            check_generation(path, pointer)
        with contextlib.closing(open_generation(path)) as db:
            layout = _layout(db, pointer)
            if layout is None:
                return Current(pointer)
            counts = [
                db.execute(f"SELECT count(*) FROM {entry.main.name} WHERE path <> ''").fetchone()[0]
                for entry in layout.entries.values()
            ]
            hidden = db.execute("SELECT coalesce(sum(hidden), 0) FROM seed").fetchone()[0]
            redirects = db.execute("SELECT redirect_files FROM content").fetchone()[0]
            problems = tuple(problems_of(db.execute(PROBLEMS)))
            known = (*read_seeds(db), problems, sum(counts), hidden, redirects)
            return Current(pointer, layout, *known, is_reusable=True)


def _layout(db: sqlite3.Connection, pointer: Pointer) -> Layout | None:
    """Return the layout of a generation's model; None for one that this program would lay out otherwise."""
    try:
        layout = layout_of(read_model(db.execute("SELECT model FROM content").fetchone()[0]))
    except (sqlite3.OperationalError, ModelError):  # another version of this program has made it
        return None
    return layout if tables_fingerprint(layout) == pointer.tables else None


def _damage(error: Exception) -> Problem:
    reason = str(error).removesuffix(" Load again: that rebuilds it.").removesuffix(" Load again: that replaces it.")
    message = f"The current generation cannot be used: {reason} Everything was read again and built anew."
    return Problem(Severity.WARNING, GENERATION_DAMAGED, ".", None, f"{message} Check the disk.")


@contextlib.contextmanager
def _as_store_error(doing: str) -> Iterator[None]:
    """Raise StoreError for what the disk or SQLite refuses."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{doing} ({_reason(error)}). Nothing was published. Check the disk's space and permissions."
        ) from error


def _reason(error: OSError | sqlite3.Error) -> str:
    """Return what was refused, and of which file where that is known."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    if "full" in str(error):
        # It can be either: what is too much for the memory is sorted in a file of its own.
        folders = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp")  # noqa: S108 - SQLite's
        return f"{error}: there, or in {next(folder for folder in folders if folder)}, where SQLite sorts"
    return str(error)
