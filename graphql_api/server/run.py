"""Running the server: one process, one socket, an orderly end.

ServerError
├── CannotListenError   the address or port cannot be had
└── StartupError        the application's lifespan failed
"""

from __future__ import annotations

import gc
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from graphql_api.errors import GraphQLAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from starlette.types import ASGIApp

_BACKLOG_CONNECTIONS = 2048
_MAX_PORT = 65_535


class ServerError(GraphQLAPIError):
    """The server cannot run."""


class CannotListenError(ServerError):
    """The address or port cannot be had; the message says which, why, and what to do."""


class StartupError(ServerError):
    """The application did not start; its own log says why."""


def serve(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_listening: Callable[[str], None],
    access_log: bool = False,
    grace_seconds: int = 30,
) -> None:
    """Serve `app` until SIGTERM or SIGINT, then finish the requests in flight (at most `grace_seconds`) and return.

    Port 0 takes any free one. `on_listening` gets the base url, like "http://127.0.0.1:8000", once requests are
    answered. Must run in the main thread. Raises CannotListenError and StartupError.
    """
    with listen(host, port) as listener:
        server = _Server(_config(app, access_log=access_log, grace_seconds=grace_seconds), on_listening)
        with _orderly_signals(server):
            _run(server, listener)


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    except SystemExit as error:  # Uvicorn's way to say that the lifespan failed
        raise StartupError("The server did not start; the lines above say why.") from error


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises CannotListenError."""
    if not 0 <= port <= _MAX_PORT:
        raise CannotListenError(f"Port {port} does not exist; choose one from 0 (any free one) to {_MAX_PORT}.")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=_BACKLOG_CONNECTIONS)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListenError(
            f"Cannot listen on {host} port {port}: {reason}. Choose another with --host and --port; "
            "--port 0 takes any free one."
        ) from error


def base_url(listener: socket.socket) -> str:
    """Return the url of a listening socket; where it listens on every address, the loopback's."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Uvicorn's server that says when it listens."""

    def __init__(self, config: uvicorn.Config, on_listening: Callable[[str], None]) -> None:
        super().__init__(config)
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What start-up made stays: without this the collector walks all of it, for tens of milliseconds at a time.
        gc.collect()
        gc.freeze()
        for listener in sockets or []:
            self._on_listening(base_url(listener))


def _config(app: ASGIApp, *, access_log: bool, grace_seconds: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        lifespan="on",
        log_level="info" if access_log else "warning",
        access_log=access_log,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=grace_seconds,
    )


@contextmanager
def _orderly_signals(server: uvicorn.Server) -> Iterator[None]:
    """Make SIGTERM and SIGINT an orderly end, and leave the handlers as they were.

    Uvicorn raises a caught signal again when it is done, for whoever handled it before; by default that would end
    this process by the signal instead of with exit code 0.
    """

    def request_exit(_signal_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    handled = (signal.SIGTERM, signal.SIGINT)
    before = {signal_number: signal.signal(signal_number, request_exit) for signal_number in handled}
    try:
        yield
    finally:
        for signal_number, handler in before.items():
            signal.signal(signal_number, handler)
