"""Server-sent events, a connection for each operation (graphql-sse, "Distinct connections mode").

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from graphql_api.server import media_types

if TYPE_CHECKING:
    from starlette.types import Receive, Send

    from graphql_api.engine.requests import Response
    from graphql_api.engine.subscriptions import Subscription
    from graphql_api.server.feed import Feed
    from graphql_api.server.http_message import Headers

_HEADERS: Final[Headers] = (
    (b"content-type", media_types.EVENT_STREAM + b"; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"vary", b"Accept"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events until there are enough of them
    (b"x-content-type-options", b"nosniff"),
)
_SECONDS_OF_SILENCE: Final = 12.0
"""Proxies give up what says nothing; a comment is no event."""

_MAX_UNREAD: Final = 64
"""Events that wait for a client that does not read; then it is dropped."""

_COMMENT: Final = b":\n\n"
_COMPLETE: Final = b"event: complete\ndata: \n\n"


class EventStream:
    """One stream, to the client behind `send`."""

    def __init__(self, send: Send, headers: Headers) -> None:
        """Send `headers` beside those of every stream."""
        self._send = send
        self._headers = headers
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

    def tell(self, payload: bytes) -> None:
        """See Subscriber."""
        if self._waiting.qsize() < _MAX_UNREAD:
            self._waiting.put_nowait(payload)  # the same for all who are told of it
        else:
            self.end()

    def end(self) -> None:
        """See Subscriber; without `complete`, so that the client comes back."""
        self._waiting.put_nowait(None)

    async def answer(self, response: Response) -> None:
        """Send the one result of what is no subscription."""
        await self._begin()
        await self._write(_next(response.body) + _COMPLETE)
        await self._write(b"", is_last=True)

    async def follow(self, feed: Feed, subscription: Subscription, receive: Receive) -> None:
        """Send what the feed tells until the client is gone, or the server ends."""
        await self._begin()
        feed.add(subscription, self)
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await self._write(_COMMENT)
            while not feed.is_ending and (events := await self._next_events(gone)):
                await self._write(events)
            await self._write(b"", is_last=True)
        finally:
            gone.cancel()
            feed.remove(subscription, self)

    async def _next_events(self, gone: asyncio.Future[None]) -> bytes:
        """Return what is to be sent next, or nothing at the end."""
        coming = asyncio.ensure_future(self._waiting.get())
        waiting: list[asyncio.Future[Any]] = [coming, gone]
        await asyncio.wait(waiting, timeout=_SECONDS_OF_SILENCE, return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            payload = coming.result()
            return b"" if payload is None else _next(payload)
        coming.cancel()
        return b"" if gone.done() else _COMMENT

    async def _begin(self) -> None:
        headers = [*_HEADERS, *self._headers]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    async def _write(self, data: bytes, *, is_last: bool = False) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": not is_last})


def _next(payload: bytes) -> bytes:
    return b"event: next\ndata: %b\n\n" % payload


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
