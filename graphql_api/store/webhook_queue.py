"""The queue of webhooks in a store: what is to be told to whom, a file each, until it has been told.

    STORE/webhooks/urls.json            whom a server that runs on the store tells
    STORE/webhooks/SEQUENCE-NUMBER.json one message: who, what, how often it was tried
    STORE/webhooks/lock                 held by whoever sends

A message is written before the pointer is replaced, so that no publish is forgotten; one whose publish did not come
about is not sent, and the next publish writes another in its place.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from graphql_api.errors import StoreError
from graphql_api.store.generations import read_pointer
from graphql_api.store.history import unknown_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphql_api.store.generations import Pointer
    from graphql_api.store.history import Event

EVENT_TYPE: Final = "content.changed"
MAX_GIVEN_UP: Final = 100
"""Messages that are kept to be looked at, once nobody tries to send them any more."""

RETRY_SECONDS: Final = (1, 5, 30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 24 * 3600)
"""How long to wait after each attempt; then the message is given up."""


class Message(Struct, frozen=True):
    """One message to one url; `next_at` is when it is tried next, in seconds of Unix time, None for never again."""

    id: str
    sequence: int
    url: str
    body: str
    attempts: int = 0
    next_at: float | None = 0.0
    reason: str = ""

    @property
    def is_given_up(self) -> bool:
        """Whether nobody tries to send it any more."""
        return self.next_at is None


def folder_of(store: Path) -> Path:
    """Return where the queue of a store is."""
    return store / "webhooks"


def register(store: Path, urls: Iterable[str]) -> None:
    """Have every load of this store tell these urls, and no others but its own. Raises StoreError."""
    urls, path = list(urls), folder_of(store) / "urls.json"
    if not urls and not path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, urls)
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}). Check the disk, and permissions.") from error


def enqueue(store: Path, urls: Iterable[str], event: Event) -> None:
    """Put a message about a publish into the queue for each url, and for those that are registered. Raises OSError."""
    body = json.dumps({"type": EVENT_TYPE, "timestamp": event["publishedAt"], "data": event}, ensure_ascii=False)
    sequence = int(event["sequence"])
    whom = list(dict.fromkeys([*urls, *_registered(store)]))
    for stale in folder_of(store).glob(f"{sequence:010}-*.json"):  # of a load that was ended before it published
        stale.unlink(missing_ok=True)
    if not whom:
        return
    folder_of(store).mkdir(parents=True, exist_ok=True)
    for number, url in enumerate(whom):
        message = Message(f"msg_{secrets.token_hex(12)}", sequence, url, body)
        _write(_path(store, sequence, number), asdict(message))


def enqueue_unknown(store: Path, pointer: Pointer) -> None:
    """Put a message about a publish into the queue of which nobody knows what it changes; never fails."""
    with contextlib.suppress(OSError):
        enqueue(store, (), unknown_event(pointer.version, pointer.sequence, pointer.label))


def queued(store: Path) -> list[tuple[Path, Message]]:
    """Return the messages of publishes that have come about, with their files, the oldest first."""
    try:
        newest = read_pointer(store).sequence
    except StoreError:
        return []
    found = [(path, _read(path)) for path in sorted(folder_of(store).glob("*-*.json"))]
    return [(path, message) for path, message in found if message is not None and message.sequence <= newest]


def note_sent(path: Path) -> None:
    """Take a message out of the queue."""
    path.unlink(missing_ok=True)


def note_failed(path: Path, message: Message, reason: str, now: float, *, is_final: bool = False) -> Message:
    """Note why a message could not be sent, and when to try again."""
    attempts = message.attempts + 1
    is_over = is_final or attempts > len(RETRY_SECONDS)
    next_at = None if is_over else now + RETRY_SECONDS[attempts - 1]
    failed = replace(message, attempts=attempts, next_at=next_at, reason=reason)
    _write(path, asdict(failed))
    return failed


def forget_old(store: Path) -> None:
    """Forget the oldest messages that were given up, if there are many."""
    given_up = [path for path, message in queued(store) if message.is_given_up]
    for path in given_up[:-MAX_GIVEN_UP]:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def sending(store: Path) -> Iterator[bool]:
    """Give whether this process may send: one at a time may, as long as this lasts."""
    folder_of(store).mkdir(parents=True, exist_ok=True)
    with (folder_of(store) / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _registered(store: Path) -> list[str]:
    try:
        urls = json.loads((folder_of(store) / "urls.json").read_bytes())
    except (OSError, ValueError):
        return []
    return [url for url in urls if isinstance(url, str)] if isinstance(urls, list) else []


def _path(store: Path, sequence: int, number: int) -> Path:
    return folder_of(store) / f"{sequence:010}-{number}.json"


def _read(path: Path) -> Message | None:
    """Return a message; None for one that was sent meanwhile, or that cannot be read."""
    try:
        return Message(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, content: Any) -> None:  # noqa: ANN401 - any JSON
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
