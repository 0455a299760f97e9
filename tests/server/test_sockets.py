"""WebSockets of clients that attack: what they cost is bounded in bytes, time and number, whatever frames they send."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn.server import ServerState
from websockets.exceptions import InvalidStatus

from graphql_api.engine.requests import Response
from graphql_api.server.feed import Feed
from graphql_api.server.parameters import request_from_message
from graphql_api.server.transport_ws import TransportSession
from graphql_api.server.web_socket import WebSocket
from graphql_api.server.worker import Worker
from graphql_api.settings import ConnectionLimits
from tests.loading.seed_folder import SeedFolder
from tests.server.programs import running
from tests.server.test_subscriptions import (
    CHANGED,
    SUBPROTOCOL,
    UPGRADE,
    code_at_the_end,
    command,
    heard,
    opened,
    say,
    subscribe,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from graphql_api.engine.requests import Request
    from graphql_api.server.web_socket import Session

TEXT, CONTINUATION, PING = 0x1, 0x0, 0x9
FIN = 0x80
DEEP = "[" * 300 + "]" * 300
DEEPER = "[" * 1_000 + "]" * 1_000


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> SeedFolder:
    """Return a folder with one seed, which has been loaded."""
    folder = SeedFolder(tmp_path_factory.mktemp("site"))
    folder.write("first")
    with running(command(folder)):
        return folder


@pytest.fixture(scope="module")
def url(seeds: SeedFolder) -> Iterator[str]:
    """Return the address of a server."""
    with running(command(seeds, "--no-load", "--max-subscribers", "20")) as program:
        yield f"{program.url}/graphql"


def frame(kind: int, payload: bytes = b"", *, length: int | None = None) -> bytes:
    """Return a frame as clients send it, with a mask of zeros; `length` says more than there is."""
    size = len(payload) if length is None else length
    sizes = bytes([0x80 | size]) if size < 126 else struct.pack(">BH", 0x80 | 126, size)
    return bytes([kind]) + sizes + bytes(4) + payload


@dataclass
class Ear:
    """Counts what it hears, and in which turn of the event loop."""

    turn: int = 0
    heard: dict[int, int] = field(default_factory=dict)

    def session(self, socket: WebSocket) -> Ear:  # noqa: ARG002 - as sessions are made
        return self

    def opened(self) -> None:
        pass

    def received(self, text: str) -> None:  # noqa: ARG002 - as sessions take it
        self.heard[self.turn] = self.heard.get(self.turn, 0) + 1

    def lost(self) -> None:
        pass


@dataclass
class Listening:
    """A server of sockets in this process."""

    port: int
    worker: Worker
    ear: Ear
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def client(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return an open socket."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(UPGRADE)
        await reader.readuntil(b"\r\n\r\n")
        return reader, writer


@asynccontextmanager
async def listening(
    limits: ConnectionLimits, session: Callable[[WebSocket], Session] | None = None
) -> AsyncIterator[Listening]:
    """Serve sockets, over which nobody but the ear listens if there is no other `session`."""
    worker, ear, state = Worker(limits), Ear(), ServerState()

    def make() -> WebSocket:
        socket = WebSocket(session or ear.session, SUBPROTOCOL, worker, 100_000, state)
        assert worker.add(socket, asyncio.get_running_loop())
        return socket

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    there = Listening(server.sockets[0].getsockname()[1], worker, ear)
    yield there
    server.close()
    for writer in there.writers:
        writer.close()
    for connection in list(state.connections):
        connection.transport.abort()
    await asyncio.sleep(0.05)
    assert (len(worker), worker.unread_bytes, worker.unsent_bytes) == (0, 0, 0)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(3_000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError


async def code_of_close(reader: asyncio.StreamReader) -> int:
    """Return the code of the close that is the next frame."""
    kind, size = await asyncio.wait_for(reader.readexactly(2), 20)
    assert kind == FIN | 0x8
    code: int = struct.unpack(">H", (await reader.readexactly(size))[:2])[0]
    return code


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([f'{{"type": "ping", "payload": {DEEP}}}'], 4400),
        ([f'{{"type": {DEEPER}}}'], 4400),
        ([f'{{"type": "complete", "id": {DEEPER}}}'], 4400),
        ([f'{{"type": "subscribe", "id": {DEEPER}, "payload": {{}}}}'], 4400),
        ([json.dumps({"type": "subscribe", "id": "x" * 1_001, "payload": {"query": CHANGED}})], 4400),
        ([json.dumps({"type": "subscribe", "id": "\U0001f600" * 80, "payload": {"query": CHANGED}})] * 2, 4409),
        ([["{", *[""] * 1_001]], 1008),
        ([" " * 131_073], 1009),
    ],
)
def test_no_message_ends_a_socket_without_a_code(url: str, messages: list[str | list[str]], code: int) -> None:
    """What cannot be read, written or told whole is no failure of the server."""
    with opened(url) as socket:
        for message in messages:
            socket.send(message)
        assert code_at_the_end(socket) == code


def test_subscription_asks_for_each_field_about_once(url: str) -> None:
    """A thousand times a list of a thousand urls would be a megabyte for each subscriber; variables are not kept."""
    with opened(url) as socket:
        fields = " ".join(f"a{number}: changed" for number in range(51))
        subscribe(socket, f"subscription {{ contentChanged {{ {fields} }} }}")
        refused = heard(socket)
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "GRAPHQL_VALIDATION_FAILED")
        subscribe(socket, CHANGED, variables={"x": json.loads(DEEP)})
        say(socket, type="ping")
        assert heard(socket) == {"type": "pong"}
        subscribe(socket, "{ __typename }", "2")
        assert heard(socket)["id"] == "2"


def test_sockets_are_bounded_and_the_longest_idle_goes_first(seeds: SeedFolder) -> None:
    """Those with an operation stay; while all have one, a new one is told so over HTTP."""
    with running(command(seeds, "--no-load", "--max-subscribers", "2")) as program, ExitStack() as stack:
        url = f"{program.url}/graphql"
        first, second, third = (stack.enter_context(opened(url)) for _ in range(3))
        assert code_at_the_end(first) == 1013
        for socket in (second, third):
            subscribe(socket, CHANGED)
            say(socket, type="ping")
            assert heard(socket) == {"type": "pong"}
        time.sleep(1.5)  # the first one is gone by then
        with pytest.raises(InvalidStatus) as refused:
            stack.enter_context(opened(url, initialise=False))
        assert refused.value.response.status_code == 503


def test_client_has_one_budget_over_sockets_too(seeds: SeedFolder) -> None:
    """Whichever way it asks, and also for what it subscribes to."""
    with (
        running(command(seeds, "--no-load", "--client-budget", "2000")) as program,
        opened(f"{program.url}/graphql") as socket,
    ):
        answers = []
        for number in range(4):
            subscribe(socket, "{ __typename }", str(number))
            answers.append(heard(socket))
            if answers[-1]["type"] == "next":
                assert heard(socket)["type"] == "complete"
        assert [answer["type"] for answer in answers][-1] == "error"
        assert answers[0]["type"] == "next"
        assert answers[-1]["payload"][0]["extensions"]["code"] == "CLIENT_BUDGET_EXCEEDED"


def test_small_frames_do_not_keep_others_waiting() -> None:
    """Of a hundred thousand that arrive at once some are read in a turn of the event loop, and others have theirs."""

    async def flood() -> None:
        async with listening(ConnectionLimits()) as there:

            async def turns() -> None:
                while True:
                    await asyncio.sleep(0)
                    there.ear.turn += 1

            turning = asyncio.ensure_future(turns())
            _, writer = await there.client()
            writer.write(frame(FIN | TEXT) * 20_000)
            await until(lambda: sum(there.ear.heard.values()) == 20_000)
            turning.cancel()
        assert max(there.ear.heard.values()) <= 4_096 // 6 + 1

    asyncio.run(flood())


@dataclass
class TurnEngine:
    """Answers each operation at once, and counts the turns of the event loop between them."""

    turns: list[int] = field(default_factory=list)
    turn: int = 0

    async def stream(self, request: Request) -> Response:  # noqa: ARG002 - as engines have it
        self.turns.append(self.turn)
        return Response(b'{"data":{}}', has_data=True, version=None)

    async def events_after(self, sequence: int) -> list[Any]:
        raise NotImplementedError(sequence)


def test_operations_of_one_socket_begin_one_after_the_other() -> None:
    """A hundred that arrive at once would keep all others waiting until each of them has been read."""

    async def ask() -> None:
        engine = TurnEngine()
        async with Feed(engine, 10) as feed:

            def session(socket: WebSocket) -> Session:
                return TransportSession(socket, feed, request_from_message)

            async with listening(ConnectionLimits(), session) as there:

                async def turns() -> None:
                    while True:
                        await asyncio.sleep(0)
                        engine.turn += 1

                turning = asyncio.ensure_future(turns())
                _, writer = await there.client()
                asked = ({"type": "subscribe", "id": f"{n}", "payload": {"query": "{a}"}} for n in range(50))
                messages = [{"type": "connection_init"}, *asked]
                writer.write(b"".join(frame(FIN | TEXT, json.dumps(each).encode()) for each in messages))
                await until(lambda: len(engine.turns) == 50)
                turning.cancel()
        assert len(set(engine.turns)) == 50

    asyncio.run(ask())


def test_messages_that_do_not_arrive_are_bounded_together() -> None:
    """Whoever sends too much of them is told to come back; all of it is forgotten."""

    async def hoard() -> None:
        async with listening(ConnectionLimits(max_unsent_bytes=50_000)) as there:
            (_, first), (reader, second), (fragments, third) = [await there.client() for _ in range(3)]
            first.write(frame(FIN | TEXT, bytes(40_000), length=60_000))
            await until(lambda: there.worker.unread_bytes >= 40_000)
            second.write(frame(FIN | TEXT, bytes(20_000), length=60_000))
            assert await code_of_close(reader) == 1013
            third.write(frame(TEXT) + frame(CONTINUATION, bytes(20_000)))
            assert await code_of_close(fragments) == 1013

    asyncio.run(hoard())


@pytest.mark.parametrize("slow", [{"read_pause_seconds": 0.2}, {"read_seconds": 0.2}])
def test_message_that_does_not_arrive_in_time_ends_its_socket(slow: dict[str, float]) -> None:
    """As a body over HTTP does; a socket that says nothing stays."""

    async def wait() -> None:
        async with listening(ConnectionLimits(**slow)) as there:  # type: ignore[arg-type]
            (reader, writer), _ = [await there.client() for _ in range(2)]
            writer.write(frame(TEXT, b"{"))
            assert await code_of_close(reader) == 1008
            await until(lambda: len(there.worker) == 1)
            await asyncio.sleep(1)
            assert len(there.worker) == 1

    asyncio.run(wait())


def test_client_that_pings_and_does_not_read_is_dropped() -> None:
    """Its pongs are kept up to the bound of all that is not read."""

    async def ping() -> None:
        async with listening(ConnectionLimits(write_pause_seconds=60)) as there:
            _, writer = await there.client()
            deadline = time.monotonic() + 30
            most = 0
            while len(there.worker) and time.monotonic() < deadline:
                writer.write(frame(FIN | PING, bytes(125)) * 500)
                most = max(most, there.worker.unsent_bytes)
                await asyncio.sleep(0)
            assert not len(there.worker)
            assert most <= 2 * 1_048_576

    asyncio.run(ping())
