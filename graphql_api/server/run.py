"""Running the server: one process or several at one address, an orderly end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import ExitStack
from math import ceil
from typing import TYPE_CHECKING

import uvicorn

from graphql_api import collector
from graphql_api.server.errors import StartupError
from graphql_api.server.handed_over import handed_over
from graphql_api.server.listening import base_url, close_all, listen, listen_at
from graphql_api.server.log import logging_as
from graphql_api.server.process import prepare_process
from graphql_api.server.protocol import protocol_of
from graphql_api.server.proxies import TrustedProxies
from graphql_api.server.routes import Application
from graphql_api.server.workers import Supervisor
from graphql_api.settings import ConnectionLimits
from graphql_api.signals import on_end_signals

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import FrameType

    from starlette.types import ASGIApp

    from graphql_api.server.log import MinuteHandler
    from graphql_api.server.protocol import RequestProtocol
    from graphql_api.settings import LogFormat

_SECONDS_TO_CLOSE = 5
"""How long a worker may take to close what it has open, after the requests in flight have had their time."""


def serve(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    unix_socket: Path | None = None,
    workers: int = 1,
    is_supervised: bool = False,
    on_listening: Callable[[str], None],
    access_log: bool = False,
    limits: ConnectionLimits | None = None,
    is_short: bool = True,
    log_format: LogFormat = "text",
    trusted_proxies: Sequence[str] = (),
    request_ids: bool = False,
) -> None:
    """Serve `app` until a signal asks for the end, then finish what is in flight, at most for its grace, and return.

    Port 0 takes any free one; a `unix_socket` is instead of host and port, and removed at the end. `on_listening` gets
    the base url, like "http://127.0.0.1:8000", once requests are answered. More than one of `workers`, or one that
    `is_supervised`, are processes of their own, and one that dies is replaced; no thread may run then. `limits` are
    those of each connection and worker. Without `is_short` the requests of an `Application` go by ASGI too. What is
    logged goes to stderr as `log_format`. What `trusted_proxies` say of clients counts. With `request_ids` each answer
    has one. Must run in the main thread. Raises CannotListenError and StartupError.
    """
    with ExitStack() as stack:
        log = stack.enter_context(logging_as(log_format, access_log=access_log))
        listeners = _listeners(host, port, unix_socket, workers)
        stack.callback(close_all, [each for some in listeners for each in some])
        if unix_socket:
            stack.callback(unix_socket.unlink, missing_ok=True)
        limits = limits or ConnectionLimits()
        protocol = protocol_of(
            limits,
            app.endpoint if is_short and isinstance(app, Application) else None,
            app.path.encode("ascii") if isinstance(app, Application) else b"",
            access_log=access_log,
            request_ids=request_ids,
            proxies=TrustedProxies(trusted_proxies),
            upgrades=app.upgrades if isinstance(app, Application) else None,
        )
        config = _config(app, limits, protocol)
        url = base_url(listeners[0][0])
        if workers == 1 and not is_supervised:
            _run(_Server(config, log, lambda: on_listening(url)), listeners[0])
        else:
            _supervise(config, log, listeners, limits.grace_seconds, lambda: on_listening(url))


def _listeners(host: str, port: int, unix_socket: Path | None, count: int) -> list[list[socket.socket]]:
    """Return the listening sockets of each worker."""
    if given := handed_over():
        return [given] * count
    return [[each] for each in listen_at(unix_socket, count)] if unix_socket else listen(host, port, count)


def _supervise(
    config: uvicorn.Config,
    log: MinuteHandler,
    listeners: list[list[socket.socket]],
    grace_seconds: float,
    on_ready: Callable[[], None],
) -> None:
    def work(number: int, ready: Callable[[], None], lifeline: int) -> None:
        own = listeners[number]
        close_all(each for some in listeners for each in some if each not in own)
        _run(_Server(config, log, ready, lifeline), own)

    # A socket that anybody holds takes connections: who connects during the end is to be refused, not left waiting.
    supervisor = Supervisor(work, len(listeners), grace_seconds + _SECONDS_TO_CLOSE)
    supervisor.run(on_ready, on_ending=lambda: close_all(each for some in listeners for each in some))


def _run(server: _Server, listeners: list[socket.socket]) -> None:
    prepare_process()
    try:
        # Uvicorn raises a caught signal again when it is done, for whoever handled it before; by default that would end
        # this process by the signal instead of with exit code 0.
        with on_end_signals(lambda _: server.end()):
            server.run(sockets=listeners)
    except SystemExit as error:  # Uvicorn's way to say that the lifespan failed
        raise StartupError("The server did not start; the lines above say why.") from error
    if server.failure:
        raise server.failure


class _Server(uvicorn.Server):
    """Uvicorn's server that says when it listens, and ends when the process at the other end of `lifeline` does.

    `failure` is what kept it from saying so.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        log: MinuteHandler,
        on_listening: Callable[[], None],
        lifeline: int | None = None,
    ) -> None:
        super().__init__(config)
        self._log = log
        self._on_listening = on_listening
        self._lifeline = lifeline
        self.failure: Exception | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        collector.prepare_server()
        if self._lifeline is not None:
            asyncio.get_running_loop().add_reader(self._lifeline, self._end_with_parent)
        try:
            self._on_listening()
        except Exception as error:  # noqa: BLE001 - `_run` raises it again, after an orderly end
            self.failure = error
            self.end()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which have no end of their own, and wait for everything else."""
        if isinstance(self.config.app, Application):
            self.config.app.end_streams()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Do what is done ten times a second."""
        if counter % 10 == 0:
            self._log.tell_counts()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        """Begin an orderly end; a second Ctrl+C does not wait for it."""
        if self.should_exit and sig == signal.SIGINT:
            os._exit(128 + sig)
        self.end()

    def end(self) -> None:
        """Begin an orderly end."""
        self.should_exit = True

    def _end_with_parent(self) -> None:
        assert self._lifeline is not None  # noqa: S101 - it is what was read
        asyncio.get_running_loop().remove_reader(self._lifeline)
        self.end()


def _config(app: ASGIApp, limits: ConnectionLimits, protocol: type[RequestProtocol]) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return uvicorn.Config(
        app,
        http=protocol,
        lifespan="on",
        ws="none",  # `protocol` speaks over WebSockets itself
        log_config=None,
        log_level=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=ceil(limits.grace_seconds),
    )
