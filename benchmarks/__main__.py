"""The bench: run by `scripts/bench`, prints one table, and can put it into docs/performance.md."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import against
from benchmarks.bars import bars_svg
from benchmarks.contenders import others, runs
from benchmarks.corpus import given_corpus, prepare
from benchmarks.growth import measure_growth
from benchmarks.loading import AS_OTHERS, BOTH, load, measure_loading, measure_serving_while_loading, measure_workers
from benchmarks.peers import start_peers
from benchmarks.plain_database import make_plain_database
from benchmarks.planning import measure_planning
from benchmarks.reloading import measure_reloading
from benchmarks.results import insert, missing, show
from benchmarks.rounds import Pace
from benchmarks.serving import measure_serving
from benchmarks.starting import measure_starts
from benchmarks.words import DATASETTE
from benchmarks.workloads import workloads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.contenders import Contender
    from benchmarks.results import Row
    from benchmarks.workloads import Workload

_ROOT = Path(__file__).parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
_PLOT, _BARS = _ROOT / "docs" / "performance-growth.svg", _ROOT / "docs" / "performance-servers.svg"
_PLOTTED = ("Neighbours", "First 20 of a subject", "Two levels")
_ARTICLES = 36_000
_GROWTH, _GROWS_FROM = (1, 10, 30), 11_670
_LEAST_CORES, _LEAST_ARTICLES = 2, 100


def main() -> None:
    """Measure what the options ask for."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what runs is ended, and what was made removed
    cores = len(os.sched_getaffinity(0))
    if cores < _LEAST_CORES:
        sys.exit("scripts/bench needs two cores: one for the server, one for the load generator.")
    usual, seconds = (3, 2) if options.quick else (5, 3)
    pace = Pace(options.rounds or usual, seconds)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        if options.growth:
            sizes = [(options.articles or _GROWS_FROM) * times for times in _GROWTH]
            rows, name, content = measure_growth(sizes, Path(folder), _plot(options), pace), "growth", "synthetic"
        else:
            corpus = prepare(options.corpus, options.articles or _ARTICLES, Path(folder))
            if corpus.articles < _LEAST_ARTICLES:
                sys.exit(f"scripts/bench needs {_LEAST_ARTICLES} articles at least; these are {corpus.articles}.")
            rows, name = _measure(corpus.seeds, Path(folder), options, pace, cores), "table"
            content = corpus.description
    remarks = ["--quick"] * options.quick + [f"--rounds {options.rounds}"] * bool(options.rounds) + [options.note]
    title = _title(content, "".join(f", {each}" for each in remarks if each))
    show(rows, title)
    if options.write:
        insert(_PAGE, name, rows, title)
        if not options.growth:
            _BARS.write_text(bars_svg(rows, _PLOTTED), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure everything and print one table.")
    parser.add_argument("--quick", action="store_true", help="three rounds of two seconds instead of five of three")
    parser.add_argument("--rounds", type=int, help="another number of rounds")
    parser.add_argument(
        "--corpus",
        type=Path,
        default=given_corpus(),
        help="a folder of seeds, or a tar of one; a small one is repeated under other names"
        " (default: the sample in the folder GRAPHQL_API_TEST_CORPUS, else a synthetic corpus)",
    )
    parser.add_argument("--growth", action="store_true", help="measure 1, 10 and 30 times the size instead; takes long")
    parser.add_argument(
        "--articles",
        type=int,
        help=f"how many to measure with at least (default: {_ARTICLES:,}; growth: {_GROWS_FROM:,})",
    )
    parser.add_argument(
        "--against",
        type=_checkout,
        metavar="CHECKOUT",
        help="a folder with another checkout of this project, set up: its server is measured too, as what was before",
    )
    parser.add_argument("--peers", action="store_true", help="mercurius and PostGraphile too; needs npm and PostgreSQL")
    parser.add_argument("--write", action="store_true", help="put the table and its plot into docs/performance.md")
    parser.add_argument("--note", default="", help="words for the table's title, such as what else the machine does")
    parser.add_argument("--work", type=Path, help="where temporary files go (growth at 30 times: 10 GB)")
    parser.add_argument("--datasette", type=Path, default=_ROOT / ".venv-bench/bin/datasette", help=argparse.SUPPRESS)
    return parser.parse_args()


def _checkout(folder: str) -> Path:
    try:
        return against.check(Path(folder))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _plot(options: argparse.Namespace) -> Path:
    return _PLOT if options.write else Path(tempfile.gettempdir(), _PLOT.name)


def _measure(seeds: Path, folder: Path, options: argparse.Namespace, pace: Pace, cores: int) -> list[Row]:
    store, plain = folder / "store", folder / "plain.db"
    load(seeds, store, BOTH, *AS_OTHERS)
    make_plain_database(store, plain)
    asked = workloads(plain)
    earlier = against.loaded(options.against, seeds, folder / "before") if options.against else []
    return measured_in_order(
        {
            "Servers": lambda: _serve(store, plain, earlier=earlier, asked=asked, options=options, pace=pace),
            "Workers": lambda: measure_workers(store, asked[0], pace, cores),
            "A document never seen": lambda: measure_planning(asked),
            "Start to first answer": lambda: measure_starts(store, asked[0], pace.rounds),
            "First load": lambda: measure_loading(seeds, pace.rounds),
            "Reload": lambda: measure_reloading(seeds, pace.rounds),
            "At rest, in a reload": lambda: measure_serving_while_loading(seeds, store, asked[0], pace),
        }
    )


def measured_in_order(parts: Mapping[str, Callable[[], list[Row]]]) -> list[Row]:
    """Return the rows of all parts, each measured after the one before; one that fails has a row that says why."""
    rows: list[Row] = []
    for what, measure in parts.items():
        print(f"{dt.datetime.now(dt.UTC):%H:%M} {what} ...", file=sys.stderr, flush=True)
        try:
            rows += measure()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            rows.append(missing(what, "", str(error)))
        except KeyboardInterrupt:  # what was measured is worth having
            rows.append(missing(what, "", "it was interrupted"))
            break
    return rows


def _serve(
    store: Path,
    plain: Path,
    *,
    earlier: Sequence[Contender],
    asked: Sequence[Workload],
    options: argparse.Namespace,
    pace: Pace,
) -> list[Row]:
    with ExitStack() as stack:
        peers, absent = start_peers(plain, pace.server_cores, stack) if options.peers else ([], [])
        rows = measure_serving(store, earlier, [*others(plain, options.datasette), *peers], asked, pace) + absent
    if not runs(options.datasette):
        rows.append(missing("Servers", DATASETTE, "it could not be installed; see above"))
    return rows


def _title(content: str, remarks: str) -> str:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return (
        f"{today}: {_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB, {_software()}; {content}{remarks}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3


def _software() -> str:
    linux = platform.release().partition("-")[0]
    return f"Linux {linux}, Python {platform.python_version()}, uvicorn {version('uvicorn')}"


if __name__ == "__main__":
    main()
