"""Subscriptions over the whole product: graphql-transport-ws and server-sent events, from publish to end."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from uvicorn.server import ServerState
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from graphql_api.server.event_stream import EventStream
from graphql_api.server.media_types import wants_event_stream
from graphql_api.server.web_socket import WebSocket
from graphql_api.server.worker import Worker
from graphql_api.settings import ConnectionLimits
from tests.loading.seed_folder import SeedFolder, url_of
from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

SUBPROTOCOL = Subprotocol("graphql-transport-ws")
CHANGED = "subscription { contentChanged { sequence added changed removed total } }"
STREAM = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> SeedFolder:
    """Return a folder with one seed, which is loaded."""
    folder = SeedFolder(tmp_path_factory.mktemp("site"))
    folder.write("first")
    folder.load()
    return folder


def command(seeds: SeedFolder, *options: str) -> list[str]:
    """Return what serves a folder."""
    return [
        *(sys.executable, "-m", "graphql_api", "serve", "--port", "0"),
        *("--seeds", str(seeds.root), "--store", str(seeds.store), *options),
    ]


@pytest.fixture(scope="module")
def url(seeds: SeedFolder) -> Iterator[str]:
    """Return the address of a server over these seeds, for pages of one other site."""
    with running(command(seeds, "--allow-origin", "https://www.example.org", "--max-subscribers", "100")) as program:
        yield f"{program.url}/graphql"


@contextmanager
def opened(url: str, *, initialise: bool = True, **options: Any) -> Iterator[ClientConnection]:
    """Give a WebSocket, with the first word said."""
    options = {"subprotocols": [SUBPROTOCOL], **options}
    with suppress(ConnectionClosed), connect(url.replace("http", "ws"), **options) as socket:
        if initialise:
            say(socket, type="connection_init")
            assert heard(socket) == {"type": "connection_ack"}
        yield socket


def say(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def subscribe(socket: ClientConnection, query: str, operation_id: str = "1", **payload: Any) -> None:
    say(socket, id=operation_id, type="subscribe", payload={"query": query, **payload})


def heard(socket: ClientConnection) -> Any:
    return json.loads(socket.recv(timeout=20))


def code_at_the_end(socket: ClientConnection) -> int | None:
    """Return the code that the connection is closed with."""
    try:
        while True:
            socket.recv(timeout=20)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def events(response: httpx2.Response) -> Iterator[tuple[str, Any]]:
    """Yield (event, data) of a stream."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event:"):
            name = line.removeprefix("event: ")
        elif line.startswith("data:"):
            data = line.removeprefix("data:").strip()
            yield name, json.loads(data) if data else None


