"""How fast content is loaded again, when little or nothing has changed: by the command, and by `serve --watch`."""

from __future__ import annotations

import contextlib
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import this_server
from benchmarks.loading import AS_OTHERS, BOTH, change, load
from benchmarks.results import at_most, measured
from benchmarks.rounds import Field, Pace
from benchmarks.starting import running, until_answered
from benchmarks.workloads import NEIGHBOURS, body
from benchmarks.wrk import Traffic, send

if TYPE_CHECKING:
    from benchmarks.results import Row

_CHANGES = {0: 0.3, 1: 0.6, 10: 0.7, 100: 0.8}
_WATCH_SECONDS = 0.25
_REST_SECONDS = 1.0
"""After a load, so that what watches has come to rest."""

_TIMES_REST = 3

_ANSWER = "query($url: String!) { question(by: {url: $url}) { answer { markdown } } }"


def measure_reloading(seeds: Path, rounds: int) -> list[Row]:
    """Measure reloads of a copy of `seeds`."""
    with tempfile.TemporaryDirectory() as folder:
        copy, store = Path(folder, "seeds"), Path(folder, "store")
        shutil.copytree(seeds, copy)
        load(copy, store, BOTH, *AS_OTHERS)
        reloads = [_reloads(copy, store, count, rounds) for count in _CHANGES]
        return [*reloads, _watched(copy, store, rounds), _published(copy, store, rounds)]


def _reloads(seeds: Path, store: Path, count: int, rounds: int) -> Row:
    files = sorted(seeds.rglob("*.md"))
    seconds = []
    for number in range(rounds):
        change(files[:: len(files) // count][:count] if count else [], f"Edition {number}.")
        seconds.append(load(seeds, store, BOTH, *AS_OTHERS)[0])
    who = f"{count} files changed" if count > 1 else ("1 file changed" if count else "nothing changed")
    return measured("Reload", who, seconds, "s", aim=at_most(statistics.median(seconds), _CHANGES[count], "s"))


def _watched(seeds: Path, store: Path, rounds: int) -> Row:
    """Measure the time from saving one file to the first answer that has the change."""
    took = []
    command = [sys.executable, "-m", "graphql_api", "serve", "--watch", "--seeds", str(seeds), "--store", str(store)]
    file = min(seeds.rglob("*.md"))
    request = body(_ANSWER, {"url": _url(file)})
    with running([*command, "--port"]) as port:
        until_answered(port, request, b'"markdown"')
        for number in range(rounds + 1):
            time.sleep(_REST_SECONDS)
            mark = f"Watched {number}."
            started = time.perf_counter()
            change([file], mark)
            until_answered(port, request, mark.encode())
            took.append(time.perf_counter() - started)
    aim = at_most(statistics.median(took[1:]), _WATCH_SECONDS, "s")
    return measured("serve --watch", "1 file saved, till served", took[1:], "s", aim=aim)


def _published(seeds: Path, store: Path, rounds: int) -> Row:
    """Measure what requests wait in the first second of a generation of which no page has been read."""
    files = sorted(seeds.rglob("*.md"))
    urls = [_url(each) for each in random.Random(1).sample(files, min(len(files), 2_000))]
    first_second, rest = [], []
    with contextlib.ExitStack() as stack:
        pace = Pace(rounds, seconds=1)
        port = Field(stack, pace).start(this_server(store, cached=False))
        traffic = Traffic(port, [body(NEIGHBOURS, {"url": url}) for url in urls])
        for number in range(rounds):
            rest.append(send(traffic, pace.seconds, pace.load_cores).p99_ms)
            change(files[:1], f"Published {number}.")
            load(seeds, store, BOTH, *AS_OTHERS)
            first_second.append(send(traffic, pace.seconds, pace.load_cores).p99_ms)
    times = statistics.median(first_second) / statistics.median(rest)
    ratio, aim = f"p99 {times:.1f} × rest", at_most(times, _TIMES_REST, "×")
    return measured("32 busy clients", "p99 in the first second of a publish", first_second, "ms", ratio=ratio, aim=aim)


def _url(file: Path) -> str:
    found = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("url: "))
    return found.removeprefix("url: ").strip("\"' ")
