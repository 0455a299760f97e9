"""The client of `benchmarks.attack`: connections, and what is done on one with an attack."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks.attacks import Attack, catalogue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Send = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[int]]
"""Sends an attack's bytes and returns the status of the answer, 0 where there is none."""

HOST: Final = "127.0.0.1"
_PAUSE_SECONDS: Final = 0.5


def behaviours() -> list[tuple[Attack, Send]]:
    """Return every attack with how it is sent."""
    every = [(attack, _send_raw if attack.is_raw else _ask) for attack in catalogue()]
    slow = next(attack for attack, _ in every if attack.name == "total of every subject")
    large = next(attack for attack, _ in every if attack.name == "40 whole texts")
    return [
        *every,
        (Attack("leave after asking", slow.data), _leave),
        (Attack("read slowly", large.data), _read_slowly),
        (Attack("a body that pauses", large.data), _pause),
    ]


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    # A key that nobody looks at: the same bytes would be answered from the cache.
    new = data[:-1] + f',"n":{time.monotonic_ns()}}}'.encode() if data[:1] == b"{" and data[-1:] == b"}" else data
    writer.write(post(new))
    return await status_of(reader)


async def _send_raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    writer.write(data)
    writer.write_eof()
    return await status_of(reader)


async def _leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    writer.write(post(data[:-1] + f',"n":{time.monotonic_ns()}}}'.encode()))
    await writer.drain()
    await asyncio.sleep(0.005)
    return 0


async def _read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    writer.write(post(data[:-1] + f',"n":{time.monotonic_ns()}}}'.encode()))
    line = await reader.readline()
    await asyncio.sleep(_PAUSE_SECONDS)
    return int(line.split()[1])


async def _pause(_: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    writer.write(post(data)[:-1])
    await writer.drain()
    await asyncio.sleep(_PAUSE_SECONDS)
    return 0


# HTTP


@contextlib.asynccontextmanager
async def connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Give a connection; at its end it is aborted, whatever is still on its way."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=64 * 1024)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def post(body: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    )
    return head.encode() + b"accept: application/graphql-response+json\r\n\r\n" + body


async def status_of(reader: asyncio.StreamReader) -> int:
    """Read a whole response; return its status, 0 for a connection that ended."""
    line = await reader.readline()
    if not line:
        return 0
    length = 0
    while (header := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while length:
        piece = await reader.read(min(length, 1 << 16))
        if not piece:
            return 0
        length -= len(piece)
    return int(line.split()[1])


async def urls_at(port: int) -> list[str]:
    """Return the urls of some articles that a server has."""
    async with connection(port) as (reader, writer):
        writer.write(post(b'{"query":"{ questions(first: 100) { nodes { url } } }"}'))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        answer = orjson.loads(await reader.readexactly(length))
    return [node["url"] for node in answer["data"]["questions"]["nodes"]]
