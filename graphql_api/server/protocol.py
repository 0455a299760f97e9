"""The connection: uvicorn's, bounded in bytes and time, with a short way for requests to the endpoint.

Uvicorn makes an ASGI scope, a task and two messages of each request. A request for exactly the endpoint's path needs
none of them: it goes from the parser to `GraphQLEndpoint`, and its answer straight into the transport. Everything
else goes by ASGI. Bounds, time-outs and the order of answers are the same on both ways.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec.structs import replace

from graphql_api.server import refusals
from graphql_api.server.exchange import Exchange
from graphql_api.server.graphql_http import error_response
from graphql_api.server.heads import KnownHeads
from graphql_api.server.log import begin_request
from graphql_api.server.proxies import TrustedProxies
from graphql_api.server.receiving import ReceivingConnection
from graphql_api.server.request_ids import with_id
from graphql_api.server.worker import Worker

if TYPE_CHECKING:
    from graphql_api.server.endpoint import GraphQLEndpoint
    from graphql_api.server.http_message import HTTPError, HTTPRequest, HTTPResponse
    from graphql_api.server.upgrades import Upgrades
    from graphql_api.settings import ConnectionLimits

_LOGGER: Final = logging.getLogger(__name__)

_LINGER_SECONDS: Final = 0.5
"""How long an idle connection stays open at the end, for a request that is on its way."""


class RequestProtocol(ReceivingConnection):
    """A connection: whole requests for `path` go to `endpoint`, where there is one, all others to the application."""

    logs_requests: ClassVar[bool]

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's
        """Begin before the connection is made."""
        super().__init__(*arguments, **named)
        self._task: asyncio.Task[None] | None = None
        self._has_answered = False
        self.access_log = self.logs_requests

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop what was being done for the client."""
        super().connection_lost(exc)
        if self._task is not None:
            self._task.cancel()

    def shutdown(self) -> None:
        """Begin the end: what clients have sent by now is answered; what has begun to arrive gets the grace."""
        self._is_ending = True
        if not self._queue:
            # A request may be on its way; to close now would lose it.
            self.loop.call_later(_LINGER_SECONDS, self._close_if_idle)
            return
        for exchange in self._queue:
            exchange.end_connection()
        self.loop.call_later(self._limits.grace_seconds, self._end_unfinished)

    def _close_if_idle(self) -> None:
        if self._queue:
            self.loop.call_later(self._limits.grace_seconds, self._end_unfinished)
        elif not self.transport.is_closing():
            self.transport.close()

    def _end_unfinished(self) -> None:
        """Refuse a request that has not arrived by the end of the grace; uvicorn cancels those that have."""
        if self._queue and not self._queue[0].is_whole and self._queue[0].cycle is None:
            self._refuse(refusals.shutting_down())
            self.transport.close()

    # What is answered

    def _answer_in_turn(self) -> None:
        """Answer requests in their order, until one has to be waited for."""
        while self._queue:
            exchange = self._queue[0]
            if exchange.is_answered:
                if not exchange.keep_alive:
                    self._close(is_read=exchange.is_whole and not self._has_left_unread)
                    return
                if not exchange.is_whole:  # it was refused; the rest of its body is read over
                    return
                self._queue.popleft()
            elif self.flow.write_paused or not self._is_answered(exchange):
                return

    def _is_answered(self, exchange: Exchange) -> bool:
        """Answer a request, or have it answered; return whether that is done."""
        if exchange.cycle is not None:
            if not exchange.is_started:
                exchange.is_started = True
                self.worker.is_busy(self)
                self._start_asgi_task(exchange.cycle, self.app)
            return False
        if exchange.response is None and exchange.is_whole and not exchange.is_started:
            exchange.is_started = True
            self.worker.is_busy(self)
            self._ask(exchange)
        if exchange.response is not None:
            self._give(exchange, exchange.response)
            return True
        if exchange.waits_for_100:
            exchange.waits_for_100 = False
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return False

    def _ask(self, exchange: Exchange) -> None:
        """Have the endpoint answer: from its cache at once, otherwise in a task."""
        assert self.endpoint is not None  # noqa: S101 - only then an exchange has no cycle
        request = exchange.whole_request()
        exchange.drop_body()
        if self.endpoint.tells_clients_apart and exchange.head is not None:
            origin = self.proxies.origin_of(self.client, exchange.head.lines)
            request = request._replace(client=origin.client[0] if origin.client else "")
        exchange.response = self.endpoint.remembered(request) or self.endpoint.at_once(request)
        if exchange.response is None:
            self._task = self.loop.create_task(self._answer(self.endpoint, exchange, request))
            self.tasks.add(self._task)
            self._task.add_done_callback(self.tasks.discard)

    async def _answer(self, endpoint: GraphQLEndpoint, exchange: Exchange, request: HTTPRequest) -> None:
        begin_request(exchange.request_id)
        try:
            exchange.response = await endpoint.made(request)
        except asyncio.CancelledError:
            if self.transport.is_closing():
                raise
            exchange.response = endpoint.refuse(refusals.shutting_down())
        self._task = None
        if not self.transport.is_closing():
            self._go_on()

    def _give(self, exchange: Exchange, response: HTTPResponse) -> None:
        if response.is_last or self._is_ending:
            exchange.keep_alive = False
        response = with_id(self._affordable(response), exchange.request_id)
        exchange.is_answered = True
        has_body = exchange.head is None or exchange.head.method != "HEAD"
        self._write(response, is_last=not exchange.keep_alive, has_body=has_body)
        self._note_answer(exchange, response.status)

    def _note_answer(self, exchange: Exchange, status: int) -> None:
        self.server_state.total_requests += 1
        self._has_answered = True
        self._waits_since = self._heard_at = self.loop.time()
        if self.access_log and exchange.head is not None:
            head = exchange.head
            client = self.proxies.origin_of(self.client, head.lines).client
            line = (_address(client), head.method, head.target.decode("latin-1"), head.version, status)
            self.access_logger.info('%s - "%s %s HTTP/%s" %d', *line, extra={"request": exchange.request_id})

    def on_response_complete(self) -> None:
        """Go on after an answer by ASGI."""
        exchange = self._queue[0]
        exchange.is_answered = True
        exchange.keep_alive = exchange.keep_alive and exchange.cycle is not None and exchange.cycle.keep_alive
        self.server_state.total_requests += 1
        self._has_answered = True
        self._waits_since = self._heard_at = self.loop.time()
        if not self.transport.is_closing():
            self._go_on()

    def _refuse(self, error: HTTPError) -> None:
        """Answer, in its turn, a request that cannot be read on; nothing is read after it."""
        self._is_deaf = True
        exchange, self._receiving = self._receiving, None
        request_id = exchange.request_id if exchange else self._new_id(self._reader.lines)
        _log_refusal(error, request_id)
        if exchange is not None:
            if exchange.disconnect():
                self._close(is_read=False)
                return
            self._queue.remove(exchange)
        self._queue.append(Exchange.refused(error_response(error), request_id))
        self._answer_in_turn()

    # Time

    def _look_at_reading(self, now: float) -> None:
        if self._queue and self._queue[0].is_whole:
            return
        limits = self._limits
        if self._is_ready and self._has_answered:
            if now - self._waits_since > limits.keep_alive_seconds:
                self.transport.close()
        elif now - self._heard_at > limits.read_pause_seconds or now - self._waits_since > limits.read_seconds:
            self._give_up()

    def _give_up(self) -> None:
        """End a connection whose request does not arrive, with 408 if its head has."""
        if not self._queue or self._queue[0].disconnect():
            self.transport.close()
            return
        error, request_id = refusals.request_timeout(), self._queue[0].request_id
        _log_refusal(error, request_id)
        self._write(with_id(error_response(error), request_id), is_last=True)
        self._close(is_read=True)


