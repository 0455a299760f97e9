"""`/metrics`: what was asked, how it ended and how long it took, over all workers; nothing without the option."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.processes import descendants
from graphql_api.server.metrics import OTHER, Metrics
from tests.command_line import DEADLINE_SECONDS, Serving, run, seed, serving, write_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = "query Version { content { version } }"


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of ten good seeds; every command here takes it and the store from the environment."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    return write_seeds(tmp_path / "seeds", 10)


class Metered:
    """A server with metrics."""

    def __init__(self, server: Serving) -> None:
        self.url = server.url
        self.process_id = server.process_id

    def ask(self, query: str, method: str = "POST") -> httpx2.Response:
        """Ask over a connection of its own, so that any worker may answer."""
        if method == "GET":
            return httpx2.get(f"{self.url}/graphql", params={"query": query})
        return httpx2.request(method, f"{self.url}/graphql", json={"query": query})

    def samples(self) -> dict[tuple[str, tuple[str, ...]], float]:
        """Return the value of each sample by its name and the values of its labels."""
        text = httpx2.get(f"{self.url}/metrics").raise_for_status().text
        families = [*text_string_to_metric_families(text)]
        assert all(family.documentation for family in families)
        return {
            (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
            for family in families
            for sample in family.samples
        }


@contextmanager
def metered(*arguments: str) -> Iterator[Metered]:
    """Run a server with metrics."""
    with serving("--metrics", *arguments) as server:
        yield Metered(server)


def test_requests_are_counted_by_operation_and_outcome_and_measured_by_phase(seeds: Path) -> None:
    """What the cache had is told apart; an error counts by its code, one without GraphQL as a refusal too."""
    (seeds / "0.md").write_text(seed(0, "unheard_of: 1\n"))
    with metered() as server:
        server.ask("{ content { loadedAt } }")  # it is kept too: the generation is open from the start
        for _ in range(3):
            server.ask(VERSION, "GET")
        server.ask("{ nonsense }")
        server.ask(VERSION, "DELETE")
        samples = server.samples()
    assert samples["graphql_api_requests_total", ("Version", "ok")] == 1
    assert samples["graphql_api_requests_total", ("Version", "cached")] == 2
    assert samples["graphql_api_requests_total", ("", "GRAPHQL_VALIDATION_FAILED")] == 1
    assert samples["graphql_api_requests_total", ("", "METHOD_NOT_ALLOWED")] == 1
    assert samples["graphql_api_refusals_total", ("METHOD_NOT_ALLOWED",)] == 1
    assert samples["graphql_api_cache_lookups_total", ("hit",)] == 2
    assert samples["graphql_api_cache_lookups_total", ("miss",)] == 3
    assert samples["graphql_api_cache_entries", ()] == 2
    assert samples["graphql_api_cache_bytes", ()] > 0
    assert samples["graphql_api_statements_in_flight", ()] == 0
    phases = {phase: samples["graphql_api_request_seconds_sum", (phase,)] for phase in ("plan", "statement", "respond")}
    assert all(seconds > 0 for seconds in phases.values())
    assert sum(phases.values()) == pytest.approx(samples["graphql_api_request_seconds_sum", ("total",)], rel=1e-6)
    assert samples["process_resident_memory_bytes", ()] > 0
    assert samples["graphql_api_last_load_problems", ("UNKNOWN_KEY",)] == 1


def test_generation_and_loads_are_told(seeds: Path) -> None:
    """As the store has them, whoever loads."""
    with metered() as server:
        before = server.samples()
        (seeds / "0.md").write_text("Only text.\n")
        run("load", "--strict")
        after = server.samples()
    assert before["graphql_api_generation_sequence", ()] == 1
    assert 0 <= before["graphql_api_generation_age_seconds", ()] < 600
    assert before["graphql_api_loads_total", ("PUBLISHED",)] == 1
    assert after["graphql_api_loads_total", ("REFUSED",)] == 1
    assert after["graphql_api_last_load_problems", ("NO_FRONT_MATTER",)] == 1
    assert abs(time.time() - after["graphql_api_last_load_timestamp_seconds", ()]) < 600


def counted(server: Metered) -> float:
    """Return how many requests are told."""
    return sum(value for (name, _), value in server.samples().items() if name == "graphql_api_requests_total")


def test_any_worker_tells_the_sums_of_all_even_after_one_has_died() -> None:
    """A scrape reaches one of them; what the dead counted stays, what it held does not."""
    with metered("--workers", "2") as server:
        for _ in range(20):
            server.ask(VERSION)
        end = time.monotonic() + DEADLINE_SECONDS
        while counted(server) != 20:  # a worker that is not asked tells the others four times a second
            assert time.monotonic() < end
        victim = descendants(server.process_id)[0]
        os.kill(victim, signal.SIGKILL)
        end = time.monotonic() + DEADLINE_SECONDS
        while victim in descendants(server.process_id):
            assert time.monotonic() < end
        samples = server.samples()
        assert counted(server) == 20
    assert samples["graphql_api_cache_entries", ()] <= 1


def test_without_content_only_requests_are_told() -> None:
    """A store that is empty is no reason not to answer Prometheus."""
    with metered("--no-load") as server:
        assert server.ask(VERSION).status_code == 503
        samples = server.samples()
    assert samples["graphql_api_requests_total", ("Version", "NO_GENERATION")] == 1
    assert not any(name.startswith("graphql_api_generation") for name, _ in samples)


def test_there_are_no_metrics_without_the_option() -> None:
    """Who has not asked for them does not show them."""
    with serving() as server:
        assert httpx2.get(f"{server.url}/metrics").status_code == 404


def test_series_do_not_grow_with_what_clients_call_their_operations() -> None:
    """The first names are told, those beyond them together."""
    metrics = Metrics()
    names = [metrics.operation(f"Operation{number}") for number in range(1_000)]
    assert names[:100] == [f"Operation{number}" for number in range(100)]
    assert set(names[200:]) == {OTHER}
    assert metrics.operation("Operation1") == "Operation1"
