"""Content negotiation: RFC 9110, section 12.5.1, and GraphQL over HTTP, section "Accept"."""

from __future__ import annotations

import pytest

from graphql_api.server.media_types import (
    GRAPHQL_RESPONSE,
    JSON,
    is_json_utf8,
    negotiate,
    prefers_html,
    wants_event_stream,
)

CHROME = b"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        (b"", JSON),
        (b"*/*", JSON),
        (b"application/*", JSON),
        (b"application/json", JSON),
        (b"application/graphql-response+json", GRAPHQL_RESPONSE),
        (b"application/json, application/graphql-response+json", GRAPHQL_RESPONSE),
        (b"application/graphql-response+json;charset=utf-8, application/json;charset=utf-8", GRAPHQL_RESPONSE),
        (b"application/json, application/graphql-response+json;q=0.9", JSON),
        (b"application/json;q=0.5, application/graphql-response+json ; Q=0.9", GRAPHQL_RESPONSE),
        (b"application/graphql-response+json, */*", GRAPHQL_RESPONSE),
        (b"application/graphql-response+json;q=0.5, */*", JSON),
        (b"application/json;q=0.1, */*", GRAPHQL_RESPONSE),
        (b"application/json;q=0, */*;q=0.1", GRAPHQL_RESPONSE),
        (b"APPLICATION/JSON", JSON),
        (b"text/html, application/json;q=0.1", JSON),
    ],
)
def test_response_media_type_follows_the_greatest_weight(accept: bytes | None, expected: bytes) -> None:
    """The heaviest media type wins; without a preference JSON; named and equally heavy, the newer one."""
    assert negotiate(accept) == expected


@pytest.mark.parametrize(
    "accept",
    [
        b"text/html",
        b"image/*",
        b"application/json;q=0",
        b"*/*;q=0",
        b"application/json;charset=iso-8859-1",
        b"application/json;q=high",
        b"application/json;q=2",
        b"json",
        b",;/",
    ],
)
def test_no_media_type_suits_a_client_that_takes_neither(accept: bytes) -> None:
    """A weight of 0, an impossible one, another charset or another type: not acceptable."""
    assert negotiate(accept) is None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (CHROME, True),
        (b"text/html", True),
        (b"text/*", True),
        (b"*/*", False),
        (b"text/html, application/json", False),
        (b"text/html;q=0.5, application/json", False),
        (b"application/graphql-response+json", False),
        (b"", False),
        (None, False),
    ],
)
def test_only_a_client_that_likes_html_best_prefers_html(accept: bytes | None, expected: bool) -> None:
    """A browser names text/html with more weight than anything that covers JSON; curl's */* does not."""
    assert prefers_html(accept) is expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (b"application/json", True),
        (b"application/json; charset=utf-8", True),
        (b'Application/JSON;Charset="UTF-8"', True),
        (b"application/json; profile=x", True),
        (b"application/json; charset=iso-8859-1", False),
        (b"text/plain", False),
        (b"application/graphql", False),
        (b"", False),
        (None, False),
    ],
)
def test_request_body_is_json_in_utf8_only(content_type: bytes | None, expected: bool) -> None:
    """The charset is UTF-8, said or left out; any other type or charset is refused."""
    assert is_json_utf8(content_type) is expected


def test_long_header_is_not_read() -> None:
    """To read sixty kilobytes of ranges takes a tenth of a second, and each time again; the endpoint refuses them."""
    long = b"text/event-stream, " + b"text/html, " * 400
    assert (negotiate(long), prefers_html(long), wants_event_stream(long)) == (JSON, False, False)
    assert wants_event_stream(long[:4_090])
