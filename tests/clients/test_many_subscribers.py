"""A thousand subscribers of one worker: told at once, and gone at once when it ends."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.loading.seed_folder import SeedFolder
from tests.server.programs import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.programs import Program

SOCKETS, STREAMS = 1_000, 200
QUERY = "subscription { contentChanged { sequence added changed removed total } }"
AT_ONCE = 50


class Crowd:
    """Those who have subscribed, and when each was told."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._host, _, self._port = program.url.removeprefix("http://").partition(":")
        self.ready = asyncio.Semaphore(0)
        self.told: list[float] = []

    async def socket(self) -> None:
        """Subscribe over a WebSocket, and listen until it is closed."""
        url = f"ws://{self._host}:{self._port}/graphql"
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], open_timeout=60) as socket:
            payload = {"query": QUERY}
            for message in ({"type": "connection_init"}, {"type": "subscribe", "id": "1", "payload": payload}):
                await socket.send(json.dumps(message))
            await socket.recv()
            await socket.send('{"type": "ping"}')
            await socket.recv()
            self.ready.release()
            await socket.recv()
            self.told.append(time.monotonic())
            with suppress(ConnectionClosed):
                await socket.recv()

    async def stream(self) -> None:
        """Subscribe over server-sent events, and listen until the end."""
        reader, writer = await asyncio.open_connection(self._host, int(self._port))
        lines = (f"GET /graphql?query={quote(QUERY)} HTTP/1.1", "Host: x", "Accept: text/event-stream", "", "")
        writer.write("\r\n".join(lines).encode())
        await reader.readuntil(b":\n\n")
        self.ready.release()
        await reader.readuntil(b"event: next")
        self.told.append(time.monotonic())
        await reader.read()
        writer.close()

    async def hear(self, seeds: SeedFolder) -> tuple[float, float]:
        """Return the seconds until all are told of a publish, and until all are gone after the end."""
        kinds = [*[self.socket] * SOCKETS, *[self.stream] * STREAMS]
        async with asyncio.TaskGroup() as group:
            for number, kind in enumerate(kinds, 1):
                group.create_task(kind())
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0.02)
            for _ in kinds:
                await self.ready.acquire()
            seeds.write("second")
            await asyncio.to_thread(seeds.load)
            published = time.monotonic()
            while len(self.told) < len(kinds):  # noqa: ASYNC110 - they are many
                await asyncio.sleep(0.01)
            self._program.process.send_signal(signal.SIGTERM)
            ended = time.monotonic()
        await asyncio.to_thread(self._program.process.wait, 60)
        return max(self.told) - published, time.monotonic() - ended


def test_thousand_subscribers_are_told_of_a_publish_and_do_not_hold_up_the_end(tmp_path: Path) -> None:
    """Within a second, and within five; bounds are generous, for a machine that does other things."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4_096:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4_096, hard), hard))
    seeds = SeedFolder(tmp_path)
    seeds.write("first")
    command = [sys.executable, "-m", "graphql_api", "serve", "--port", "0"]
    with running([*command, "--seeds", str(seeds.root), "--store", str(seeds.store)]) as program:
        told, ended = asyncio.run(_crowd(program, seeds))
    print(f"\n{SOCKETS + STREAMS} subscribers told after {told:.2f} s, gone after {ended:.2f} s")  # noqa: T201
    assert told < 10
    assert ended < 20


async def _crowd(program: Program, seeds: SeedFolder) -> tuple[float, float]:
    return await Crowd(program).hear(seeds)
