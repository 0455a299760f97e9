"""Browsers' pages from elsewhere: the headers that let their scripts read answers (Fetch, section "CORS protocol")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql_api.server.http_message import HTTPResponse

if TYPE_CHECKING:
    from graphql_api.server.http_message import Headers

EVERY_ORIGIN: Final = "*"

_PREFLIGHT_HEADERS: Final[Headers] = (
    (b"access-control-allow-methods", b"GET, POST, HEAD"),
    (b"access-control-allow-headers", b"content-type, accept, if-none-match, authorization"),
    (b"access-control-max-age", b"86400"),
)


def sharing_headers(allow_origin: str | None) -> Headers:
    """Return the headers of every answer that scripts of `allow_origin` may read; None is no origin, and no header.

    They are the same for all who ask, so that an answer can be kept with them.
    """
    if allow_origin is None:
        return ()
    shared: Headers = (
        (b"access-control-allow-origin", allow_origin.encode("ascii")),
        (b"access-control-expose-headers", b"ETag"),
    )
    return shared if allow_origin == EVERY_ORIGIN else (*shared, (b"vary", b"Origin"))


def preflight_response(allow_origin: str | None) -> HTTPResponse | None:
    """Return the answer to a browser that asks before it sends a request; None if no origin is allowed any."""
    if allow_origin is None:
        return None
    return HTTPResponse(204, sharing_headers(allow_origin) + _PREFLIGHT_HEADERS, b"")
