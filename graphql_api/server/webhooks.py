"""Webhooks: telling others of a publish, in the form of Standard Webhooks, until they have heard it."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import logging
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from msgspec import Struct

from graphql_api.server.standard_webhooks import signature
from graphql_api.store.webhook_queue import folder_of, forget_old, note_failed, note_sent, queued, sending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from graphql_api.store.webhook_queue import Message

_LOGGER = logging.getLogger(__name__)

_ANSWER_SECONDS: Final = 10.0
_GONE: Final = 410
_SECONDS_BETWEEN_LOOKS: Final = 0.25
_SECONDS_BETWEEN_TURNS: Final = 5.0
"""How often a worker asks whether it is its turn to send."""


class Outcome(Struct, frozen=True):
    """How often an attempt has led to what: messages that were `sent`, that `wait` to be tried again, `given_up`."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0


def send_due(store: Path, secret: str, *, everything: bool = False) -> Outcome | None:
    """Try once to send what is due, or `everything` that is in the queue; None if another process sends."""
    with sending(store) as may:
        return _send(store, secret, everything=everything) if may else None


def _send(store: Path, secret: str, *, everything: bool = False) -> Outcome:
    """Try once. The caller must hold the right to send."""
    sent = waiting = given_up = 0
    for path, message in queued(store):
        if everything or (message.next_at is not None and message.next_at <= time.time()):
            failed = _attempt(path, message, secret)
            sent += failed is None
            message = failed or message  # noqa: PLW2901 - what has become of it
            if failed is None:
                continue
        given_up += message.is_given_up
        waiting += not message.is_given_up
    forget_old(store)
    return Outcome(sent, waiting, given_up)


def _attempt(path: Path, message: Message, secret: str) -> Message | None:
    """Try to send a message, and note what has come of it; return it if it could not be sent."""
    try:
        status = post(message, secret)
    except (OSError, http.client.HTTPException, ValueError) as error:
        status, reason = 0, str(error) or type(error).__name__
    else:
        reason = f"It answered {status}."
    if 200 <= status < 300:  # noqa: PLR2004 - the statuses of success
        note_sent(path)
        return None
    failed = note_failed(path, message, reason, time.time(), is_final=status == _GONE)
    level = logging.ERROR if failed.is_given_up else logging.WARNING
    how = "given up" if failed.is_given_up else f"tried again ({failed.attempts} so far)"
    _LOGGER.log(level, "A webhook to %s failed, and is %s: %s", urlsplit(message.url).hostname, how, reason)
    return failed


def post(message: Message, secret: str) -> int:
    """Send a message, and return the status of the answer. Raises OSError, HTTPException and ValueError."""
    body, now = message.body.encode(), int(time.time())
    headers = {
        "content-type": "application/json",
        "user-agent": "graphql-api",
        "webhook-id": message.id,
        "webhook-timestamp": str(now),
    }
    if secret:
        headers["webhook-signature"] = signature(secret, message.id, now, body)
    url = urlsplit(message.url)
    host = url.hostname or ""
    connection = (
        http.client.HTTPSConnection(host, url.port, timeout=_ANSWER_SECONDS, context=ssl.create_default_context())
        if url.scheme == "https"
        else http.client.HTTPConnection(host, url.port, timeout=_ANSWER_SECONDS)
    )
    with contextlib.closing(connection), _ending(connection, _ANSWER_SECONDS):
        connection.request("POST", (url.path or "/") + (f"?{url.query}" if url.query else ""), body, headers)
        return connection.getresponse().status


@contextlib.contextmanager
def _ending(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """End what takes longer in all: the connection's own time-out begins anew with each byte. Raises TimeoutError."""
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    too_slow = TimeoutError(f"It did not answer within {seconds:g} seconds.")
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if is_over.is_set():
            raise too_slow from error
        raise
    finally:
        timer.cancel()
    if is_over.is_set():  # the headers that had come by then look like all
        raise too_slow


class WebhookSender:
    """Sends the webhooks of a store while a server runs: one of its workers does. An async context manager."""

    def __init__(self, store: Path, secret: str) -> None:
        """Prepare to look at the queue of a store."""
        self._store = store
        self._secret = secret
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to look."""
        self._task = asyncio.get_running_loop().create_task(self._take_turns())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more; what is in the queue stays there."""
        assert self._task is not None  # noqa: S101 - it was entered
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _take_turns(self) -> None:
        while True:
            try:
                with sending(self._store) as may:
                    while may:
                        await self._send_news()
            except OSError as error:
                _LOGGER.warning("The queue of webhooks cannot be read: %s", error)
            await asyncio.sleep(_SECONDS_BETWEEN_TURNS)

    async def _send_news(self) -> None:
        """Send what is due, and wait until something may be."""
        seen = self._look()
        outcome = await asyncio.to_thread(_send, self._store, self._secret)
        deadline = time.monotonic() + (1.0 if outcome.waiting else 60.0)
        if not outcome.sent:
            while self._look() == seen and time.monotonic() < deadline:  # noqa: ASYNC110 - other processes tell nobody
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def _look(self) -> tuple[int, int]:
        """Return what changes when a message is put in, or its publish comes about."""
        pointer = self._store / "current.json"
        return folder_of(self._store).stat().st_mtime_ns, pointer.stat().st_mtime_ns if pointer.exists() else 0
