"""Rows of an entry's further tables: of its lists, of values that are asked for alone, of references within JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.kinds.kind import Storage
from graphql_api.loading.dumping import Dumper, Slots
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.model.types import Field, Group
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Column, Table

Row = tuple[Any, ...]
PLAIN = (str, int, float, bool)
"""How kinds dump values that SQLite stores and JSON has as they are."""
_MakeRows = Callable[[tuple[Any, ...], Slots, Any], list[Row]]


def json_text(value: Any) -> str:  # noqa: ANN401 - any value that JSON has
    """Return a value as JSON."""
    return orjson.dumps(value).decode()


OF_REFERENCE: dict[Role, Callable[[Any], Any]] = {
    Role.TARGET: lambda _: None,
    Role.KEY: lambda reference: None if reference is None else reference.key,
    Role.STATUS: lambda reference: None if reference is None else "DANGLING",
    Role.NAMES: lambda reference: None if reference is None else reference.names,
    Role.REPEATED: lambda _: 0,
}
"""What a column of a reference holds before it is known where it leads, by the column's role."""


class FurtherRows:
    """Makes the rows of the further tables of one type; they begin with their position, counted from 1."""

    def __init__(self, layout: Layout, entry: EntryLayout) -> None:
        """Compile each table."""
        self._layout = layout
        self._entry = entry
        fields = {each.name: (at, each) for at, each in enumerate(entry.type.fields)}
        self._lists = [self._list_rows(*fields[name], table) for name, table in entry.lists.items()]
        self._values = [(fields[name][0], self._value_of(fields[name][1])) for name in entry.values]
        self._nested = [(path, self._nested_row(table)) for path, table in entry.nested.items()]
        self._routes = [sum(each.role is Role.ROUTE for each in table.columns) for table in entry.nested.values()]

    def lists(self, values: tuple[Any, ...], slots: Slots, carried: Any) -> tuple[list[Row], ...]:  # noqa: ANN401 - what sorts
        """Return the rows of each list of an entry; some carry the entry's own place in its default order."""
        return tuple([make(values, slots, carried) for make in self._lists])

    def values(self, values: tuple[Any, ...]) -> tuple[list[Row], ...]:
        """Return the rows of each field whose values are asked for alone."""
        return tuple([list(enumerate(map(stored, values[at] or ()), 1)) for at, stored in self._values])

    def nested(self, slots: Slots) -> tuple[list[Row], ...]:
        """Return the rows of each table of references within JSON, of the slots that a `Dumper` has filled."""
        return tuple([[row(each) for each in slots.get(path, ())] for path, row in self._nested])

    def told(self, nested: tuple[list[Row], ...]) -> tuple[list[Row], ...]:
        """Return the rows without their routes: those follow from the values, and from what is asked of them."""
        if not any(self._routes):
            return nested
        return tuple(
            [
                [row[:-routes] if routes else row for row in rows]
                for rows, routes in zip(nested, self._routes, strict=True)
            ]
        )

    def _list_rows(self, at: int, each: Field, table: Table) -> _MakeRows:
        if each.reference:
            return self._reference_rows(at, table)
        group = self._layout.model.groups[each.type.name]
        places = {inner.name: place for place, inner in enumerate(group.fields)}
        dumper = Dumper(self._layout, self._entry, each.name)
        getters = [
            self._of_member(column, places, group, dumper)
            for column in table.columns
            if column.role not in {Role.OWNER, Role.POSITION}
        ]
        return lambda values, slots, _: [
            (position, *[get(item, slots) for get in getters]) for position, item in enumerate(values[at] or (), 1)
        ]

    def _reference_rows(self, at: int, table: Table) -> _MakeRows:
        get = [OF_REFERENCE[column.role] for column in table.columns if column.role in OF_REFERENCE]
        is_carried = table.find("", Role.CARRIED) is not None

        def rows(values: tuple[Any, ...], _: Slots, carried: Any) -> list[Row]:  # noqa: ANN401 - whatever sorts
            end = [carried] if is_carried else []
            return [
                (position, *[one(reference) for one in get], *end)
                for position, reference in enumerate(values[at] or (), 1)
            ]

        return rows

    def _of_member(
        self, column: Column, places: dict[str, int], group: Group, dumper: Dumper
    ) -> Callable[[Any, Slots], Any]:
        at, inner = places[column.field], group.field(column.field)
        if column.role in OF_REFERENCE:
            get = OF_REFERENCE[column.role]
            return lambda item, _: get(item[at])
        kind = None if inner.type.is_list else self._layout.kind_of(inner.type)
        if kind and kind.storage is not Storage.JSON:
            if kind.dump in PLAIN:
                return lambda item, _: item[at]
            stored = kind.column
            return lambda item, _: None if item[at] is None else stored(item[at])
        dump = dumper.member(group, inner)
        return lambda item, slots: None if item[at] is None else json_text(dump(item[at], item, slots))

    def _nested_row(self, table: Table) -> Callable[[tuple[Any, ...]], Row]:
        get = [OF_REFERENCE[column.role] for column in table.columns if column.role in OF_REFERENCE]
        return lambda slot: (slot[0], *[one(slot[1]) for one in get], *slot[2])

    def _value_of(self, each: Field) -> Callable[[Any], Any]:
        kind = self._layout.kind_of(each.type)
        assert kind is not None  # noqa: S101 - only scalars are asked by value
        return kind.column
