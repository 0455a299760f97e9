"""Telling: the problems of many files, in the order of their places, what stands in every file told once."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graphql_api.reading.problems import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphql_api.records import Problem

_NAMED_FILES = 3


def told_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by path and line; an unknown key is told at its first place, with the files that have it."""
    found = sorted(problems, key=_place)
    paths: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for problem in found:
        if problem.code == Code.UNKNOWN_KEY:
            paths[_key(problem)][problem.path] = None
    told: list[Problem] = []
    for problem in found:
        if problem.code != Code.UNKNOWN_KEY:
            told.append(problem)
        elif some := paths.pop(_key(problem), None):
            told.append(replace(problem, message=problem.message + _files(list(some))))
    return told


def _key(problem: Problem) -> str:
    """Return what a message says of an unknown key before the remedy, which differs from type to type."""
    return problem.message.partition("` is ")[0]


def _files(paths: Sequence[str]) -> str:
    """Return in which files something is, the first few by name; "" for a single one, which the problem names."""
    if len(paths) == 1:
        return ""
    more = len(paths) - _NAMED_FILES
    named = ", ".join(paths[:_NAMED_FILES])
    return f" It is in {len(paths):,} files: {named}{f' and {more:,} more' if more > 0 else ''}."


def _place(problem: Problem) -> tuple[str, float]:
    """Return what problems are sorted by; those of a whole file follow on those of its lines."""
    return problem.path, math.inf if problem.line is None else problem.line
