"""The listening sockets: to be had or not, and their url."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING

from graphql_api.server.errors import CannotListenError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BACKLOG_CONNECTIONS = 2048
_MAX_PORT = 65_535
_LOCALHOST, _LOOPBACK, _LOOPBACK_IPV6 = "localhost", "127.0.0.1", "::1"
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT}


def listen(host: str, port: int, count: int = 1) -> list[list[socket.socket]]:
    """Return the listening sockets of one address, `count` times, for as many processes. Raises CannotListenError.

    `localhost` is the loopback of IPv4 and of IPv6, at the same port, where the system has both. Linux shares
    connections out evenly among sockets, but among processes that wait at one socket it gives most of them to one.
    Elsewhere all are the same socket.
    """
    if not 0 <= port <= _MAX_PORT:
        raise CannotListenError(f"Port {port} does not exist; choose one from 0 (any free one) to {_MAX_PORT}.")
    firsts: list[socket.socket] = []
    try:
        firsts.append(_first(_LOOPBACK if host.lower() == _LOCALHOST else host, port))
        if host.lower() == _LOCALHOST:
            firsts += _of_the_other_family(firsts[0])
        return [firsts, *([_another(first) for first in firsts] for _ in range(count - 1))]
    except (OSError, UnicodeError) as error:
        close_all(firsts)
        reason, *_ = (getattr(error, "strerror", None) or str(error)).split(" (while")  # the address is told already
        raise CannotListenError(
            f"Cannot listen on {host} port {port}: {reason}. Choose another with --host and --port; "
            "--port 0 takes any free one."
        ) from error


def _first(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    both = _is_every_address(str(address[0]))
    return socket.create_server(
        (str(address[0]), port), family=family, backlog=_BACKLOG_CONNECTIONS, dualstack_ipv6=both
    )


def _of_the_other_family(first: socket.socket) -> list[socket.socket]:
    """Return the socket of IPv6's loopback beside that of IPv4; none on a machine without IPv6."""
    try:
        return [_first(_LOOPBACK_IPV6, first.getsockname()[1])]
    except OSError as error:
        if error.errno in _NO_SUCH_ADDRESS:
            return []
        raise


def listen_at(path: Path, count: int = 1) -> list[socket.socket]:
    """Return a listening Unix socket, `count` times the same one. Raises CannotListenError.

    One that is left of a server that is gone is replaced; whoever may write to it may connect (mode 0666).
    """
    listener = socket.socket(socket.AF_UNIX)
    try:
        if path.is_socket() and _is_deserted(path):
            path.unlink()
        listener.bind(str(path))
        path.chmod(0o666)
        listener.listen(_BACKLOG_CONNECTIONS)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise CannotListenError(f"Cannot listen on {path}: {reason}. Choose another with --unix-socket.") from error
    return [listener] * count


def _is_deserted(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except ConnectionRefusedError:
            return True
    return False


def check_address(host: str, port: int) -> None:
    """Raise CannotListenError if the address cannot be had now."""
    (listeners,) = listen(host, port)
    close_all(listeners)


def _another(first: socket.socket) -> socket.socket:
    if sys.platform != "linux":  # pragma: no cover - the tests run on Linux
        return first
    # Only now that the port is had: set before, it would let two servers run on one port without knowing.
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return socket.create_server(
        first.getsockname()[:2],
        family=first.family,
        backlog=_BACKLOG_CONNECTIONS,
        reuse_port=True,
        dualstack_ipv6=_is_every_address(first.getsockname()[0]),
    )


def _is_every_address(host: str) -> bool:
    """Return whether an address is that of IPv6 which stands for IPv4 too, where the system has both."""
    return host == "::" and socket.has_dualstack_ipv6()


def base_url(listener: socket.socket) -> str:
    """Return the url of a listening socket; where it listens on every address, the loopback's."""
    if listener.family == socket.AF_UNIX:
        return f"unix:{listener.getsockname()}"
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def close_all(listeners: Iterable[socket.socket]) -> None:
    """Close every one of `listeners`."""
    for listener in listeners:
        listener.close()
