"""What a document costs that was never seen before: parse, validate, check the limits, plan."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.results import at_most, measured
from graphql_api.engine.documents import DocumentCache
from graphql_api.model.language import builtin_model
from graphql_api.schema.build import build_schema
from graphql_api.settings import Limits

if TYPE_CHECKING:
    from benchmarks.results import Row
    from benchmarks.workloads import Workload

_DOCUMENTS = 100
_MOST_MS = 4


def measure_planning(workloads: list[Workload]) -> list[Row]:
    """Measure documents that differ in an alias, in this process; the first of each kind warms up."""
    rows = []
    for workload in workloads:
        took = _milliseconds(workload)
        aim = at_most(statistics.median(took), _MOST_MS, "ms")
        rows.append(measured("A document never seen", workload.name, took, "ms", aim=aim))
    return rows


def _milliseconds(workload: Workload) -> list[float]:
    cache = DocumentCache(build_schema(builtin_model()), Limits(), 2 * _DOCUMENTS)
    took = []
    for number in range(_DOCUMENTS + 1):
        document = workload.document.replace("title", f"alias{number}: title", 1)
        started = time.perf_counter()
        cache.get(document).operation(None).plan(workload.variables[0])
        took.append((time.perf_counter() - started) * 1e3)
    return took[1:]
