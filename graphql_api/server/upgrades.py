"""Upgrades: which requests become WebSockets, and which do not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from graphql_api.server.cross_origin import EVERY_ORIGIN
from graphql_api.server.parameters import request_from_message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uvicorn.server import ServerState

    from graphql_api.engine.requests import Request
    from graphql_api.server.client_budgets import ClientBudgets
    from graphql_api.server.documents import Documents
    from graphql_api.server.feed import Feed
    from graphql_api.server.heads import Head
    from graphql_api.server.transport_ws import TransportSession
    from graphql_api.server.web_socket import WebSocket
    from graphql_api.server.worker import Worker

MAX_MESSAGE_BYTES: Final = 128 * 1024
"""Of a WebSocket. A document has at most 64 KiB, and what subscriptions take beside that is small: so no message costs
the event loop more than a body of this size."""


class Upgrades:
    """Makes WebSockets of requests for exactly `path`, by pages of `allow_origin` and by programs."""

    def __init__(
        self,
        feed: Feed,
        documents: Documents,
        path: str,
        allow_origin: Iterable[str],
        max_message_bytes: int,
        *,
        budgets: ClientBudgets | None = None,
    ) -> None:
        """Keep what every session needs; `budgets` are what clients may ask for, None for no bound."""
        self.feed = feed
        self._budgets = budgets
        self._documents = documents
        self._path = path.encode("ascii")
        self._origins = frozenset(origin.encode("ascii") for origin in allow_origin)
        self._max_message_bytes = min(max_message_bytes, MAX_MESSAGE_BYTES)

    def is_wanted(self, head: Head) -> bool:
        """Return whether a request becomes a WebSocket; any other upgrade may be ignored (RFC 9110, section 7.8)."""
        said = dict(head.lines)
        is_asked = head.method == "GET" and said.get(b"upgrade", b"").lower() == b"websocket"
        return is_asked and head.target.partition(b"?")[0] == self._path and self._may(said)

    def socket(self, worker: Worker, state: ServerState, client: str) -> WebSocket:
        """Return what takes a connection over; `client` is whose it is."""
        from graphql_api.server.transport_ws import SUBPROTOCOL  # noqa: PLC0415 - many servers never need it
        from graphql_api.server.web_socket import WebSocket  # noqa: PLC0415 - as above

        session = partial(self._session, client)
        return WebSocket(session, SUBPROTOCOL, worker, self._max_message_bytes, state)

    def _session(self, client: str, socket: WebSocket) -> TransportSession:
        from graphql_api.server.transport_ws import TransportSession  # noqa: PLC0415 - as above

        return TransportSession(socket, self.feed, partial(self._read, client))

    def _read(self, client: str, payload: dict[str, Any]) -> Request:
        request = request_from_message(payload, self._documents)
        return request if self._budgets is None else replace(request, spend=partial(self._budgets.spend, client))

    def _may(self, said: dict[bytes, bytes]) -> bool:
        """Return whether the origin may: browsers let every page open WebSockets, and leave it to the server."""
        origin = said.get(b"origin")
        if origin is None or EVERY_ORIGIN.encode() in self._origins or origin in self._origins:
            return True
        return origin.partition(b"://")[2] == said.get(b"host")
