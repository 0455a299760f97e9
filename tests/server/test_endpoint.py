"""The ASGI side: bodies in pieces, limits, disconnects, headers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from graphql_api.server.endpoint import GraphQLEndpoint
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from tests.server.small_engine import SmallEngine

if TYPE_CHECKING:
    from starlette.types import Message

QUERY = b'{"query": "{ content { version } }"}'
MAX_BODY_BYTES = 1000


def exchange(received: list[Message], headers: list[tuple[bytes, bytes]] | None = None) -> list[Message]:
    """Run one POST over ASGI and return what was sent. Asking for more than was received fails."""
    sent: list[Message] = []
    messages = iter(received)

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")] if headers is None else headers
    scope: dict[str, Any] = {"type": "http", "method": "POST", "query_string": b"", "headers": headers}
    http = GraphQLOverHTTP(SmallEngine(), HTTPLimits(max_body_bytes=MAX_BODY_BYTES))
    asyncio.run(GraphQLEndpoint(http, MAX_BODY_BYTES)(scope, receive, send))
    return sent


def piece(body: bytes, *, more_body: bool = False) -> Message:
    """Return one piece of a request body."""
    return {"type": "http.request", "body": body, "more_body": more_body}


@pytest.mark.parametrize(
    "pieces",
    [[piece(QUERY)], [piece(QUERY[:9], more_body=True), piece(QUERY[9:], more_body=True), {"type": "http.request"}]],
)
def test_body_is_read_whole_however_it_is_cut(pieces: list[Message]) -> None:
    """A body in one piece and one in several are the same request; the answer has its length."""
    start, body = exchange(pieces)
    assert start["status"] == 200
    assert orjson.loads(body["body"]) == {"data": {"content": {"version": "v1"}}}
    assert (b"content-length", str(len(body["body"])).encode()) in start["headers"]


def test_body_over_the_limit_is_not_read_to_its_end() -> None:
    """As soon as the limit is passed the answer is 413; no further piece is asked for."""
    start, body = exchange([piece(b" " * 999, more_body=True), piece(b"  ", more_body=True)])
    assert start["status"] == 413
    assert orjson.loads(body["body"])["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


@pytest.mark.parametrize("before", [[], [piece(QUERY, more_body=True)]])
def test_client_that_goes_away_gets_nothing(before: list[Message]) -> None:
    """A disconnect before the body's end: nothing is executed and nothing is sent."""
    assert exchange([*before, {"type": "http.disconnect"}]) == []


def test_several_accept_lines_are_one_list() -> None:
    """RFC 9110, section 5.3: a header that stands there twice is its values with a comma between."""
    lines = [(b"accept", b"text/html"), (b"accept", b"application/graphql-response+json"), (b"host", b"x")]
    start, _ = exchange([piece(QUERY)], [(b"content-type", b"application/json"), *lines])
    assert (b"content-type", b"application/graphql-response+json; charset=utf-8") in start["headers"]


def test_missing_content_type_is_415() -> None:
    """Without a Content-Type nobody knows what the bytes are."""
    start, _ = exchange([piece(QUERY)], [])
    assert start["status"] == 415
