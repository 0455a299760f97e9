"""What connections may cost: their number, answers that nobody reads, requests in a row, clients that leave."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest

from graphql_api.server.routes import build_app
from graphql_api.settings import ConnectionLimits
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import Listening
from tests.server.wire import ANSWER, QUERY, SECONDS, connected, exchange, post, read_all, replies, send_until_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql_api.engine.requests import Request, Response

SLOW = b'{"query": "query Slow { content { version } }", "operationName": "Slow"}'
LARGE = b'{"query": "{ question(by: {id: 1}) { answer { markdown } } }"}'
LARGE_BYTES = 8_000_000


class Engine(SmallEngine):
    """Has one long text, and answers an operation that is named Slow only after `let_go`."""

    def __init__(self) -> None:
        super().__init__()
        assert self.content is not None
        self.content["question"]["answer"]["markdown"] = "x" * LARGE_BYTES
        self.cancelled = 0
        self._slow: set[asyncio.Future[None]] = set()

    def let_go(self) -> None:
        """Answer what is slow."""
        for future in self._slow:
            future.get_loop().call_soon_threadsafe(future.set_result, None)

    async def execute(self, request: Request) -> Response:
        if request.operation_name == "Slow":
            future = asyncio.get_running_loop().create_future()
            self._slow.add(future)
            self.requests.append(request)
            try:
                await future
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return await super().execute(request)


@contextmanager
def serving(engine: SmallEngine, way: str, **limits: float) -> Iterator[Listening]:
    """Give a server with these limits."""
    app = build_app(engine, SmallContentStatus(engine))
    listening = Listening(app, way, ConnectionLimits(**limits))  # type: ignore[arg-type]  # each test gives the right type
    try:
        yield listening
    finally:
        listening.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as `is_so()`; fail if that takes too long."""
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def read_answer(connection: socket.socket) -> bytes:
    """Return what comes up to the end of the small answer, or of the connection."""
    received = b""
    while not received.endswith(ANSWER) and (piece := connection.recv(65_536)):
        received += piece
    return received


def slow_reader(stack: ExitStack, port: int) -> socket.socket:
    """Return a connection that has asked for a large answer, and whose operating system takes little of it."""
    connection = stack.enter_context(socket.socket())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(SECONDS)
    connection.connect(("127.0.0.1", port))
    connection.sendall(post(LARGE))
    return connection


def test_longest_idle_connection_makes_room_for_another(way: str) -> None:
    """A connection that was used, or is being answered, is kept before one that was not."""
    with serving(engine := Engine(), way, max_connections=3) as server, ExitStack() as stack:
        busy, used, idle = (stack.enter_context(connected(server.port)) for _ in range(3))
        busy.sendall(post(SLOW))
        wait_until(lambda: len(engine.requests) == 1)
        idle.sendall(post())
        assert read_answer(idle).endswith(ANSWER)
        used.sendall(post())
        assert read_answer(used).endswith(ANSWER)
        assert exchange(server.port, post(QUERY, b"connection: close"))[0].body == ANSWER
        assert read_all(idle) == b""
        used.sendall(post())
        assert read_answer(used).endswith(ANSWER)
        engine.let_go()
        assert read_answer(busy).endswith(ANSWER)


def test_connection_beyond_the_limit_is_503_while_all_are_busy(way: str) -> None:
    """It is told at once; those that are there are answered."""
    with serving(engine := Engine(), way, max_connections=2) as server, ExitStack() as stack:
        server.protocol.gives_request_ids = True
        busy = [stack.enter_context(connected(server.port)) for _ in range(2)]
        for connection in busy:
            connection.sendall(post(SLOW))
        wait_until(lambda: len(engine.requests) == 2)
        with connected(server.port) as connection:
            (reply,) = replies(read_all(connection))
        assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "TOO_MANY_CONNECTIONS", "1")
        assert reply.headers["x-request-id"]
        engine.let_go()
        assert all(read_answer(connection).endswith(ANSWER) for connection in busy)


