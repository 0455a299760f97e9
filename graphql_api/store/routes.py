"""Routes: the fields over which groups within JSON are reached, where @back or @walk follows one of several.

References within JSON are kept by the group that they stand in. A group that two fields of an entry lead to, or that
holds itself, has its references in one table: there a column tells which of them were reached by the route asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.store.placements import groups_of

if TYPE_CHECKING:
    from graphql_api.model.types import EntryType, Field, Model

Route = tuple[str, ...]
"""The names of the fields between an entry's field and the group that has the reference; () for that field's group."""


def routes_asked(model: Model, type_: EntryType, top: Field, group: str, name: str) -> tuple[Route, ...]:
    """Return the routes to the references `group.name` below a field that are asked for, each once.

    None is told where they can be reached by no other route.
    """
    asked = []
    for path in _followed(model, type_):
        if path[0] == top.name and path[-1] == name and len(path) > 1:
            groups = _groups_on(model, type_, path)
            if groups[-1] == group and not _is_only(model, top, groups):
                asked.append(path[1:-1])
    return tuple(dict.fromkeys(asked))


def _followed(model: Model, type_: EntryType) -> list[tuple[str, ...]]:
    """Return the paths of the references of a type that fields with @back or @walk follow."""
    fields = [each for other in model.entry_types.values() for each in other.fields]
    backs = [each.back.path for each in fields if each.back and each.back.type_name == type_.name]
    return backs + [each.walk.path for each in type_.fields if each.walk]


def _groups_on(model: Model, type_: EntryType, path: tuple[str, ...]) -> list[str]:
    """Return the group that each field of a path leads to, but for the last one, which is the reference."""
    found = [type_.field(path[0]).type.name]
    for name in path[1:-1]:
        found.append(model.groups[found[-1]].field(name).type.name)
    return found


def _is_only(model: Model, top: Field, route: list[str]) -> bool:
    """Return whether each group of a route is reached, from the entry's field on, by one field alone."""
    reached = list(groups_of(model, top.type))
    seen: set[str] = set()
    waiting = list(reached)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            inner = [each for field in model.groups[name].fields for each in groups_of(model, field.type)]
            reached += inner
            waiting += inner
    return all(reached.count(name) == 1 for name in route)
