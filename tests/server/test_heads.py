"""Heads of requests: bounded whatever is sent, and 400 in our form for what is not HTTP."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

import pytest

from graphql_api.server.heads import MAX_LINES
from graphql_api.server.message_reader import SLICE_BYTES, MessageReader
from graphql_api.server.routes import build_app
from graphql_api.settings import ConnectionLimits
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import Listening
from tests.server.wire import ANSWER, QUERY, connected, exchange, post, read_all, replies, send_until_refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.server.heads import Head
    from graphql_api.server.http_message import HTTPError

MAX_HEAD_BYTES = ConnectionLimits().max_head_bytes
START = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
CHUNKED = START + b"transfer-encoding: chunked\r\n\r\n"
ENDLESS = {
    "header line": (START, b"a: " + b"b" * 997, b"b" * 1_000, 431, "HEADERS_TOO_LARGE"),
    "header name": (START, b"a" * 1_000, b"a" * 1_000, 431, "HEADERS_TOO_LARGE"),
    "header lines": (START, b"a: b\r\n" * 100, b"a: b\r\n" * 100, 431, "HEADERS_TOO_LARGE"),
    "empty headers": (START, b"a:\r\n" * 100, b"a:\r\n" * 100, 431, "HEADERS_TOO_LARGE"),
    "URL": (b"GET /graphql?query=", b"a" * 1_000, b"a" * 1_000, 414, "URI_TOO_LONG"),
    "path": (b"GET /", b"a" * 1_000, b"a" * 1_000, 414, "URI_TOO_LONG"),
    "spaces before the URL": (b"GET ", b" " * 1_000, b" " * 1_000, 431, "HEADERS_TOO_LARGE"),
    "empty lines": (b"", b"\r\n" * 500, b"\r\n" * 500, 431, "HEADERS_TOO_LARGE"),
    "chunk extension": (CHUNKED + b"1;a=", b"b" * 1_000, b"b" * 1_000, 400, "BAD_REQUEST"),
    "chunk size": (CHUNKED, b"0" * 1_000, b"0" * 1_000, 400, "BAD_REQUEST"),
    "chunks": (CHUNKED, b"1\r\n \r\n" * 100, b"1\r\n \r\n" * 100, 400, "BAD_REQUEST"),
    "trailer line": (CHUNKED + b"0\r\n", b"a: " + b"b" * 997, b"b" * 1_000, 400, "BAD_REQUEST"),
    "trailer name": (CHUNKED + b"0\r\n", b"a" * 1_000, b"a" * 1_000, 400, "BAD_REQUEST"),
    "trailer lines": (CHUNKED + b"0\r\n", b"a: b\r\n" * 100, b"a: b\r\n" * 100, 431, "HEADERS_TOO_LARGE"),
}


@pytest.fixture(params=["short", "asgi"], scope="module")
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Return the port of a server with the usual limits, by each way."""
    engine = SmallEngine()
    listening = Listening(build_app(engine, SmallContentStatus(engine), response_cache_bytes=1_000_000), request.param)
    yield listening.port
    listening.close()


@pytest.mark.parametrize("kind", ENDLESS)
def test_head_without_an_end_is_refused_and_its_connection_ends(port: int, kind: str) -> None:
    """The client reads why, in our form; of 50 MB little is taken, and the next connection is answered."""
    start, first, piece, status, code = ENDLESS[kind]
    with connected(port) as connection:
        sent = send_until_refused(connection, chain([start, first], repeat(piece, 50_000)))
        (reply,) = replies(read_all(connection))
    assert (reply.status, reply.code, reply.headers["connection"]) == (status, code, "close")
    assert sent < 20_000_000
    assert exchange(port, post(QUERY, b"connection: close"))[0].body == ANSWER


class Ignoring:
    """Takes messages and does nothing with them."""

    def message_began(self, head: Head, *, keep_alive: bool) -> None:
        """See Listener."""

    def is_taken_over(self, head: Head, rest: bytes) -> bool:  # noqa: ARG002 - see Listener
        """See Listener."""
        return False

    def message_went_on(self, body: bytes) -> None:
        """See Listener."""

    def message_ended(self) -> None:
        """See Listener."""


def refusal_after(data: Iterator[bytes], piece_bytes: int) -> tuple[HTTPError | None, int]:
    """Return why a reader stops, and how many bytes it took, in pieces of a size."""
    reader = MessageReader(Ignoring(), MAX_HEAD_BYTES)
    taken, waiting = 0, b""
    for piece in data:
        waiting += piece
        while len(waiting) >= piece_bytes:
            refusal = reader.feed(waiting[:piece_bytes])
            taken += piece_bytes
            waiting = waiting[piece_bytes:]
            if refusal or taken > 10 * MAX_HEAD_BYTES:
                return refusal, taken
    raise AssertionError("the reader took everything")


