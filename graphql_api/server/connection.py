"""A connection without its requests: what it writes, how long it may take, and how it ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar, Final

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_local_addr, get_remote_addr

from graphql_api.server import refusals
from graphql_api.server.graphql_http import error_response
from graphql_api.server.request_ids import id_of, with_id

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from graphql_api.server.http_message import HTTPResponse
    from graphql_api.server.proxies import TrustedProxies
    from graphql_api.server.worker import Worker

_LOGGER: Final = logging.getLogger(__name__)
_CLOSING: Final = b"connection: close\r\n"
_LINGER_SECONDS: Final = 2.0
_LINGER_BYTES: Final = 1_048_576
"""What a client that was refused may still send. A connection that is closed while something is unread is reset, and
the client might lose the refusal."""


class BoundedConnection(HttpToolsProtocol):
    """Uvicorn's connection, whose client must read what it asked for, and whose worker has others."""

    worker: ClassVar[Worker]
    proxies: ClassVar[TrustedProxies]
    gives_request_ids: ClassVar[bool]

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's
        """Begin before the connection is made."""
        super().__init__(*arguments, **named)
        self._limits = self.worker.limits
        self._is_deaf = False
        """Whether nothing that arrives is read any more."""
        self._is_heard_until = 0.0
        self._overheard_bytes = 0
        self._writes_since = self._written_at = 0.0
        self._unsent_bytes = self._unread_bytes = 0
        self._writes_later = False
        """Whether answers may leave with those of others, at the end of the event loop's turn."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take the connection, if there is room for it."""
        self.transport = transport
        self.flow = FlowControl(transport)
        self.server, self.client, self.scheme = get_local_addr(transport), get_remote_addr(transport), "http"
        # So `pause_writing` is called as soon as anything of an answer is left that the client has not taken.
        transport.set_write_buffer_limits(0)
        if self.worker.add(self, self.loop):
            self.connections.add(self)
            return
        self._is_deaf = True
        request_id = self._new_id(())
        extra = {"request": request_id}
        _LOGGER.warning("All %d connections are busy; more are refused.", self._limits.max_connections, extra=extra)
        self._write(with_id(error_response(refusals.too_many_connections()), request_id), is_last=True)
        transport.close()

    def _new_id(self, lines: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Return the id of a request with these header lines; None if requests have none."""
        return id_of(lines) if self.gives_request_ids else None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was kept of it."""
        self.worker.remove(self)
        self.connections.discard(self)
        self._is_deaf = True
        self._count_unsent(0)
        self._count_unread(-self._unread_bytes)
        self.flow.resume_writing()  # whoever waits to write by ASGI finds that nobody is there
        if exc is None:
            self.transport.close()

    def close_idle(self) -> None:
        """Make room for another connection."""
        self.worker.outbox.send()
        self.transport.close()

    # What leaves

    def _affordable(self, response: HTTPResponse) -> HTTPResponse:
        """Return a response, or a 503 in its place if too much is kept already that others have not read."""
        if (
            self.worker.unsent_bytes + len(response.body) <= self._limits.max_unsent_bytes
            or not self.worker.unsent_bytes
        ):
            return response
        _LOGGER.warning("Clients do not read their answers; others are refused.")
        return error_response(refusals.too_much_unsent())

    def _write(self, response: HTTPResponse, *, is_last: bool, has_body: bool = True) -> None:
        """Write a whole response."""
        start = self.worker.start_of(response, self.server_state.default_headers)
        closing = _CLOSING if is_last and not response.is_last else b""
        body = response.body if has_body else b""
        data = b"".join((start, response.lines, closing, b"\r\n", body))
        if not self._writes_later or is_last:
            self.transport.write(data)
            return
        self.worker.outbox.put(self.transport, data, self.loop)

    def pause_writing(self) -> None:
        """Note that the client does not take what is written."""
        self.flow.pause_writing()
        self.worker.is_busy(self)
        self._writes_since = self._written_at = self.loop.time()
        self._count_unsent(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Note that it has taken all, and go on."""
        self.flow.resume_writing()
        self._count_unsent(0)
        self._go_on()

    def _count_unsent(self, size_bytes: int) -> None:
        self.worker.unsent_bytes += size_bytes - self._unsent_bytes
        self._unsent_bytes = size_bytes

    def _count_unread(self, more_bytes: int) -> None:
        self.worker.unread_bytes += more_bytes
        self._unread_bytes += more_bytes

    # Time

    def look(self, now: float) -> None:
        """Give up what has taken too long; `now` is the loop's time in seconds."""
        if self.flow.write_paused:
            self._look_at_writing(now)
        elif self._is_deaf:
            if self._is_heard_until and now > self._is_heard_until:
                self.transport.close()
        else:
            self._look_at_reading(now)

    def _look_at_writing(self, now: float) -> None:
        size_bytes = self.transport.get_write_buffer_size()
        if size_bytes < self._unsent_bytes:
            self._written_at = now
            self._count_unsent(size_bytes)
        limits = self._limits
        if now - self._written_at > limits.write_pause_seconds or now - self._writes_since > limits.write_seconds:
            _LOGGER.warning("Cut off a client that did not read its answer.")
            self.transport.abort()

    # The end

    def _close(self, *, is_read: bool) -> None:
        """Close the connection when all is written; if not all `is_read`, once the client has had time to hear it."""
        self._is_deaf = True
        if is_read or self.transport.is_closing():
            self.transport.close()
            return
        self._is_heard_until = self.loop.time() + _LINGER_SECONDS
        self.transport.write_eof()
        self.flow.resume_reading()
        self.worker.is_idle(self)

    def _overhear(self, size_bytes: int) -> None:
        """Drop what a client sends that was refused already."""
        self._overheard_bytes += size_bytes
        if self._overheard_bytes > _LINGER_BYTES:
            self.transport.close()

    def _go_on(self) -> None:
        """Do what waited for the client to take its answer."""
        raise NotImplementedError

    def _look_at_reading(self, now: float) -> None:
        """Give up a request that takes too long to arrive."""
        raise NotImplementedError
