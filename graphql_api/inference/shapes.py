"""Shapes: which keys files have, and how alike two folders are by that."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql_api.inference.walk import Found

Presence = dict[str, float]
"""The share of the files that have each key."""

BODY = ":body"
"""Stands for the text below the keys, where there is one."""

VALUE = ":value"
"""Stands for entries that are no mappings."""
MANY_KEYS = 6
"""A mapping of so many texts whose keys are mostly no names of fields is a table."""

_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NUMBER_AT_END = re.compile(r"[0-9]+\Z")


def shape_of(keys: Iterable[str], *, has_body: bool = False) -> frozenset[str]:
    """Return the shape of an entry: its keys, digits at their end as one, and whether text follows."""
    shape = {_NUMBER_AT_END.sub("#", key) for key in keys}
    return frozenset(shape | {BODY}) if has_body else frozenset(shape)


def shape_of_file(file: Found, *, has_items: bool = False) -> frozenset[str]:
    """Return the shape of a file; that of one that holds several entries is that of all of them together."""
    if not has_items:
        return shape_of(_keys_with_values(file.value), has_body=file.has_body)
    items = file.value.values() if isinstance(file.value, dict) else file.value
    return frozenset(key for item in items for key in (shape_of(item) if isinstance(item, dict) else (VALUE,)))


def is_table(value: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    """Return whether a value is a mapping of many texts by keys that no field could have: sentences, paths, dots."""
    if not isinstance(value, dict) or len(value) < MANY_KEYS:
        return False
    if not all(each is None or isinstance(each, str) for each in value.values()):
        return False
    return sum(_FIELD.fullmatch(key) is None for key in value) > len(value) / 2


def presence(shapes: Iterable[frozenset[str]]) -> Presence:
    """Return the share of shapes that have each key."""
    counts: Counter[str] = Counter()
    total = 0
    for shape in shapes:
        counts.update(shape)
        total += 1
    return {key: count / total for key, count in counts.items()}


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how alike two are, from 0 to 1: the sum of the lesser presences over that of the greater ones."""
    keys = one.keys() | other.keys()
    if not keys:
        return 1.0
    pairs = [(one.get(key, 0.0), other.get(key, 0.0)) for key in keys]
    return sum(map(min, pairs)) / sum(map(max, pairs))


def _keys_with_values(values: Mapping[str, Any]) -> list[str]:
    return [key for key, value in values.items() if value is not None]
