"""The inventory of a store: which generations it holds, and whether they are what was published."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.errors import DamagedGenerationError, StoreError
from graphql_api.store.generations import check_generation, generation_path, read_pointer, read_previous, reading
from graphql_api.store.kept import spares

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.store.generations import Pointer


class State(StrEnum):
    """What a generation is to its store."""

    CURRENT = "current"
    PREVIOUS = "previous"
    SPARE = "spare"


class Stored(Struct, frozen=True):
    """One generation; `sequence` is 0 and `label` "" where nothing tells them any more. `built_at` is of its file."""

    state: State
    version: str
    label: str
    sequence: int
    built_at: str
    size_bytes: int
    file: str


class Verdict(Struct, frozen=True):
    """What is to be said of one generation, or of the pointer; `damage` is "" for one that is what was published."""

    state: State
    file: str
    damage: str


def inventory(store: Path) -> list[Stored]:
    """Return the generations of a store: the current one, the one before it, spares. Raises StoreError."""
    found = [_stored(store, state, pointer) for state, pointer in _pointers(store)]
    found += [_of_file(path, State.SPARE, path.name.rpartition("-")[0]) for path in spares(store)]
    return [each for each in found if each]


def verify(store: Path) -> list[Verdict]:
    """Return a verdict on the current generation and on the one before it. Blocks.

    Raises NoGenerationError if nothing was published, and StoreError for a store that cannot be read.
    """
    try:
        pointers = _pointers(store)
    except DamagedGenerationError as error:
        return [Verdict(State.CURRENT, "current.json", str(error)), *_verdicts(store, [_previous(store)])]
    return _verdicts(store, pointers)


def _verdicts(store: Path, pointers: list[tuple[State, Pointer | None]]) -> list[Verdict]:
    return [Verdict(state, pointer.file, _damage(store, pointer)) for state, pointer in pointers if pointer]


def _damage(store: Path, pointer: Pointer) -> str:
    path = generation_path(store, pointer)
    try:
        with reading(path):
            check_generation(path, pointer)
    except FileNotFoundError:
        return f"{path} is gone. Load again: that rebuilds it."
    except OSError as error:
        return f"{path} cannot be read ({error.strerror}). Check the disk."
    except StoreError as error:
        return str(error)
    return ""


def _pointers(store: Path) -> list[tuple[State, Pointer | None]]:
    current = read_pointer(store)
    previous = read_previous(store)
    is_another = previous is not None and previous.file != current.file
    return [(State.CURRENT, current), (State.PREVIOUS, previous if is_another else None)]


def _previous(store: Path) -> tuple[State, Pointer | None]:
    return State.PREVIOUS, read_previous(store)


def _stored(store: Path, state: State, pointer: Pointer | None) -> Stored | None:
    if pointer is None:
        return None
    return _of_file(generation_path(store, pointer), state, pointer.version, pointer.label, pointer.sequence)


def _of_file(path: Path, state: State, version: str, label: str = "", sequence: int = 0) -> Stored | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    built_at = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC).isoformat(timespec="seconds")
    return Stored(state, version, label, sequence, built_at, status.st_size, path.name)
