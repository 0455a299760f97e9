"""What a store tells of itself in metrics: the generation that is served and its age, and the loads."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from graphql_api.errors import StoreError
from graphql_api.store.generations import pointer_path, read_pointer
from graphql_api.store.journal import read_journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client.metrics_core import Metric


class StoreCollector(Collector):
    """Reads the pointer and the journal of a store whenever metrics are asked for."""

    def __init__(self, store: Path) -> None:
        """Keep the folder of the store."""
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; nothing of a generation where there is none."""
        yield from self._of_generation()
        yield from self._of_loads()

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: registering looks at no store."""
        return iter(())

    def _of_generation(self) -> Iterator[Metric]:
        try:
            pointer = read_pointer(self._store)
            published = pointer_path(self._store).stat().st_mtime
        except (StoreError, OSError):
            return
        info = GaugeMetricFamily(
            "graphql_api_generation_info", "What is served; always 1.", labels=["version", "label"]
        )
        info.add_metric([pointer.version, pointer.label], 1)
        yield info
        yield GaugeMetricFamily("graphql_api_generation_sequence", "The number of the publish.", pointer.sequence)
        yield GaugeMetricFamily("graphql_api_generation_bytes", "The size of what is served.", pointer.size_bytes)
        age = max(time.time() - published, 0)
        yield GaugeMetricFamily("graphql_api_generation_age_seconds", "Seconds since the publish.", age)

    def _of_loads(self) -> Iterator[Metric]:
        journal = read_journal(self._store)
        loads = CounterMetricFamily("graphql_api_loads", "Loads by how they ended.", labels=["outcome"])
        for outcome, count in sorted(journal.counts.items()):
            loads.add_metric([outcome], count)
        yield loads
        if not journal.loads:
            return
        last = journal.loads[-1]
        ended = dt.datetime.fromisoformat(last.at).timestamp()
        yield GaugeMetricFamily("graphql_api_last_load_timestamp_seconds", "When the last load ended.", ended)
        yield GaugeMetricFamily("graphql_api_last_load_seconds", "How long the last load took.", last.seconds)
        problems = GaugeMetricFamily("graphql_api_last_load_problems", "Problems of the last load.", labels=["code"])
        for code, count in last.codes.items():
            problems.add_metric([code], count)
        yield problems
