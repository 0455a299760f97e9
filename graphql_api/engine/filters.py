"""Filters: from a filter of entries to one SQL condition.

Two-valued: a condition on a missing value is false (except `ne`, `notIn` and `exists: false`), so `not` is an exact
complement. So no comparison here gives NULL.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.engine import sql
from graphql_api.engine.cost import COUNTED, PER_ROW_COUNTED, Entries
from graphql_api.engine.sources import Source, constant, derived
from graphql_api.model import names
from graphql_api.store.placements import REVERSED, key_column
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.engine.conditions import Filter
    from graphql_api.engine.planner import Planner
    from graphql_api.engine.scope import EntryScope
    from graphql_api.kinds.kind import Order
    from graphql_api.model.types import Field as ModelField

_EQUALITIES = {"eq": ("=", "IS"), "ne": ("<>", "IS NOT")}
_MIRRORED = {"gt": "<", "gte": "<="}
_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_TRUE, _FALSE = "1 = 1", "1 = 0"
_MOST_IN_A_ROW = 4
_COPIES = 4


def linked_by(filter_: Filter | None, rows: EntryScope) -> tuple[ModelField, Any] | None:
    """Return the list of references that a filter says must have one entry, and that entry's key; None if none does."""
    for name, value in (filter_ or {}).items():
        each = next((each for each in rows.entry.type.fields if each.name == name), None)
        if each and each.is_filter and each.reference and each.type.is_list and value and value.get("has") is not None:
            return each, value["has"]
    return None


def conditions_of_link(planner: Planner, rows: EntryScope, each: ModelField, link: str, key: Any) -> list[str]:  # noqa: ANN401
    """Return the conditions that keep the rows of `link`, the table of a list, that lead to the entry `key`."""
    target = rows.entry.lists[each.name].find(each.name, Role.TARGET)
    assert target is not None  # noqa: S101 - every reference has one
    found = FilterConditions(planner, rows).target(each, _source(key))
    return [f"{link}.{target.name} = {found}", f"NOT {link}.target_repeated"]