def test_subscribers_of_both_kinds_are_told_of_a_publish_by_another_process(url: str, seeds: SeedFolder) -> None:
    """Within a second; those who ask for the same are told the same, with their own names of things."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(opened(url)) for _ in range(3)]
        for socket in sockets[:2]:
            subscribe(socket, CHANGED)
        renamed = "subscription ($no: Boolean!) { c: contentChanged { s: sequence total @skip(if: $no) } }"
        subscribe(sockets[2], renamed, variables={"no": True})
        client = stack.enter_context(httpx2.Client(timeout=20))
        body = {"query": CHANGED}
        by_post = stack.enter_context(client.stream("POST", url, json=body, headers=STREAM))
        by_get = stack.enter_context(client.stream("GET", url, params=body, headers=STREAM))
        for response in (by_post, by_get):
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            assert "no-store" in response.headers["cache-control"]
            assert {"etag", "content-encoding", "cache-tag", "surrogate-key"}.isdisjoint(response.headers)
        seeds.write("second")
        report = seeds.load()
        published = time.monotonic()
        told = {"sequence": report.sequence, "added": [url_of("second")], "changed": [], "removed": [], "total": 1}
        for socket in sockets[:2]:
            assert heard(socket) == {"id": "1", "type": "next", "payload": {"data": {"contentChanged": told}}}
        assert heard(sockets[2])["payload"] == {"data": {"c": {"s": report.sequence}}}
        for response in (by_post, by_get):
            assert next(events(response)) == ("next", {"data": {"contentChanged": told}})
        assert time.monotonic() - published < 10  # a second, on a machine that does nothing else
        say(sockets[0], id="1", type="complete")
        say(sockets[0], type="ping", payload={"a": 1})
        assert heard(sockets[0]) == {"type": "pong", "payload": {"a": 1}}
        seeds.remove("second")
        seeds.load(allow_shrink=True)
        assert heard(sockets[1])["payload"]["data"]["contentChanged"]["removed"] == [url_of("second")]
        say(sockets[0], type="ping")
        assert heard(sockets[0]) == {"type": "pong"}


def test_queries_have_one_result_and_an_end(url: str) -> None:
    """Over both; a mutation comes by POST and nothing else."""
    with opened(url) as socket:
        subscribe(socket, "{ content { questionCount } }")
        assert heard(socket)["payload"] == {"data": {"content": {"questionCount": 1}}}
        assert heard(socket) == {"id": "1", "type": "complete"}
        subscribe(socket, "mutation { reloadContent { version } }")
        assert heard(socket)["payload"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    with httpx2.Client(timeout=20) as client:
        stream = client.get(url, params={"query": "{ content { questionCount } }"}, headers=STREAM)
        assert [*events(stream)] == [("next", {"data": {"content": {"questionCount": 1}}}), ("complete", None)]
        mutation = client.get(url, params={"query": "mutation { reloadContent { version } }"}, headers=STREAM)
        assert (mutation.status_code, mutation.json()["errors"][0]["extensions"]["code"]) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a: contentChanged { version } b: contentChanged { version } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($no: Boolean!) { contentChanged { version @skip(if: $no) } }", "BAD_USER_INPUT"),
        ("", "BAD_REQUEST"),
    ],
)
def test_operation_that_cannot_be_answered_has_errors_and_the_connection_stays(url: str, query: str, code: str) -> None:
    """With the codes of every other way, and 400 for a stream."""
    with opened(url) as socket:
        for _ in range(2):
            subscribe(socket, query)
            message = heard(socket)
            assert (message["type"], message["id"]) == ("error", "1")
            assert message["payload"][0]["extensions"]["code"] == code
    stream = httpx2.post(url, json={"query": query}, headers=STREAM)
    assert (stream.status_code, stream.json()["errors"][0]["extensions"]["code"]) == (400, code)
    assert stream.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["no JSON"], 4400),
        (['{"type": "unknown"}'], 4400),
        (["[]"], 4400),
        (['{"type": "connection_init"}'], 4429),
        (['{"type": "subscribe", "payload": {}}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": []}'], 4400),
        ([json.dumps({"type": "subscribe", "id": "1", "payload": {"query": CHANGED}})] * 2, 4409),
        ([b"bytes"], 1003),
        ([" " * 2_000_000], 1009),
    ],
)
def test_what_breaks_the_protocol_closes_the_connection_with_its_code(
    url: str, messages: list[str | bytes], code: int
) -> None:
    """The codes of the protocol, and those of WebSockets."""
    with opened(url) as socket:
        for message in messages:
            socket.send(message)
        assert code_at_the_end(socket) == code


def test_nobody_is_heard_before_the_first_word(url: str) -> None:
    """Nor in another subprotocol."""
    with opened(url, initialise=False) as socket:
        subscribe(socket, CHANGED)
        assert code_at_the_end(socket) == 4401
    with opened(url, initialise=False, subprotocols=[Subprotocol("graphql-ws")]) as socket:
        assert code_at_the_end(socket) == 4406


def test_only_pages_that_may_open_a_socket(url: str) -> None:
    """Browsers let every page try; those of the server's own host may."""
    with opened(url, origin="https://www.example.org"):
        pass
    with opened(url, origin=url.removesuffix("/graphql")):
        pass
    with pytest.raises(InvalidStatus), opened(url, origin="https://evil.example"):
        pass


def test_upgrades_elsewhere_are_answered_over_http(url: str) -> None:
    """Without a word in the log: whoever scans for sockets is no event."""
    for path in ("/healthz", "/nowhere"):
        with pytest.raises(InvalidStatus), opened(url.removesuffix("/graphql") + path):
            pass


