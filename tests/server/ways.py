"""Both ways to an application over real connections: the short one, and the one by ASGI."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import uvicorn
from uvicorn.server import ServerState

from graphql_api.server.protocol import protocol_of
from graphql_api.server.proxies import TrustedProxies
from graphql_api.settings import ConnectionLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql_api.server.protocol import RequestProtocol
    from graphql_api.server.routes import Application

WAYS = ("short", "asgi")


class Listening:
    """An application that is served in this process, by one way, until `close`."""

    def __init__(
        self,
        app: Application,
        way: str,
        limits: ConnectionLimits | None = None,
        *,
        proxies: Sequence[str] = (),
        access_log: bool = False,
    ) -> None:
        """Listen on any free port of the loopback, on the event loop that all of them share."""
        assert way in WAYS
        endpoint = app.endpoint if way == "short" else None
        self.protocol = protocol_of(
            limits or ConnectionLimits(),
            endpoint,
            app.path.encode(),
            access_log=access_log,
            proxies=TrustedProxies(proxies),
        )
        self._config = uvicorn.Config(app, http=self.protocol, lifespan="off", log_config=None, proxy_headers=False)
        self._config.load()
        self._state = ServerState()
        self._loop = _loop()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0)

    def _protocol(self) -> RequestProtocol:
        return self.protocol(config=self._config, server_state=self._state, app_state={}, _loop=self._loop)

    def close(self) -> None:
        """Listen no more, and end all connections."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()

    async def _close(self) -> None:
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


@contextmanager
def client_of(app: Application, way: str, limits: ConnectionLimits | None = None) -> Iterator[httpx2.Client]:
    """Give a client of an application that is served by one way."""
    listening = Listening(app, way, limits)
    try:
        with httpx2.Client(base_url=listening.url, headers={"accept-encoding": "identity"}) as client:
            yield client
    finally:
        listening.close()


_LOOPS: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of all servers in this process; its thread ends with the process."""
    if not _LOOPS:
        loop = uvicorn.Config("", loop="auto", log_config=None).get_loop_factory()
        assert loop is not None
        _LOOPS.append(loop())
        threading.Thread(target=_LOOPS[0].run_forever, daemon=True).start()
    return _LOOPS[0]
