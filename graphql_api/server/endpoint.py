"""The ASGI side of GraphQL over HTTP: reads a request's bytes, asks, sends the answer's bytes."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from graphql_api.server import media_types
from graphql_api.server.cross_origin import is_preflight
from graphql_api.server.graphql_http import body_too_large
from graphql_api.server.http_message import Headers, HTTPError, HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Receive, Scope, Send

    from graphql_api.server.graphql_http import GraphQLOverHTTP
    from graphql_api.server.http_message import HTTPResponse

_CREDENTIALS: Final = frozenset({b"authorization", b"cookie"})
_ABOUT_THE_BODY: Final = frozenset({b"content-length", b"content-encoding", b"expect"})
_WITHOUT_LENGTH: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
"""The one must not have a length, and that of the other would be of the body that it stands for."""


class ClientDisconnectedError(Exception):
    """The client went away before its request was complete; nobody is there to be answered."""


class BodyTooLargeError(Exception):
    """The request body goes over the limit."""


class GraphQLEndpoint:
    """An ASGI application that answers every request with `http`."""

    def __init__(self, http: GraphQLOverHTTP, max_body_bytes: int, preflight: HTTPResponse | None = None) -> None:
        """Refuse bodies over `max_body_bytes` without keeping them; `preflight` answers browsers that ask before."""
        self._http = http
        self._max_body_bytes = max_body_bytes
        self._preflight = preflight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; a client that went away gets nothing."""
        with suppress(ClientDisconnectedError):
            await respond(send, await self._answer(scope, receive))

    async def _answer(self, scope: Scope, receive: Receive) -> HTTPResponse:
        if scope["method"] != "POST":  # a body means nothing then; the server reads over it
            if self._preflight and is_preflight(scope["method"], scope["headers"]):
                return self._preflight
            return await self._http.answer(_request(scope, scope["query_string"]))
        if refusal := refusal_unread(scope["headers"], self._max_body_bytes):
            accept = _request(scope, b"").accept
            return self._http.refuse(refusal, media_types.negotiate(accept) or media_types.JSON)
        try:
            body = await read_body(receive, self._max_body_bytes)
        except BodyTooLargeError:
            return self._http.refuse(body_too_large(self._max_body_bytes))
        return await self._http.answer(_request(scope, body))


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


async def respond(send: Send, response: HTTPResponse) -> None:
    """Send one whole response, with its content-length if it has a body or could have one."""
    headers = list(response.headers)
    if response.status not in _WITHOUT_LENGTH:
        headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _encoded_body() -> HTTPError:
    return HTTPError(
        415,
        "UNSUPPORTED_CONTENT_ENCODING",
        "The request body must not be compressed; send it as it is, without the header `Content-Encoding`.",
        ((b"accept-encoding", b"identity"),),
    )


def _request(scope: Scope, payload: bytes) -> HTTPRequest:
    """Return the request; lines of one name are one list (RFC 9110, section 5.3)."""
    content_type: bytes | None = None
    accept: bytes | None = None
    if_none_match: bytes | None = None
    is_private = False
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = value if accept is None else accept + b"," + value
        elif name == b"content-type":
            content_type = value
        elif name == b"if-none-match":
            if_none_match = value if if_none_match is None else if_none_match + b"," + value
        elif name in _CREDENTIALS:
            is_private = True
    return HTTPRequest(scope["method"], payload, content_type, accept, if_none_match, is_private)
