"""Cursors: a place in an order, tied to that order and filter.

A cursor is a context (8 characters that name order and filter) and the row's place. Both are checked, so that a cursor
that was altered, or made by another query, is refused instead of showing a wrong page.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import orjson

from graphql_api.store.places import values_of

CONTEXT_CHARACTERS = 8
_ADVICE = "Use one that this same list gave, with the same order and filter, or start again without it."


def cursor_context(order: object, filter_: object) -> str:
    """Return the context of a list: 8 URL-safe characters that name its order and filter."""
    digest = hashlib.blake2b(orjson.dumps([order, filter_], option=orjson.OPT_SORT_KEYS), digest_size=6).digest()
    return base64.urlsafe_b64encode(digest).decode()


def place_values(cursor: str, context: str, name: str) -> list[Any]:
    """Return the values of the place that `cursor` names. Raises ValueError that tells the client what to do."""
    if cursor[:CONTEXT_CHARACTERS] != context:
        raise ValueError(f"The cursor in {name!r} is not one of this list. {_ADVICE}")
    try:
        return values_of(cursor[CONTEXT_CHARACTERS:])
    except ValueError as error:
        raise altered(name) from error


def altered(name: str) -> ValueError:
    """Return the error for a cursor in the argument `name` that this API did not give."""
    return ValueError(f"The cursor in {name!r} has been altered. {_ADVICE}")