@pytest.mark.parametrize("piece_bytes", [1, 100, SLICE_BYTES])
@pytest.mark.parametrize("kind", ENDLESS)
def test_reader_stops_a_slice_after_the_limit_at_the_latest(kind: str, piece_bytes: int) -> None:
    """However it is cut, no more than the limit and two slices of a head is ever looked at, bodies apart."""
    start, first, piece, status, _ = ENDLESS[kind]
    refusal, taken = refusal_after(chain([start, first], repeat(piece, 5_000)), piece_bytes)
    assert refusal is not None
    assert refusal.status == status
    assert taken <= MAX_HEAD_BYTES * (6 / 5 if kind == "chunks" else 1) + 2 * SLICE_BYTES


@pytest.mark.parametrize("limit", [4_096, MAX_HEAD_BYTES])
@pytest.mark.parametrize("part", ["URL", "header"])
def test_head_up_to_the_limit_is_read(way: str, limit: int, part: str) -> None:
    """The limit is an option, counts the URL and the headers, and nothing below it is refused."""
    engine = SmallEngine()
    app = build_app(engine, SmallContentStatus(engine))
    listening = Listening(app, way, ConnectionLimits(max_head_bytes=limit))
    statuses = []
    for length in (limit - 100, limit + 10):
        filler = b"x" * length
        url, header = (filler, b"") if part == "URL" else (b"", filler)
        request = b"GET /graphql?query={__typename}&x=%b HTTP/1.1\r\nhost: x\r\nconnection: close\r\na: %b\r\n\r\n"
        statuses += [reply.status for reply in exchange(listening.port, request % (url, header))]
    listening.close()
    assert statuses == [200, 414 if part == "URL" else 431]


def test_more_headers_than_any_client_sends_are_refused(port: int) -> None:
    """Each line costs memory beside its bytes; short ones would cost a hundred times their length."""
    for count, status in ((MAX_LINES - 4, 200), (MAX_LINES + 1, 431)):
        (reply,) = exchange(port, post(QUERY, b"connection: close", *[b"a: b"] * count))
        assert reply.status == status


