"""Soak a server of one's own: hours of requests beside reloads, and a table of what it holds meanwhile.

The server is started on the loopback, over a synthetic corpus, with two workers. Four connections ask for articles and
pages and search, without a pause; a load follows the other, each after a change: some seeds written anew, some taken
away, some put back, and everything built anew once in ten times. Memory, descriptors and disk are to be flat.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks.processes import HOST, descendants, free_port, server
from benchmarks.synthesize import synthesize
from benchmarks.workloads import NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONNECTIONS: Final = 4
_FORCED: Final = 10
_CHANGED: Final = 20
_MIB: Final = 1 << 20
_SEARCH: Final = "query ($query: String!) { search(query: $query, first: 10) { totalCount nodes { title } } }"
_PAGE: Final = "query ($o: Int!) { questions(first: 20, offset: $o) { totalCount nodes { title url date } } }"


@dataclass(slots=True)
class Minute:
    """What was answered since the last line of the table."""

    answers: int = 0
    failures: int = 0
    loads: int = 0
    waits: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> None:
    """Soak for as long as the arguments say, and print a line a minute. Ends with 1 if any request or load failed."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long")
    parser.add_argument("--articles", type=int, default=3_000, help="how large the synthetic corpus is")
    parser.add_argument("--workers", type=int, default=2, help="of the server")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        synthesize(asked.articles, 1, folder / "seeds")
        sys.exit(asyncio.run(_soak(folder, asked.workers, asked.minutes * 60)))


async def _soak(folder: Path, workers: int, seconds: float) -> int:
    await _load(folder)
    port, minute, failed = free_port(), Minute(), 0
    command = [sys.executable, "-m", "graphql_api", "serve", "--no-load", "--store", str(folder / "store")]
    command += ["--port", str(port), "--workers", str(workers)]
    with server(command, port, range(os.cpu_count() or 1), {"PYTHONPATH": str(Path(__file__).parent.parent)}) as pid:
        urls = [each["url"] for each in (await _asked(port, "{ questions(first: 100) { nodes { url } } }"))["nodes"]]
        tasks = [asyncio.create_task(_ask(port, urls, minute, number)) for number in range(_CONNECTIONS)]
        tasks.append(asyncio.create_task(_reload(folder, minute)))
        print("| minute | answers | failed | loads | p99 ms | RssAnon MiB | descriptors | threads | store MiB |")
        print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        started = time.monotonic()
        for number in range(1, max(1, round(seconds / 60)) + 1):
            await asyncio.sleep(started + min(number * 60, seconds) - time.monotonic())
            print(_line(number, minute, pid, folder / "store"), flush=True)
            failed += minute.failures
            minute.answers = minute.failures = minute.loads = 0
            minute.waits.clear()
            for each in tasks:
                if each.done():
                    await each  # which raises what has ended it
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return int(failed > 0)


def _line(number: int, minute: Minute, pid: int, store: Path) -> str:
    processes = [pid, *descendants(pid)]
    rss = sum(_status(each, "RssAnon") for each in processes) / 1024
    threads = sum(_status(each, "Threads") for each in processes)
    descriptors = sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in processes)
    disk = sum(file.stat().st_blocks * 512 for file in store.rglob("*") if file.is_file()) / _MIB
    p99 = sorted(minute.waits)[int(0.99 * len(minute.waits))] * 1000 if minute.waits else 0.0
    return (
        f"| {number} | {minute.answers:,} | {minute.failures} | {minute.loads} | {p99:.0f} | {rss:.0f} | {descriptors}"
        f" | {threads} | {disk:.0f} |"
    )


def _status(pid: int, name: str) -> int:
    """Return a number of a process's status: KiB, or a count."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


async def _reload(folder: Path, minute: Minute) -> None:
    """Change seeds and load them, again and again."""
    draw = random.Random(0)
    seeds = sorted((folder / "seeds").rglob("*.md"))
    removed: dict[Path, bytes] = {}
    for number in range(1, sys.maxsize):
        for path, data in removed.items():
            path.write_bytes(data)
        some = draw.sample(seeds, 2 * _CHANGED)
        for path in some[:_CHANGED]:
            path.write_bytes(path.read_bytes() + f"\nAnd {number} more.\n".encode())
        removed = {path: path.read_bytes() for path in some[_CHANGED:]}
        for path in removed:
            path.unlink()
        await _load(folder, *(["--force"] if number % _FORCED == 0 else []))
        minute.loads += 1
        await asyncio.sleep(5)


async def _load(folder: Path, *options: str) -> None:
    """Load as a command of its own. Raises RuntimeError if it fails."""
    command = [sys.executable, "-m", "graphql_api", "load", "--seeds", str(folder / "seeds")]
    process = await asyncio.create_subprocess_exec(
        *command,
        "--store",
        str(folder / "store"),
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"A load ended with {process.returncode}:\n{printed.decode(errors='replace')}")


async def _ask(port: int, urls: Sequence[str], minute: Minute, number: int) -> None:
    """Ask one thing after the other on one connection; a new one if it ends. Changed and removed articles count too."""
    draw = random.Random(number)
    while True:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                while True:
                    document, variables = _some(draw, urls)
                    started = time.perf_counter()
                    status, body = await _answered(reader, writer, document, variables)
                    minute.waits.append(time.perf_counter() - started)
                    minute.answers += 1
                    minute.failures += status != HTTPStatus.OK or b'"errors"' in body
                    await asyncio.sleep(0.01)
            finally:
                writer.close()
        minute.failures += 1


def _some(draw: random.Random, urls: Sequence[str]) -> tuple[str, Mapping[str, object]]:
    kind = draw.randrange(3)
    if kind == 0:
        return NEIGHBOURS, {"url": draw.choice(urls)}
    if kind == 1:
        return _PAGE, {"o": draw.randrange(1_000)}
    return _SEARCH, {"query": draw.choice(urls).rpartition("/")[2].replace("-", " ")[: draw.randrange(3, 30)]}


async def _asked(port: int, document: str) -> Mapping[str, list[Mapping[str, str]]]:
    """Return the only field of an answer."""
    reader, writer = await asyncio.open_connection(HOST, port)
    _, body = await _answered(reader, writer, document, {})
    writer.close()
    data: dict[str, Mapping[str, list[Mapping[str, str]]]] = orjson.loads(body)["data"]
    return next(iter(data.values()))


async def _answered(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, document: str, variables: Mapping[str, object]
) -> tuple[int, bytes]:
    body = orjson.dumps({"query": document, "variables": variables})
    lines = "POST /graphql HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json", f"Content-Length: {len(body)}"
    writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", answer)
    return int(answer[9:12]), await reader.readexactly(int(length[1]) if length else 0)


if __name__ == "__main__":
    main()
