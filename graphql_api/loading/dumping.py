"""Dumping: values in their JSON form, compiled once from the model.

Groups become lists by position, and so does all that has parts. A reference becomes the slot of its row: references
within JSON are rows of a table of their own, so that where they lead can be decided in SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql_api.model.types import Shape
from graphql_api.store.placements import kept_reference, kind_of
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.model.types import Field, FieldType, Group
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.routes import Route
    from graphql_api.store.tables import Table

Slots = dict[tuple[str, str, str], list[tuple[Any, ...]]]
"""The rows of each table of references within JSON, by the site's path, in the order of their slots."""
_Member = Callable[[Any, tuple[Any, ...], Slots], Any]


class Dumper:
    """Dumps the values of one field of an entry type; `top` is that field."""

    def __init__(self, layout: Layout, entry: EntryLayout, top: str) -> None:
        """Prepare for the groups within; each is compiled when it is first met, for groups may hold themselves."""
        self._layout = layout
        self._entry = entry
        self._top = top
        self._groups: dict[tuple[str, Route | None], list[_Member]] = {}
        asked = [route for (name, *_), table in entry.nested.items() if name == top for route in _routes(table)]
        self._told = {route[:length] for route in asked for length in range(len(route) + 1)}

    def of(self, type_: FieldType, route: Route | None = ()) -> Callable[[Any, Slots], Any]:
        """Return the function that dumps values of a type; `route` led to them, None is one that no field follows."""
        if type_.item:
            item = self.of(type_.item, route)
            absent: list[Any] | None = [] if type_.is_required else None
            return lambda value, slots: absent if value is None else [item(each, slots) for each in value]
        if type_.shape is Shape.GROUP:
            return lambda value, slots: None if value is None else self._group(type_.name, route, value, slots)
        if type_.shape is Shape.UNION:
            names = list(self._layout.model.unions[type_.name].members.values())
            return lambda value, slots: (
                None if value is None else [value[0], self._group(names[value[0]], None, value[1], slots)]
            )
        if type_.name == "RichText":
            return lambda value, _: None if value is None else rich_text(value)
        kind = kind_of(self._layout.model, type_)
        assert kind is not None  # noqa: S101 - references are dumped by their group
        dump = kind.dump
        return lambda value, _: None if value is None else dump(value)

    def _group(self, name: str, route: Route | None, value: tuple[Any, ...], slots: Slots) -> list[Any]:
        members = self._groups.get((name, route))
        if members is None:
            group = self._layout.model.groups[name]
            members = self._groups[name, route] = [self.member(group, each, route) for each in group.fields]
        return [member(each, value, slots) for member, each in zip(members, value, strict=True)]

    def member(self, group: Group, each: Field, route: Route | None = ()) -> _Member:
        """Return the function that dumps one field of a group that `route` led to, from its value and the group's."""
        if each.is_value and not each.reference:
            further = None if route is None else (*route, each.name)
            dump = self.of(each.type, further if further in self._told else None)
            return lambda value, _, slots: dump(value, slots)
        path = (self._top, group.name, each.name)
        if not each.is_value or path not in self._entry.nested:
            return lambda *_: None  # what tells of a reference is in the row of that
        compared = self._compared(path, group)
        flags = [int(one == route) for one in _routes(self._entry.nested[path])]
        is_counted = kept_reference(group) is each

        def slot(reference: Any, whole: tuple[Any, ...], slots: Slots) -> int | None:  # noqa: ANN401 - a Ref or None
            rows = slots.setdefault(path, [])
            # Of groups that are counted by their reference, each has a row.
            if reference is not None or is_counted:
                rows.append((len(rows), reference, [*(whole[at] for at in compared), *flags]))
            return None if reference is None else len(rows) - 1

        if each.type.is_list:
            return lambda value, whole, slots: [slot(reference, whole, slots) for reference in value or ()]
        return slot

    def _compared(self, path: tuple[str, str, str], group: Group) -> list[int]:
        """Return where in the group's value the fields stand that `orBy` compares."""
        names = [each.name for each in group.fields]
        columns = self._entry.nested[path].columns
        return [names.index(column.field) for column in columns if column.role is Role.ALTERNATIVE]


def _routes(table: Table) -> list[Route]:
    """Return the routes that columns of a table of references tell of."""
    return [tuple(filter(None, each.field.split("."))) for each in table.columns if each.role is Role.ROUTE]


def rich_text(value: Any) -> list[Any]:  # noqa: ANN401 - a RichText
    """Return a text in every form, by position."""
    markdown, html, text, headings, lead, words = value.rendered[:6]
    return [markdown, html, text, [list(each) for each in headings], lead, words, reading_minutes(words)]


def reading_minutes(words: int, words_a_minute: int = 200) -> int:
    """Return the minutes that so many words take, rounded up, at least 1."""
    return max(1, -(-words // words_a_minute))
