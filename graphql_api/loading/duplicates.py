"""Duplicates: what is told of entries that say the same key."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import orjson

from graphql_api.loading.lines import places_of
from graphql_api.records import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graphql_api.loading.identity import Claim, EntryId
    from graphql_api.loading.lines import LineFinder
    from graphql_api.model.types import Field
    from graphql_api.store.layout import Layout

DUPLICATE_URL, DUPLICATE_KEY_VALUE = "DUPLICATE_URL", "DUPLICATE_KEY_VALUE"
_SHOWN_CHARACTERS = 200


def duplicate_keys(
    disputed: Mapping[Claim, Collection[EntryId]], layout: Layout, finder: LineFinder
) -> list[list[Problem]]:
    """Return the problems of all seeds that say the same key as others, by key.

    Entries that have one key in common may have further ones: they are told of the first.
    """
    told: list[list[Problem]] = []
    together: dict[str, list[set[EntryId]]] = {}
    for claim, ids in sorted(disputed.items(), key=itemgetter(0)):
        before = together.setdefault(claim.type_name, [])
        if any(ids_before.issuperset(ids) for ids_before in before):
            continue
        before.append(set(ids))
        declared = layout.entries[claim.type_name].type
        fields = [declared.field(name) for name in declared.keys[claim.key].fields]
        paths = sorted({each.path for each in ids})
        told.append([_problem(claim, fields, path, paths, _line(fields, path, ids, finder)) for path in paths])
    return told


def _problem(claim: Claim, fields: Sequence[Field], path: str, paths: Sequence[str], line: int | None) -> Problem:
    """Return the problem of the seed `path` that says the same key as the others of `paths`, or says it twice."""
    names = ", ".join(each.name for each in fields)
    values = [claim.text] if len(fields) == 1 else [str(value) for value in orjson.loads(claim.text)]
    shown = ", ".join(f"{each.name} {value}" for each, value in zip(fields, values, strict=True))
    shown = shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"
    others = ", ".join(other for other in paths if other != path)
    where = f"also stands in {others}" if others else "stands in this file more than once"
    own = f"a {names} of its own" if len(fields) == 1 else "other values"
    message = f"The {shown} {where}. Give each {claim.type_name} {own}."
    return Problem(Severity.ERROR, DUPLICATE_URL if names == "url" else DUPLICATE_KEY_VALUE, path, line, message)


def _line(fields: Sequence[Field], path: str, ids: Collection[EntryId], finder: LineFinder) -> int | None:
    """Return the line where a file says the key; the last one if several of its entries do."""
    places = [place for each in fields for place in places_of(each)]
    lines = [finder.line_at(path, each.item, places) for each in ids if each.path == path]
    return max((line for line in lines if line is not None), default=None)
