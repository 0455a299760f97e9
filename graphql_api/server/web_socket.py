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

    from graphql_api.settings import ConnectionLimits

_LOGGER: Final = logging.getLogger(__name__)
_QUIET: Final = logging.getLogger(f"{__name__}.frames")
_QUIET.setLevel(logging.CRITICAL)  # what a client does wrong is told to it

_PING_SECONDS: Final = 25.0
"""Less than load balancers idle; a client that has answered none of two is gone."""

_CLOSING_SECONDS: Final = 1.0
"""How long a client may take to answer a close."""

_MAX_UNREAD_BYTES: Final = 1_048_576
"""What is kept for a client that does not read: a thousand urls are a tenth of that."""


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
    """The connection from its upgrade to its end; `session` makes what is spoken over it, of a subprotocol."""

    def __init__(
        self,
        session: Callable[[WebSocket], Session],
        subprotocol: str,
        limits: ConnectionLimits,
        max_message_bytes: int,
        state: ServerState,
    ) -> None:
        """Begin before the transport is handed over."""
        self._limits = limits
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
        self._state.connections.discard(self)
        for timer in self._timers.values():
            timer.cancel()
        if self._session is not None:
            self._session.lost()

    def data_received(self, data: bytes) -> None:
        """Read frames."""
        self._unanswered = 0
        self._frames.receive_data(data)
        for event in self._frames.events_received():
            if isinstance(event, Request):
                self._open(event)
            elif isinstance(event, Frame) and not self.is_closed:
                self._take(event)
        self._flush()
        if self._frames.close_expected():
            self._after("closing", _CLOSING_SECONDS, self.transport.close)

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
        if self.transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
            self._drop()

    def close(self, code: int, reason: str = "") -> None:
        """Say why nothing more is said, and close the connection soon."""
        if self.is_closed:
            return
        self.is_closed = True
        self._frames.send_close(code, reason)
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
        if not self.transport.is_closing():
            for data in self._frames.data_to_send():
                if data:
                    self.transport.write(data)
                else:  # the library's way to say that this side is done
                    self.transport.close()

    def _after(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        if timer := self._timers.get(name):
            timer.cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, action)
