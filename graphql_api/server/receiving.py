"""A connection that reads requests, as far as they can be answered, and keeps what comes too early."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Final

from graphql_api.server import refusals
from graphql_api.server.asgi_way import cycle_of, pass_on
from graphql_api.server.connection import BoundedConnection
from graphql_api.server.exchange import Exchange, exchange_of
from graphql_api.server.graphql_http import error_response
from graphql_api.server.graphql_refusals import too_many_subscribers
from graphql_api.server.heads import head_text
from graphql_api.server.message_reader import SLICE_BYTES, MessageReader

if TYPE_CHECKING:
    from graphql_api.server.endpoint import GraphQLEndpoint
    from graphql_api.server.heads import Head, KnownHead, KnownHeads
    from graphql_api.server.http_message import HTTPError
    from graphql_api.server.upgrades import Upgrades
    from graphql_api.server.worker import Worker

_LOGGER: Final = logging.getLogger(__name__)

_MAX_PIPELINED: Final = 32
"""Requests behind each other; a connection with more ends after these, and its client sends the rest again (RFC 9112,
section 9.3.2)."""


class ReceivingConnection(BoundedConnection):
    """Puts requests into a queue: those for `path` on the way to `endpoint`, where there is one, the others by ASGI."""

    endpoint: ClassVar[GraphQLEndpoint | None]
    path: ClassVar[bytes]
    known_heads: ClassVar[KnownHeads]
    upgrades: ClassVar[Upgrades | None]
    sockets: ClassVar[Worker]
    """The WebSockets of this process; without an operation they make room for others."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's
        """Begin before the connection is made."""
        super().__init__(*arguments, **named)
        self._reader = MessageReader(self, self._limits.max_head_bytes)
        self._queue: deque[Exchange] = deque()
        self._is_ending = False
        self._receiving: Exchange | None = None
        self._rest = b""
        """What came while a request was being answered, to be read afterwards."""
        self._has_left_unread = False
        """Whether there were more requests in a row than are answered."""
        self._is_ready = True
        """Whether nothing is known of the next request, and nothing is left of those before."""
        self._waits_since = self._heard_at = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell nobody of anything any more."""
        self._is_ready, self._rest = False, b""
        super().connection_lost(exc)
        for exchange in self._queue:
            exchange.disconnect()

    def data_received(self, data: bytes) -> None:
        """Take what the client has sent."""
        if self.transport in self.worker.outbox.waiting:
            self.worker.outbox.send()
        if self._is_ready:
            end = data.find(b"\r\n\r\n") + 4
            known = self.known_heads.get(data[:end])
            if known is not None and len(data) - end == known.length_bytes:
                self._take_known(known, data[end:])
                return
        if self._is_deaf:
            self._overhear(len(data))
        elif self._is_held():
            self._keep(data)
        else:
            self._read(data)

    def _take_known(self, known: KnownHead, body: bytes) -> None:
        exchange = Exchange(known.head, known.request, keep_alive=known.keep_alive)
        exchange.request_id = self._new_id(known.head.lines)
        if known.length_bytes:
            exchange.take(body)
        exchange.is_whole = True
        self._queue.append(exchange)
        self._is_ready = False
        # Nothing of this connection can overtake an answer that waits: it has no other request.
        self._writes_later = True
        self._go_on()
        self._writes_later = False

    def _is_held(self) -> bool:
        """Whether a request has to be answered before the next one is read, or an answer to leave."""
        return self.flow.write_paused or (bool(self._queue) and self._queue[0].is_whole)

    def _keep(self, data: bytes) -> None:
        self.flow.pause_reading()
        self._rest += data
        self._count_unread(len(data))

    def _read(self, data: bytes) -> None:
        """Read messages from `data`, and answer them, until one has to be waited for."""
        self._heard_at = self.loop.time()
        is_first = self._is_ready
        if is_first:
            self._waits_since = self._heard_at
        self._is_ready = False
        for start in range(0, len(data), SLICE_BYTES):
            if refusal := self._reader.feed(data[start : start + SLICE_BYTES]):
                self._refuse(refusal)
            elif is_first and len(self._queue) == 1 and len(data) <= SLICE_BYTES:
                self._remember_head(data)
            self._answer_in_turn()
            if self._is_deaf:
                return
            if self._is_held():
                if rest := data[start + SLICE_BYTES :]:
                    self._keep(rest)
                return
        self._note_idleness()

    def _remember_head(self, data: bytes) -> None:
        exchange = self._queue[0]
        if exchange.is_whole and exchange.cycle is None and exchange.head and exchange.request:
            size, request = exchange.size_bytes, exchange.request
            self.known_heads.remember(data, size, exchange.head, request, keep_alive=exchange.keep_alive)

    def message_began(self, head: Head, *, keep_alive: bool) -> None:
        """Put a request behind those that are there already. See Listener."""
        if self._is_deaf or len(self._queue) >= _MAX_PIPELINED:
            self._leave_unread()
            return
        keep_alive = keep_alive and not self._is_ending
        exchange = exchange_of(head, self.path, keep_alive=keep_alive) if self.endpoint else None
        if exchange is None:
            exchange = Exchange(head, None, keep_alive=keep_alive)
            exchange.request_id = self._new_id(head.lines)
            exchange.cycle = cycle_of(self, head, keep_alive=keep_alive, request_id=exchange.request_id)
        elif self.endpoint and exchange.request:
            exchange.request_id = self._new_id(head.lines)
            exchange.response = self.endpoint.refuse_unread(exchange.request, head.lines)
        self._queue.append(exchange)
        self._receiving = exchange

    def _leave_unread(self) -> None:
        self._receiving = None
        if not self._is_deaf:
            self._has_left_unread = True
            self._queue[-1].keep_alive = False

    def is_taken_over(self, head: Head, rest: bytes) -> bool:
        """Hand the connection over to a WebSocket, if that is what the request asks for. See Listener."""
        if self.upgrades is None or self._queue or not self.upgrades.is_wanted(head):
            return False
        self._is_deaf = True
        client = self.proxies.origin_of(self.client, head.lines).client
        socket = self.upgrades.socket(self.sockets, self.server_state, client[0] if client else "")
        if not self.sockets.add(socket, self.loop):
            self._write(error_response(too_many_subscribers()), is_last=True)
            self.transport.close()
            return True
        self.worker.remove(self)
        self.connections.discard(self)
        self.transport.set_protocol(socket)
        socket.connection_made(self.transport)
        socket.data_received(head_text(head) + rest)
        return True

    def message_went_on(self, body: bytes) -> None:
        """Keep a piece of the body, if anybody wants it. See Listener."""
        exchange = self._receiving
        if exchange is None or exchange.response is not None:
            return
        if exchange.cycle is not None:
            pass_on(exchange.cycle, body)
            return
        assert self.endpoint is not None  # noqa: S101 - only then an exchange has no cycle
        assert exchange.request is not None  # noqa: S101 - as above
        exchange.take(body)
        self._count_unread(len(body))
        if exchange.size_bytes > self.endpoint.max_body_bytes:
            exchange.response = self.endpoint.refuse_too_large(exchange.request)
        elif self.worker.unread_bytes > self._limits.max_unsent_bytes:
            _LOGGER.warning("Too many requests have arrived only in part; others are refused.")
            exchange.response = error_response(refusals.too_much_unread())
        if exchange.response is not None:
            self._count_unread(-exchange.drop_body())

    def message_ended(self) -> None:
        """Note that a request is whole. See Listener."""
        exchange, self._receiving = self._receiving, None
        if exchange is None:
            return
        exchange.is_whole = True
        self._count_unread(-self._unread_bytes)
        if exchange.cycle is not None and not exchange.cycle.response_complete:
            exchange.cycle.more_body = False
            exchange.cycle.message_event.set()

    def _go_on(self) -> None:
        """Answer what can be answered, and read on."""
        self._answer_in_turn()
        if self._is_deaf or self._is_held():
            return
        if self._rest:
            rest, self._rest = self._rest, b""
            self._count_unread(-len(rest))
            self._read(rest)
        else:
            self._note_idleness()

    def _note_idleness(self) -> None:
        self.flow.resume_reading()
        if not self._queue:
            self._is_ready = not self._reader.is_within
            self.worker.is_idle(self)

    def _answer_in_turn(self) -> None:
        """Answer requests in their order, until one has to be waited for."""
        raise NotImplementedError

    def _refuse(self, error: HTTPError) -> None:
        """Answer, in its turn, a request that cannot be read on; nothing is read after it."""
        raise NotImplementedError
