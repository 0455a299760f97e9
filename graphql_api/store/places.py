"""Places: the part of a cursor that names a row's place in every order of its table.

A place is made once, when the row is loaded, and holds the row's value for each order. So it outlives the row and the
generation, costs a query nothing but a copy, and says at once when it was tampered with.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

import orjson

_DIGEST_BYTES = 6
_MAX_PLACE_CHARACTERS, _MAX_VALUES = 65_536, 16


def place(values: list[Any]) -> str:
    """Return the place that holds `values` (text and numbers, None for a missing one), as URL-safe text."""
    payload = orjson.dumps(values)
    return _encoded(_digest(payload) + payload)


def values_of(text: str) -> list[Any]:
    """Return the values that `place` was given. Raises ValueError for any text that `place` did not make."""
    if len(text) > _MAX_PLACE_CHARACTERS:
        raise ValueError("too long")
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    digest, payload = packed[:_DIGEST_BYTES], packed[_DIGEST_BYTES:]
    if _encoded(packed) != text or _digest(payload) != digest:
        raise ValueError("altered")
    values = orjson.loads(payload)
    # Anybody can make a digest that is right. What holds more than a row's values has been made to cost us time.
    if (
        not isinstance(values, list)
        or len(values) > _MAX_VALUES
        or any(isinstance(each, list | dict) for each in values)
    ):
        raise ValueError("forged")
    return values


def place_check(text: str) -> int:
    """Return a number below 2**31 that goes with a place; a cursor that adds to a place checks itself by it."""
    return zlib.crc32(text.encode()) & 0x7FFFFFFF


def _encoded(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _digest(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_DIGEST_BYTES).digest()
