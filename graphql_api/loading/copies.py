"""Copies: the beginning of the next generation, equal to the current one."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec import Struct
from xxhash import xxh3_128, xxh3_128_digest

from graphql_api.store.generations import building_path
from graphql_api.store.kept import spares, taken_spare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_CHUNK_BYTES: Final = 65_536
_PIECE_BYTES: Final = 1 << 20
"""As much as a core's cache keeps from reading it until it is summed up, twice."""
_SECRET: Final = int.from_bytes(os.urandom(8), "little")
"""What nobody who writes content knows, so that nobody can write two pieces with the same checksum."""


class Sums(Struct, frozen=True):
    """The checksum of a file, as `checksum_of` gives it, and one of each MiB of it, of use in this process only."""

    checksum: str
    pieces: tuple[bytes, ...]


def sums_of(path: Path) -> Sums:
    """Return the checksums of a file, which is read once. Blocks. Raises OSError."""
    with path.open("rb", buffering=0) as file:
        return _sums_of(file)


class Spare:
    """The spare of a store, summed up before it is taken; what is known of it holds as long as nobody touches it."""

    def __init__(self, store: Path) -> None:
        """Look at nothing yet; hold the store's lock from then on."""
        self._store = store
        self._was: tuple[int, ...] = ()
        self._pieces: tuple[bytes, ...] = ()

    def sum_up(self) -> None:
        """Read the newest spare, if there is one. Blocks."""
        with contextlib.suppress(OSError):
            for path in spares(self._store)[:1]:
                with path.open("rb", buffering=0) as file:
                    self._was = _identity_of(file)
                    self._pieces = _sums_of(file).pieces

    def pieces_of(self, file: BinaryIO) -> tuple[bytes, ...]:
        """Return the checksums of the pieces of an open file, if it is the spare as it was; else none."""
        return self._pieces if _identity_of(file) == self._was else ()


def copy_generation(store: Path, source: Path, pieces: Sequence[bytes] = (), spare: Spare | None = None) -> None:
    """Make the file in which the next generation is built a copy of the generation `source`. Blocks. Raises OSError.

    The spare, if nobody has it open, differs from it in little. Comparing two files takes a fraction of what it takes
    to write one, to make it durable, and to give back the room of another. With the checksums of the `pieces` of
    `source` only the spare is read, or not even that if it was summed up before.
    """
    with taken_spare(store) as file:
        if file:
            make_equal(file, source, pieces, spare.pieces_of(file) if spare else ())
            return
    shutil.copyfile(source, building_path(store))


def make_equal(file: BinaryIO, source: Path, pieces: Sequence[bytes] = (), there: Sequence[bytes] = ()) -> None:
    """Make an open file equal to the file `source` by writing only what differs. Blocks. Raises OSError.

    Of `source` is read what its `pieces` say differs, or all without them; `there` are the pieces of the file, which is
    read if they are not known.
    """
    with source.open("rb", buffering=0) as source_file:
        size_bytes = os.fstat(source_file.fileno()).st_size
        found = there or (_sums_of(file).pieces if pieces else ())
        for at, place in enumerate(range(0, size_bytes, _PIECE_BYTES)):
            if not pieces or found[at : at + 1] != pieces[at : at + 1]:
                _make_piece_equal(file, source_file, place)
        os.ftruncate(file.fileno(), size_bytes)


def _sums_of(file: BinaryIO) -> Sums:
    checksum, pieces = xxh3_128(), list[bytes]()
    buffer = memoryview(bytearray(_PIECE_BYTES))
    while size_bytes := _read(file, buffer, _PIECE_BYTES * len(pieces)):
        data = buffer[:size_bytes]
        checksum.update(data)
        pieces.append(xxh3_128_digest(data, _SECRET))
    return Sums(checksum.hexdigest(), tuple(pieces))


def _identity_of(file: BinaryIO) -> tuple[int, ...]:
    """Return what tells a file from any other, and from itself before it was written; whatever its name is."""
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _make_piece_equal(file: BinaryIO, source: BinaryIO, start: int) -> None:
    for place in range(start, start + _PIECE_BYTES, _CHUNK_BYTES):
        chunk = os.pread(source.fileno(), _CHUNK_BYTES, place)
        if chunk and os.pread(file.fileno(), len(chunk), place) != chunk:
            _write(file, chunk, place)


def _read(file: BinaryIO, buffer: memoryview, place: int) -> int:
    """Fill a buffer from a place on; return how many bytes there were."""
    done = 0
    while done < len(buffer) and (size_bytes := os.preadv(file.fileno(), [buffer[done:]], place + done)):
        done += size_bytes
    return done


def _write(file: BinaryIO, data: bytes, place: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(file.fileno(), data[done:], place + done)
