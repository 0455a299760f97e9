"""Refusals: when a load publishes nothing, although it could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.errors import LoadRefusedError
from graphql_api.reading.discover import SUFFIXES
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.loading.previous import Difference
    from graphql_api.reading.discover import Discovery
    from graphql_api.records import Problem

SHRINK_LIMIT = 0.2
"""The greatest part of the entries that may go in one load without being asked for."""


def refuse_errors(problems: Sequence[Problem], *, strict: bool) -> None:
    """Raise LoadRefusedError if a strict load has met an ERROR."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if strict and errors:
        count = "1 error" if errors == 1 else f"{errors:,} errors"
        raise LoadRefusedError(f"Nothing was published: {count}, and --strict allows none.", problems)


def refuse_emptiness(seeds: Path, discovery: Discovery, *, allow: bool) -> None:
    """Raise LoadRefusedError if there is no file that could be a seed, unless that is allowed."""
    if not discovery.files and not discovery.problems and not allow:
        raise LoadRefusedError(
            f"Nothing was published: there is no seed file in {seeds} ({', '.join(SUFFIXES)}). Name the folder of the "
            "seeds with --seeds. If it is meant to be empty, load with --allow-shrink."
        )


def refuse_shrinking(difference: Difference, problems: Sequence[Problem], *, allow: bool) -> None:
    """Raise LoadRefusedError if more would go than may, unless that is allowed."""
    # What says itself that it is not to be shown has not been lost.
    removed, before = difference.removed - difference.hidden, difference.before
    if removed > SHRINK_LIMIT * before and not allow:
        raise LoadRefusedError(
            f"Nothing was published: {removed:,} of {before:,} entries would go. "
            "If that is meant, load with --allow-shrink.",
            problems,
        )
