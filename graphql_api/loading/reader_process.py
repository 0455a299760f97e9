"""A worker: the program of a process that reads and renders seeds for a load.

The load keeps the other end of a socket. When that is closed, because the load has ended in whatever way, so does this.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from graphql_api.priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from graphql_api.loading.rows import EntryRows, SeedRows
    from graphql_api.model.types import Model
    from graphql_api.reading.entry import Entry
    from graphql_api.records import SeedFile, Served

_ENDS: Final = (signal.SIGTERM,)


class ChunkReader:
    """Reads, renders and encodes seeds by one model; it takes a while to make."""

    def __init__(self, model: Model, site: Served) -> None:
        """Compile the model."""
        from graphql_api.loading.row_maker import RowMaker  # noqa: PLC0415 - see above
        from graphql_api.reading.compile import reader_of  # noqa: PLC0415 - as above
        from graphql_api.store.layout import layout_of  # noqa: PLC0415 - as above

        self._reader = reader_of(model, site)
        self._layout = layout_of(model)
        self._maker = RowMaker(self._layout)

    def read(self, seeds: Path, files: Sequence[SeedFile]) -> list[SeedRows]:
        """Return some seeds as rows."""
        from graphql_api.loading.linked import with_linked  # noqa: PLC0415 - as above
        from graphql_api.loading.rows import SeedRows  # noqa: PLC0415 - as above

        make = self._maker.rows

        def rows(entry: Entry) -> EntryRows:
            for text in entry.texts:
                if text.rendered.links:
                    return with_linked(make(entry), self._layout.entries[entry.type_name], entry.texts)
            return make(entry)

        return [
            SeedRows(
                *seed.file, seed.sha256, tuple([rows(entry) for entry in seed.entries]),
                seed.failed, seed.hidden, seed.problems,
            )
            for seed in self._reader.read(seeds, files)
        ]  # fmt: skip


def import_what_reads() -> None:
    """Import what a `ChunkReader` needs, which takes a while; a load without changes does without."""
    for name in ("loading.row_maker", "reading.compile", "store.layout"):
        importlib.import_module(f"graphql_api.{name}")


def main(descriptors: Sequence[int], nice: int) -> None:
    """Answer what comes by each of the sockets: first what makes a `ChunkReader`, then what it is to read.

    Once it has imported what reads, this process is forked for all sockets but one: importing takes longer than many
    a load, and nothing that it made is copied. A SIGTERM ends all of them.
    """
    from multiprocessing.connection import Connection  # noqa: PLC0415 - 10 ms that a load without changes can spare

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the load
    lower_priority(nice)
    # What is made here is sent away and forgotten; looking for cycles among it finds none and takes its time.
    gc.disable()
    forked: list[int] = []
    try:
        import_what_reads()  # while the load reads its model
        # Whoever is told to end in between would not wait for those that it has just forked.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        connections, forked = divided([Connection(each) for each in descriptors])
        if forked:
            signal.signal(signal.SIGTERM, partial(_end, forked))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        answer(connections)
    except (EOFError, OSError, MemoryError):
        _end(forked)


def divided(connections: Sequence[Connection]) -> tuple[list[Connection], list[int]]:
    """Fork for each connection but one, as long as the system lets it.

    Returns the connections that this process is to answer, and the ids of the processes that it has forked.
    """
    left, forked = list(connections), list[int]()
    while len(left) > 1:
        try:
            process_id = os.fork()
        except OSError:
            break  # the load has more connections than there are processes, and does not notice
        taken = left.pop()
        if not process_id:
            for each in left:
                each.close()
            return [taken], []
        taken.close()
        forked.append(process_id)
    return left, forked


def answer(connections: Sequence[Connection]) -> None:
    """Answer what comes by several connections. Raises EOFError once one of them is closed."""
    from multiprocessing.connection import wait  # noqa: PLC0415 - as above

    readers: dict[Any, ChunkReader] = {}
    while True:
        ready: list[Any] = wait(connections)
        for connection in ready:
            if connection in readers:
                connection.send(readers[connection].read(*connection.recv()))
            else:
                readers[connection] = ChunkReader(*connection.recv())


def _end(forked: Sequence[int], *_: object) -> None:
    """End this process after those that it has forked, which nobody else would wait for."""
    for process_id in forked:
        with contextlib.suppress(OSError):
            os.kill(process_id, signal.SIGTERM)  # what came before they were there has not reached them
            os.waitpid(process_id, 0)
    os._exit(0)  # at once: there is nothing to put in order
