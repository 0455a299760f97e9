"""Sources: where a field's value comes from, out of its @from directives and the rules for what they leave out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graphql_api.model.types import EntryPart, FilePart, From

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.declarations import FieldDeclaration
    from graphql_api.model.directives import Applied

PARTS = ("key", "keys", "field", "file", "entry", "template")

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def implicit_sources(name: str) -> tuple[From, ...]:
    """Return where a field without @from is read from: its name in camelCase, snake_case and kebab-case, each once."""
    words = _CAPITAL.sub("_", name).lower()
    return tuple(From(key=(key,)) for key in dict.fromkeys((name, words, words.replace("_", "-"))))


def sources_of(declared: FieldDeclaration, *, is_grouped: bool) -> tuple[From, ...]:
    """Return the sources of a field; of one in a grouped type () stands for what the reference gives."""
    applied = declared.directives.all("from")
    if not applied:
        return () if is_grouped else implicit_sources(declared.name)
    return tuple(source for each in applied for source in _sources(declared.name, each, is_grouped=is_grouped))


def _sources(name: str, applied: Applied, *, is_grouped: bool) -> Iterator[From]:
    made = From(
        like=applied["like"], escapes=bool(applied["escapes"]), split=applied["split"], slug=bool(applied["slug"])
    )
    given = [part for part in PARTS if applied[part] is not None]
    if not given:
        if is_grouped:
            yield made
        else:
            yield from (replace(made, key=source.key) for source in implicit_sources(name))
        return
    value = applied[given[0]]
    match given[0]:
        case "key":
            yield replace(made, key=() if value == "." else tuple(value.split(".")))
        case "keys":
            yield replace(made, keys=value)
        case "field":
            yield replace(made, field=value)
        case "template":
            yield replace(made, template=value)
        case "file":
            yield replace(made, file=FilePart(value))
        case _:
            yield replace(made, entry=EntryPart(value))
