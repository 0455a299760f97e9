"""Copies: the beginning of the next generation, equal to the current one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, BinaryIO

from graphql_api.store.generations import building_path
from graphql_api.store.kept import taken_spare

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK_BYTES = 65_536


def copy_generation(store: Path, source: Path) -> None:
    """Make the file in which the next generation is built a copy of the generation `source`. Blocks. Raises OSError.

    The spare, if nobody has it open, differs from it in little. Comparing two files takes a fraction of what it takes
    to write one, to make it durable, and to give back the room of another.
    """
    with taken_spare(store) as spare:
        if spare:
            make_equal(spare, source)
            return
    shutil.copyfile(source, building_path(store))


def make_equal(file: BinaryIO, source: Path) -> None:
    """Make an open file equal to the file `source` by writing only what differs. Blocks. Raises OSError."""
    place = 0
    file.seek(0)
    with source.open("rb", buffering=0) as source_file:
        while chunk := source_file.read(_CHUNK_BYTES):
            if file.read(len(chunk)) != chunk:
                file.seek(place)
                file.write(chunk)
            place += len(chunk)
        file.truncate(place)
        file.flush()
