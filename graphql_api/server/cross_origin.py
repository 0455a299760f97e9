"""Browsers' pages from elsewhere: the headers that let their scripts read answers (Fetch, section "CORS protocol")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql_api.server.http_message import HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.server.http_message import Headers

EVERY_ORIGIN: Final = "*"

ALLOWED_HEADERS: Final = (
    *("content-type", "accept", "if-none-match", "authorization"),
    *(
        "apollographql-client-name",
        "apollographql-client-version",
        "apollo-require-preflight",
        "x-apollo-operation-name",
    ),
    *("x-apollo-operation-id", "x-apollo-cache-do-not-store", "x-graphql-client-name", "x-graphql-client-version"),
    *("graphql-preflight", "traceparent", "tracestate", "baggage", "sentry-trace", "x-request-id"),
)
"""What the clients of GraphQL (Apollo, urql, Relay) and of tracing (Sentry, OpenTelemetry) send."""


def sharing_headers(origins: Sequence[str]) -> Headers:
    """Return the headers of every answer that scripts of `origins` may read; without any there is no header.

    Those of one origin, or of every, are the same for all who ask, so that an answer can be kept with them. Of several,
    the one that asks is told apart.
    """
    if not origins:
        return ()
    exposed = (b"access-control-expose-headers", b"ETag, Retry-After, X-Request-Id")
    if len(origins) > 1:
        return exposed, (b"vary", b"Origin")
    shared: Headers = ((b"access-control-allow-origin", origins[0].encode("ascii")), exposed)
    return shared if origins[0] == EVERY_ORIGIN else (*shared, (b"vary", b"Origin"))


def origins_told_apart(origins: Sequence[str]) -> frozenset[bytes]:
    """Return the origins that an answer names one by one, as requests come from them: all, if there are several."""
    return frozenset(origin.encode("ascii") for origin in origins) if len(origins) > 1 else frozenset()


def preflight_response(origins: Sequence[str], more_headers: Sequence[str] = ()) -> HTTPResponse | None:
    """Return the answer to a browser that asks before it sends a request; None if no origin is allowed any."""
    if not origins:
        return None
    names = ", ".join(dict.fromkeys((*ALLOWED_HEADERS, *(name.lower() for name in more_headers))))
    lines: Headers = (
        (b"access-control-allow-methods", b"GET, POST, HEAD"),
        (b"access-control-allow-headers", names.encode("ascii")),
        (b"access-control-max-age", b"86400"),
    )
    return HTTPResponse(204, sharing_headers(origins) + lines, b"")
