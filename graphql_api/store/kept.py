"""The generations that are kept: the current one, the one before it, and a spare.

Only the spare is ever rewritten, to begin the next generation in it, and never while somebody has it open: one of our
readers, which holds a lock, or a program that copies it, which the kernel tells by refusing a lease. Where a file
system tells neither, nothing is rewritten, and what is not kept is removed some time later.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from typing import TYPE_CHECKING, BinaryIO

from graphql_api.errors import StoreError
from graphql_api.store.generations import building_path, read_pointer, read_previous
from graphql_api.store.locks import LocksMissingError, lock_alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SECONDS_TO_LET_GO = 600.0
"""What readers have to go over to a newer generation where no lock tells whether they have."""


def generation_files(store: Path) -> list[Path]:
    """Return the generations of a store, those published last first."""
    files = {}
    for path in (store / "generations").glob("*.sqlite"):
        with contextlib.suppress(FileNotFoundError):
            files[path] = path.stat().st_mtime_ns
    return sorted(files, key=lambda path: (files[path], path.name), reverse=True)


def spares(store: Path) -> list[Path]:
    """Return the generations that are neither the current one nor the one before it, the newest first."""
    files = generation_files(store)
    try:
        kept = {read_pointer(store).file}
    except StoreError:
        kept = {path.name for path in files[:1]}  # whoever can read the pointer may read this one
    previous = read_previous(store)
    if previous:
        kept.add(previous.file)
    return [path for path in files if path.name not in kept]


def remove_spares(store: Path) -> None:
    """Remove the spares that nobody reads, once the next generation is built: the one before becomes the spare.

    One that cannot be removed is in nobody's way.
    """
    files = generation_files(store)
    for path in spares(store):
        with contextlib.suppress(OSError):
            try:
                with _unread(path):
                    path.unlink()
            except LocksMissingError:
                if _was_left(path, files):
                    path.unlink()


@contextlib.contextmanager
def taken_spare(store: Path) -> Iterator[BinaryIO | None]:
    """Give a spare that nobody has open, as the file in which the next generation is built; None if there is none.

    One that has another name too (a hard link) is somebody's copy, and left alone. While the block runs, whoever opens
    it waits.
    """
    for path in spares(store):
        with contextlib.ExitStack() as stack:
            try:
                file = stack.enter_context(_unread(path))
                status = os.fstat(file.fileno())
                if status.st_nlink != 1 or path.is_symlink():
                    continue
                _lease(file)
                path.replace(building_path(store))
                is_ours = _is_alone(file)
            except OSError:
                continue
            if is_ours:
                yield file
                return
            building_path(store).unlink()  # who has opened it in this moment gets it whole
    yield None


def _was_left(path: Path, files: list[Path]) -> bool:
    """Return whether a newer generation was published so long ago that no reader is left."""
    newer = files[files.index(path) - 1]
    return time.time() - newer.stat().st_mtime > _SECONDS_TO_LET_GO


@contextlib.contextmanager
def _unread(path: Path) -> Iterator[BinaryIO]:
    """Keep our readers waiting. Raises OSError if one reads it, and LocksMissingError."""
    with path.open("rb+") as file:  # on NFS a lock for oneself alone needs a file open for writing
        lock_alone(file)
        yield file


def _lease(file: BinaryIO) -> None:
    """Keep every program that opens the file waiting. Raises OSError if one has it open, or if that cannot be told."""
    # What the kernel sends when somebody waits must not end this process; this signal does nothing unless caught.
    fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)


def _is_alone(file: BinaryIO) -> bool:
    """Return whether nobody waits for the lease to end."""
    return fcntl.fcntl(file, fcntl.F_GETLEASE) == fcntl.F_WRLCK
