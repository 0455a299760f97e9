"""Places: the part of a cursor that names a row's place in every order of its table.

A place is made once, when the row is loaded, and holds the row's value for each order. So it outlives the row and the
generation, costs a query nothing but a copy, and says at once when it was tampered with.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from typing import Any

import orjson

_DIGEST_BYTES = 6
_MAX_PLACE_CHARACTERS = 16_384
_MAX_PAYLOAD_BYTES = 65_536


def place(values: list[Any]) -> str:
    """Return the place that holds `values` (text and numbers, None for a missing one), as URL-safe text."""
    payload = orjson.dumps(values)
    digest = hashlib.blake2b(payload, digest_size=_DIGEST_BYTES).digest()
    return base64.urlsafe_b64encode(digest + zlib.compress(payload, 6)).rstrip(b"=").decode()


def values_of(text: str) -> list[Any]:
    """Return the values that `place` was given. Raises ValueError for any text that `place` did not make."""
    if len(text) > _MAX_PLACE_CHARACTERS:
        raise ValueError("too long")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        payload = zlib.decompressobj().decompress(packed[_DIGEST_BYTES:], _MAX_PAYLOAD_BYTES)
        values = orjson.loads(payload)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ValueError("not a place") from error
    if not isinstance(values, list) or place(values) != text:
        raise ValueError("not a place")
    return values


def place_check(text: str) -> int:
    """Return a number below 2**31 that goes with a place; a cursor that adds to a place checks itself by it."""
    return zlib.crc32(text.encode()) & 0x7FFFFFFF
