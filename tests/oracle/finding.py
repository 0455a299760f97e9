"""Finding: which entries have the words of a search, whatever their rank."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from tests.oracle.drafts import Entry, Reference
from tests.oracle.scalars import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.oracle.declarations import Field, Model


def searched_texts(model: Model, entry: Entry, plain_text: Callable[[Text], str]) -> Iterator[str]:
    """Yield the texts of an entry that a search looks into."""
    fields = entry.type.fields.values()
    for found in _found(model, [(each, entry.values[each.name]) for each in fields if each.is_value]):
        yield plain_text(found) if isinstance(found, Text) else found


def words(text: str) -> list[str]:
    """Return the words of a text, without accents and case."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).casefold()
    return "".join(one if one.isalnum() else " " for one in plain).split()


def _found(model: Model, pairs: list[tuple[Field, Any]]) -> Iterator[Any]:
    for each, value in pairs:
        if isinstance(value, list):
            yield from _found(model, [(each, item) for item in value])
            continue
        search = each.one("search")
        if search is None and isinstance(value, dict) and "__typename" in value:
            group = model.types[value["__typename"]]
            yield from _found(model, [(one, value[one.name]) for one in group.fields.values() if one.is_value])
        elif search is not None and value is not None:
            named = _of(value, search.get("of"))
            yield from named if isinstance(named, list) else [named] if named else []


def _of(value: Any, name: str | None) -> Any:
    """Return a field of what a reference or a group is, or the value itself.

    Of a grouped entry without files it is what the reference says.
    """
    if name is None:
        return value
    if isinstance(value, Reference):
        is_said = value.target_type.is_grouped and not value.target_type.globs
        return value.names.get(name) if is_said else value.target.values[name] if value.target else None
    return value[name]
