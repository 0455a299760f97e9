"""Transfer: a generation as one compressed file, and back. Safe beside loads and readers on both sides.

The file is a tar archive in Zstandard: the pointer first, with size and checksum, then the generation.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tarfile
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import asdict, replace
from xxhash import xxh3_128

from graphql_api.errors import DamagedGenerationError, StoreError
from graphql_api.store.ddl import tables_fingerprint_of
from graphql_api.store.driver import open_generation, sqlite3
from graphql_api.store.generations import (
    building_path,
    generation_path,
    load_lock,
    pointer_of,
    read_pointer,
    reading,
    remove_leftovers,
    sync_folder,
    write_pointer,
)
from graphql_api.store.kept import remove_spares

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd
from graphql_api.store.webhook_queue import enqueue_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphql_api.store.generations import Pointer

_POINTER, _GENERATION = "pointer.json", "generation.sqlite"
_MAX_POINTER_BYTES = 1 << 16
_BYTES_AT_ONCE = 1 << 20
_ATTEMPTS = 5
_OPTIONS: dict[int, int] = {zstd.CompressionParameter.compression_level: 3, zstd.CompressionParameter.checksum_flag: 1}


def export_generation(store: Path, file: Path) -> Pointer:
    """Write the current generation to `file`, all or nothing. Returns its pointer. Blocks.

    Raises NoGenerationError, DamagedGenerationError, and StoreError if the store or the file cannot be used.
    """
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        for attempt in range(_ATTEMPTS):
            pointer = read_pointer(store)
            path = generation_path(store, pointer)
            try:
                with reading(path), path.open("rb") as source, temporary.open("wb") as target:
                    _write_archive(target, source, replace(pointer, held="", held_label=""))
                    os.fsync(target.fileno())
            except FileNotFoundError:
                if attempt == _ATTEMPTS - 1:
                    raise
                continue  # a load has removed it meanwhile, and published another
            temporary.replace(file)
            break
    except OSError as error:
        raise StoreError(
            f"{store} cannot be exported to {file} ({error.strerror or error}). Nothing was written."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return pointer


def import_generation(store: Path, file: Path) -> Pointer:
    """Publish the generation that `file` holds, all or nothing. Returns its pointer. Blocks.

    Raises LoadBusyError, DamagedGenerationError for a file that is not what was exported, and StoreError.
    """
    try:
        with load_lock(store):
            remove_leftovers(store)
            try:
                return _import(store, file)
            finally:
                remove_leftovers(store)
    except OSError as error:
        raise StoreError(
            f"{file} cannot be imported into {store} ({error.strerror or error}). Nothing was changed."
        ) from error


def _import(store: Path, file: Path) -> Pointer:
    built = building_path(store)
    with _archive(file) as archive:
        pointer = _pointer_in(archive, file)
        with built.open("wb") as target:
            _copy_checked(_member(archive, _GENERATION, file), target, pointer, f"{file} is damaged")
            os.fsync(target.fileno())
    _check_tables(built, pointer, file)
    pointer = replace(pointer, sequence=_next_sequence(store, pointer))
    remove_spares(store)
    built.replace(generation_path(store, pointer))
    sync_folder(store / "generations")
    enqueue_unknown(store, pointer)
    write_pointer(store, pointer)
    return pointer


def _next_sequence(store: Path, pointer: Pointer) -> int:
    """Return the place of an imported publish: where it was exported, if that is after all that were here."""
    try:
        before = read_pointer(store).sequence
    except StoreError:
        before = 0
    return max(before + 1, pointer.sequence)


def _write_archive(target: BinaryIO, source: BinaryIO, pointer: Pointer) -> None:
    said = json.dumps(asdict(pointer)).encode()
    with (
        zstd.ZstdFile(target, "wb", options=_OPTIONS) as compressed,
        tarfile.open(fileobj=compressed, mode="w|", format=tarfile.GNU_FORMAT) as archive,
    ):
        header = tarfile.TarInfo(_POINTER)
        header.size = len(said)
        archive.addfile(header, io.BytesIO(said))
        header = tarfile.TarInfo(_GENERATION)
        header.size = pointer.size_bytes
        checked = _Checked(source)
        archive.addfile(header, checked)
    if pointer.checksum and checked.checksum.hexdigest() != pointer.checksum:
        raise DamagedGenerationError(
            f"The generation {pointer.file} is not what was published (its checksum differs). Load again, then export."
        )


class _Checked(io.RawIOBase):
    """A file that is read once, with the checksum of what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.checksum = xxh3_128()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.checksum.update(data)
        return data


@contextlib.contextmanager
def _archive(file: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive for reading; whatever proves to be wrong with it is told as damage."""
    try:
        with zstd.ZstdFile(file, "rb") as compressed, tarfile.open(fileobj=compressed, mode="r|") as archive:
            yield archive
    except (tarfile.TarError, zstd.ZstdError, EOFError) as error:
        raise DamagedGenerationError(f"{file} is damaged, or was not exported ({error}). Export it again.") from error


def _member(archive: tarfile.TarFile, name: str, file: Path) -> BinaryIO:
    member = archive.next()
    data = archive.extractfile(member) if member and member.name == name and member.isreg() else None
    if data is None:
        raise DamagedGenerationError(f"{file} is damaged, or was not exported (it has no {name}). Export it again.")
    return data  # type: ignore[return-value] # a buffered reader of bytes


def _pointer_in(archive: tarfile.TarFile, file: Path) -> Pointer:
    try:
        return pointer_of(_member(archive, _POINTER, file).read(_MAX_POINTER_BYTES))
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise DamagedGenerationError(f"{file} is damaged (its pointer: {error}). Export it again.") from error


def _copy_checked(source: BinaryIO, target: BinaryIO, pointer: Pointer, damaged: str) -> None:
    checksum, size_bytes = xxh3_128(), 0
    while size_bytes <= pointer.size_bytes and (data := source.read(_BYTES_AT_ONCE)):
        checksum.update(data)
        target.write(data)
        size_bytes += len(data)
    if size_bytes != pointer.size_bytes or checksum.hexdigest() != pointer.checksum:
        raise DamagedGenerationError(f"{damaged} (its checksum differs). Nothing was changed. Export it again.")


def _check_tables(path: Path, pointer: Pointer, file: Path) -> None:
    """Raise StoreError for a generation that servers of this program would refuse."""
    try:
        with contextlib.closing(open_generation(path)) as db:
            ((model,),) = db.execute("SELECT model FROM content")
        is_ours = tables_fingerprint_of(model) == pointer.tables
    except sqlite3.Error:
        is_ours = False
    if not is_ours:
        raise StoreError(
            f"{file} was exported by another version of this program. Nothing was changed. Export it with this one."
        )
