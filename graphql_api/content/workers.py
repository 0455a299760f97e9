"""Workers: read and render seeds in a pool of processes, in order, a few batches ahead of whoever writes them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import multiprocessing
import os
import threading
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import forkserver, resource_tracker
from typing import TYPE_CHECKING

from graphql_api.errors import ContentError
from graphql_api.store.rows import seed_rows

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
    from multiprocessing.context import ForkServerContext
    from pathlib import Path

    from graphql_api.records import SeedFile
    from graphql_api.store.rows import SeedRows

_LOW_PRIORITY = "graphql_api.content.low_priority"
_READER = "graphql_api.content.seed"
_FILES_PER_TASK, _BYTES_PER_TASK = 100, 4 << 20
_FILES_WORTH_A_POOL = 150


def prepare(files: int) -> None:
    """Make ready to read so many files: what that imports takes a while, best while something else is waited for."""
    if _is_worth_a_pool(files):
        _processes()
        with contextlib.suppress(OSError):  # whoever reads tries again, and tells
            forkserver.ensure_running()
    elif files:
        # Not in a thread: what yaml-rs allocates belongs to the thread that imports it, and must not end with it.
        importlib.import_module(_READER)


def end_processes() -> None:
    """End what `prepare` has started, once nothing is being read: whoever lives on would keep 33 MiB of processes."""
    for helper in (forkserver._forkserver, resource_tracker._resource_tracker):  # noqa: SLF001 - no public way
        helper._stop()  # type: ignore[union-attr] # noqa: SLF001


async def read_batches(seeds: Path, files: Sequence[SeedFile]) -> AsyncGenerator[list[SeedRows], None]:
    """Yield the seeds in batches, in the order of `files`. Raises ContentError if a worker dies.

    Close the iterator (`contextlib.aclosing`): that ends the workers.
    """
    loop = asyncio.get_running_loop()
    tasks: deque[asyncio.Future[list[SeedRows]]] = deque()
    async with _workers(len(files)) as (workers, ahead):
        try:
            for chunk in _chunks(files):
                tasks.append(loop.run_in_executor(workers, _read_chunk, seeds, chunk))
                if len(tasks) > ahead:
                    yield await tasks.popleft()
            while tasks:
                yield await tasks.popleft()
        except BrokenExecutor as error:
            raise ContentError("A process that read seeds has died, perhaps for want of memory. Load again.") from error
        except (EOFError, OSError) as error:
            reason = getattr(error, "strerror", None) or "it ended at once"
            raise ContentError(f"A process that reads seeds cannot be started ({reason}). Load again.") from error
        finally:
            for task in tasks:
                task.cancel()


@contextlib.asynccontextmanager
async def _workers(files: int) -> AsyncIterator[tuple[Executor, int]]:
    """Give the executor for so many files and how many tasks to keep ahead: processes if they are worth starting."""
    prepare(files)
    executor: Executor
    if _is_worth_a_pool(files):
        executor, ahead = ProcessPoolExecutor(_cores(), _processes(), _end_with_parent), 2 * _cores()
    else:
        executor, ahead = ThreadPoolExecutor(1), 1
    try:
        yield executor, ahead
    finally:
        await asyncio.to_thread(executor.shutdown, cancel_futures=True)


def _is_worth_a_pool(files: int) -> bool:
    return files >= _FILES_WORTH_A_POOL and _cores() > 1


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_LOW_PRIORITY, __name__, _READER])
    return context


def _end_with_parent() -> None:
    """Have a worker end when the loading process is killed; it would wait for its next task for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
    # What a worker makes is sent away and forgotten; looking for cycles among it finds none and takes its time.
    gc.disable()


def _chunks(files: Sequence[SeedFile]) -> Iterator[Sequence[SeedFile]]:
    """Yield files by the hundred; fewer if they are large, because all texts of a task are in memory at once."""
    start = size_bytes = 0
    for end, file in enumerate(files):
        if end - start == _FILES_PER_TASK or size_bytes > _BYTES_PER_TASK:
            yield files[start:end]
            start, size_bytes = end, 0
        size_bytes += file.size_bytes
    if files:
        yield files[start:]


def _read_chunk(seeds: Path, files: Sequence[SeedFile]) -> list[SeedRows]:
    """Read, render and encode some seeds; runs in a worker."""
    from graphql_api.content.seed import read_seeds  # noqa: PLC0415 - a load without changes does without the parsers

    return [seed_rows(seed) for seed in read_seeds(seeds, files)]
