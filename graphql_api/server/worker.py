"""What the connections of one worker share: what they hold, who has been idle longest, and the clock."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from graphql_api.server.outbox import Outbox

if TYPE_CHECKING:
    import asyncio

    from graphql_api.server.http_message import HTTPResponse
    from graphql_api.settings import ConnectionLimits

SECONDS_BETWEEN_LOOKS: Final = 0.25


class Connection(Protocol):
    """A connection, as far as its worker has to do with it."""

    def look(self, now: float) -> None:
        """Give up what has taken too long; `now` is the loop's time in seconds."""
        ...

    def close_idle(self) -> None:
        """Make room for another connection."""
        ...


class Worker:
    """The connections of one process, and what they hold.

    A timer for each connection would cost more than looking at all of them four times a second.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        """Begin without connections."""
        self.limits = limits
        self.unsent_bytes = 0
        """Of answers that were handed over to the operating system no further than clients read them."""
        self.unread_bytes = 0
        """Of requests that have not arrived whole, or wait behind others."""
        self.outbox = Outbox()
        self._connections: set[Connection] = set()
        self._idle: OrderedDict[Connection, None] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._starts: dict[int, bytes] = {}

    def __len__(self) -> int:
        """Return the number of connections."""
        return len(self._connections)

    def add(self, connection: Connection, loop: asyncio.AbstractEventLoop) -> bool:
        """Take a new connection; the one that has been idle longest makes room. False if none is idle."""
        if len(self._connections) >= self.limits.max_connections:
            if not self._idle:
                return False
            self._idle.popitem(last=False)[0].close_idle()
        self._connections.add(connection)
        self._idle[connection] = None
        if self._timer is None:
            self._timer = loop.call_later(SECONDS_BETWEEN_LOOKS, self._look, loop)
        return True

    def remove(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)
        self._idle.pop(connection, None)

    def is_idle(self, connection: Connection) -> None:
        """Note that a connection waits for a request from now on."""
        if connection in self._connections:
            self._idle[connection] = None
            self._idle.move_to_end(connection)

    def is_busy(self, connection: Connection) -> None:
        """Note that a connection has a request to be answered."""
        self._idle.pop(connection, None)

    def start_of(self, response: HTTPResponse, default_headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return the status line and the headers that all responses have; uvicorn makes a new list each second."""
        if default_headers is not self._default_headers:
            self._default_headers = default_headers
            self._starts.clear()
        start = self._starts.get(response.status)
        if start is None:
            lines = [b"%b: %b\r\n" % line for line in default_headers]
            start = self._starts[response.status] = b"".join([STATUS_LINE[response.status], *lines])
        return start

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in list(self._connections):
            connection.look(now)
        self._timer = loop.call_later(SECONDS_BETWEEN_LOOKS, self._look, loop) if self._connections else None