def test_answers_that_nobody_reads_are_bounded(way: str) -> None:
    """Over the bound the next one is a 503; when the clients are gone there is room again."""
    with serving(Engine(), way, max_unsent_bytes=2 * LARGE_BYTES) as server, ExitStack() as stack:
        server.protocol.gives_request_ids = True
        for _ in range(2):
            slow_reader(stack, server.port)
        wait_until(lambda: server.protocol.worker.unsent_bytes > LARGE_BYTES)
        (reply,) = exchange(server.port, post(LARGE, b"connection: close"))
        if way == "short":  # by ASGI the answer is not known before it is begun; it waits for its client alike
            assert (reply.status, reply.code) == (503, "TOO_MUCH_UNSENT")
            assert reply.headers["x-request-id"]
        stack.close()
        wait_until(lambda: server.protocol.worker.unsent_bytes == 0)
        (reply,) = exchange(server.port, post(LARGE, b"connection: close"))
        assert (reply.status, len(reply.body) > LARGE_BYTES) == (200, True)


def test_client_that_does_not_read_is_given_up(way: str) -> None:
    """After the pause its connection ends, and what was kept for it is let go."""
    with serving(Engine(), way, write_pause_seconds=0.5) as server, ExitStack() as stack:
        connection = slow_reader(stack, server.port)
        wait_until(lambda: server.protocol.worker.unsent_bytes > 0)
        wait_until(lambda: len(server.protocol.worker) == 0)
        assert server.protocol.worker.unsent_bytes == 0
        assert len(read_all(connection)) < LARGE_BYTES


def test_client_that_reads_too_slowly_is_given_up(way: str) -> None:
    """A piece now and then does not keep an answer in memory for ever."""
    with serving(Engine(), way, write_seconds=1) as server, ExitStack() as stack:
        connection = slow_reader(stack, server.port)
        wait_until(lambda: server.protocol.worker.unsent_bytes > 0)
        received, started = 0, time.monotonic()
        while len(server.protocol.worker):
            received += len(connection.recv(1_000))
            time.sleep(0.01)
        assert received < LARGE_BYTES
        assert 0.9 < time.monotonic() - started < SECONDS


def test_slow_client_that_goes_on_reading_gets_all(way: str) -> None:
    """The pause counts from the last byte that it took; the whole takes longer than a pause may."""
    with serving(Engine(), way, write_pause_seconds=4) as server, ExitStack() as stack:
        connection = slow_reader(stack, server.port)
        received = 0
        while received < LARGE_BYTES:
            piece = connection.recv(1_000_000)
            assert piece
            received += len(piece)
            time.sleep(0.002)


def test_requests_behind_an_answer_that_is_not_read_wait(way: str) -> None:
    """Backpressure: the engine is not asked for more than the client takes."""
    with serving(engine := Engine(), way) as server, ExitStack() as stack:
        connection = slow_reader(stack, server.port)
        connection.sendall(post(LARGE) * 5)
        wait_until(lambda: server.protocol.worker.unsent_bytes > 0)
        time.sleep(0.3)
        assert len(engine.requests) <= 2
        received = 0
        while received < 6 * LARGE_BYTES:
            received += len(connection.recv(1_000_000))
        assert len(engine.requests) == 6


def test_pipelined_requests_are_answered_in_their_order(way: str) -> None:
    """One that takes long holds up those behind it, and the paths may be any."""
    paths = [b"/graphql", b"/healthz", b"/nothing", b"/graphql", b"/readyz"]
    with serving(engine := Engine(), way) as server, connected(server.port) as connection:
        connection.sendall(post(SLOW) + b"".join(post(QUERY, path=path) for path in paths))
        wait_until(lambda: len(engine.requests) == 1)
        engine.let_go()
        connection.sendall(post(QUERY, b"connection: close"))
        statuses = [reply.status for reply in replies(read_all(connection))]
    assert statuses == [200, 200, 405, 404, 200, 405, 200]


