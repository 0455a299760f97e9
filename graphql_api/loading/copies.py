"""Copies: the beginning of the next generation, equal to the current one."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from xxhash import xxh3_128, xxh3_128_digest

from graphql_api.store.generations import building_path
from graphql_api.store.kept import taken_spare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_CHUNK_BYTES: Final = 65_536
_PIECE_BYTES: Final = 1 << 20
_BYTES_AT_ONCE: Final = 4 << 20
"""Of many pieces: every call that reads asks for the interpreter, which other threads use meanwhile."""
_SECRET: Final = int.from_bytes(os.urandom(8), "little")
"""What nobody who writes content knows, so that nobody can write two pieces with the same checksum."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The checksum of a file, as `checksum_of` gives it, and one of each MiB of it, of use in this process only."""

    checksum: str
    pieces: tuple[bytes, ...]


def sums_of(path: Path) -> Sums:
    """Return the checksums of a file, which is read once. Blocks. Raises OSError."""
    checksum, pieces = xxh3_128(), list[bytes]()
    buffer = memoryview(bytearray(_BYTES_AT_ONCE))
    with path.open("rb", buffering=0) as file:
        while size_bytes := _read(file, buffer, _PIECE_BYTES * len(pieces)):
            checksum.update(buffer[:size_bytes])
            pieces += _sums(buffer[:size_bytes])
    return Sums(checksum.hexdigest(), tuple(pieces))


def copy_generation(store: Path, source: Path, pieces: Sequence[bytes] = ()) -> None:
    """Make the file in which the next generation is built a copy of the generation `source`. Blocks. Raises OSError.

    The spare, if nobody has it open, differs from it in little. Comparing two files takes a fraction of what it takes
    to write one, to make it durable, and to give back the room of another. With the checksums of the `pieces` of
    `source` only the spare is read.
    """
    with taken_spare(store) as spare:
        if spare:
            make_equal(spare, source, pieces)
            return
    shutil.copyfile(source, building_path(store))


def make_equal(file: BinaryIO, source: Path, pieces: Sequence[bytes] = ()) -> None:
    """Make an open file equal to the file `source` by writing only what differs. Blocks. Raises OSError.

    Of `source` is read what its `pieces` say differs, or all without them.
    """
    with source.open("rb", buffering=0) as source_file:
        size_bytes = os.fstat(source_file.fileno()).st_size
        buffer = memoryview(bytearray(_BYTES_AT_ONCE))
        for start in range(0, size_bytes, _BYTES_AT_ONCE):
            known = pieces[start // _PIECE_BYTES : (start + _BYTES_AT_ONCE) // _PIECE_BYTES]
            there = _read(file, buffer[: size_bytes - start], start) if known else 0
            found = _sums(buffer[:there])
            for at, place in enumerate(range(start, min(start + _BYTES_AT_ONCE, size_bytes), _PIECE_BYTES)):
                if not known or found[at : at + 1] != [known[at]]:
                    _make_piece_equal(file, source_file, place)
        os.ftruncate(file.fileno(), size_bytes)


def _make_piece_equal(file: BinaryIO, source: BinaryIO, start: int) -> None:
    for place in range(start, start + _PIECE_BYTES, _CHUNK_BYTES):
        chunk = os.pread(source.fileno(), _CHUNK_BYTES, place)
        if chunk and os.pread(file.fileno(), len(chunk), place) != chunk:
            _write(file, chunk, place)


def _sums(data: memoryview) -> list[bytes]:
    return [xxh3_128_digest(data[at : at + _PIECE_BYTES], _SECRET) for at in range(0, len(data), _PIECE_BYTES)]


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
