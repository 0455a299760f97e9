"""Servers that run at once: asked whether they say the same, then sent traffic by turns, round after round."""

from __future__ import annotations

import contextlib
import http.client
import random
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.processes import HOST, free_port, server
from benchmarks.wrk import BROWSER, Sample, Traffic, send

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.contenders import Contender
    from benchmarks.workloads import Workload

_COMPARED_REQUESTS = 50
_SIZED_REQUESTS = 200


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
    """Ask every server for the same 50 things by chance, compressed ones twice. Raises RuntimeError if two differ."""
    chance = random.Random(workload.name)
    first, *rest = [each for each in contenders if each.document(workload)]
    asked = [(each, headers) for each in (first, *rest) for headers in ({}, BROWSER) if each.is_ours or not headers]
    for variables in chance.sample(workload.variables, min(_COMPARED_REQUESTS, len(workload.variables))):
        expected = first.ask(field.ports[first.name], workload, variables)
        for each, headers in asked:
            if each.ask(field.ports[each.name], workload, variables, headers) != expected:
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


def p99_to_p50(samples: Sequence[Sample]) -> float:
    """Return how many times its median latency the 99th percentile is, each by the median of the rounds."""
    return statistics.median(some.p99_ms for some in samples) / statistics.median(some.p50_ms for some in samples)


def answered(traffic: Traffic) -> tuple[int, str]:
    """Return how many bytes an answer has on average, as it is sent, and the last one's content coding."""
    connection = http.client.HTTPConnection(HOST, traffic.port, timeout=30)
    headers = {"Content-Type": "application/json", "Accept": "application/json", **traffic.headers}
    lengths, coding = [], ""
    with contextlib.closing(connection):
        for each in traffic.bodies[:_SIZED_REQUESTS]:
            connection.request(traffic.method, traffic.path, each, headers)
            response = connection.getresponse()
            lengths.append(len(response.read()))
            coding = response.headers.get("Content-Encoding") or coding
    return round(statistics.mean(lengths)), coding
