"""The ASGI side of GraphQL over HTTP: reads a request's bytes, asks, sends the answer's bytes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from graphql_api.server.graphql_http import body_too_large, error_response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from graphql_api.server.graphql_http import GraphQLOverHTTP
    from graphql_api.server.http_message import HTTPResponse


class ClientDisconnectedError(Exception):
    """The client went away before its request was complete; nobody is there to be answered."""


class BodyTooLargeError(Exception):
    """The request body goes over the limit."""


class GraphQLEndpoint:
    """An ASGI application that answers every request with `http`."""

    def __init__(self, http: GraphQLOverHTTP, max_body_bytes: int) -> None:
        """Refuse bodies over `max_body_bytes` without keeping them."""
        self._http = http
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; a client that went away gets nothing."""
        with suppress(ClientDisconnectedError):
            await respond(send, await self._answer(scope, receive))

    async def _answer(self, scope: Scope, receive: Receive) -> HTTPResponse:
        try:
            body = await read_body(receive, self._max_body_bytes)
        except BodyTooLargeError:
            return error_response(body_too_large(self._max_body_bytes))
        content_type, accept = _content_type_and_accept(scope["headers"])
        return await self._http.answer(scope["method"], scope["query_string"], content_type, accept, body)


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


async def respond(send: Send, response: HTTPResponse) -> None:
    """Send one whole response, with its content-length."""
    length = (b"content-length", b"%d" % len(response.body))
    await send({"type": "http.response.start", "status": response.status, "headers": [*response.headers, length]})
    await send({"type": "http.response.body", "body": response.body})


def _content_type_and_accept(headers: list[tuple[bytes, bytes]]) -> tuple[bytes | None, bytes | None]:
    """Return the two headers that matter; several Accept lines are one list (RFC 9110, section 5.3)."""
    content_type: bytes | None = None
    accept: bytes | None = None
    for name, value in headers:
        if name == b"accept":
            accept = value if accept is None else accept + b"," + value
        elif name == b"content-type":
            content_type = value
    return content_type, accept
