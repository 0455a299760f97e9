"""Dumping: values in their JSON form, compiled once from the model.

Groups become lists by position, and so does all that has parts. A reference becomes the slot of its row: references
within JSON are rows of a table of their own, so that where they lead can be decided in SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.kinds.kind import Storage
from graphql_api.model.types import Shape
from graphql_api.store.layout import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.model.types import Field, FieldType, Group
    from graphql_api.store.layout import EntryLayout, Layout

Slots = dict[tuple[str, str, str], list[tuple[Any, ...]]]
"""The rows of each table of references within JSON, by the site's path, in the order of their slots."""
Dump = "Callable[[Any, Slots], Any]"


class Dumper:
    """Dumps the values of one field of an entry type; `top` is that field."""

    def __init__(self, layout: Layout, entry: EntryLayout, top: str) -> None:
        """Prepare for the groups within; each is compiled when it is first met, for groups may hold themselves."""
        self._layout = layout
        self._entry = entry
        self._top = top
        self._groups: dict[str, list[Callable[[Any, Slots], Any]]] = {}

    def of(self, type_: FieldType) -> Callable[[Any, Slots], Any]:
        """Return the function that dumps values of a type."""
        if type_.item:
            item = self.of(type_.item)
            absent: list[Any] | None = [] if type_.is_required else None
            return lambda value, slots: absent if value is None else [item(each, slots) for each in value]
        if type_.shape is Shape.GROUP:
            return lambda value, slots: None if value is None else self._group(type_.name, value, slots)
        if type_.shape is Shape.UNION:
            names = list(self._layout.model.unions[type_.name].members.values())
            return lambda value, slots: (
                None if value is None else [value[0], self._group(names[value[0]], value[1], slots)]
            )
        if type_.name == "RichText":
            return lambda value, _: None if value is None else rich_text(value)
        kind = kind_of(self._layout.model, type_)
        assert kind is not None  # noqa: S101 - references are dumped by their group
        dump = kind.dump
        return lambda value, _: None if value is None else dump(value)

    def _group(self, name: str, value: tuple[Any, ...], slots: Slots) -> list[Any]:
        dumps = self._groups.get(name)
        if dumps is None:
            group = self._layout.model.groups[name]
            dumps = self._groups[name] = [self._member(group, each) for each in group.fields]
        return [dump(each, slots) if at >= 0 else dump(value, slots) for at, (dump, each) in enumerate(zip(dumps, value, strict=True))]

    def _member(self, group: Group, each: Field) -> Callable[[Any, Slots], Any]:
        if not each.is_value:
            return lambda _, __: None
        if not each.reference:
            return self.of(each.type)
        path = (self._top, group.name, each.name)
        if path not in self._entry.nested:
            return lambda _, __: None  # of a list of groups: columns of its table

        def slot(reference: Any, slots: Slots) -> int | None:  # noqa: ANN401 - a Ref or None
            if reference is None:
                return None
            rows = slots.setdefault(path, [])
            rows.append((len(rows), reference))
            return len(rows) - 1

        if each.type.is_list:
            return lambda value, slots: [slot(reference, slots) for reference in value or ()]
        return slot


def rich_text(value: Any) -> list[Any]:  # noqa: ANN401 - a RichText
    """Return a text in every form, by position."""
    markdown, html, text, headings, lead, words = value.rendered[:6]
    return [markdown, html, text, headings, lead, words, reading_minutes(words)]


def reading_minutes(words: int, words_a_minute: int = 200) -> int:
    """Return the minutes that so many words take, rounded up, at least 1."""
    return max(1, -(-words // words_a_minute))


__all__ = ["Dumper", "Slots", "Storage", "reading_minutes", "rich_text"]
