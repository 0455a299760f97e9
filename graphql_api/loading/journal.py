"""What the journal of a store is told of a load."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import structs

from graphql_api.errors import LoadBusyError, LoadRefusedError
from graphql_api.records import Severity
from graphql_api.store.journal import PROBLEMS_KEPT, Loaded, Outcome, write_down

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from graphql_api.errors import GraphQLAPIError
    from graphql_api.records import LoadReport, Problem

_COUNTS = ("version", "sequence", "label", "added", "changed", "removed", "unchanged")


def write_down_report(store: Path, report: LoadReport) -> None:
    """Write down a load that ended well."""
    outcome = Outcome.PUBLISHED if report.published else Outcome.CURRENT
    done = {name: getattr(report, name) for name in _COUNTS}
    write_down(store, Loaded(_now(), outcome, round(report.seconds, 3), **done, **_told(report.problems)))


def write_down_failure(store: Path, error: GraphQLAPIError, seconds: float) -> None:
    """Write down a load that published nothing; one that found another under way is none, and is passed over."""
    if isinstance(error, LoadBusyError) or not store.is_dir():
        return
    outcome = Outcome.REFUSED if isinstance(error, LoadRefusedError) else Outcome.FAILED
    told = _told(getattr(error, "problems", ()) if isinstance(error, LoadRefusedError) else ())
    write_down(store, Loaded(_now(), outcome, round(seconds, 3), **told, message=str(error)))


def _told(problems: Sequence[Problem]) -> dict[str, Any]:
    severities = Counter(problem.severity for problem in problems)
    first = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)[:PROBLEMS_KEPT]
    return {
        "errors": severities[Severity.ERROR],
        "warnings": severities[Severity.WARNING],
        "codes": dict(sorted(Counter(problem.code for problem in problems).items())),
        "problems": tuple(structs.asdict(problem) for problem in first),
    }


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
