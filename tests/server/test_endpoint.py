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


def exchange(
    received: list[Message], headers: list[tuple[bytes, bytes]] | None = None, method: str = "POST"
) -> list[Message]:
    """Run one request over ASGI and return what was sent. Asking for more than was received fails."""
    sent: list[Message] = []
    messages = iter(received)

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")] if headers is None else headers
    scope: dict[str, Any] = {"type": "http", "method": method, "query_string": b"", "headers": headers}
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


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ((b"content-length", b"1001"), 413, "PAYLOAD_TOO_LARGE"),
        ((b"content-encoding", b"gzip"), 415, "UNSUPPORTED_CONTENT_ENCODING"),
    ],
)
def test_body_that_its_headers_refuse_is_not_asked_for(line: tuple[bytes, bytes], status: int, code: str) -> None:
    """Nothing is received; the answer is of the media type that the client takes."""
    accept = (b"accept", b"application/graphql-response+json")
    start, body = exchange([], [(b"content-type", b"application/json"), accept, line])
    assert start["status"] == status
    assert orjson.loads(body["body"])["errors"][0]["extensions"]["code"] == code
    assert (b"content-type", b"application/graphql-response+json; charset=utf-8") in start["headers"]


def test_refused_encoding_says_what_is_taken() -> None:
    """RFC 9110, section 12.5.3: Accept-Encoding in a response is about the next request."""
    start, _ = exchange([], [(b"content-type", b"application/json"), (b"content-encoding", b"br")])
    assert (b"accept-encoding", b"identity") in start["headers"]


def test_body_of_the_allowed_length_without_an_encoding_is_read() -> None:
    """`identity` is no encoding, and the limit itself is within the limit."""
    lines = [(b"content-type", b"application/json"), (b"content-encoding", b"Identity"), (b"content-length", b"1000")]
    start, _ = exchange([piece(QUERY.ljust(1000))], lines)
    assert start["status"] == 200


def test_body_of_a_get_is_not_asked_for() -> None:
    """It has no meaning (RFC 9110, section 9.3.1), so nobody waits for it."""
    start, _ = exchange([], [(b"content-length", b"9")], "GET")
    assert start["status"] == 400
