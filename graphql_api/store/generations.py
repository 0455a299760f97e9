"""The folder of a store: generations, the pointer to the current one, and the lock of a load.

    STORE/current.json               which generation is current; replaced atomically
    STORE/previous.json              which one was before
    STORE/generations/NAME.sqlite    immutable under its name, which holds its version and its checksum
    STORE/generations/next.building  what a load writes; of no use to anybody else
    STORE/load.lock                  held by the one load that may run

A reader holds a shared lock on each generation that it has open, so that a load removes, or takes to build the next one
in its place, only what nobody reads (`graphql_api.store.kept`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import asdict, replace
from xxhash import xxh3_128

from graphql_api.errors import DamagedGenerationError, LoadBusyError, NoGenerationError, StoreError
from graphql_api.store.locks import LocksMissingError, file_system_of, lock_alone, lock_with_others

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BYTES_AT_ONCE = 1 << 20
_POINTER_TYPES = {
    "version": str,
    "file": str,
    "size_bytes": int,
    "checksum": str,
    "tables": str,
    "code": str,
    "model": str,
    "site": str,
    "sequence": int,
    "label": str,
    "held": str,
    "held_label": str,
}
_WITHOUT = {
    name: _POINTER_TYPES[name]() for name in ("checksum", "model", "site", "sequence", "label", "held", "held_label")
}
_FILE_NAME = re.compile(r"[\w.-]+", re.ASCII)


class Pointer(Struct, frozen=True):
    """What `current.json` says: the version, its file in `generations/`, that file's size and checksum.

    `tables`, `code`, `model` and `site` are the fingerprints of its tables, of the code that made it, of its model, and
    of how the site is served. `sequence` counts what was published, from 1; `label` is what the publish was called, ""
    for nothing.
    `held` and `held_label` are the digest of the seeds, and the label, of what was rolled back to this, "" without one.
    """

    version: str
    file: str
    size_bytes: int
    checksum: str
    tables: str
    code: str
    model: str
    site: str = ""
    sequence: int = 0
    label: str = ""
    held: str = ""
    held_label: str = ""

    def is_of_same_file(self, other: Pointer) -> bool:
        """Return whether another pointer differs in nothing but what its publish is called and counted."""
        called = {name: getattr(self, name) for name in ("sequence", "label", "held", "held_label")}
        return replace(other, **called) == self

    @property
    def edition(self) -> str:
        """Names the publish: no other has the same, not even one of equal content."""
        return f"{self.version}/{self.sequence}/{self.label}"


def pointer_path(store: Path) -> Path:
    """Return where the pointer of `store` lies."""
    return store / "current.json"


def previous_path(store: Path) -> Path:
    """Return where the pointer that was current before lies."""
    return store / "previous.json"


def generation_path(store: Path, pointer: Pointer) -> Path:
    """Return where the generation that `pointer` names lies."""
    return store / "generations" / pointer.file


def building_path(store: Path) -> Path:
    """Return where a load writes the next generation."""
    return store / "generations" / "next.building"


def read_pointer(store: Path) -> Pointer:
    """Return the pointer.

    Raises NoGenerationError if nothing was published, StoreError if it cannot be read, and of these
    DamagedGenerationError if it is not what was written.
    """
    return _read(pointer_path(store), store)


def read_previous(store: Path) -> Pointer | None:
    """Return the pointer that was current before; None if there is none, or none that can be read."""
    try:
        return _read(previous_path(store), store)
    except StoreError:
        return None


def _read(path: Path, store: Path) -> Pointer:
    try:
        return pointer_of(path.read_bytes())
    except NotADirectoryError:
        raise _not_a_folder(store) from None
    except FileNotFoundError:
        raise NoGenerationError(
            f"No content has been loaded into {store}. Load some: graphql-api load --store {store}"
        ) from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error}). Load again: that replaces it.") from error
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise DamagedGenerationError(f"{path} cannot be read ({error}). Load again: that replaces it.") from error


def _not_a_folder(store: Path) -> StoreError:
    return StoreError(f"The store {store} is not a folder. Name another one with --store.")


def pointer_of(data: bytes) -> Pointer:
    """Return what a pointer says; one of an earlier program says less.

    Raises LookupError, TypeError, ValueError or RecursionError for what is none.
    """
    said = {**_WITHOUT, **json.loads(data)}
    values = {name: said[name] for name in _POINTER_TYPES}
    wrong = [name for name, kind in _POINTER_TYPES.items() if not isinstance(values[name], kind)]
    if wrong or not _FILE_NAME.fullmatch(values["file"]):
        raise ValueError(f"wrong value of {wrong[0] if wrong else 'file'}")
    return Pointer(**values)


def write_pointer(store: Path, pointer: Pointer) -> None:
    """Replace the pointer atomically and durably; the one before becomes the previous one.

    Raises OSError, StoreError once the pointer is replaced.
    """
    before = pointer_path(store)
    with contextlib.suppress(StoreError):
        if read_pointer(store).file != pointer.file:
            replace_file(previous_path(store), before.read_bytes())
    replace_file(before, json.dumps(asdict(pointer)).encode())
    try:
        sync_folder(store)
    except OSError as error:
        raise StoreError(
            f"The new content is published, but {store} cannot be synchronised ({error.strerror}): after a power cut, "
            "what was published before may be back. Check the disk."
        ) from error


def replace_file(path: Path, data: bytes, *, is_durable: bool = True) -> None:
    """Replace a small file atomically; its content is durable if asked for, its name is not yet. Raises OSError."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        file.write(data)
        if is_durable:
            file.flush()
            os.fsync(file.fileno())
    temporary.replace(path)


