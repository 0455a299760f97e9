"""Long pages, which are sent as they are made: so many at a time, and so much of them is kept for others."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import ExitStack

    from starlette.types import Receive, Scope, Send

    from graphql_api.server.http_message import Headers

_MOST_AT_ONCE: Final = 8
"""Each has an encoder and a piece in memory, a megabyte or two, and takes 3 ms of the event loop for each piece."""


_TAG_CHARACTERS: Final = 32


class PageStreams:
    """The long pages that a worker sends at the same time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._count = 0

    @property
    def is_full(self) -> bool:
        """Whether there are as many as there may be."""
        return self._count >= _MOST_AT_ONCE

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one more until it is sent."""
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1


class Collected:
    """The pieces of a page, as long as they are no more than `max_bytes` together."""

    def __init__(self, max_bytes: int) -> None:
        """Begin with none."""
        self._pieces: list[bytes] = []
        self._left = max_bytes

    def add(self, piece: bytes) -> None:
        """Keep a piece; what would be too much is forgotten with all before it."""
        self._left -= len(piece)
        if self._left >= 0:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    @property
    def body(self) -> bytes | None:
        """All of them; None if that was too much."""
        return b"".join(self._pieces) if self._left >= 0 else None


class PageStream(StreamingResponse):
    """Sends pieces; whatever becomes of the client, `hold` is let go at the end."""

    def __init__(self, pieces: AsyncIterator[bytes], headers: Headers, hold: ExitStack) -> None:
        """Keep them until the response is called."""
        super().__init__(pieces)
        self.raw_headers = list(headers)
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all, and let go."""
        with self._hold:
            await super().__call__(scope, receive, send)


def tag_of_long_page(edition: str, name: bytes) -> bytes:
    """Return the entity tag of a page by what it is made of: a generation, its name, and our code."""
    made_of = hashlib.sha256(f"{edition}\0{_code()}\0".encode() + name)
    return b'"%b"' % made_of.hexdigest()[:_TAG_CHARACTERS].encode()


@cache
def _code() -> str:
    """Return what changes with the code that makes pages: a server of another version makes other bytes."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted([*package.glob("pages/*.py"), *package.glob("engine/page_*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()
