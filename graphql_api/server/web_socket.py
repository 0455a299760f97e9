"""A WebSocket on a connection (RFC 6455): frames by the library `websockets`, bounded in bytes and time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Protocol, cast

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.server import ServerState

    from graphql_api.server.worker import Worker

_LOGGER: Final = logging.getLogger(__name__)
_QUIET: Final = logging.getLogger(f"{__name__}.frames")
_QUIET.setLevel(logging.CRITICAL)  # what a client does wrong is told to it

_PING_SECONDS: Final = 25.0
"""Less than load balancers idle; a client that has answered none of two is gone."""

_CLOSING_SECONDS: Final = 1.0
"""How long a client may take to answer a close."""

_MAX_UNREAD_BYTES: Final = 1_048_576
"""What is kept for a client that does not read: a thousand urls are a tenth of that."""

_SLICE_BYTES: Final = 4_096
"""What is read at a time, before others have their turn: as many as 680 frames, which take 5 ms."""

_MAX_FRAGMENTS: Final = 1_000
"""Of a message; empty ones would cost memory without end."""

_MAX_REASON_BYTES: Final = 123
"""What a close can say (RFC 6455, section 5.5)."""


class Session(Protocol):
    """What is spoken over a WebSocket."""

    def opened(self) -> None:
        """Begin."""
        ...

    def received(self, text: str) -> None:
        """Take a message."""
        ...

    def lost(self) -> None:
        """Take note that nobody is there any more."""
        ...


class WebSocket(asyncio.Protocol):
    """The connection from its upgrade to its end; `session` makes what is spoken over it, of a subprotocol.

    `worker` knows the sockets of this process, and what they hold.
    """

    def __init__(
        self,
        session: Callable[[WebSocket], Session],
        subprotocol: str,
        worker: Worker,
        max_message_bytes: int,
        state: ServerState,
    ) -> None:
        """Begin before the transport is handed over."""
        self._worker = worker
        self._limits = worker.limits
        self._state = state
        self._subprotocol = subprotocol
        self._frames = ServerProtocol(
            max_size=max_message_bytes,
            logger=_QUIET,
            select_subprotocol=lambda _, offered: Subprotocol(subprotocol) if subprotocol in offered else None,
        )
        self._session: Session | None = None
        self._make_session = session
        self._parts: list[bytes] = []
        self._rest = b""
        """What has come and has not been read."""
        self._unread_bytes = self._unsent_bytes = 0
        """Of a message that is not whole, and of what the client has not taken."""
        self._heard_at = self._waits_since = 0.0
        self._unanswered = 0
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self.transport: asyncio.Transport
        self.is_closed = False

    # What asyncio and uvicorn call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a connection."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's are none of asyncio's
        self.transport.set_write_buffer_limits(high=65_536)
        self._state.connections.add(self)  # type: ignore[arg-type]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """Forget everything."""
        self.is_closed = True
        self._rest = b""
        self._worker.remove(self)
        self._count(0, 0)
        self._state.connections.discard(self)
        for timer in self._timers.values():
            timer.cancel()
        if self._session is not None:
            self._session.lost()

    def data_received(self, data: bytes) -> None:
        """Read frames, a slice at a time."""
        self._unanswered = 0
        self._heard_at = asyncio.get_running_loop().time()
        self._rest += data
        if len(self._rest) == len(data):  # else it has its turn already
            self._read()

    def _read(self) -> None:
        piece, self._rest = self._rest[:_SLICE_BYTES], self._rest[_SLICE_BYTES:]
        self._frames.receive_data(piece)
        for event in self._frames.events_received():
            if isinstance(event, Request):
                self._open(event)
            elif isinstance(event, Frame) and not self.is_closed:
                self._take(event)
        self._flush()
        self._note_unread()
        if self._frames.close_expected():
            self._after("closing", _CLOSING_SECONDS, self.transport.close)
        if self.transport.is_closing():
            self._rest = b""
        elif self._rest:
            self.transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._read)
        elif not self.transport.is_reading():
            self.transport.resume_reading()

    def _note_unread(self) -> None:
        """Count what has come of a message that is not whole; what all of them hold is bounded."""
        unread = sum(map(len, self._parts)) + len(self._frames.reader.buffer)
        if unread and not self._unread_bytes:
            self._waits_since = self._heard_at
        self._count(unread, self._unsent_bytes)
        if unread and self._worker.unread_bytes > self._limits.max_unsent_bytes:
            self.close(CloseCode.TRY_AGAIN_LATER, "Too many messages have arrived only in part.")

    def _count(self, unread_bytes: int, unsent_bytes: int) -> None:
        self._worker.unread_bytes += unread_bytes - self._unread_bytes
        self._worker.unsent_bytes += unsent_bytes - self._unsent_bytes
        self._unread_bytes, self._unsent_bytes = unread_bytes, unsent_bytes

    def eof_received(self) -> None:
        """Close with the client."""
        self._frames.receive_eof()
        self._flush()

    def pause_writing(self) -> None:
        """Give the client its time to read."""
        self._after("writing", self._limits.write_pause_seconds, self._drop)

    def resume_writing(self) -> None:
        """Note that it reads again."""
        if timer := self._timers.pop("writing", None):
            timer.cancel()
        self._count(self._unread_bytes, self.transport.get_write_buffer_size())

    # What its worker calls

    def look(self, now: float) -> None:
        """Give up a message that does not arrive; `now` is the loop's time in seconds."""
        limits = self._limits
        if self._unread_bytes and (
            now - self._heard_at > limits.read_pause_seconds or now - self._waits_since > limits.read_seconds
        ):
            self.close(CloseCode.POLICY_VIOLATION, "A message has not arrived in time.")

    def close_idle(self) -> None:
        """Make room for another one."""
        self.close(CloseCode.TRY_AGAIN_LATER, "Others needed the room.")
        self.transport.close()

    # What uvicorn calls

    def shutdown(self) -> None:
        """End because the server does: the client may come back at once."""
        self.close(CloseCode.SERVICE_RESTART, "The server is being stopped.")

    # What sessions call

    def send(self, text: bytes) -> None:
        """Send a message; a client that has too much of them unread is dropped."""
        if self.is_closed:
            return
        self._frames.send_text(text)
        self._flush()

    def note_operations(self, count: int) -> None:
        """Note how many operations are going on; a socket without any may have to make room."""
        if count:
            self._worker.is_busy(self)
        else:
            self._worker.is_idle(self)

    def close(self, code: int, reason: str = "") -> None:
        """Say why nothing more is said, and close the connection soon."""
        if self.is_closed:
            return
        self.is_closed = True
        self._frames.send_close(code, reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore"))
        self._flush()
        self._after("closing", _CLOSING_SECONDS, self.transport.abort)

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something later, once, unless the connection has ended by then."""
        self._after("session", seconds, action)

    def _open(self, request: Request) -> None:
        response = self._frames.accept(request)
        self._frames.send_response(response)
        self._flush()
        if response.status_code != 101:  # noqa: PLR2004 - "Switching Protocols"
            self.is_closed = True
            self.transport.close()
            return
        if self._frames.subprotocol is None:
            self.close(4406, "Subprotocol not acceptable")
            return
        self._session = self._make_session(self)
        self._session.opened()
        self._after("ping", _PING_SECONDS, self._ping)

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.BINARY:
            self.close(CloseCode.UNSUPPORTED_DATA, "Send text")
        elif frame.opcode in {Opcode.TEXT, Opcode.CONT}:
            self._parts.append(bytes(frame.data))
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                self._hand_over(whole)
            elif len(self._parts) > _MAX_FRAGMENTS:
                self.close(CloseCode.POLICY_VIOLATION, "Too many fragments")

    def _hand_over(self, message: bytes) -> None:
        try:
            text = message.decode()
        except UnicodeDecodeError:
            self.close(CloseCode.INVALID_DATA, "Send UTF-8")
            return
        if self._session is not None:
            self._session.received(text)

    def _ping(self) -> None:
        self._unanswered += 1
        if self._unanswered > 2:  # noqa: PLR2004 - see _PING_SECONDS
            self.transport.abort()
            return
        self._frames.send_ping(b"")
        self._flush()
        self._after("ping", _PING_SECONDS, self._ping)

    def _drop(self) -> None:
        _LOGGER.warning("Dropped a subscriber that did not read.")
        self.is_closed = True
        self.transport.abort()

    def _flush(self) -> None:
        if self.transport.is_closing():
            return
        parts = self._frames.data_to_send()
        if data := b"".join(parts):
            self.transport.write(data)
            unsent = self.transport.get_write_buffer_size()
            self._count(self._unread_bytes, unsent)
            if unsent > _MAX_UNREAD_BYTES or (unsent and self._worker.unsent_bytes > self._limits.max_unsent_bytes):
                self._drop()
        if b"" in parts:  # the library's way to say that this side is done
            self.transport.close()

    def _after(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        if timer := self._timers.get(name):
            timer.cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, action)
