"""The listening socket: to be had or not, and its url."""

from __future__ import annotations

import socket

from graphql_api.server.errors import CannotListenError

_BACKLOG_CONNECTIONS = 2048
_MAX_PORT = 65_535


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
