"""How fast this server answers beside others: uncached, compressed as for browsers, over one connection, cached."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from benchmarks import contenders as who
from benchmarks.contenders import bare_route, this_server
from benchmarks.processes import own_mib, worker_of
from benchmarks.results import at_least, at_most, measured, missing, served
from benchmarks.rounds import Field, answered, compare, median_rate, p99_to_p50, rounds
from benchmarks.same_article import measure_same_article
from benchmarks.workloads import NEIGHBOURS, body
from benchmarks.wrk import BROWSER, CONNECTIONS, Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.contenders import Contender
    from benchmarks.results import Row
    from benchmarks.rounds import Pace
    from benchmarks.workloads import Workload
    from benchmarks.wrk import Sample

_MIB_A_WORKER = 120
_TIMES_TUTORIAL = 25
_ONE_CONNECTION = 0.45
_P99_TO_P50 = 2
_WITH_A_CACHE = {who.CACHED, who.BEFORE_CACHED}


def measure_serving(
    store: Path, earlier: Sequence[Contender], others: Sequence[Contender], asked: Sequence[Workload], pace: Pace
) -> list[Row]:
    """Compare, then measure all servers with all workloads, and the memory of this one at the end.

    `earlier` are this project's servers of another checkout, asked for whatever this one is.
    """
    ours = [this_server(store, cached=False), this_server(store, cached=True), *earlier]
    with contextlib.ExitStack() as stack:
        field = Field(stack, pace)
        for contender in ours:
            field.start(contender)
        others, absent = _started(others, field)
        for workload in asked:
            compare([*ours, *others], field, workload)
        looking_up = [each for each in ours if each.name not in _WITH_A_CACHE]
        neighbours, *_ = asked
        return [
            *_uncached(neighbours, [*looking_up, *others], field, pace),
            *_as_browsers_ask(neighbours, looking_up, field, pace),
            *_over_one_connection(neighbours, looking_up, field, pace),
            *(row for workload in asked[1:] for row in _uncached(workload, [*looking_up, *others], field, pace)),
            *measure_same_article(field, neighbours, pace),
            *(_memory(name, field.process_ids[name]) for name in (who.UNCACHED, who.CACHED)),
            *absent,
        ]


def _started(others: Sequence[Contender], field: Field) -> tuple[list[Contender], list[Row]]:
    """Start what can be started, and return it; and the reasons of those that cannot, as rows."""
    running, absent = [], []
    for contender in others:
        try:
            field.start(contender)
        except RuntimeError as error:
            absent.append(missing("Servers", contender.name, str(error)))
        else:
            running.append(contender)
    return running, absent


def _uncached(workload: Workload, contenders: Sequence[Contender], field: Field, pace: Pace) -> list[Row]:
    samples = _samples(workload, contenders, field, pace)
    return _rows(workload.name, samples, workload.target, times_tutorial=workload.document == NEIGHBOURS)


def _as_browsers_ask(workload: Workload, contenders: Sequence[Contender], field: Field, pace: Pace) -> list[Row]:
    """Measure how much slower it is to compress every answer. The bare route sends the bytes of plain ones."""
    samples = _samples(workload, contenders, field, pace, headers=BROWSER)
    return _rows(f"{workload.name}, compressed", samples, None)


def _over_one_connection(workload: Workload, contenders: Sequence[Contender], field: Field, pace: Pace) -> list[Row]:
    samples = _samples(workload, contenders, field, pace, connections=1)
    return _rows(f"{workload.name}, one connection", samples, _ONE_CONNECTION)


def _samples(
    workload: Workload,
    contenders: Sequence[Contender],
    field: Field,
    pace: Pace,
    *,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> dict[str, list[Sample]]:
    """Return what each contender that has the workload gave, and a bare route with as many bytes in plain answers."""

    def traffic(port: int, bodies: list[str], path: str) -> Traffic:
        return Traffic(port, bodies, path, headers=headers or {}, connections=connections)

    traffics = {
        each.name: traffic(field.ports[each.name], [body(document, some) for some in workload.variables], each.path)
        for each in contenders
        if (document := each.document(workload))
    }
    plain = Traffic(field.ports[who.UNCACHED], traffics[who.UNCACHED].bodies)
    with contextlib.ExitStack() as stack:
        port = Field(stack, pace).start(bare_route(answered(plain)[0]))
        traffics[who.BARE] = traffic(port, ["{}"], "/graphql")
        return rounds(traffics, pace)


def _rows(
    what: str, samples: Mapping[str, Sequence[Sample]], target: float | None, *, times_tutorial: bool = False
) -> list[Row]:
    rate = {name: median_rate(some) for name, some in samples.items()}
    rows = []
    for name, some in samples.items():
        ratio, aim = f"this: {rate[who.UNCACHED] / rate[name]:.2f} ×", ""
        if name == who.UNCACHED:
            to_bare, to_p50 = rate[name] / rate[who.BARE], p99_to_p50(some)
            ratio = f"{to_bare:.2f} × bare; p99 {to_p50:.1f} × p50"
            aims = [at_least(to_bare, target)] if target else []
            aim = "; ".join([*aims, f"p99 {at_most(to_p50, _P99_TO_P50, '× p50')}"])
        elif name == who.BARE:
            ratio = ""
        elif name == who.TUTORIAL and times_tutorial:
            aim = at_least(rate[who.UNCACHED] / rate[name], _TIMES_TUTORIAL, "×")
        rows.append(served(what, name, some, ratio=ratio, aim=aim))
    return rows


def _memory(name: str, process_id: int) -> Row:
    mib = own_mib(worker_of(process_id))
    aim = at_most(mib, _MIB_A_WORKER, "MiB")
    return measured("Memory of a worker", name, [mib], "MiB", ratio="its own: RssAnon", aim=aim)
