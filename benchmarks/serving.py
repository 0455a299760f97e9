"""How fast the servers answer: first that they say the same, then in interleaved rounds."""

from __future__ import annotations

import contextlib
import http.client
import random
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from benchmarks import contenders as who
from benchmarks.contenders import bare_route, this_server
from benchmarks.processes import HOST, free_port, own_mib, server, worker_of
from benchmarks.results import measured, served
from benchmarks.workloads import NEIGHBOURS, Workload, body
from benchmarks.wrk import Sample, Traffic, send

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.contenders import Contender
    from benchmarks.results import Row

COMPARED_REQUESTS = 50
_SIZED_REQUESTS = 200
_MIB_A_WORKER = 120
_TIMES_TUTORIAL = 25


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to measure: rounds of so many seconds; servers on one core, the load generator on another."""

    rounds: int
    seconds: int
    server_cores: Sequence[int] = (0,)
    load_cores: Sequence[int] = (1,)


class Field:
    """The servers that run, by name."""

    def __init__(self, stack: contextlib.ExitStack, pace: Pace, cores: Sequence[int] | None = None) -> None:
        """End the servers when `stack` is closed; `cores` are theirs, by default those of `pace`."""
        self._stack = stack
        self._cores = pace.server_cores if cores is None else cores
        self.ports: dict[str, int] = {}
        self.process_ids: dict[str, int] = {}

    def start(self, contender: Contender, name: str = "") -> int:
        """Start a server, and return its port."""
        port, name = free_port(), name or contender.name
        running = server([*contender.command, str(port)], port, self._cores, contender.environment)
        self.process_ids[name] = self._stack.enter_context(running)
        self.ports[name] = port
        return port


def compare(contenders: Sequence[Contender], field: Field, workload: Workload) -> None:
    """Ask every server for the same 50 things by chance. Raises RuntimeError if two answers differ."""
    chance = random.Random(workload.name)
    first, *rest = [each for each in contenders if each.document(workload)]
    for variables in chance.sample(workload.variables, COMPARED_REQUESTS):
        expected = first.ask(field.ports[first.name], workload, variables)
        for each in rest:
            if each.ask(field.ports[each.name], workload, variables) != expected:
                raise RuntimeError(f"{each.name} and {first.name} differ: {workload.name} with {variables}")


def rounds(traffics: Mapping[str, Traffic], pace: Pace) -> dict[str, list[Sample]]:
    """Send each traffic once a round, after a second to warm up, and return what each saw."""
    for traffic in traffics.values():
        send(traffic, 1, pace.load_cores)
    samples: dict[str, list[Sample]] = {name: [] for name in traffics}
    for number in range(pace.rounds):
        for name, traffic in traffics.items():
            samples[name].append(send(traffic, pace.seconds, pace.load_cores, seed=number + 1))
    return samples


def median_rate(samples: Sequence[Sample]) -> float:
    """Return the median of requests a second."""
    return statistics.median(sample.requests_per_second for sample in samples)


def measure_serving(store: Path, others: Sequence[Contender], asked: Sequence[Workload], pace: Pace) -> list[Row]:
    """Compare, then measure all servers with all workloads, and the memory of this one at the end."""
    ours = [this_server(store, cached=False), this_server(store, cached=True)]
    with contextlib.ExitStack() as stack:
        field = Field(stack, pace)
        for contender in [*ours, *others]:
            field.start(contender)
        for workload in asked:
            compare([*ours, *others], field, workload)
        rows = [row for workload in asked for row in _uncached([ours[0], *others], field, workload, pace)]
        rows += _cached(field, asked[0], pace)
        return rows + [_memory(name, field.process_ids[name]) for name in (who.UNCACHED, who.CACHED)]


def _uncached(contenders: Sequence[Contender], field: Field, workload: Workload, pace: Pace) -> list[Row]:
    traffics = {
        each.name: Traffic(field.ports[each.name], [body(document, some) for some in workload.variables], each.path)
        for each in contenders
        if (document := each.document(workload))
    }
    with contextlib.ExitStack() as stack:
        bare = Field(stack, pace)
        traffics[who.BARE] = Traffic(bare.start(bare_route(_mean_bytes(traffics[who.UNCACHED]))), ["{}"])
        samples = rounds(traffics, pace)
    return _rows(workload, samples)


def _rows(workload: Workload, samples: Mapping[str, Sequence[Sample]]) -> list[Row]:
    rate = {name: median_rate(some) for name, some in samples.items()}
    ratio = f"{rate[who.UNCACHED] / rate[who.BARE]:.2f} × bare"
    rows = [served(workload.name, who.UNCACHED, samples[who.UNCACHED], ratio=ratio, aim=f"≥ {workload.target}")]
    for name in samples:
        if name == who.BARE:
            rows.append(served(workload.name, name, samples[name]))
        elif name != who.UNCACHED:
            is_aimed = workload.document == NEIGHBOURS and name == who.TUTORIAL
            ratio = f"this: {rate[who.UNCACHED] / rate[name]:.1f} ×"
            rows.append(
                served(
                    workload.name, name, samples[name], ratio=ratio, aim=f"≥ {_TIMES_TUTORIAL} ×" if is_aimed else ""
                )
            )
    return rows


def _cached(field: Field, workload: Workload, pace: Pace) -> list[Row]:
    """One article again and again: from the cache, and only asked whether it has changed."""
    what, port, variables = "The same article", field.ports[who.CACHED], workload.variables[0]
    query = {"query": " ".join(workload.document.split()), "variables": f'{{"url": "{variables["url"]}"}}'}
    path = f"/graphql?{urlencode(query)}"
    traffics = {
        who.CACHED: Traffic(port, [body(workload.document, variables)]),
        "this server, 304": Traffic(port, [""], path, "GET", {"If-None-Match": _entity_tag(port, path)}),
    }
    with contextlib.ExitStack() as stack:
        bare = Field(stack, pace)
        traffics[who.BARE] = Traffic(bare.start(bare_route(_mean_bytes(traffics[who.CACHED]))), ["{}"])
        samples = rounds(traffics, pace)
    rate = {name: median_rate(some) for name, some in samples.items()}
    aims = {who.CACHED: "≥ 0.80", "this server, 304": "≥ cached"}
    return [
        served(what, name, some, ratio=f"{rate[name] / rate[who.BARE]:.2f} × bare", aim=aims.get(name, ""))
        for name, some in samples.items()
    ]


def _entity_tag(port: int, path: str) -> str:
    """Return the entity tag of an answer, once a request with it gets a 304. Raises RuntimeError if none does."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    with contextlib.closing(connection):
        tag = _get(connection, path, {"Accept": "application/json"}).headers.get("ETag") or ""
        response = _get(connection, path, {"Accept": "application/json", "If-None-Match": tag})
    if response.status != http.HTTPStatus.NOT_MODIFIED:
        raise RuntimeError(f"If-None-Match: {tag} was answered with {response.status}, not with 304.")
    return tag


def _get(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    response.read()
    return response


def _mean_bytes(traffic: Traffic) -> int:
    """Return how long an answer is, on average."""
    connection = http.client.HTTPConnection(HOST, traffic.port, timeout=30)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    lengths = []
    with contextlib.closing(connection):
        for each in traffic.bodies[:_SIZED_REQUESTS]:
            connection.request("POST", traffic.path, each, headers)
            lengths.append(len(connection.getresponse().read()))
    return round(statistics.mean(lengths))


def _memory(name: str, process_id: int) -> Row:
    return measured(
        "Memory of a worker",
        name,
        [own_mib(worker_of(process_id))],
        "MiB",
        ratio="its own: RssAnon",
        aim=f"≤ {_MIB_A_WORKER} MiB",
    )
