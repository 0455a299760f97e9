"""Columns: the values of many mappings, by the field that each key would be."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.inference.scalars import is_nothing
from graphql_api.inference.words import field_name, place_of_source

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERED = re.compile(r"(.*[^0-9])([1-9][0-9]{0,8})")

Mappings = "Sequence[dict[str, Any]]"


class Column(NamedTuple):
    """What stands below one key, or below several that would be one field.

    `cells` are the values that there are, each with the number of its mapping, of `total`. `pattern` is set for
    numbered keys: then each value is the list of what they hold.
    """

    name: str
    keys: tuple[str, ...]
    cells: tuple[tuple[int, Any], ...]
    total: int
    pattern: str = ""

    @property
    def values(self) -> list[Any]:
        """The values that there are."""
        return [value for _, value in self.cells]

    @property
    def is_in_all(self) -> bool:
        """Whether every mapping has a value."""
        return len(self.cells) == self.total

    @property
    def site_key(self) -> str:
        """What names the place of its mappings among others."""
        return self.pattern or self.keys[0]


def columns_of(mappings: Sequence[dict[str, Any]]) -> list[Column]:
    """Return the columns of mappings, in the order in which their keys first come."""
    cells: dict[str, dict[int, Any]] = {}
    for index, mapping in enumerate(mappings):
        for key, value in mapping.items():
            if is_nothing(value):
                cells.setdefault(key, {})
            else:
                cells.setdefault(key, {})[index] = value
    numbered = _numbered(cells)
    merged: dict[str, tuple[str, list[str]]] = {}
    for key in cells:
        name = numbered.get(key) or field_name(key) or f"field{len(merged) + 1}"
        merged.setdefault(name.casefold(), (name, []))[1].append(key)
    columns = []
    for name, unordered in merged.values():
        # As they are read: first those that the name says by itself.
        keys = sorted(unordered, key=lambda key, name=name: place_of_source(name, key))  # type: ignore[misc]
        if keys[0] in numbered:
            columns.append(_numbered_column(name, keys, cells, len(mappings)))
        else:
            columns.append(Column(name, tuple(keys), _first_cells([cells[key] for key in keys]), len(mappings)))
    return columns


def _first_cells(columns: list[dict[int, Any]]) -> tuple[tuple[int, Any], ...]:
    found: dict[int, Any] = {}
    for column in columns:
        for index, value in column.items():
            found.setdefault(index, value)
    return tuple(sorted(found.items()))


def _numbered(cells: dict[str, dict[int, Any]]) -> dict[str, str]:
    """Return the pattern of each key that is one of several numbered ones, all of them with mappings."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in cells:
        match = _NUMBERED.fullmatch(key)
        if match and field_name(match[1]):
            found[match[1]].append(key)
    return {
        key: f"{prefix}#"
        for prefix, keys in found.items()
        if len(keys) > 1 and all(_has_only_mappings(cells[key]) for key in keys)
        for key in keys
    }


def _has_only_mappings(column: dict[int, Any]) -> bool:
    return bool(column) and all(isinstance(value, dict) for value in column.values())


def _numbered_column(name: str, keys: list[str], cells: dict[str, dict[int, Any]], total: int) -> Column:
    prefix = name.removesuffix("#")
    lists: dict[int, list[Any]] = defaultdict(list)
    for key in sorted(keys, key=lambda each: int(each.removeprefix(prefix))):
        for index, value in cells[key].items():
            lists[index].append(value)
    return Column(field_name(prefix), tuple(keys), tuple(sorted(lists.items())), total, f"{prefix}{{position}}")
