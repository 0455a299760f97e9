"""Orders: the keys that a list is sorted by. Every order is total: it ends with the identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.model import names
from graphql_api.model.types import Direction
from graphql_api.store.placements import REVERSED, default_order
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.model.types import Field
    from graphql_api.store.layout import EntryLayout, Layout

Term = tuple[str, Direction]
"""A field's name and a direction."""


class OrderKey(Struct, frozen=True):
    """One key: a column, its direction, and its value in a place (see `graphql_api.store.places`).

    Descending keys are columns of their own where values can be negated, so that an order with an ascending identity
    at its end runs in one direction and its cursors become one comparison of rows.
    """

    column: str
    value: Callable[[list[Any]], Any]
    descending: bool = False


def terms_of(entry: EntryLayout, given: Sequence[str] | None) -> tuple[Term, ...]:
    """Return the order that the values `given` of an order's enum ask for, made total.

    None or an empty list gives the default order.
    """
    by_name = {
        names.order_value(each, direction): (each.name, direction)
        for each in entry.type.fields
        if each.is_order
        for direction in Direction
    }
    default = default_order(entry.type)
    asked = [by_name[name] for name in dict.fromkeys(given or ())] or (
        [(default[0].name, default[1])] if default else []
    )
    identity = list(entry.type.keys[0].fields if entry.type.keys else ())
    terms: list[Term] = []
    for term in asked:
        terms.append(term)
        if identity == [term[0]]:
            return tuple(terms)
    return (*terms, *((name, Direction.ASC) for name in identity if name not in {field for field, _ in terms}))


def order_keys(layout: Layout, entry: EntryLayout, terms: Sequence[Term]) -> list[OrderKey]:
    """Return the keys of a total order."""
    return [_order_key(layout, entry, name, direction) for name, direction in terms]


def _order_key(layout: Layout, entry: EntryLayout, name: str, direction: Direction) -> OrderKey:
    each = entry.type.field(name)
    at = [field.name for field in entry.order_fields].index(name)
    descending = direction is Direction.DESC
    if each.reference:
        column = entry.main.find(name, Role.KEY)
        assert column is not None  # noqa: S101 - every reference has one
        return OrderKey(column.name, lambda values: values[at], descending)
    key = entry.order_key(name, descending=descending)
    if each.back:
        has_own = descending and entry.main.find(name, Role.DESCENDING)
        return OrderKey(
            key.column, (lambda values: -values[at]) if has_own else (lambda values: values[at]), key.reversed
        )
    convert = _conversion(layout, entry, each, descending=descending)

    def value(values: list[Any]) -> Any:  # noqa: ANN401 - what the column holds
        if values[at] is None and each.type.is_required:
            raise ValueError(f"no value of {name}")
        return convert(values[at])

    return OrderKey(key.column, value, key.reversed)


def _conversion(layout: Layout, entry: EntryLayout, each: Field, *, descending: bool) -> Callable[[Any], Any]:
    """Return what turns a value of a place into that of the order's column."""
    kind = layout.kind_of(each.type)
    assert kind is not None  # noqa: S101 - the model was checked: only scalars are sorted by
    assert kind.order is not None  # noqa: S101 - as above
    order = kind.order
    column = entry.main.find(each.name, Role.DESCENDING) if descending else None
    if column is None:
        return order.ascending
    if order.descending and column.storage is not REVERSED:
        return order.descending
    return lambda value: 0 if value is None else value


def sorting(keys: Sequence[OrderKey], columns: Sequence[str], *, backwards: bool = False) -> str:
    """Return the content of an ORDER BY clause over `columns`, the keys' SQL names."""
    return ", ".join(
        f"{column} DESC" if key.descending != backwards else column for key, column in zip(keys, columns, strict=True)
    )


def beyond(
    keys: Sequence[OrderKey],
    columns: Sequence[str],
    values: Sequence[str],
    *,
    backwards: bool = False,
    inclusive: bool = False,
) -> str:
    """Return the condition that a row comes after the place `values` (SQL), or before it when `backwards`.

    One comparison of rows where all keys run in one direction; else the lexicographic expansion, led by a comparison
    of the first key that an index can answer.
    """
    signs = ["<" if key.descending != backwards else ">" for key in keys]
    if len(set(signs)) == 1:
        sign = signs[0] + ("=" if inclusive else "")
        return f"({', '.join(columns)}) {sign} ({', '.join(values)})"
    condition = f"{columns[-1]} {signs[-1]}{'=' if inclusive else ''} {values[-1]}"
    for column, value, sign in reversed(list(zip(columns[:-1], values[:-1], signs[:-1], strict=True))):
        condition = f"({column} {sign} {value} OR ({column} = {value} AND {condition}))"
    return f"({columns[0]} {signs[0]}= {values[0]} AND {condition})"
