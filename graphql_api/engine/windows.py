"""Windows: which part of a list a page shows, as the arguments first, last, after, before and offset say."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.engine.cursors import altered
from graphql_api.engine.sources import Source, derived

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.engine.listings import Listing
    from graphql_api.engine.orders import OrderKey
    from graphql_api.engine.planner import Field, Planner

MAX_OFFSET = 2**31 - 1
_TOO_GREAT = 2**63  # for an integer of SQL
_MISSING_TEXT = b"\xff"  # what sorts in the place of a text that is missing


class Window(Struct, frozen=True):
    """The size and the offset of a page, and the keys of the places that it lies between."""

    size: Source
    backwards: bool
    offset: Source | None
    after: list[Source] | None
    before: list[Source] | None


def read_window(planner: Planner, field: Field, listing: Listing) -> Window:
    """Return the window that the arguments of `field` ask for. Raises BadUserInputError for what contradicts itself."""
    names = ("first", "last", "after", "before", "offset")
    first, last, after, before, offset = (field.arguments.get(name) for name in names)
    if first is not None and last is not None:
        raise planner.refusal("'first' and 'last' exclude each other: give one of them.")
    if offset is not None and not (last is after is before is None):
        raise planner.refusal("'offset' goes only with 'first': page by cursor or by offset.")
    name = "first" if last is None else "last"
    return Window(
        size=planner.page_size(first if last is None else last, name),
        backwards=last is not None,
        offset=None if offset is None else planner.between(offset, "offset", 0, MAX_OFFSET),
        after=_place_keys(planner, listing, after, "after"),
        before=_place_keys(planner, listing, before, "before"),
    )


def _place_keys(planner: Planner, listing: Listing, cursor: Source | None, name: str) -> list[Source] | None:
    """Return the keys of the place that `cursor` names."""
    if cursor is None:
        return None
    context, read_place = listing.context, listing.read_place
    place = Source(
        lambda variables: _place(read_place, cursor.read(variables), context.read(variables), name),
        ("place", cursor.key, context.key, name),
    )
    return [
        planner.checked(derived(place, partial(_key_value, key, name), ("key", key.column, key.descending)))
        for key in listing.keys
    ]


@lru_cache(maxsize=32)
def _place(read_place: Callable[[str, str, str], list[Any]], cursor: str, context: str, name: str) -> list[Any]:
    """Return the values of a place, read once for all keys of the order, and for all fields that share the cursor."""
    return read_place(cursor, context, name)


def _key_value(key: OrderKey, name: str, values: list[Any]) -> Any:  # noqa: ANN401 - text or a number
    """Return the value of one key. Raises ValueError: whoever knows how places are made can forge a senseless one."""
    try:
        value = key.value(values)
    except (LookupError, TypeError, ValueError) as error:
        raise altered(name) from error
    if isinstance(value, str | float) or value == _MISSING_TEXT or (isinstance(value, int) and abs(value) < _TOO_GREAT):
        return value
    raise altered(name)
