"""The protocol graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md."""

from __future__ import annotations

import asyncio
import logging
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import orjson

from graphql_api.engine.subscriptions import Subscription
from graphql_api.errors import ClientBudgetError, GraphQLAPIError, RequestError
from graphql_api.server.graphql_refusals import too_many_subscribers
from graphql_api.server.http_message import HTTPError, error_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.engine.requests import Request, Response
    from graphql_api.server.feed import Feed
    from graphql_api.server.web_socket import WebSocket

    Read = Callable[[dict[str, Any]], Request]

_LOGGER: Final = logging.getLogger(__name__)

SUBPROTOCOL: Final = "graphql-transport-ws"
_INITIALISATION_SECONDS: Final = 10.0
_MAX_OPERATIONS: Final = 100
"""Operations of one connection at a time."""
_MAX_ID_CHARACTERS: Final = 1_000
"""Of an operation's id, which is kept as long as the operation goes on; clients make some of 36."""


class Code(IntEnum):
    """Why a connection is closed; the protocol's codes."""

    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_REQUESTS = 4429


class TransportSession:
    """What one client says and is told over a WebSocket."""

    def __init__(self, socket: WebSocket, feed: Feed, read: Read) -> None:
        """Begin once the connection is open; `read` makes requests of what messages say."""
        self._socket = socket
        self._feed = feed
        self._read = read
        self.turn = asyncio.Lock()
        """For one operation after the other to begin: to read each can take milliseconds."""
        self._is_initialised = False
        self._operations: dict[str, _Operation] = {}
        self._on: dict[str, Callable[[dict[str, Any]], None]] = {
            "connection_init": self._initialise,
            "ping": self._ping,
            "pong": _ignore,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }

    def opened(self) -> None:
        """See Session."""
        self._socket.after(_INITIALISATION_SECONDS, self._time_out)

    def received(self, text: str) -> None:
        """See Session."""
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            message = None
        kind = message.get("type") if isinstance(message, dict) else None
        act = self._on.get(kind) if isinstance(kind, str) else None
        if act is None:
            self._refuse_message()
            return
        act(message)

    def _refuse_message(self) -> None:
        self._socket.close(Code.BAD_REQUEST, "Invalid message received")

    def lost(self) -> None:
        """See Session."""
        for operation in list(self._operations.values()):
            operation.cancel()
        self._operations.clear()

    def send(self, kind: str, operation_id: str, payload: bytes = b"") -> None:
        """Say something about an operation."""
        of_it = b',"payload":%b' % payload if payload else b""
        self._socket.send(b'{"id":%b,"type":"%b"%b}' % (orjson.dumps(operation_id), kind.encode(), of_it))

    def forget(self, operation_id: str) -> None:
        """Forget an operation that is over."""
        self._operations.pop(operation_id, None)
        self._socket.note_operations(len(self._operations))

    def _initialise(self, _: dict[str, Any]) -> None:
        if self._is_initialised:
            self._socket.close(Code.TOO_MANY_REQUESTS, "Too many initialisation requests")
            return
        self._is_initialised = True
        self._socket.send(b'{"type":"connection_ack"}')

    def _ping(self, message: dict[str, Any]) -> None:
        payload = message.get("payload")
        try:
            pong = orjson.dumps({"type": "pong", **({"payload": payload} if payload is not None else {})})
        except orjson.JSONEncodeError:  # nested more deeply than what can be written
            self._refuse_message()
            return
        self._socket.send(pong)

    def _time_out(self) -> None:
        if not self._is_initialised:
            self._socket.close(Code.INITIALISATION_TIMEOUT, "Connection initialisation timeout")

    def _subscribe(self, message: dict[str, Any]) -> None:
        operation_id, payload = message.get("id"), message.get("payload")
        if not self._is_initialised:
            self._socket.close(Code.UNAUTHORIZED, "Unauthorized")
        elif not _is_id(operation_id) or not isinstance(payload, dict):
            self._refuse_message()
        elif operation_id in self._operations:
            self._socket.close(Code.SUBSCRIBER_EXISTS, f"Subscriber for {operation_id[:80]} already exists")
        elif len(self._operations) >= _MAX_OPERATIONS:
            self._socket.close(Code.TOO_MANY_REQUESTS, f"More than {_MAX_OPERATIONS} operations at a time")
        else:
            operation = _Operation(self, operation_id, self._feed)
            self._operations[operation_id] = operation
            self._socket.note_operations(len(self._operations))
            operation.begin(self._read, payload)

    def _complete(self, message: dict[str, Any]) -> None:
        operation_id = message.get("id")
        if not isinstance(operation_id, str):
            self._refuse_message()
        elif operation := self._operations.get(operation_id):
            operation.cancel()
            self.forget(operation_id)


class _Operation:
    """One operation of a connection."""

    def __init__(self, session: TransportSession, operation_id: str, feed: Feed) -> None:
        self._session = session
        self._id = operation_id
        self._feed = feed
        self._subscription: Subscription | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, read: Read, payload: dict[str, Any]) -> None:
        """Answer it, or begin to."""
        self._task = self._feed.start(self._answer(read, payload))

    def cancel(self) -> None:
        """Say nothing more."""
        if self._subscription is not None:
            self._feed.remove(self._subscription, self)
        if self._task is not None:
            self._task.cancel()

    def tell(self, payload: bytes) -> None:
        """See Subscriber."""
        self._session.send("next", self._id, payload)

    def end(self) -> None:
        """See Subscriber; the connection is closed, and tells of it."""

    async def _answer(self, read: Read, payload: dict[str, Any]) -> None:
        try:
            async with self._session.turn:
                await asyncio.sleep(0)  # those of other clients have their turn
            await self._begin(read(payload))
        except HTTPError as error:
            self._fail([error_entry(error.code, error.message)])
        except ClientBudgetError as error:
            self._fail([error_entry("CLIENT_BUDGET_EXCEEDED", str(error))])
        except RequestError as error:
            self._fail(error.errors)
        except GraphQLAPIError as error:
            self._fail([error_entry("UNAVAILABLE", str(error))])
        except Exception:
            _LOGGER.exception("A GraphQL operation failed unexpectedly")
            self._fail([error_entry("INTERNAL_SERVER_ERROR", "The server failed to answer; its log says why.")])

    async def _begin(self, request: Request) -> None:
        if self._feed.is_full:
            raise too_many_subscribers()
        answer = await self._feed.engine.stream(request)
        self._task = None
        if isinstance(answer, Subscription):
            self._subscription = answer
            self._feed.add(answer, self)
        elif not answer.has_data:
            self._fail(orjson.loads(answer.body)["errors"])
        else:
            self._give(answer)

    def _give(self, answer: Response) -> None:
        self._session.send("next", self._id, answer.body)
        self._session.send("complete", self._id)
        self._session.forget(self._id)

    def _fail(self, errors: list[dict[str, Any]]) -> None:
        self._session.send("error", self._id, orjson.dumps(errors))
        self._session.forget(self._id)


def _is_id(given: object) -> TypeGuard[str]:
    return isinstance(given, str) and 0 < len(given) <= _MAX_ID_CHARACTERS


def _ignore(_: dict[str, Any]) -> None:
    """Do nothing."""