def protocol_of(
    limits: ConnectionLimits,
    endpoint: GraphQLEndpoint | None,
    path: bytes = b"/graphql",
    *,
    access_log: bool = False,
    request_ids: bool = False,
    proxies: TrustedProxies | None = None,
    upgrades: Upgrades | None = None,
) -> type[RequestProtocol]:
    """Return the protocol of one process's connections; without an `endpoint` all requests go by ASGI.

    What `proxies` say of clients counts. With `request_ids` each answer has one. Without `upgrades` there are no
    WebSockets.
    """
    shared: dict[str, object] = {
        "worker": Worker(limits),
        "endpoint": endpoint,
        "path": path,
        "known_heads": KnownHeads(),
        "proxies": proxies or TrustedProxies(),
        "upgrades": upgrades,
        "sockets": Worker(replace(limits, max_connections=limits.max_subscribers)),
    }
    shared["logs_requests"] = access_log
    shared["gives_request_ids"] = request_ids
    return type("OwnProtocol", (RequestProtocol,), shared)


def _address(client: tuple[str, int] | None) -> str:
    return f"{client[0]}:{client[1]}" if client else ""


def _log_refusal(error: HTTPError, request_id: str | None) -> None:
    extra = {"kind": error.code, "request": request_id}
    _LOGGER.warning("Refused a request with %s: %s", error.code, error.message, extra=extra)
