"""Conditions: filters read literally, as predicates over the values of one entry."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = Callable[[Any, Any], bool]


def _known(compare: Test) -> Test:
    return lambda value, wanted: value is not None and bool(compare(value, wanted))


_TESTS: dict[str, Test] = {
    "eq": _known(operator.eq),
    "ne": operator.ne,
    "in": _known(lambda value, wanted: value in wanted),
    "notIn": lambda value, wanted: value not in wanted,
    "gt": _known(operator.gt),
    "gte": _known(operator.ge),
    "lt": _known(operator.lt),
    "lte": _known(operator.le),
    "contains": _known(lambda value, wanted: wanted.casefold() in value.casefold()),
    "startsWith": _known(lambda value, wanted: value.casefold().startswith(wanted.casefold())),
    "exists": lambda value, wanted: (value is not None) == wanted,
    "has": _known(lambda values, wanted: wanted in values),
    "hasAny": _known(lambda values, wanted: any(one in values for one in wanted)),
    "hasAll": lambda values, wanted: all(one in (values or ()) for one in wanted),
}


def is_met(condition: Mapping[str, Any] | None, value_of: Callable[[str], Any]) -> bool:
    """Return whether the values meet a coerced filter; null and absent members ask for nothing."""
    return all(_meets(name, wanted, value_of) for name, wanted in (condition or {}).items() if wanted is not None)


def _meets(name: str, wanted: Any, value_of: Callable[[str], Any]) -> bool:
    if name == "and":
        return all(is_met(part, value_of) for part in wanted)
    if name == "or":
        return any(is_met(part, value_of) for part in wanted)
    if name == "not":
        return not is_met(wanted, value_of)
    if isinstance(wanted, bool):
        return bool(value_of(name)) is wanted
    return all(_TESTS[test](value_of(name), given) for test, given in wanted.items() if given is not None)
