"""Known keys: which keys of a mapping a type reads, and in which order its fields need each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphql_api.model.types import Field


def known_keys(fields: Sequence[Field], more: Iterable[tuple[str, ...]] = ()) -> frozenset[str]:
    """Return the keys of a mapping that some field reads; `more` are the paths of others that are read."""
    return frozenset(path[0] for path in (*_key_paths(fields), *more) if path)


def reads_whole_value(fields: Sequence[Field]) -> bool:
    """Return whether a field is what stands in place of the mapping, be it one or not."""
    return any(path == () for path in _key_paths(fields))


def inner_keys(fields: Sequence[Field]) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """Return the mappings that dotted keys lead into, and the keys that are read there; not those read as a whole."""
    whole = set(_key_paths(fields))
    names: dict[tuple[str, ...], set[str]] = {}
    for path in _key_paths(fields):
        for length in range(1, len(path)):
            names.setdefault(path[:length], set()).add(path[length])
    return [
        (prefix, frozenset(keys))
        for prefix, keys in names.items()
        if not any(prefix[:length] in whole for length in range(len(prefix) + 1))
    ]


def in_order(fields: Sequence[Field]) -> list[int]:
    """Return the places of the values, each after those that it takes its own from."""
    places = {field.name: place for place, field in enumerate(fields)}
    done: dict[int, None] = {}

    def visit(place: int) -> None:
        if place in done or not fields[place].is_value:
            return
        for source in fields[place].sources:
            names = [source.field] if source.field else re.findall(r"\{([^{}.]+)", source.template or "")
            for name in names:
                if places[name] != place:
                    visit(places[name])
        done[place] = None

    for place in range(len(fields)):
        visit(place)
    return list(done)


def _key_paths(fields: Sequence[Field]) -> Iterator[tuple[str, ...]]:
    for field in fields:
        for source in field.sources:
            if source.key is not None and field.is_value:
                yield source.key
            elif source.keys is not None and "." in source.keys.split("{", maxsplit=1)[0]:
                yield tuple(source.keys.split("{", maxsplit=1)[0].split(".")[:-1])
