"""Conditions: how many a filter has, and how deep it may be."""

from __future__ import annotations

from typing import Any

Filter = dict[str, Any]
MAX_CONDITIONS, MAX_LEVELS = 1_000, 100
"""How many conditions the filters of one operation may have, and how deep one may be nested."""


def count_conditions(filter_: Filter, level: int = 1) -> int:
    """Return how many conditions a filter has; an empty object counts as one. Raises ValueError if it is too deep."""
    if level > MAX_LEVELS:
        raise ValueError(f"'filter' is nested more than {MAX_LEVELS} levels deep: flatten it.")
    count = 0
    for name, value in filter_.items():
        if name in ("and", "or"):
            count += sum(count_conditions(each, level + 1) for each in value or ())
        elif name == "not":
            count += count_conditions(value or {}, level + 1)
        else:
            count += len(value) if isinstance(value, dict) else 1
    return max(count, 1)