@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        ("text/event-stream", True),
        ("text/event-stream, multipart/mixed", True),
        ("text/event-stream, */*", True),
        ("Text/Event-Stream;q=0.5", True),
        ("text/event-stream;q=0", False),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("text/*", False),
        ("*/*", False),
        (None, False),
    ],
)
def test_stream_is_for_who_names_it_and_not_json(accept: str | None, is_stream: bool) -> None:
    """urql names all of them with its queries, which have one answer."""
    assert wants_event_stream(accept.encode() if accept is not None else None) is is_stream


def test_subscribers_are_bounded(seeds: SeedFolder) -> None:
    """Over both ways together; others are answered as before."""
    with running(command(seeds, "--no-load", "--max-subscribers", "1")) as program:
        url = f"{program.url}/graphql"
        with opened(url) as socket:
            subscribe(socket, CHANGED)
            subscribe(socket, "{ __typename }", "2")
            deadline = time.monotonic() + 20
            while (stream := httpx2.get(url, params={"query": "{__typename}"}, headers=STREAM)).status_code == 200:
                assert time.monotonic() < deadline
            assert (stream.status_code, stream.json()["errors"][0]["extensions"]["code"]) == (
                503,
                "TOO_MANY_SUBSCRIBERS",
            )
            assert httpx2.get(url, params={"query": "{__typename}"}).status_code == 200


def test_end_of_the_server_ends_a_hundred_of_each_at_once(seeds: SeedFolder) -> None:
    """Sockets are told to come back, streams end without `complete`; clients of both connect again by themselves."""
    with running(command(seeds, "--no-load")) as program, ExitStack() as stack:
        url = f"{program.url}/graphql"
        sockets = [stack.enter_context(opened(url)) for _ in range(100)]
        client = stack.enter_context(httpx2.Client(timeout=20, limits=httpx2.Limits(max_connections=200)))
        streams = [
            stack.enter_context(client.stream("GET", url, params={"query": CHANGED}, headers=STREAM))
            for _ in range(100)
        ]
        for socket in sockets:
            subscribe(socket, CHANGED)
        program.process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert {code_at_the_end(socket) for socket in sockets} == {1012}
        assert [event for stream in streams for event in events(stream)] == []
        program.process.wait(20)
        assert time.monotonic() - asked < 15  # five seconds, on a machine that does nothing else


UPGRADE = b"\r\n".join(
    (
        b"GET / HTTP/1.1",
        b"Host: x",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Sec-WebSocket-Protocol: graphql-transport-ws",
        b"\r\n",
    )
)


class Flood:
    """Says more than a client has read."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.is_lost = threading.Event()

    def opened(self) -> None:
        for _ in range(200):
            self.socket.send(b"x" * 100_000)

    def received(self, text: str) -> None:
        raise AssertionError(text)

    def lost(self) -> None:
        self.is_lost.set()


def test_socket_that_is_not_read_is_dropped() -> None:
    """What it has not read is bounded; nobody else waits for it."""
    sessions: list[Flood] = []

    def session(socket: WebSocket) -> Flood:
        sessions.append(Flood(socket))
        return sessions[-1]

    async def flood() -> None:
        state = ServerState()
        make = lambda: WebSocket(session, SUBPROTOCOL, Worker(ConnectionLimits()), 1_000, state)  # noqa: E731
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=1_000)
        writer.write(UPGRADE)
        assert (await reader.read(12)) == b"HTTP/1.1 101"
        assert await asyncio.to_thread(sessions[0].is_lost.wait, 20)
        assert not state.connections
        server.close()
        writer.close()

    asyncio.run(flood())


def test_stream_that_is_not_read_ends() -> None:
    """After as many events as it may leave unread; its client asks again, and sees where it is by the sequence."""
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        await asyncio.sleep(0)

    async def follow() -> None:
        stream = EventStream(send, ())
        for number in range(100):
            stream.tell(b"%d" % number)
        waiting = asyncio.get_running_loop().create_future()
        while events := await stream._next_events(waiting):
            sent.append(events)
        waiting.cancel()

    asyncio.run(follow())
    assert sent == [b"event: next\ndata: %d\n\n" % number for number in range(64)]
