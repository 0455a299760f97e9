"""The outbox: answers leave together, in their order, and none is kept for long."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import BinaryIO

import httpx2
import pytest

from graphql_api.server.outbox import Outbox
from tests.server.programs import running

QUERIES = (b"{ content { version } }", b"{ again: content { version } }", b"{ content { again: version } }")
ROUNDS = 10


def test_answers_leave_when_the_turn_is_over_or_they_are_many() -> None:
    """What the processor's caches would not hold any more is not kept."""

    async def test() -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.settimeout(0)
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            outbox = Outbox()
            outbox.put(transport, b"a", loop)
            with pytest.raises(BlockingIOError):
                theirs.recv(1)
            await asyncio.sleep(0)
            assert theirs.recv(2) == b"a"
            outbox.put(transport, b"b" * 200_000, loop)
            assert theirs.recv(1) == b"b"
            assert not outbox.waiting
            transport.abort()

    asyncio.run(test())


def test_requests_that_come_before_the_answers_leave_are_answered_in_their_order() -> None:
    """On each of several connections at once, whatever comes in one turn."""
    with running([sys.executable, "-m", "tests.server.small_server"]) as program:
        url = httpx2.URL(program.url)
        connections = [socket.create_connection((url.host, url.port or 0), timeout=20) for _ in range(8)]
        expected = [body_of(connections[0], query) for query in QUERIES]
        for _ in range(ROUNDS):
            for query in QUERIES:
                for connection in connections:
                    connection.sendall(post(query))
        for connection in connections:
            with connection, connection.makefile("rb") as received:
                answers = [read_answer(received) for _ in range(ROUNDS * len(QUERIES))]
                assert answers == expected * ROUNDS


def post(query: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    body = b'{"query": "%b"}' % query
    head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


def body_of(connection: socket.socket, query: bytes) -> bytes:
    """Return the body of the answer to a query."""
    connection.sendall(post(query))
    with connection.makefile("rb") as received:
        return read_answer(received)


def read_answer(received: BinaryIO) -> bytes:
    """Return the body of the next answer."""
    size_bytes = 0
    while line := received.readline().strip():
        name, _, value = line.partition(b": ")
        if name == b"content-length":
            size_bytes = int(value)
    return received.read(size_bytes)
