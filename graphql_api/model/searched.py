"""Searched: which texts of a type's entries the full-text index holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.model.types import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.types import EntryType, Field, FieldType, Model


def searched_paths(model: Model, type_: EntryType) -> tuple[tuple[tuple[str, ...], float], ...]:
    """Return the path and the weight of each searched text, in the fields' order.

    A path leads over groups, lists of them and unions to a text; with `of`, it ends with that field. Of members of a
    union that share a field, the first one's weight counts. A group within itself is followed once.
    """
    found: dict[tuple[str, ...], float] = {}
    for path, weight in _paths(model, type_.fields, (), frozenset()):
        found.setdefault(path, weight)
    return tuple(found.items())


def group_names(model: Model, type_: FieldType) -> tuple[str, ...]:
    """Return the groups that values of a type are made of: one, or the members of a union."""
    if type_.shape is Shape.GROUP:
        return (type_.name,)
    if type_.shape is Shape.UNION:
        return tuple(dict.fromkeys(model.unions[type_.name].members.values()))
    return ()


def _paths(
    model: Model, fields: tuple[Field, ...], before: tuple[str, ...], seen: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], float]]:
    for each in fields:
        path = (*before, each.name)
        if each.search:
            yield (*path, each.search.of) if each.search.of else path, each.search.weight
            continue
        for name in group_names(model, each.type):
            if name not in seen and name in model.groups:
                yield from _paths(model, model.groups[name].fields, path, seen | {name})
