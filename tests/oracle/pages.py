"""Pages: one window on a whole list, computed on the list itself, and the cursors that name its places."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

CURSOR_PREFIX = "oracle-cursor:"
DEFAULT_SIZE = 20
LARGEST_SIZE = 100


class BadInputError(Exception):
    """An argument has a value that cannot be used; the whole request fails with BAD_USER_INPUT."""


class Bounds(NamedTuple):
    """Where a page lies in its list: items `start` up to and without `stop`, of `total`."""

    start: int
    stop: int
    total: int


def check_page(arguments: dict[str, Any]) -> None:
    """Raise BadInputError unless the page arguments are in range and go together."""
    given = {name for name in ("first", "last", "offset", "after", "before") if arguments.get(name) is not None}
    for name in given & {"first", "last"}:
        if not 0 <= arguments[name] <= LARGEST_SIZE:
            raise BadInputError(f"{name} is out of range")
    if {"first", "last"} <= given:
        raise BadInputError("first and last do not go together")
    if "offset" in given and (arguments["offset"] < 0 or given & {"last", "after", "before"}):
        raise BadInputError("offset is negative, or not alone with first")
    for name in given & {"after", "before"}:
        place_of(arguments[name], scope_of(arguments))


def bounds(arguments: dict[str, Any], total: int, index: Callable[[str], int]) -> Bounds:
    """Return where the page that the checked arguments ask for lies; `index` finds the place that a cursor names."""
    after, before, last = (arguments.get(name) for name in ("after", "before", "last"))
    scope = scope_of(arguments)
    low = 0 if after is None else index(place_of(after, scope)) + 1
    high = max(low, total if before is None else index(place_of(before, scope)))
    if last is not None:
        return Bounds(max(low, high - last), high, total)
    start = min(low + (arguments.get("offset") or 0), high)
    first = arguments.get("first")
    return Bounds(start, min(start + (DEFAULT_SIZE if first is None else first), high), total)


def connection(items: list[tuple[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the connection over the whole ordered list of (what identifies an item, the item)."""
    page = bounds(arguments, len(items), [place for place, _ in items].index)
    scope = scope_of(arguments)
    edges = [{"cursor": cursor(place, scope), "node": item} for place, item in items[page.start : page.stop]]
    return {
        "edges": edges,
        "nodes": [edge["node"] for edge in edges],
        "totalCount": page.total,
        "pageInfo": {
            "hasNextPage": page.stop < page.total,
            "hasPreviousPage": page.start > 0,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def scope_of(arguments: dict[str, Any]) -> str:
    """Return what a cursor is tied to: the order and the filter, as text."""
    return json.dumps([arguments.get("orderBy") or [], arguments.get("filter") or {}], sort_keys=True, default=str)


def cursor(place: str, scope: str) -> str:
    """Return the cursor of a place in a scope."""
    return CURSOR_PREFIX + base64.urlsafe_b64encode(json.dumps([place, scope]).encode()).decode()


def place_of(text: str, scope: str) -> str:
    """Return the place that a cursor names. Raises BadInputError if it was not made for this scope."""
    try:
        place, made_for = json.loads(base64.urlsafe_b64decode(text.removeprefix(CURSOR_PREFIX)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadInputError("not a cursor") from error
    if made_for != scope:
        raise BadInputError("a cursor of another order or filter")
    return str(place)