def relabelled(store: Path, pointer: Pointer, label: str) -> Pointer:
    """Give the current publish another label, if one is given; hold the store's lock. Raises OSError, StoreError."""
    if not label or label == pointer.label:
        return pointer
    labelled = replace(pointer, label=label)
    write_pointer(store, labelled)
    return labelled


def sync_file(path: Path) -> None:
    """Make the content of a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum_of(path: Path) -> str:
    """Return the checksum of a file in hex: XXH3 with 128 bits, which tells damage, not malice. Raises OSError.

    It takes a seventh of the time of SHA-256. Who can alter a generation can alter what stands beside it, too.
    """
    checksum = xxh3_128()
    # Every piece asks for the interpreter, which other threads use meanwhile, so there are few; but a core's cache
    # is to keep each until it is summed up: with 4 MiB that takes a fifth longer.
    piece = memoryview(bytearray(_BYTES_AT_ONCE))
    with path.open("rb", buffering=0) as file:
        while size_bytes := file.readinto(piece):
            checksum.update(piece[:size_bytes])
    return checksum.hexdigest()


def check_generation(path: Path, pointer: Pointer) -> None:
    """Raise DamagedGenerationError unless the file `path` is, byte for byte, what was published. Blocks.

    What an earlier program has published has no checksum, and is known by its size alone. Raises OSError.
    """
    check_size(path, pointer)
    check_bytes(path, pointer)


def check_size(path: Path, pointer: Pointer) -> None:
    """Raise DamagedGenerationError unless the file is as long as what was published; this takes no time."""
    size_bytes = path.stat().st_size
    if size_bytes != pointer.size_bytes:
        raise DamagedGenerationError(
            f"{path} has {size_bytes} bytes, and {pointer.size_bytes} were published. Load again: that rebuilds it."
        )


def check_bytes(path: Path, pointer: Pointer) -> None:
    """Raise DamagedGenerationError unless the file's bytes are those that were published. Blocks."""
    if pointer.checksum and checksum_of(path) != pointer.checksum:
        raise DamagedGenerationError(
            f"{path} is not what was published (its checksum differs). Load again: that rebuilds it."
        )


@contextlib.contextmanager
def load_lock(store: Path) -> Iterator[None]:
    """Hold the lock of the one load that may run.

    Raises LoadBusyError at once if another load holds it, StoreError if `store` is not a folder or has no locks.
    """
    if store.exists() and not store.is_dir():
        raise _not_a_folder(store)
    (store / "generations").mkdir(parents=True, exist_ok=True)
    with (store / "load.lock").open("a") as file:
        try:
            lock_alone(file)
        except BlockingIOError:
            raise LoadBusyError(f"Another load is under way in {store}. Wait until it has ended.") from None
        except LocksMissingError as error:
            raise StoreError(
                f"The file system of the store {store} ({file_system_of(store) or 'unknown'}) has no locks, so two "
                "loads could spoil each other's work. Nothing was changed. Mount it with locks, or keep the store on a "
                "local disk."
            ) from error
        yield


@contextlib.contextmanager
def reading(path: Path, size_bytes: int | None = None) -> Iterator[BinaryIO]:
    """Keep the generation `path`, which is given as an open file, from being removed.

    Raises FileNotFoundError if it is gone, and another OSError if it is not of `size_bytes`, where that is known.
    """
    with path.open("rb") as file:
        lock_with_others(file)
        status = os.fstat(file.fileno())
        # Between opening and locking, a load can have removed it, or begun to build the next one in its place.
        if not os.path.samestat(status, path.stat()):
            raise FileNotFoundError(f"{path} was replaced while it was opened")
        if size_bytes not in {None, status.st_size}:
            raise OSError(f"it has {status.st_size} bytes, and {size_bytes} were published")
        yield file


def remove_leftovers(store: Path) -> None:
    """Remove what loads that died have left behind; whoever holds the lock may."""
    for path in (*(store / "generations").glob("*.building*"), *store.glob("*.tmp")):
        path.unlink(missing_ok=True)
