"""How fast content is loaded the first time, and what a load does to serving."""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import this_server
from benchmarks.hugo import build, program
from benchmarks.processes import Peak, run, run_watched
from benchmarks.results import Row, at_least, at_most, measured, missing, served
from benchmarks.rounds import Field
from benchmarks.workloads import body
from benchmarks.wrk import Sample, Traffic, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.rounds import Pace
    from benchmarks.workloads import Workload

BOTH, _ONE = (0, 1), (0,)
_FIRST = {BOTH: ("First load, two cores", 0.8), _ONE: ("First load, one core", 1.3)}
_PEAK_MIB = 250
_PAUSE_MS = 30
AS_OTHERS = ("--nice", "0")
"""What a load is compared with leaves nothing to others either, which counts where the machine does something else."""


def load(seeds: Path, store: Path, cores: Sequence[int] = BOTH, *options: str) -> tuple[float, Peak]:
    """Load, and return the seconds that the command took, with Python's start, and its peak of memory."""
    command = [sys.executable, "-m", "graphql_api", "load", "--seeds", str(seeds), "--store", str(store), "--json"]
    return run_watched([*command, *options], cores)


def change(files: Sequence[Path], mark: str) -> None:
    """Put `mark` before the answer of each seed. Raises RuntimeError if one has none in folded front matter."""
    for file in files:
        text = file.read_bytes()
        changed = text.replace(b"answer: >-\n    ", b"answer: >-\n    " + mark.encode() + b" ", 1)
        if changed == text:
            raise RuntimeError(f"{file} has no line `answer: >-` to measure a change with.")
        file.write_bytes(changed)


def measure_loading(seeds: Path, rounds: int) -> list[Row]:
    """Measure first loads against python-frontmatter and Hugo, on two cores and on one."""
    return [row for cores in _FIRST for row in _first_loads(seeds, cores, rounds)]


def _first_loads(seeds: Path, cores: tuple[int, ...], rounds: int) -> list[Row]:
    ours, parsing, building, peaks = [], [], [], []
    hugo, why = program(), "there is no Hugo; on Debian: apt-get install hugo"
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as store:
            seconds, peak = load(seeds, Path(store), cores, *AS_OTHERS)
        ours.append(seconds)
        peaks.append(peak.mib)
        parsing.append(run([sys.executable, "-m", "benchmarks.parse_only", str(seeds)], cores)[0])
        try:
            building += [build(hugo, seeds, cores)] if hugo else []
        except RuntimeError as error:
            hugo, why = None, str(error)
    what, aim = _FIRST[cores]
    ratio, peak_mib = statistics.median(ours) / statistics.median(parsing), statistics.median(peaks)
    to_parsing = f"{ratio:.2f} × parsing"
    return [
        measured(what, "load: everything in it", ours, "s", ratio=to_parsing, aim=at_most(ratio, aim)),
        measured(what, "python-frontmatter: parse", parsing, "s"),
        _hugo_row(what, building, ours, why),
        measured(what, "load: peak memory", peaks, "MiB", ratio="PSS", aim=at_most(peak_mib, _PEAK_MIB, "MiB")),
    ]


def _hugo_row(what: str, building: Sequence[float], ours: Sequence[float], why_not: str) -> Row:
    who = "Hugo: build a page each"
    if not building:
        return missing(what, who, why_not)
    ratio = f"load: {statistics.median(ours) / statistics.median(building):.2f} ×"
    return measured(what, who, building, "s", ratio=ratio)


def measure_serving_while_loading(seeds: Path, store: Path, workload: Workload, pace: Pace) -> list[Row]:
    """Measure the uncached neighbour query at rest and during full reloads, at full load and at a moderate one."""
    rows = []
    with contextlib.ExitStack() as stack:
        port = Field(stack, pace).start(this_server(store, cached=False))
        bodies = [body(workload.document, variables) for variables in workload.variables]
        for load_name, pause_ms in (("32 busy clients", 0), (f"32 clients, {_PAUSE_MS} ms pauses", _PAUSE_MS)):
            traffic = Traffic(port, bodies, pause_ms=pause_ms)
            send(traffic, 1, pace.load_cores)
            rest = [send(traffic, pace.seconds, pace.load_cores) for _ in range(pace.rounds)]
            during = _during_reloads(traffic, seeds, store, pace)
            p99 = [statistics.median(sample.p99_ms for sample in some) for some in (rest, during)]
            ratio, aim = f"p99 {p99[1] / p99[0]:.1f} ×", at_most(p99[1] / p99[0], 2, "×")
            rows += [
                served("At rest, in a reload", load_name, rest),
                served("At rest, in a reload", "… in a reload", during, ratio=ratio, aim=aim),
            ]
    return rows


def _during_reloads(traffic: Traffic, seeds: Path, store: Path, pace: Pace) -> list[Sample]:
    """Send traffic for as long as full reloads take, one a round, and return what each run within them saw."""
    return [sample for _ in range(pace.rounds) for sample in _during_reload(traffic, seeds, store, pace)]


def _during_reload(traffic: Traffic, seeds: Path, store: Path, pace: Pace) -> list[Sample]:
    samples: list[Sample] = []
    failures: list[RuntimeError] = []

    def reload() -> None:
        try:
            load(seeds, store, BOTH, "--force")
        except RuntimeError as error:
            failures.append(error)

    thread = threading.Thread(target=reload)
    thread.start()
    while thread.is_alive():
        samples.append(send(traffic, min(pace.seconds, 2), pace.load_cores))
    thread.join()
    if failures:
        raise failures[0]
    return samples[:-1] or samples  # the last run goes on after the reload


def measure_workers(store: Path, workload: Workload, pace: Pace, cores: int) -> list[Row]:
    """Compare two workers on two cores with one on one core.

    The load generator has a core of its own if there is a third. Else it runs on the workers' cores, so that each
    worker bears the same share of it.
    """
    bodies = [body(workload.document, variables) for variables in workload.variables]
    samples: dict[tuple[int, ...], list[Sample]] = {_ONE: [], BOTH: []}
    with contextlib.ExitStack() as stack:
        ports = {
            theirs: Field(stack, pace, theirs).start(this_server(store, cached=False, workers=len(theirs)))
            for theirs in samples
        }
        for number in range(pace.rounds):
            for theirs, port in ports.items():
                load_cores = (2,) if cores > len(BOTH) else theirs
                samples[theirs].append(send(Traffic(port, bodies), pace.seconds, load_cores, seed=number))
    rates = {theirs: statistics.median(each.requests_per_second for each in some) for theirs, some in samples.items()}
    where = "" if cores > len(BOTH) else ", wrk there too"
    return [
        served("Workers", f"1 on 1 core{where}", samples[_ONE]),
        served(
            "Workers",
            f"2 on 2 cores{where}",
            samples[BOTH],
            ratio=f"{rates[BOTH] / rates[_ONE]:.2f} × one",
            aim=at_least(rates[BOTH] / rates[_ONE], 1.7, "×"),
        ),
    ]
