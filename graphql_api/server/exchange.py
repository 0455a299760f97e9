"""One request on a connection, from its head to the end of its answer, whichever way it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.server import media_types
from graphql_api.server.http_message import request_of

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from graphql_api.server.heads import Head
    from graphql_api.server.http_message import HTTPRequest, HTTPResponse


class Exchange:
    """A request and what has become of it. `cycle` is uvicorn's, for one that goes by ASGI; else None.

    `is_whole` says that all of the request has arrived, `is_started` that it is being answered, `is_answered` that
    the answer has been written. Without `keep_alive` the connection ends after it.
    `request_id` is what its answer and the log call it, where that was asked for.
    """

    __slots__ = (
        "_body",
        "cycle",
        "head",
        "is_answered",
        "is_started",
        "is_whole",
        "keep_alive",
        "request",
        "request_id",
        "response",
        "size_bytes",
        "waits_for_100",
    )

    def __init__(self, head: Head | None, request: HTTPRequest | None, *, keep_alive: bool) -> None:
        """Begin with a head; None if it could not be read."""
        self.head = head
        self.request = request
        self.keep_alive = keep_alive
        self.cycle: RequestResponseCycle | None = None
        self.response: HTTPResponse | None = None
        self.request_id: str | None = None
        self.waits_for_100 = head is not None and head.expects_continue
        self.is_whole = self.is_started = self.is_answered = False
        self.size_bytes = 0
        self._body: list[bytes] = []

    @classmethod
    def refused(cls, response: HTTPResponse, request_id: str | None) -> Exchange:
        """Return the exchange of a request that cannot be read, the last on its connection."""
        exchange = cls(None, None, keep_alive=False)
        exchange.request_id = request_id
        exchange.response = response
        return exchange

    def end_connection(self) -> None:
        """Have the connection end after it."""
        self.keep_alive = False
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def disconnect(self) -> bool:
        """Tell the application that nothing more comes; return whether its answer, or another one, has begun."""
        if self.cycle is None:
            return self.is_answered
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        return self.cycle.response_started

    def take(self, piece: bytes) -> None:
        """Keep a piece of the body."""
        self._body.append(piece)
        self.size_bytes += len(piece)

    def drop_body(self) -> int:
        """Forget the body, and return how long it was."""
        size_bytes, self.size_bytes = self.size_bytes, 0
        self._body.clear()
        return size_bytes

    def whole_request(self) -> HTTPRequest:
        """Return the request with its body."""
        assert self.request is not None  # noqa: S101 - one that was refused is never asked for
        if self.request.method != "POST":
            return self.request
        return self.request._replace(payload=self._body[0] if len(self._body) == 1 else b"".join(self._body))


def exchange_of(head: Head, path: bytes, *, keep_alive: bool) -> Exchange | None:
    """Return the exchange of a request for exactly `path`; None for another path, or if it asks for a stream."""
    target, _, query_string = head.target.partition(b"?")
    if target != path or b"#" in query_string:
        return None
    payload = b"" if head.method == "POST" else query_string
    request = request_of(head.method, payload, head.lines)
    if media_types.wants_event_stream(request.accept):  # it has no whole answer
        return None
    return Exchange(head, request, keep_alive=keep_alive)
