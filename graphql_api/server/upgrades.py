"""Upgrades: which requests become WebSockets, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.server.cross_origin import EVERY_ORIGIN
from graphql_api.server.transport_ws import SUBPROTOCOL, TransportSession
from graphql_api.server.web_socket import WebSocket

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uvicorn.server import ServerState

    from graphql_api.server.documents import Documents
    from graphql_api.server.feed import Feed
    from graphql_api.server.heads import Head
    from graphql_api.settings import ConnectionLimits


class Upgrades:
    """Makes WebSockets of requests for exactly `path`, by pages of `allow_origin` and by programs."""

    def __init__(
        self, feed: Feed, documents: Documents, path: str, allow_origin: Iterable[str], max_message_bytes: int
    ) -> None:
        """Keep what every session needs."""
        self.feed = feed
        self._documents = documents
        self._path = path.encode("ascii")
        self._origins = frozenset(origin.encode("ascii") for origin in allow_origin)
        self._max_message_bytes = max_message_bytes

    def is_wanted(self, head: Head) -> bool:
        """Return whether a request becomes a WebSocket; any other upgrade may be ignored (RFC 9110, section 7.8)."""
        said = dict(head.lines)
        is_asked = head.method == "GET" and said.get(b"upgrade", b"").lower() == b"websocket"
        return is_asked and head.target.partition(b"?")[0] == self._path and self._may(said)

    def socket(self, limits: ConnectionLimits, state: ServerState) -> WebSocket:
        """Return what takes a connection over."""
        return WebSocket(self._session, SUBPROTOCOL, limits, self._max_message_bytes, state)

    def _session(self, socket: WebSocket) -> TransportSession:
        return TransportSession(socket, self.feed, self._documents)

    def _may(self, said: dict[bytes, bytes]) -> bool:
        """Return whether the origin may: browsers let every page open WebSockets, and leave it to the server."""
        origin = said.get(b"origin")
        if origin is None or EVERY_ORIGIN.encode() in self._origins or origin in self._origins:
            return True
        return origin.partition(b"://")[2] == said.get(b"host")
