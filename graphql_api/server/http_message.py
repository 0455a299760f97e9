"""What comes to the server and what leaves it: small frozen messages, and the JSON form of an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson

from graphql_api.server.entity_tags import is_named

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines as ASGI has them: lower-case names, bytes on both sides."""

_OF_THE_CONTENT: Final = frozenset({b"content-type", b"content-security-policy"})


class HTTPRequest(NamedTuple):
    """One whole request, with the headers that matter. `payload` is a POST's body, else the query string.

    `is_private` says that it carries credentials, so that its answer is nobody else's.
    """

    method: str
    payload: bytes
    content_type: bytes | None = None
    accept: bytes | None = None
    if_none_match: bytes | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class HTTPResponse:
    """One whole response. `headers` leave out content-length, which `respond` takes from the body.

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


def error_body(code: str, message: str) -> bytes:
    """Return `{"errors": [{"message": …, "extensions": {"code": …}}]}` in UTF-8."""
    return orjson.dumps({"errors": [error_entry(code, message)]})


def error_entry(code: str, message: str) -> dict[str, object]:
    """Return one entry of `errors`, as a dictionary."""
    return {"message": message, "extensions": {"code": code}}