class FilterConditions:
    """Writes conditions on the entries of `rows`."""

    def __init__(self, planner: Planner, rows: EntryScope) -> None:
        """Look up the fields that can be asked for."""
        self._planner = planner
        self._rows = rows
        filtered = [each for each in rows.entry.type.fields if each.is_filter]
        self._fields = {each.name: each for each in filtered}
        self._present = {names.has_field(each): each for each in filtered}

    def condition(self, filter_: Filter) -> str:
        """Return the SQL condition for `filter_`; null values are as if they were not there."""
        return _all([self._member(name, value) for name, value in filter_.items() if value is not None])

    def _member(self, name: str, value: Any) -> str:  # noqa: ANN401 - each field has its own type
        match name:
            case "and":
                return _all([f"({self.condition(each)})" for each in value])
            case "or":
                return _any([self.condition(each) for each in value])
            case "not":
                return f"NOT ({self.condition(value)})"
        if name not in self._fields:
            return self._has(self._present[name], value)
        each = self._fields[name]
        operators = {operator: given for operator, given in value.items() if given is not None}
        return _all([self._operator(each, operator, given) for operator, given in operators.items()])

    def _has(self, each: ModelField, value: bool) -> str:
        if each.reference:
            # What leads nowhere is not shown.
            table, target = self._values_of(each)
            led = f"SELECT 1 FROM {table} WHERE owner_pk = {self._rows.pk} AND {target} IS NOT NULL"
            return f"{'' if value else 'NOT '}EXISTS ({led})"
        return f"{self._rows.sql(each.name, Role.HAS)} = {int(value)}"

    def _operator(self, each: ModelField, name: str, value: Any) -> str:  # noqa: ANN401 - a source, or what shapes
        if each.type.is_list:
            return self._of_list(each, name, value)
        if each.reference:
            return self._of_reference(each, name, value)
        return self._of_value(each, name, value)

    # Values

    def _of_value(self, each: ModelField, name: str, value: Any) -> str:  # noqa: ANN401 - as above
        kind = self._planner.layout.kind_of(each.type)
        assert kind is not None  # noqa: S101 - only scalars and enums have operators
        if name in ("contains", "startsWith"):
            part = self._part(each, name, value)
            return part if each.type.is_required else f"({self._rows.sql(each.name)} IS NOT NULL AND {part})"
        ascending = self._rows.entry.main.find(each.name, Role.ASCENDING)
        if ascending and kind.order:
            return self._sorted(each, kind.order, self._rows.column(ascending.name), name, value)
        column = self._rows.sql(each.name)
        if name == "exists":
            return f"{column} IS {'NOT ' if value else ''}NULL"
        return self._compared(name, column, _source(value), kind.column, is_required=each.type.is_required)

    def _sorted(self, each: ModelField, order: Order, column: str, name: str, value: Any) -> str:  # noqa: ANN401
        """Return a condition on what a field is sorted by, where a missing value is greater than all others."""
        if name == "exists":
            missing = self._bind(constant(order.ascending(None)))
            return f"{column} {'<' if value else '='} {missing}"
        descending = self._rows.entry.main.find(each.name, Role.DESCENDING)
        if name in _MIRRORED and order.descending and descending and descending.storage is not REVERSED:
            bound = self._bind(derived(value, order.descending, ("descending", order.descending)))
            return f"{self._rows.column(descending.name)} {_MIRRORED[name]} {bound}"
        condition = self._compared(name, column, _source(value), order.ascending, is_required=True)
        if name in _MIRRORED and not each.type.is_required:
            return f"({condition} AND {column} < {self._bind(constant(order.ascending(None)))})"
        return condition

    def _compared(
        self, name: str, column: str, value: Source, convert: Callable[[Any], Any], *, is_required: bool
    ) -> str:
        if name in ("in", "notIn"):
            listed = sql.elements(self._bind(derived(value, partial(_converted, convert), ("in", convert))))
            there = "" if is_required else f"{column} IS NOT NULL AND "
            return f"{'' if name == 'in' else 'NOT '}({there}{column} IN (SELECT value FROM {listed}))"
        bound = self._bind(derived(value, convert, ("column", convert)) if convert is not str else value)
        if name in _EQUALITIES:
            plain, with_missing = _EQUALITIES[name]
            return f"{column} {plain if is_required else with_missing} {bound}"
        condition = f"{column} {_COMPARISONS[name]} {bound}"
        return condition if is_required else f"({column} IS NOT NULL AND {condition})"

    def _part(self, each: ModelField, name: str, value: Source) -> str:
        part = self._bind(derived(value, str.casefold, "casefold"))
        test = sql.contains if name == "contains" else sql.starts_with
        return test(self._rows.sql(each.name, Role.FOLDED), part)

    # References, by the key that they name

    def _of_reference(self, each: ModelField, name: str, value: Any) -> str:  # noqa: ANN401 - as above
        target = self._rows.sql(each.name, Role.TARGET)
        if name == "exists":
            return f"{target} IS {'NOT ' if value else ''}NULL"
        if name == "eq":
            # No entry has the key 0; NULL, for a key that no entry has, would make `not` neither true nor false.
            return f"{target} IS {self.target(each, _source(value))}"
        if name == "ne":
            return f"{target} IS NOT {self.target(each, _source(value))}"
        found = f"{target} IN ({self._targets(each, 'in' if name == 'notIn' else name, value)})"
        if not each.type.is_required:
            found = f"({target} IS NOT NULL AND {found})"
        return f"NOT ({found})" if name == "notIn" else found

    def target(self, each: ModelField, value: Source) -> str:
        """Return SQL for the pk of the entry that a reference with the key `value` leads to; 0 where there is none."""
        entry = self._planner.layout.entries[each.type.name]
        column = key_column(entry.main, _named_key(each))
        return f"coalesce((SELECT pk FROM {entry.main.name} WHERE {column} = {self._bind(value)}), 0)"

    def _targets(self, each: ModelField, name: str, value: Any) -> str:  # noqa: ANN401 - as above
        """Return the SELECT of the pks of the entries whose key meets a condition."""
        # Each copy of the condition (for page, count, facets) looks once.
        self._planner.meter.add_once(_COPIES * PER_ROW_COUNTED, Entries(each.type.name), what=COUNTED)
        rows = self._planner.scope(each.type.name)
        key = rows.entry.type.field(_named_key(each))
        nested = FilterConditions(self._planner, rows)
        column = key_column(rows.entry.main, key.name)
        if name in ("contains", "startsWith") and rows.entry.main.find(key.name, Role.FOLDED) is None:
            part = self._bind(derived(value, str.casefold, "casefold"))
            test = sql.contains if name == "contains" else sql.starts_with
            condition = test(f"casefold({rows.column(column)})", part)
        else:
            condition = nested._of_value(key, name, value)
        return f"SELECT {rows.pk} FROM {rows.rows()} WHERE {condition}"

    # Lists

    def _of_list(self, each: ModelField, name: str, value: Any) -> str:  # noqa: ANN401 - as above
        table, column = self._values_of(each)
        pk, source = self._rows.pk, _source(value)
        kind = self._planner.layout.kind_of(each.type)
        convert = kind.column if kind else _as_it_is
        if name == "has":
            bound = self.target(each, source) if each.reference else self._bind(derived(source, convert, convert))
            return f"{pk} IN (SELECT owner_pk FROM {table} WHERE {column} = {bound}{self._once(each)})"
        listed = sql.elements(self._bind(derived(source, partial(_converted, convert), ("in", convert))))
        if name == "hasAny":
            wanted = self._keys(each, f"SELECT value FROM {listed}")
            return f"{pk} IN (SELECT owner_pk FROM {table} WHERE {column} IN ({wanted}){self._once(each)})"
        wanted = self._key_of(each, "wanted.value")
        there = f"SELECT 1 FROM {table} WHERE owner_pk = {pk} AND {column} = {wanted}"
        return f"NOT EXISTS (SELECT 1 FROM {listed} AS wanted WHERE NOT EXISTS ({there}))"

    def _once(self, each: ModelField) -> str:
        """Return the condition by which the index of a list of references is found: each target counts once."""
        return " AND NOT target_repeated" if each.reference else ""

    def _values_of(self, each: ModelField) -> tuple[str, str]:
        """Return the table of a list's values, and the column in it."""
        entry = self._rows.entry
        if each.reference:
            target = entry.lists[each.name].find(each.name, Role.TARGET)
            assert target is not None  # noqa: S101 - every reference has one
            return entry.lists[each.name].name, target.name
        return entry.values[each.name].name, "value"

    def _keys(self, each: ModelField, values: str) -> str:
        if not each.reference:
            return values
        entry = self._planner.layout.entries[each.type.name]
        column = key_column(entry.main, _named_key(each))
        return f"SELECT pk FROM {entry.main.name} WHERE {column} IN ({values})"

    def _key_of(self, each: ModelField, value: str) -> str:
        if not each.reference:
            return value
        entry = self._planner.layout.entries[each.type.name]
        column = key_column(entry.main, _named_key(each))
        return f"(SELECT pk FROM {entry.main.name} WHERE {column} = {value})"

    def _bind(self, source: Source) -> str:
        return self._planner.bind(source)


