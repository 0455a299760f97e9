"""Copies: the beginning of the next generation, equal to the current one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from graphql_api.store.generations import building_path, take_unread

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK_BYTES = 65_536


def copy_generation(store: Path, source: Path) -> None:
    """Make the file in which the next generation is built a copy of the generation `source`. Blocks. Raises OSError.

    The generation before the current one, if nobody reads it, differs from it in little. Comparing two files takes a
    fraction of what it takes to write one, to make it durable, and to give back the room of another.
    """
    if take_unread(store):
        make_equal(building_path(store), source)
    else:
        shutil.copyfile(source, building_path(store))


def make_equal(path: Path, source: Path) -> None:
    """Make the file `path` equal to `source` by writing only what differs. Blocks. Raises OSError."""
    place = 0
    with source.open("rb", buffering=0) as source_file, path.open("rb+") as file:
        while chunk := source_file.read(_CHUNK_BYTES):
            if file.read(len(chunk)) != chunk:
                file.seek(place)
                file.write(chunk)
            place += len(chunk)
        file.truncate(place)
