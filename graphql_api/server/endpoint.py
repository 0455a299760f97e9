"""The two ways to GraphQL over HTTP: what they share, and the one by ASGI. `protocol.py` has the short one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from graphql_api.engine.subscriptions import Subscription
from graphql_api.server import media_types
from graphql_api.server.event_stream import EventStream
from graphql_api.server.graphql_refusals import body_too_large, too_many_subscribers
from graphql_api.server.http_message import Headers, HTTPError, HTTPRequest, HTTPResponse, request_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from starlette.types import Receive, Scope, Send

    from graphql_api.server.feed import Feed
    from graphql_api.server.graphql_http import GraphQLOverHTTP

_STREAMED: Final = frozenset({"GET", "POST"})
_ABOUT_THE_BODY: Final = frozenset({b"content-length", b"content-encoding", b"expect"})


class ClientDisconnectedError(Exception):
    """The client went away before its request was complete; nobody is there to be answered."""


class BodyTooLargeError(Exception):
    """The request body goes over the limit."""


class GraphQLEndpoint:
    """Requests in, responses of `http` out: whole ones by `remembered` and `made`, else as an ASGI application."""

    def __init__(self, http: GraphQLOverHTTP, max_body_bytes: int, feed: Feed | None = None) -> None:
        """Refuse bodies over `max_body_bytes` without keeping them; without a `feed` there are no streams."""
        self._http = http
        self._feed = feed
        self.max_body_bytes = max_body_bytes
        self.remembered = http.remembered
        self.at_once = http.at_once
        self.made = http.made
        self.answer = http.answer
        self.refuse = http.refuse
        self.tells_clients_apart = http.tells_clients_apart

    def refuse_unread(self, request: HTTPRequest, headers: Iterable[tuple[bytes, bytes]]) -> HTTPResponse | None:
        """Return the refusal of a body that need not be read for it, told by the headers; None for any other."""
        if request.method != "POST":
            return None
        refusal = refusal_unread(headers, self.max_body_bytes)
        if refusal is None:
            return None
        refused = self.refuse(refusal, media_types.negotiate(request.accept) or media_types.JSON)
        return self._http.shared(request, refused)

    def refuse_too_large(self, request: HTTPRequest) -> HTTPResponse:
        """Return the refusal of a body that has turned out to be over the limit."""
        return self._http.shared(request, self.refuse(body_too_large(self.max_body_bytes)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; a client that went away gets nothing."""
        with suppress(ClientDisconnectedError):
            request = await self._request(scope, receive)
            if isinstance(request, HTTPResponse):
                await respond(send, request)
            elif self._feed and request.method in _STREAMED and media_types.wants_event_stream(request.accept):
                await self._stream(request, self._feed, receive, send)
            else:
                await respond(send, await while_connected(self.answer(request), receive))

    async def _stream(self, request: HTTPRequest, feed: Feed, receive: Receive, send: Send) -> None:
        if feed.is_full:
            await respond(send, self._http.shared(request, self.refuse(too_many_subscribers())))
            return
        answer = await self._http.streamed(request, feed.engine)
        if isinstance(answer, HTTPResponse):
            await respond(send, self._http.shared(request, answer))
            return
        stream = EventStream(send, self._http.headers_for(request))
        if isinstance(answer, Subscription):
            await stream.follow(feed, answer, receive)
        else:
            await stream.answer(answer)

    async def _request(self, scope: Scope, receive: Receive) -> HTTPRequest | HTTPResponse:
        """Return the whole request, or its refusal."""
        request = request_of(scope["method"], scope["query_string"], scope["headers"])
        if self.tells_clients_apart:
            request = request._replace(client=scope["client"][0] if scope.get("client") else "")
        if request.method != "POST":  # a body means nothing then; the server reads over it
            return request
        if refusal := self.refuse_unread(request, scope["headers"]):
            return refusal
        try:
            body = await read_body(receive, self.max_body_bytes)
        except BodyTooLargeError:
            return self.refuse_too_large(request)
        return request._replace(payload=body)


def refusal_unread(headers: Iterable[tuple[bytes, bytes]], max_body_bytes: int) -> HTTPError | None:
    """Return why a body need not be read, by the headers that tell of it: it is too large, or encoded. Else None."""
    refusal: HTTPError | None = None
    closing: Headers = ()
    for name, value in headers:
        if name not in _ABOUT_THE_BODY:
            continue
        if name == b"content-length" and int(value) > max_body_bytes:
            refusal = body_too_large(max_body_bytes)
        elif name == b"content-encoding" and value.strip().lower() != b"identity":
            refusal = _encoded_body()
        elif name == b"expect":  # whoever waits for a 100 may send the body or not; then nobody knows what comes next
            closing = ((b"connection", b"close"),)
    if refusal:
        refusal.headers += closing
    return refusal


async def read_body(receive: Receive, max_body_bytes: int) -> bytes:
    """Return the whole request body. Raises BodyTooLargeError and ClientDisconnectedError."""
    message = await receive()
    parts = [message.get("body", b"")]
    length = len(parts[0])
    while message.get("more_body", False) and length <= max_body_bytes:
        message = await receive()
        parts.append(message.get("body", b""))
        length += len(parts[-1])
    if message["type"] == "http.disconnect":
        raise ClientDisconnectedError
    if length > max_body_bytes:
        raise BodyTooLargeError
    return b"".join(parts)


async def while_connected(answer: Coroutine[Any, Any, HTTPResponse], receive: Receive) -> HTTPResponse:
    """Return an answer, which is cancelled when the client goes away meanwhile. Raises ClientDisconnectedError."""
    answering, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(_until_gone(receive))
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        if answering.done() or leaving.exception() is not None:  # a server that does not tell when clients go
            return await answering
        raise ClientDisconnectedError
    finally:
        leaving.cancel()
        answering.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":  # noqa: ASYNC110 - receiving is what is waited for
        await asyncio.sleep(0)  # whatever the server tells, and however soon, the answer has its turn


async def respond(send: Send, response: HTTPResponse) -> None:
    """Send one whole response."""
    await send({"type": "http.response.start", "status": response.status, "headers": list(response.all_headers)})
    await send({"type": "http.response.body", "body": response.body})


def _encoded_body() -> HTTPError:
    return HTTPError(
        415,
        "UNSUPPORTED_CONTENT_ENCODING",
        "The request body must not be compressed; send it as it is, without the header `Content-Encoding`.",
        ((b"accept-encoding", b"identity"),),
    )
