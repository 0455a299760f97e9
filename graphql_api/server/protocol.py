"""The connection: uvicorn's, with a limit on the time that a client may take to send a request.

Uvicorn closes a connection that has been idle after a request. It waits for ever for the first request, for the rest of
headers and for the rest of a body; anybody could hold connections open with a few bytes each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from graphql_api.server.graphql_http import error_response
from graphql_api.server.http_message import HTTPError

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How long a request may take to arrive: between two pieces of it, and in all."""

    seconds_between_pieces: float = 10.0
    seconds_in_all: float = 30.0


class RequestProtocol(HttpToolsProtocol):
    """A connection that is closed when its request does not arrive in time, with 408 once the headers were whole."""

    limits: ClassVar[ReadingLimits] = ReadingLimits()
    _timer: asyncio.TimerHandle | None = None
    _end: float = 0.0
    """When the request must be whole, in the loop's time; of no meaning without `_timer`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a piece; wait for the next one if the request is not whole."""
        super().data_received(data)
        cycle = self.cycle
        if cycle is None or cycle.scope is not self.scope or cycle.more_body or cycle.response_complete:
            self._wait()
        elif self._timer is not None:  # a request is whole, and still to be answered
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Let an unfinished request have its whole time from now on: nothing was read of it meanwhile."""
        super().on_response_complete()
        if self._timer is not None:
            self._stop_waiting()
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        now = self.loop.time()
        if self._timer is None:
            self._end = now + self.limits.seconds_in_all
        else:
            self._timer.cancel()
        self._timer = self.loop.call_at(min(now + self.limits.seconds_between_pieces, self._end), self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._is_earlier_one_answered():
            self._wait()
            return
        if self.cycle is not None and self.cycle.scope is self.scope and not self.cycle.response_started:
            self.transport.write(_request_timeout(self.server_state.default_headers))
        self.transport.close()

    def _is_earlier_one_answered(self) -> bool:
        """Return whether a request before the unfinished one has yet to get its answer; nothing is read meanwhile."""
        cycle = self.cycle
        is_between = cycle is not None and cycle.scope is not self.scope and not cycle.response_complete
        return is_between or bool(self.pipeline)


def protocol_with(limits: ReadingLimits) -> type[RequestProtocol]:
    """Return the protocol with limits of its own."""
    return type("LimitedProtocol", (RequestProtocol,), {"limits": limits})


_MESSAGE: Final = "The request did not arrive in time; send it whole and without pauses."


def _request_timeout(default_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the answer as it goes over the wire; the application waits for the request and cannot give it."""
    response = error_response(HTTPError(408, "REQUEST_TIMEOUT", _MESSAGE, ((b"connection", b"close"),)))
    length = (b"content-length", b"%d" % len(response.body))
    lines = [b"%b: %b\r\n" % line for line in (*default_headers, *response.headers, length)]
    return b"".join([STATUS_LINE[response.status], *lines, b"\r\n", response.body])