def _named_key(each: ModelField) -> str:
    """Return the field by which a reference names its target."""
    assert each.reference is not None  # noqa: S101 - the caller has asked
    return each.reference.by


def _source(value: Any) -> Source:  # noqa: ANN401 - a source, or a value that shapes the statement
    """Return the source of an operator's value; enum values and Booleans stand in the shape."""
    if isinstance(value, Source):
        return value
    return constant(int(value) if isinstance(value, bool) else value)


def _all(conditions: list[str]) -> str:
    return _joined(conditions, "AND") if conditions else _TRUE


def _any(conditions: list[str]) -> str:
    return f"({_joined([f'({condition})' for condition in conditions], 'OR')})" if conditions else _FALSE


def _joined(conditions: list[str], operator: str) -> str:
    """Return the conditions joined. Many become a balanced tree: SQLite takes expressions 1,000 levels deep at most."""
    if len(conditions) <= _MOST_IN_A_ROW:
        return f" {operator} ".join(conditions)
    middle = len(conditions) // 2
    return f"({_joined(conditions[:middle], operator)}) {operator} ({_joined(conditions[middle:], operator)})"


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - text or a number
    return value


def _converted(convert: Callable[[Any], Any], values: list[Any]) -> str:
    return _json_text([convert(each) for each in values])


def _json_text(values: list[Any]) -> str:
    return orjson.dumps(values).decode()
