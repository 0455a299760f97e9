"""What a request costs the engine in CPU time, without HTTP and response cache: an operation on some stores by turns.

    python -m benchmarks.reads OPERATION VARIABLES STORE...

OPERATION is a file with a query, VARIABLES one with a JSON list of variables, which are asked for in their order. Each
store is asked in a process of its own, read and mapped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.engine.requests import Request
from graphql_api.settings import Settings

_ROUNDS = 5


def _cost(store: Path, document: str, variables: list[dict[str, Any]], *, is_mapped: bool) -> float:
    """Return the microseconds of CPU that a request takes, once all have been asked before."""

    async def ask() -> float:
        async with open_store(Settings(store, mmap=is_mapped)) as opened:
            executor = Executor(opened)
            started = 0.0
            for _ in range(2):
                started = time.process_time()
                for each in variables:
                    response = await executor.execute(Request(document, variables=each))
                    if response.body.startswith(b'{"errors"'):
                        raise RuntimeError(response.body.decode())
            return (time.process_time() - started) / len(variables) * 1e6

    return asyncio.run(ask())


def main() -> None:
    """Print a line for each store and way of reading: the median of the rounds, the least and the greatest."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reads", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("operation", type=Path)
    parser.add_argument("variables", type=Path)
    parser.add_argument("stores", type=Path, nargs="+")
    options = parser.parse_args()
    document, variables = options.operation.read_text(), json.loads(options.variables.read_text())
    took: dict[tuple[Path, bool], list[float]] = {(store, way): [] for store in options.stores for way in (False, True)}
    with ExitStack() as stack:
        pools = {each: stack.enter_context(ProcessPoolExecutor(1)) for each in took}
        for _ in range(_ROUNDS):
            for (store, way), times in took.items():
                asked = pools[store, way].submit(_cost, store, document, variables, is_mapped=way)
                times.append(asked.result())
    for (store, way), times in took.items():
        least, most, middle = min(times), max(times), statistics.median(times)
        print(f"{store} {'mapped' if way else 'read':6} {middle:8.1f} µs ({least:.1f} … {most:.1f})")


if __name__ == "__main__":
    main()
