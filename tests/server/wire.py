"""Raw bytes to a server and back."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SECONDS = 20
QUERY = b'{"query": "{ content { version } }"}'
ANSWER = b'{"data":{"content":{"version":"v1"}}}'


@dataclass(frozen=True, slots=True)
class Reply:
    """One response as it came; `is_last` says that the server closed the connection after it."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_last: bool = True

    @property
    def code(self) -> str:
        """The code of its first error."""
        return str(orjson.loads(self.body)["errors"][0]["extensions"]["code"])


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """Give a connection to a server on the loopback."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        yield connection


def post(body: bytes = QUERY, *headers: bytes, path: bytes = b"/graphql") -> bytes:
    """Return a request as it goes over the wire."""
    lines = (b"host: x", b"content-type: application/json", b"content-length: %d" % len(body), *headers)
    return b"POST %b HTTP/1.1\r\n" % path + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def send_until_refused(connection: socket.socket, pieces: Iterable[bytes]) -> int:
    """Send pieces until the server takes no more; return how many bytes it, or its operating system, took."""
    sent = 0
    with suppress(ConnectionError, TimeoutError):
        for piece in pieces:
            connection.sendall(piece)
            sent += len(piece)
    return sent


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            received += piece
    return received


def replies(received: bytes) -> list[Reply]:
    """Return the responses in what was received; all must be whole."""
    found = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers.get("content-length", "0"))
        assert len(received) >= length
        found.append(Reply(int(status.split()[1]), headers, received[:length]))
        received = received[length:]
    return found


def exchange(port: int, sent: bytes) -> list[Reply]:
    """Send bytes over a connection of their own; return the responses until the server closes it."""
    with connected(port) as connection:
        connection.sendall(sent)
        return replies(read_all(connection))
