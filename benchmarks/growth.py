"""What happens when the content grows: the same measurements at 1, 10 and 30 times the size, on synthetic corpora."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks import contenders as who
from benchmarks.contenders import ask, this_server
from benchmarks.loading import change, load
from benchmarks.plain_database import make_plain_database
from benchmarks.plot import growth_svg
from benchmarks.processes import HOST
from benchmarks.results import at_most, measured
from benchmarks.rounds import Field, rounds
from benchmarks.synthesize import synthesize
from benchmarks.workloads import MIDDLE_PAGE, body, workloads
from benchmarks.wrk import Sample, Traffic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.results import Row
    from benchmarks.rounds import Pace

_AIM = 1.3
_PEAK_MIB = 400
_RELOADS = 3
_PAGES = 50
_NEIGHBOURS, _PAGE = "Neighbours, uncached", "A page mid-subject"
_MIDDLE = """
query($slug: String!, $offset: Int!) { subject(slug: $slug) {
  questions(first: 1, offset: $offset) { pageInfo { endCursor } } } }
"""
_SUBJECTS = "{ subjects(orderBy: [QUESTION_COUNT_DESC], first: 4) { nodes { slug questionCount } } }"


@dataclass(slots=True)
class Size:
    """One corpus, and what was measured on it."""

    articles: int
    store: Path
    load_seconds: float
    peak_mib: float
    reload_seconds: list[float]
    copy_seconds: float
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How it is called in the table."""
        return f"{self.articles:,} articles"

    @property
    def milliseconds_an_article(self) -> float:
        """How long the first load took, by article."""
        return self.load_seconds / self.articles * 1e3

    def p50_ms(self, name: str) -> float:
        """Return the median latency of a workload."""
        return statistics.median(sample.p50_ms for sample in self.samples[name])


def measure_growth(sizes: Sequence[int], folder: Path, plot: Path, pace: Pace) -> list[Row]:
    """Measure corpora of so many articles, made in `folder`, and write the plot."""
    grown = [_loaded(articles, folder / str(articles)) for articles in sizes]
    _serve(grown, pace)
    lines = {name: [size.p50_ms(name) for size in grown] for name in (_NEIGHBOURS, _PAGE)}
    lines["Load, per article"] = [size.milliseconds_an_article for size in grown]
    lines["Loader's peak memory"] = [size.peak_mib for size in grown]
    plot.write_text(growth_svg("What grows with the content", list(sizes), lines, _AIM), encoding="utf-8")
    return [*_latency_rows(grown), *_loading_rows(grown)]


def _loaded(articles: int, folder: Path) -> Size:
    seeds, store = folder / "seeds", folder / "store"
    synthesize(articles, 1, seeds)
    load_seconds, peak = load(seeds, store)
    changed, reloads = next(seeds.rglob("*.md")), []
    for number in range(_RELOADS):
        change([changed], f"Edition {number}.")
        reloads.append(load(seeds, store)[0])
    shutil.rmtree(seeds)
    return Size(articles, store, load_seconds, peak.mib, reloads, _copy_seconds(generation(store), folder))


def generation(store: Path) -> Path:
    """Return the newest generation's file."""
    return max((store / "generations").glob("*.sqlite"), key=lambda path: path.stat().st_mtime_ns)


def _copy_seconds(file: Path, folder: Path) -> float:
    started = time.perf_counter()
    shutil.copyfile(file, folder / "copy")
    seconds = time.perf_counter() - started
    (folder / "copy").unlink()
    return seconds


def _serve(grown: Sequence[Size], pace: Pace) -> None:
    """Run a server for each size at once, and send to them in turns."""
    with contextlib.ExitStack() as stack:
        servers = Field(stack, pace)
        traffics = {}
        for size in grown:
            port = servers.start(this_server(size.store, cached=False), f"{size.articles} {who.UNCACHED}")
            traffics[f"{size.articles} {_NEIGHBOURS}"] = Traffic(port, _neighbours(size))
            traffics[f"{size.articles} {_PAGE}"] = Traffic(port, _middle_pages(port))
        samples = rounds(traffics, pace)
    for size in grown:
        size.samples = {name: samples[f"{size.articles} {name}"] for name in (_NEIGHBOURS, _PAGE)}


def _neighbours(size: Size) -> list[str]:
    plain = size.store / "plain.db"
    make_plain_database(size.store, plain)
    workload = workloads(plain)[0]
    plain.unlink()
    return [body(workload.document, variables) for variables in workload.variables]


def _middle_pages(port: int) -> list[str]:
    """Return requests for pages in the middle of the largest subjects."""
    url = f"http://{HOST}:{port}/graphql"
    requests = []
    for subject in ask(url, body(_SUBJECTS, {}))["subjects"]["nodes"]:
        for number in range(_PAGES):
            offset = subject["questionCount"] // 2 + number
            answer = ask(url, body(_MIDDLE, {"slug": subject["slug"], "offset": offset}))
            after = answer["subject"]["questions"]["pageInfo"]["endCursor"]
            requests.append(body(MIDDLE_PAGE, {"slug": subject["slug"], "after": after}))
    return requests


def _latency_rows(grown: Sequence[Size]) -> list[Row]:
    rows = []
    for name in (_NEIGHBOURS, _PAGE):
        for size in grown:
            p50s = [sample.p50_ms for sample in size.samples[name]]
            times = size.p50_ms(name) / grown[0].p50_ms(name)
            ratio, aim = f"{times:.2f} × of the least", at_most(times, _AIM, "×")
            rows.append(measured(f"Growth: {name}, p50", size.name, p50s, "ms", ratio=ratio, aim=aim))
    return rows


def _loading_rows(grown: Sequence[Size]) -> list[Row]:
    least = grown[0].milliseconds_an_article
    rows = []
    for size in grown:
        took = size.milliseconds_an_article
        ratio, aim = f"{took / least:.2f} × of the least", at_most(took / least, _AIM, "×")
        rows.append(measured("Growth: load, per article", size.name, [took], "ms", ratio=ratio, aim=aim))
    for size in grown:
        aim = at_most(size.peak_mib, _PEAK_MIB, "MiB")
        rows.append(measured("Growth: loader's peak", size.name, [size.peak_mib], "MiB", aim=aim))
    for size in grown:
        ratio = f"copying: {size.copy_seconds:.2f} s"
        rows.append(
            measured("Growth: reload, 1 changed", size.name, size.reload_seconds, "s", ratio=ratio, aim="copying")
        )
    return rows
