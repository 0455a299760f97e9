"""Items: whether a data file is one entry, or a list or mapping of several."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from graphql_api.inference.shapes import likeness, presence, shape_of

if TYPE_CHECKING:
    from graphql_api.inference.walk import Found

MANY_ALIKE_FROM = 0.5
TWO_ALIKE_FROM = 0.75
_MAX_COMPARED = 40


def has_items(value: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    """Return whether a data file holds several entries: a list, or a mapping of mappings that are alike."""
    if isinstance(value, list):
        return True
    if len(value) < 2 or not all(isinstance(item, dict) and item for item in value.values()):  # noqa: PLR2004 - several
        return False
    shapes = [presence([shape_of(item)]) for item in list(value.values())[:_MAX_COMPARED]]
    pairs = list(combinations(shapes, 2))
    alike = sum(likeness(one, other) for one, other in pairs) / len(pairs)
    return alike >= (TWO_ALIKE_FROM if len(shapes) == 2 else MANY_ALIKE_FROM)  # noqa: PLR2004 - as above


def items_of(file: Found) -> list[tuple[str, Any]]:
    """Return the key and the value of each item of a file: its own key, or its number from 1."""
    if isinstance(file.value, dict):
        return list(file.value.items())
    return [(str(number), item) for number, item in enumerate(file.value, 1)]
