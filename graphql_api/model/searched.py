"""Searched: which texts of a type's entries the full-text index holds."""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from graphql_api.model.circles import in_circles, inner_first
from graphql_api.model.types import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.types import EntryType, Field, FieldType, Model

    Searched = tuple[tuple[str, ...], float]

MAX_DEPTH = 20
"""How deep groups nest where their texts are searched, or where none of them is ever null."""


def searched_paths(model: Model, type_: EntryType, most: int = sys.maxsize) -> tuple[Searched, ...]:
    """Return the path and the weight of each searched text, in the fields' order; no more than `most` are looked for.

    A path leads over groups, lists of them and unions to a text; with `of`, it ends with that field. Of members of a
    union that share a field, the first one's weight counts.
    """
    # A checked model searches no group within itself; in others, such a group would have no last path.
    groups = searching_groups(model) - endless_groups(model)
    found: dict[tuple[str, ...], float] = {}
    for path, weight in islice(_paths(model, groups, type_.fields, ()), most):
        found.setdefault(path, weight)
    return tuple(found.items())


def searching_groups(model: Model) -> set[str]:
    """Return the groups that hold a searched text, at any depth."""
    holders: dict[str, list[str]] = defaultdict(list)
    for group in model.groups.values():
        for field in group.fields:
            for name in group_names(model, field.type):
                holders[name].append(group.name)
    found: set[str] = set()
    waiting = [group.name for group in model.groups.values() if any(field.search for field in group.fields)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += holders[name]
    return found


def endless_groups(model: Model) -> set[str]:
    """Return the groups that are searched and hold themselves."""
    searching = searching_groups(model)
    return in_circles({name: _inner(model, name) for name in searching})


def too_deep(model: Model) -> list[str]:
    """Return the groups that are searched deeper within than MAX_DEPTH; only the innermost of them."""
    searching = searching_groups(model)
    edges = {name: _inner(model, name) for name in searching}
    depths: dict[str, int] = {}
    for name in inner_first(edges):
        depths[name] = 1 + max((depths[each] for each in edges[name] if each in searching), default=0)
    return [name for name, depth in depths.items() if depth == MAX_DEPTH + 1]


def _inner(model: Model, name: str) -> list[str]:
    return [inner for field in model.groups[name].fields for inner in group_names(model, field.type)]


def group_names(model: Model, type_: FieldType) -> tuple[str, ...]:
    """Return the groups that values of a type are made of: one, or the members of a union."""
    if type_.shape is Shape.GROUP:
        return (type_.name,)
    if type_.shape is Shape.UNION:
        return tuple(name for name in dict.fromkeys(model.unions[type_.name].members.values()) if name in model.groups)
    return ()


def _paths(model: Model, groups: set[str], fields: tuple[Field, ...], before: tuple[str, ...]) -> Iterator[Searched]:
    for each in fields:
        path = (*before, each.name)
        if each.search:
            yield (*path, each.search.of) if each.search.of else path, each.search.weight
            continue
        for name in group_names(model, each.type):
            if name in groups and len(path) <= MAX_DEPTH:
                yield from _paths(model, groups, model.groups[name].fields, path)