@pytest.mark.parametrize("cut", [1, 7, 16_384, 100_000])
def test_many_pipelined_requests_are_answered_or_sent_again(way: str, cut: int) -> None:
    """However they arrive: those of a connection that ends early are its first ones, each answered once."""
    count = 200 if cut > 10 else 20
    sent = b"".join(post(QUERY, b"a: %d" % number) for number in range(count)) + post(QUERY, b"connection: close")
    with serving(engine := Engine(), way) as server, connected(server.port) as connection:
        send_until_refused(connection, (sent[start : start + cut] for start in range(0, len(sent), cut)))
        found = replies(read_all(connection))
    assert {reply.status for reply in found} == {200}
    assert len(found) == len(engine.requests) >= 20


def test_client_that_sends_on_after_the_end_loses_no_answer(way: str) -> None:
    """What it sends too much is read over, so the connection is not reset before the answers have arrived."""
    short = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: x\r\naccept: */*\r\n\r\n"
    with serving(engine := Engine(), way) as server, connected(server.port) as connection:
        connection.sendall(post(SLOW) + short * 40)
        wait_until(lambda: len(engine.requests) == 1)
        engine.let_go()
        for _ in range(5):
            time.sleep(0.05)
            connection.sendall(short * 40)
        found = replies(read_all(connection))
    assert [reply.status for reply in found] == [200] * 32


def test_client_that_leaves_is_not_answered_further(way: str) -> None:
    """Its operation is cancelled, within a tenth of a second where nothing else keeps the machine."""
    with serving(engine := Engine(), way) as server:
        assert min(seconds_until_cancelled(engine, server, count) for count in range(1, 6)) < 0.1
        wait_until(lambda: len(server.protocol.worker) == 0)


def seconds_until_cancelled(engine: Engine, server: Listening, count: int) -> float:
    """Return how long the operation of the `count`th client goes on after it left."""
    with connected(server.port) as connection:
        connection.sendall(post(SLOW))
        wait_until(lambda: len(engine.requests) == count)
    left = time.monotonic()
    wait_until(lambda: engine.cancelled == count)
    return time.monotonic() - left


def test_bodies_that_do_not_arrive_are_bounded_together() -> None:
    """Each is below its own limit; all of them are below one more."""
    body = b" " * 900_000
    with serving(Engine(), "short", max_unsent_bytes=2_000_000) as server, ExitStack() as stack:
        connections = [stack.enter_context(connected(server.port)) for _ in range(3)]
        for connection in connections[:2]:
            connection.sendall(post(body)[:-1])
        wait_until(lambda: server.protocol.worker.unread_bytes > 1_700_000)
        connections[2].sendall(post(body)[:-1])
        (reply,) = replies(read_all(connections[2]))
        assert (reply.status, reply.code) == (503, "TOO_MUCH_UNREAD")
        connections[0].sendall(b" ")
        (reply,) = [] or replies(connections[0].recv(65_536))
        assert reply.code == "BAD_REQUEST"
        stack.close()
        wait_until(lambda: server.protocol.worker.unread_bytes == 0)


def test_idle_connection_is_kept_for_its_time(way: str) -> None:
    """From the last answer on; a request in between begins it anew."""
    with serving(Engine(), way, keep_alive_seconds=1) as server, connected(server.port) as connection:
        for pause in (0.5, 0.5, 0.5):
            connection.sendall(post())
            assert read_answer(connection).endswith(ANSWER)
            time.sleep(pause)
        connection.sendall(post())
        assert read_answer(connection).endswith(ANSWER)
        started = time.monotonic()
        assert read_all(connection) == b""
        assert 0.9 < time.monotonic() - started < SECONDS


def test_thousand_connections_are_answered_and_forgotten(way: str) -> None:
    """Nothing stays of a connection that was closed."""
    with serving(Engine(), way) as server:
        for _ in range(10):
            with httpx2.Client(base_url=server.url) as client:
                assert client.get("/graphql", params={"query": "{ __typename }"}).status_code == 200
            with ExitStack() as stack:
                for _ in range(100):
                    stack.enter_context(connected(server.port)).sendall(post()[:-1])
        worker = server.protocol.worker
        wait_until(lambda: len(worker) == 0)
        assert (worker.unsent_bytes, worker.unread_bytes, len(worker._idle)) == (0, 0, 0)
