"""A worker: the program of a process that reads and renders seeds for a load.

The load keeps the other end of a socket. When that is closed, because the load has ended in whatever way, so does this.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
from typing import TYPE_CHECKING

from graphql_api.priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.loading.rows import SeedRows
    from graphql_api.records import SeedFile


def import_parsers() -> None:
    """Import what `read_chunk` needs, which takes a while; a load without changes does without."""
    importlib.import_module("graphql_api.reading.seed")


def read_chunk(seeds: Path, files: Sequence[SeedFile]) -> list[SeedRows]:
    """Read, render and encode some seeds."""
    from graphql_api.loading.rows import seed_rows  # noqa: PLC0415 - as above
    from graphql_api.reading.seed import read_seeds  # noqa: PLC0415 - see `import_parsers`

    return [seed_rows(seed) for seed in read_seeds(seeds, files)]


def main(descriptor: int) -> None:
    """Answer what comes by the socket `descriptor`, the arguments of `read_chunk`, with what that returns."""
    from multiprocessing.connection import Connection  # noqa: PLC0415 - 10 ms that a load without changes can spare

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the load
    lower_priority()
    import_parsers()
    # What is made here is sent away and forgotten; looking for cycles among it finds none and takes its time.
    gc.disable()
    connection = Connection(descriptor)
    try:
        while True:
            connection.send(read_chunk(*connection.recv()))
    except (EOFError, OSError, MemoryError):
        os._exit(0)  # at once: there is nothing to put in order
