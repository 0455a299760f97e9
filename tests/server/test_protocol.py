"""Requests that do not arrive: how long they are waited for, and what their connection gets."""

from __future__ import annotations

import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event
from typing import TYPE_CHECKING

import httpx2
import orjson
import pytest

from tests.server.programs import DEADLINE_SECONDS, Program, running
from tests.server.ways import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERY = b'{"query": "{ content { version } }"}'
SLOW_QUERY = b'{"query": "query Slow { content { version } }", "operationName": "Slow"}'
ANSWER = b'{"data":{"content":{"version":"v1"}}}'


def server(way: str, **options: float) -> list[str]:
    """Return the command of a small server with these options and limits, that answers by this way."""
    options["by_asgi"] = int(way == "asgi")
    return [sys.executable, "-m", "tests.server.small_server", *(f"{name}={value}" for name, value in options.items())]


@pytest.fixture(scope="module", params=WAYS)
def impatient(request: pytest.FixtureRequest) -> Iterator[Program]:
    """Return a server that waits one second for the next piece of a request."""
    with running(server(request.param, read_pause_seconds=1)) as program:
        yield program
        assert httpx2.get(f"{program.url}/healthz").status_code == 200


@contextmanager
def connected(program: Program) -> Iterator[socket.socket]:
    """Give a connection to a server; waiting longer for it than the server's other limits allow fails."""
    url = httpx2.URL(program.url)
    with socket.create_connection((url.host, url.port or 0), timeout=20) as connection:
        yield connection


def post(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    """Return a request as it goes over the wire."""
    lines = (b"content-type: application/json", b"content-length: %d" % (length or len(body)), *headers)
    return b"POST /graphql HTTP/1.1\r\nhost: x\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def is_answered(connection: socket.socket) -> bool:
    """Return whether the next response is the answer to the query."""
    received = b""
    while not received.endswith(ANSWER) and (piece := connection.recv(65_536)):
        received += piece
    return received.startswith(b"HTTP/1.1 200 ") and received.endswith(ANSWER)


def refusal(connection: socket.socket) -> str:
    """Return the code of the next response, an error, on a connection that goes on."""
    received = b""
    while not received.endswith(b"}}]}"):
        received += connection.recv(65_536)
    return code_in(received)


def code_in(response: bytes) -> str:
    """Return the code of an error response."""
    code: str = orjson.loads(response.partition(b"\r\n\r\n")[2])["errors"][0]["extensions"]["code"]
    return code


@pytest.mark.parametrize("sent", [b"", b"POST /graphql HTT", b"GET /healthz HTTP/1.1\r\nhost: x\r\n"])
def test_connection_without_whole_headers_is_closed(impatient: Program, sent: bytes) -> None:
    """A connection that says nothing, and half headers: nobody can be answered, so nothing is."""
    with connected(impatient) as connection:
        connection.sendall(sent)
        assert read_all(connection) == b""


@pytest.mark.parametrize("sent", [post(b"", length=9), post(b"{", length=9)])
def test_body_that_does_not_arrive_is_408(impatient: Program, sent: bytes) -> None:
    """The client reads what was wrong, and the connection is closed."""
    with connected(impatient) as connection:
        connection.sendall(sent)
        response = read_all(connection)
    assert response.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"\r\nconnection: close\r\n" in response
    assert code_in(response) == "REQUEST_TIMEOUT"


def test_connection_is_given_up_after_an_answer_too(impatient: Program) -> None:
    """Half of a second request, and an empty line in its place, hold a connection no longer than a first one."""
    for rest in (b"POST /graphql HTT", b"\r\n"):
        with connected(impatient) as connection:
            connection.sendall(post(QUERY))
            assert is_answered(connection)
            connection.sendall(rest)
            assert read_all(connection) == b""


def test_rest_of_a_refused_body_is_not_waited_for_either(impatient: Program) -> None:
    """The answer was given before; it is not given twice."""
    with connected(impatient) as connection:
        connection.sendall(post(b" ", length=2_000_000))
        assert refusal(connection) == "PAYLOAD_TOO_LARGE"
        connection.sendall(b" ")
        assert read_all(connection) == b""


def test_request_behind_one_that_is_being_answered_has_its_own_time(impatient: Program) -> None:
    """The server reads nothing while it answers; that is not the client's fault."""
    for half, end in ((post(QUERY)[:20], post(QUERY)[20:]), (post(QUERY)[:-5], post(QUERY)[-5:])):
        with connected(impatient) as connection:
            connection.sendall(post(SLOW_QUERY) + half)
            assert is_answered(connection)
            connection.sendall(end)
            assert is_answered(connection)


def test_request_in_many_small_pieces_must_end_some_day(way: str) -> None:
    """A piece now and then does not keep a request alive for ever."""
    with (
        running(server(way, read_seconds=1)) as program,
        connected(program) as connection,
        ThreadPoolExecutor(1) as pool,
    ):
        is_over = Event()

        def trickle() -> None:
            while not is_over.wait(0.1):
                with suppress(OSError):
                    connection.sendall(b" ")

        connection.sendall(post(b" ", length=500_000))
        trickling = pool.submit(trickle)
        try:
            assert refusal(connection) == "REQUEST_TIMEOUT"
        finally:
            is_over.set()
        trickling.result()


def test_pieces_that_arrive_in_time_are_a_request(impatient: Program) -> None:
    """Nothing is given up that keeps coming."""
    with connected(impatient) as connection:
        for start in range(0, len(post(QUERY)), 9):
            connection.sendall(post(QUERY)[start : start + 9])
        assert is_answered(connection)


@pytest.mark.parametrize(
    ("headers", "length", "status", "code"),
    [
        ((), 2_000_000, b"413", "PAYLOAD_TOO_LARGE"),
        ((b"content-encoding: gzip",), 20, b"415", "UNSUPPORTED_CONTENT_ENCODING"),
    ],
)
def test_client_that_asks_first_is_refused_before_it_sends(
    impatient: Program, headers: tuple[bytes, ...], length: int, status: bytes, code: str
) -> None:
    """With `Expect: 100-continue` there is no 100, only the refusal; what follows is not known, so that is all."""
    with connected(impatient) as connection:
        connection.sendall(post(b"", b"expect: 100-continue", *headers, length=length))
        response = read_all(connection)
    assert response.startswith(b"HTTP/1.1 " + status)
    assert b"\r\nconnection: close\r\n" in response
    assert code_in(response) == code


def test_client_that_asks_first_is_told_to_go_on(impatient: Program) -> None:
    """What is not refused is wanted."""
    with connected(impatient) as connection:
        connection.sendall(post(b"", b"expect: 100-continue", length=len(QUERY)))
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(QUERY)
        assert is_answered(connection)


def test_body_that_is_missing_when_the_server_ends_is_503(way: str) -> None:
    """When the grace is over: a coded error, one line in the log, no traceback, exit code 0."""
    with running(server(way, grace_seconds=1)) as program, connected(program) as connection:
        connection.sendall(post(b"{", length=9))
        assert httpx2.get(f"{program.url}/healthz").status_code == 200  # so the first one is there too
        program.process.send_signal(signal.SIGTERM)
        response = read_all(connection)
        assert response.startswith(b"HTTP/1.1 503 ")
        assert code_in(response) == "SHUTTING_DOWN"
        assert program.process.wait(DEADLINE_SECONDS) == 0
        assert program.output.read().count("\n") == 1
