"""Rollback: make the generation before the current one current again, and hold it there.

While the seeds say what was rolled back, loads publish nothing: the fault would be back with the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graphql_api.errors import DamagedGenerationError, StoreError
from graphql_api.store.driver import open_generation, sqlite3
from graphql_api.store.generations import (
    check_generation,
    generation_path,
    load_lock,
    read_pointer,
    read_previous,
    reading,
    write_pointer,
)
from graphql_api.store.webhook_queue import enqueue_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphql_api.store.generations import Pointer


def roll_back(store: Path) -> tuple[Pointer, Pointer]:
    """Make the generation before the current one current. Returns the one that was current and the one that is. Blocks.

    Raises LoadBusyError, NoGenerationError, and StoreError if there is none before, or if it is damaged.
    """
    with load_lock(store):
        current, previous = read_pointer(store), read_previous(store)
        if previous is None or previous.file == current.file:
            raise StoreError(f"There is no generation before the current one in {store}. Nothing was changed.")
        _check(store, previous)
        pointer = replace(
            previous,
            sequence=current.sequence + 1,
            held=_seeds_of(store, current),
            held_label=current.label,
        )
        try:
            enqueue_unknown(store, pointer)
            write_pointer(store, pointer)
        except OSError as error:
            raise StoreError(f"The store {store} cannot be written ({error.strerror}). Nothing was changed.") from error
    return current, pointer


def seeds_digest(model: str, digests: Iterable[tuple[str, bytes | None]]) -> str:
    """Return what tells seeds from others: of the model's fingerprint, and each one's path and SHA-256, by path."""
    digest = hashlib.sha256(model.encode())
    for path, sha256 in digests:
        digest.update(b"\0".join((b"", path.encode(), sha256 or b"")))
    return digest.hexdigest()[:32]


def is_held(pointer: Pointer, label: str) -> bool:
    """Return whether loads of this label are to look whether the seeds are still those that were rolled back."""
    return bool(pointer.held) and (not label or not pointer.held_label or label == pointer.held_label)


def _check(store: Path, pointer: Pointer) -> None:
    path = generation_path(store, pointer)
    try:
        with reading(path):
            check_generation(path, pointer)
    except (OSError, DamagedGenerationError) as error:
        raise StoreError(f"The generation before the current one cannot be used: {error}") from error


def _seeds_of(store: Path, pointer: Pointer) -> str:
    """Return the digest of the seeds of a generation; "" for one that is damaged, which a load may well rebuild."""
    path = generation_path(store, pointer)
    try:
        with reading(path):
            check_generation(path, pointer)
            with contextlib.closing(open_generation(path)) as db:
                return seeds_digest(pointer.model, db.execute("SELECT path, sha256 FROM seed ORDER BY path"))
    except (OSError, StoreError, sqlite3.Error):
        return ""