LINE = b"POST /graphql HTTP/1.1\r\n"
LENGTH = b"content-length: %d\r\ncontent-type: application/json\r\n" % len(QUERY)
MALFORMED = {
    "no Host": LINE + LENGTH + b"\r\n" + QUERY,
    "two Hosts": LINE + b"host: x\r\nhost: x\r\n" + LENGTH + b"\r\n" + QUERY,
    "two Hosts in two cases": LINE + b"host: x\r\nHOST: y\r\n" + LENGTH + b"\r\n" + QUERY,
    "Host with a space": LINE + b"host: x y\r\n" + LENGTH + b"\r\n" + QUERY,
    "Host with a path": LINE + b"host: x/y\r\n" + LENGTH + b"\r\n" + QUERY,
    "Host with a broken address": LINE + b"host: [::1\r\n" + LENGTH + b"\r\n" + QUERY,
    "two Content-Types": LINE + b"host: x\r\ncontent-type: text/plain\r\n" + LENGTH + b"\r\n" + QUERY,
    "two Content-Lengths": LINE + b"host: x\r\ncontent-length: %d\r\n" % len(QUERY) + LENGTH + b"\r\n" + QUERY,
    "list of Content-Lengths": LINE + b"host: x\r\ncontent-length: 1, 1\r\n\r\na",
    "signed Content-Length": LINE + b"host: x\r\ncontent-length: +1\r\n\r\na",
    "negative Content-Length": LINE + b"host: x\r\ncontent-length: -1\r\n\r\na",
    "hexadecimal Content-Length": LINE + b"host: x\r\ncontent-length: 0x1\r\n\r\na",
    "empty Content-Length": LINE + b"host: x\r\ncontent-length: \r\n\r\n",
    "huge Content-Length": LINE + b"host: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
    "Content-Length and chunks": LINE + b"host: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and Content-Length": LINE + b"host: x\r\ntransfer-encoding: chunked\r\ncontent-length: 1\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /graphql HTTP/1.0\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks twice": LINE + b"host: x\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunks in gzip": LINE + b"host: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "other transfer coding": LINE + b"host: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunk size that is none": LINE + b"host: x\r\ntransfer-encoding: chunked\r\n\r\ng\r\n",
    "negative chunk size": LINE + b"host: x\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
    "huge chunk size": LINE + b"host: x\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    "chunk that is too long": LINE + b"host: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    "length in trailers": LINE + b"host: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\ncontent-length: 5\r\n\r\n",
    "folded header": LINE + b"host: x\r\na: b\r\n c\r\n\r\n",
    "space before the colon": LINE + b"host : x\r\n\r\n",
    "space before the first header": LINE + b" host: x\r\n\r\n",
    "space in a name": LINE + b"ho st: x\r\n\r\n",
    "no colon": LINE + b"host\r\n\r\n",
    "no name": LINE + b"host: x\r\n: b\r\n\r\n",
    "NUL in a value": LINE + b"host: x\r\na: \x00\r\n\r\n",
    "control character in a value": LINE + b"host: x\r\na: \x01\r\n\r\n",
    "line feed alone": LINE + b"host: x\na: b\r\n\r\n",
    "carriage return alone": LINE + b"host: x\ra: b\r\n\r\n",
    "HTTP/0.9": b"GET /graphql\r\n\r\n",
    "HTTP/1.2": b"GET /graphql HTTP/1.2\r\nhost: x\r\n\r\n",
    "HTTP/2.0": b"GET /graphql HTTP/2.0\r\nhost: x\r\n\r\n",
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "method that is none": b"FOO /graphql HTTP/1.1\r\nhost: x\r\n\r\n",
    "small letters": b"get /graphql HTTP/1.1\r\nhost: x\r\n\r\n",
    "CONNECT": b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n",
    "path without a slash": b"GET graphql HTTP/1.1\r\nhost: x\r\n\r\n",
    "letter beyond ASCII in the path": b"GET /graphql\xc3\xa9 HTTP/1.1\r\nhost: x\r\n\r\n",
    "control character in the path": b"GET /graphql\x01 HTTP/1.1\r\nhost: x\r\n\r\n",
    "URL that is none": b"GET http://x:99999999/graphql HTTP/1.1\r\nhost: x\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_request_is_400_and_its_connection_ends(port: int, kind: str) -> None:
    """Servers that disagree on where a request ends, or whose it is, can be played against each other."""
    (reply,) = exchange(port, MALFORMED[kind])
    assert (reply.status, reply.code, reply.headers["connection"]) == (400, "BAD_REQUEST", "close")


@pytest.mark.parametrize("kind", ["no Host", "two Content-Types", "folded header", "noise"])
def test_malformed_request_does_not_hide_the_answer_before_it(port: int, kind: str) -> None:
    """Answers come in the order of the requests; after the refusal comes nothing."""
    first, second = exchange(port, post() + MALFORMED[kind] + post())
    assert (first.status, first.body) == (200, ANSWER)
    assert (second.status, second.code) == (400, "BAD_REQUEST")


def test_same_head_is_checked_again_when_it_is_not_the_same(port: int) -> None:
    """A head that was seen before is found by all of its bytes."""
    good = post(QUERY)
    for changed in (good.replace(b"host: x\r\n", b"host: x\r\nhost: x\r\n"), good.replace(b"host: x\r\n", b"")):
        with connected(port) as connection:
            for _ in range(2):
                connection.sendall(good)
                assert ANSWER in connection.recv(65_536)
            connection.sendall(changed)
            (reply,) = replies(read_all(connection))
        assert reply.status == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n" + post(QUERY, b"connection: close"),
        post(QUERY, b"connection: close").replace(b"/graphql", b"http://x/graphql"),
        b"POST /graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 36\r\n\r\n" + QUERY,
        START + b"transfer-encoding: Chunked\r\nconnection: close\r\n\r\n24;a=b\r\n" + QUERY + b"\r\n0\r\nc: d\r\n\r\n",
        post(QUERY, b"connection: close", b"a: \t b \t", b"b:").replace(b"host: x", b"host:[::1]:80 "),
        post(QUERY, b"connection: upgrade, close", b"upgrade: h2c, websocket"),
    ],
    ids=["empty lines", "whole URL", "HTTP/1.0", "chunks", "spaces", "upgrade"],
)
def test_unusual_request_is_answered(port: int, sent: bytes) -> None:
    """What HTTP allows is none of these; another protocol that a client asks for need not be spoken."""
    with connected(port) as connection:
        connection.sendall(sent)
        connection.settimeout(2)
        received = b""
        while not received.endswith(ANSWER) and (piece := connection.recv(65_536)):
            received += piece
    (reply,) = replies(received)
    assert (reply.status, reply.body) == (200, ANSWER)


def test_body_of_a_request_for_another_protocol_is_read_in_pieces_too(port: int) -> None:
    """The parser takes its head for the whole message; what follows is its body all the same."""
    head, _, body = post(QUERY, b"connection: upgrade", b"upgrade: h2c").partition(b"\r\n\r\n")
    with connected(port) as connection:
        for piece in (head[:50], head[50:] + b"\r\n\r\n", body[:5], body[5:]):
            connection.sendall(piece)
        assert ANSWER in connection.recv(65_536)
        connection.sendall(post(QUERY))
        assert ANSWER in connection.recv(65_536)
