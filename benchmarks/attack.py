"""Attack a server of one's own: each attack beside good traffic, and a table of what that waits for.

The server is started on the loopback, over a synthetic corpus or a store that is there. Each attack is sent again and
again on three connections for a while, never the same bytes twice, while another connection asks for articles and their
neighbours a hundred times a second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.attacker import behaviours, connection, urls_at
from benchmarks.good_traffic import ask_for_articles, other_process
from benchmarks.processes import own_mib, worker_of
from benchmarks.synthesize import synthesize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from benchmarks.attacker import Send
    from benchmarks.attacks import Attack

_HOST: Final = "127.0.0.1"
_ATTACKERS: Final = 3
_START_SECONDS: Final = 120.0
_ANSWER_SECONDS: Final = 30.0
_WORST: Final = 20


@dataclass(frozen=True, slots=True)
class Target:
    """A server: its port, its process, the urls of articles that it has, and the process that asks for those."""

    port: int
    pid: int
    urls: list[str]
    good: Executor


@dataclass(slots=True)
class Row:
    """What one attack did: statuses and how often, the server's processor time a request, how long others waited."""

    name: str
    statuses: dict[int, int] = field(default_factory=dict)
    cpu_ms: float = 0.0
    waits_ms: list[float] = field(default_factory=list)
    failed: int = 0
    rss_mib: float = 0.0

    def wait_ms(self, part: float) -> float:
        """Return how long the good request at this part of all waited."""
        return (
            sorted(self.waits_ms)[min(int(part * len(self.waits_ms)), len(self.waits_ms) - 1)] if self.waits_ms else 0.0
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the attacks that the arguments ask for, and print the table."""
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__)
    parser.add_argument("--articles", type=int, default=3_000, help="how large the synthetic corpus is")
    parser.add_argument("--store", type=Path, help="a store that is there, instead of a synthetic corpus")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each attack lasts")
    parser.add_argument("--only", default="", help="a regular expression for the attacks' names")
    parser.add_argument("--worst", action="store_true", help="then the twenty worst of them together")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder, "store")
        seeds = [] if options.store else ["--seeds", str(_seeds(Path(folder, "seeds"), options.articles))]
        loading = seeds or ["--no-load"]
        with _server([*loading, "--store", str(store)]) as (port, pid), other_process() as good:
            asyncio.run(_run(port, pid, good, options))


def _seeds(folder: Path, articles: int) -> Path:
    synthesize(articles, 1, folder)
    return folder


@contextlib.contextmanager
def _server(options: list[str]) -> Iterator[tuple[int, int]]:
    command = [sys.executable, "-m", "graphql_api", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            for line in process.stdout or ():
                if found := re.search(rf"http://{_HOST}:(\d+)/", line):
                    yield int(found[1]), worker_of(process.pid)
                    return
            raise RuntimeError("The server has not started; `graphql-api serve` says why.")
        finally:
            process.send_signal(signal.SIGTERM)


async def _run(port: int, pid: int, good: Executor, options: argparse.Namespace) -> None:
    target = Target(port, pid, await urls_at(port), good)
    chosen = [each for each in behaviours() if re.search(options.only, each[0].name)]
    columns = ("CPU ms", "p50 ms", "p99 ms", "max ms", "failed", "RSS MiB")
    print(f"{'attack':42} {'statuses':>22} {' '.join(f'{column:>7}' for column in columns)}")
    rest = await _measured(target, Row("nothing"), [], 3 * options.seconds)
    _show(rest)
    rows = []
    for attack, send in chosen:
        rows.append(await _measured(target, Row(attack.name), [(attack, send)], options.seconds))
        _show(rows[-1])
    if options.worst:
        worst = {row.name for row in sorted(rows, key=lambda row: -row.wait_ms(0.99))[:_WORST]}
        together = [each for each in chosen if each[0].name in worst]
        _show(await _measured(target, Row(f"the worst {len(together)} together"), together, 10 * options.seconds))
    _show(await _measured(target, Row("nothing, afterwards"), [], 3 * options.seconds))


def _show(row: Row) -> None:
    statuses = " ".join(f"{status}x{count}" for status, count in sorted(row.statuses.items())) or "-"
    figures = (row.cpu_ms, row.wait_ms(0.5), row.wait_ms(0.99), row.wait_ms(1.0), row.failed, row.rss_mib)
    print(f"{row.name[:42]:42} {statuses[:22]:>22} {' '.join(f'{figure:7.1f}' for figure in figures)}", flush=True)


async def _measured(target: Target, row: Row, attacks: list[tuple[Attack, Send]], seconds: float) -> Row:
    """Attack for so long beside good traffic, and note what happened."""
    before = _cpu_seconds(target.pid)
    end = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        asking = asyncio.get_running_loop().run_in_executor(
            target.good, ask_for_articles, target.port, target.urls, seconds
        )
        for number in range(_ATTACKERS if attacks else 0):
            turned = attacks[number % len(attacks) :] + attacks[: number % len(attacks)]
            group.create_task(_attack(target.port, turned, row, end))
    row.waits_ms, row.failed = await asking
    row.cpu_ms = (_cpu_seconds(target.pid) - before) * 1_000 / max(sum(row.statuses.values()), 1)
    row.rss_mib = own_mib(target.pid)
    return row


async def _attack(port: int, attacks: list[tuple[Attack, Send]], row: Row, end: float) -> None:
    number = 0
    while time.monotonic() < end:
        attack, send = attacks[number % len(attacks)]
        number += 1
        status = 0
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(_ANSWER_SECONDS), connection(port) as (reader, writer):
                status = await send(reader, writer, attack.data)
        row.statuses[status] = row.statuses.get(status, 0) + 1


# The server's process


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
