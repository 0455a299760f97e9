"""The response cache: the bytes of whole answers, found by the bytes of whole requests, of one generation at a time.

Equal bytes have an equal document, operation, variables and media type, so a hit needs no parsing at all.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphql_api.server.http_message import HTTPResponse

Key = tuple[str, bytes, bytes | None, bytes | None, bytes]
"""The method; the body of a POST, else the query string; Content-Type; Accept; the content coding of the answer."""

_ENTRY_BYTES: Final = 1_024
"""What an entry weighs beside the bytes in it: the objects that hold them."""

_LARGEST_SHARE: Final = 8
"""A response over this part of the whole is not kept: it would drive out too many others."""


class ResponseCache:
    """Responses of the version looked up last, at most `max_bytes` of them, keys counted; least recently used go first.

    What it holds is shared by all clients: only responses that depend on nothing but the key and the version go in.
    """

    def __init__(self, max_bytes: int, largest_share: int = _LARGEST_SHARE) -> None:
        """Begin empty; with 0 bytes it stays so. A response over one part of `largest_share` is not kept."""
        self._max_bytes = max_bytes
        self._largest_share = largest_share
        self._bytes = 0
        self._version: str | None = None
        self._entries: OrderedDict[Key, HTTPResponse] = OrderedDict()

    @property
    def largest_bytes(self) -> int:
        """How large the largest entry can be, in bytes."""
        return self._max_bytes // self._largest_share

    @property
    def size_bytes(self) -> int:
        """What the entries weigh, in bytes."""
        return self._bytes

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def get(self, version: str, key: Key) -> HTTPResponse | None:
        """Return the response that `version` gave to `key`; another version than before drops all entries."""
        if version != self._version:
            self._entries.clear()
            self._bytes = 0
            self._version = version
            return None
        response = self._entries.get(key)
        if response is not None:
            self._entries.move_to_end(key)
        return response

    def put(self, version: str, key: Key, response: HTTPResponse) -> None:
        """Keep what `version` answered, unless that is no longer the version looked up last, or it is too large."""
        size = _size_bytes(key, response)
        if version != self._version or key in self._entries or size * self._largest_share > self._max_bytes:
            return
        self._entries[key] = response
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._bytes -= _size_bytes(*self._entries.popitem(last=False))


def _size_bytes(key: Key, response: HTTPResponse) -> int:
    _, payload, content_type, accept, _ = key
    return _ENTRY_BYTES + len(payload) + len(content_type or b"") + len(accept or b"") + len(response.body)
