"""Items: whether a data file is one entry, or a list or mapping of several."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from graphql_api.inference.shapes import is_table, likeness, presence, shape_of
from graphql_api.inference.words import COLLECTION_FOLDERS

if TYPE_CHECKING:
    from graphql_api.inference.walk import Found

MANY_ALIKE_FROM = 0.5
TWO_ALIKE_FROM = 0.6
NAMED_ALIKE_FROM = 0.3
"""Where the file is called what its entries are: authors, people, tags."""
_MAX_COMPARED = 40


def has_items(file: Found) -> bool:
    """Return whether a data file holds several entries: a list, a table, or a mapping of mappings that are alike."""
    value: Any = file.value
    if isinstance(value, list) or (is_table(value) and not file.is_markdown):
        return True
    if not value or not all(isinstance(item, dict) and item for item in value.values()):
        return False
    is_named = file.stem.lower() in COLLECTION_FOLDERS
    shapes = [presence([shape_of(item)]) for item in list(value.values())[:_MAX_COMPARED]]
    if len(shapes) == 1:
        return is_named
    pairs = list(combinations(shapes, 2))
    alike = sum(likeness(one, other) for one, other in pairs) / len(pairs)
    enough = TWO_ALIKE_FROM if len(pairs) == 1 else MANY_ALIKE_FROM
    return alike >= (NAMED_ALIKE_FROM if is_named else enough)


def items_of(file: Found) -> list[tuple[str, Any]]:
    """Return the key and the value of each item of a file: its own key, or its number from 1."""
    if isinstance(file.value, dict):
        return list(file.value.items())
    return [(str(number), item) for number, item in enumerate(file.value, 1)]
