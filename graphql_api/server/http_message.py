"""What comes to the server and what leaves it: small frozen messages, and the JSON form of an error."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson
from msgspec import Struct

from graphql_api.server.entity_tags import is_named

if TYPE_CHECKING:
    from collections.abc import Iterable

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines as ASGI has them: lower-case names, bytes on both sides."""

_OF_THE_CONTENT: Final = frozenset({b"content-type", b"content-encoding", b"content-security-policy"})
_CREDENTIALS: Final = frozenset({b"authorization", b"cookie"})
_WITHOUT_LENGTH: Final = frozenset({204, 304})
"""A 204 must not have a Content-Length; that of a 304 would describe the body that it stands for."""


class HTTPRequest(NamedTuple):
    """One whole request, with the headers that matter. `payload` is a POST's body, else the query string.

    `is_private` says that it carries credentials, so that its answer is nobody else's; `is_preflight` that it is a
    browser's question whether it may send another one (OPTIONS with Origin and Access-Control-Request-Method).
    `client` is whose it is, where that matters.
    """

    method: str
    payload: bytes
    content_type: bytes | None = None
    accept: bytes | None = None
    if_none_match: bytes | None = None
    is_private: bool = False
    is_preflight: bool = False
    accept_encoding: bytes | None = None
    origin: bytes | None = None
    authorization: bytes | None = None
    client: str = ""


def request_of(method: str, payload: bytes, headers: Iterable[tuple[bytes, bytes]]) -> HTTPRequest:
    """Return the request that has these header lines; the lines of a list are joined (RFC 9110, section 5.3)."""
    content_type = accept = if_none_match = accept_encoding = origin = authorization = None
    is_private = asks_first = False
    for name, value in headers:
        if name == b"accept":
            accept = value if accept is None else accept + b"," + value
        elif name == b"accept-encoding":
            accept_encoding = value if accept_encoding is None else accept_encoding + b"," + value
        elif name == b"content-type":
            content_type = value
        elif name == b"if-none-match":
            if_none_match = value if if_none_match is None else if_none_match + b"," + value
        elif name in _CREDENTIALS:
            is_private = True
            if name == b"authorization":
                authorization = value
        elif name == b"origin":
            origin = value
        elif name == b"access-control-request-method":
            asks_first = True
    is_preflight = origin is not None and asks_first and method == "OPTIONS"
    negotiated = (content_type, accept, if_none_match)
    return HTTPRequest(method, payload, *negotiated, is_private, is_preflight, accept_encoding, origin, authorization)


class HTTPResponse(Struct, frozen=True, dict=True):
    """One whole response. `headers` leave out content-length, which is told from the body.

    `etag` is also among the headers, where there is one. `version` names the generation of which the body is a
    function, with the request's bytes and nothing else; None where a cache of ours must not keep it.
    """

    status: int
    headers: Headers
    body: bytes
    etag: bytes | None = None
    version: str | None = None

    def for_client(self, if_none_match: bytes | None) -> HTTPResponse:
        """Return this response, or 304 without a body for a client that has it (RFC 9110, section 15.4.5)."""
        if if_none_match is None or self.etag is None or not is_named(self.etag, if_none_match):
            return self
        return HTTPResponse(304, tuple(line for line in self.headers if line[0] not in _OF_THE_CONTENT), b"")

    @property
    def all_headers(self) -> Headers:
        """The headers with content-length, where the status has one."""
        if self.status in _WITHOUT_LENGTH:
            return self.headers
        return (*self.headers, (b"content-length", b"%d" % len(self.body)))

    @cached_property
    def lines(self) -> bytes:
        """The header lines as they go over the wire, each with its end; made once for all clients."""
        return b"".join([b"%b: %b\r\n" % line for line in self.all_headers])

    @property
    def is_last(self) -> bool:
        """Whether the connection ends after it."""
        return (b"connection", b"close") in self.headers


class HTTPError(Exception):
    """A request that gets no GraphQL answer: a status of 4xx or 5xx, a stable code, a sentence that says what to do."""

    def __init__(self, status: int, code: str, message: str, headers: Headers = ()) -> None:
        """Keep what the response needs; `headers` come on top of the content type."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def body(self) -> bytes:
        """Return the error as JSON in the form of a GraphQL request error: no `data`, one entry in `errors`."""
        return error_body(self.code, self.message)


def bad_request(message: str) -> HTTPError:
    """Return the error of a request that cannot be understood."""
    return HTTPError(400, "BAD_REQUEST", message)


def error_body(code: str, message: str) -> bytes:
    """Return `{"errors": [{"message": …, "extensions": {"code": …}}]}` in UTF-8."""
    return orjson.dumps({"errors": [error_entry(code, message)]})


def error_entry(code: str, message: str) -> dict[str, object]:
    """Return one entry of `errors`, as a dictionary."""
    return {"message": message, "extensions": {"code": code}}
