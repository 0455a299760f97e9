"""The feed: who has subscribed in this worker, and what is told to them.

While anybody has, the worker looks at the store four times a second, so it does not matter which process publishes.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from msgspec import Struct

from graphql_api.engine.subscriptions import encoded
from graphql_api.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType

    from graphql_api.engine.subscriptions import LiveEngine, Members, Subscription

_LOGGER = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS: Final = 0.25
_TOLD_AT_ONCE: Final = 100
"""After so many, requests that wait come first."""


class Subscriber(Protocol):
    """A subscriber. Both methods must not wait: one that does not read in time is dropped."""

    def tell(self, payload: bytes) -> None:
        """Take the result for one event, in JSON."""
        ...

    def end(self) -> None:
        """Take note that the server ends."""
        ...


class _Group(Struct):
    """The requests that have asked for the same load, and get the same report."""

    subscription: Subscription
    subscribers: dict[Subscriber, None] = {}


class Feed:
    """Tells subscribers of what is published. Use it as an async context manager."""

    def __init__(self, engine: LiveEngine, max_subscribers: int) -> None:
        """Tell at most so many."""
        self.engine = engine
        self._max_subscribers = max_subscribers
        self._groups: dict[tuple[tuple[str, Members], ...], _Group] = {}
        self._count = 0
        self._sequence = 0
        self._tasks = asyncio.TaskGroup()
        self._looking: asyncio.Task[None] | None = None
        self.is_ending = False

    async def __aenter__(self) -> Self:
        """Begin."""
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell nobody any more."""
        self.end()
        await self._tasks.__aexit__(None, None, None)

    @property
    def is_full(self) -> bool:
        """Whether there are as many as there may be."""
        return self._count >= self._max_subscribers

    @property
    def count(self) -> int:
        """How many are told."""
        return self._count

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have something done for a subscriber, which must see to its own errors."""
        return self._tasks.create_task(work)

    def add(self, subscription: Subscription, subscriber: Subscriber) -> None:
        """Tell somebody of every publish after the one that the subscription was made on."""
        group = self._groups.setdefault(subscription.members, _Group(subscription))
        group.subscribers[subscriber] = None
        self._count += 1
        if self._looking is None:
            self._sequence = subscription.sequence
            self._looking = self._tasks.create_task(self._look())

    def remove(self, subscription: Subscription, subscriber: Subscriber) -> None:
        """Tell somebody no more."""
        group = self._groups.get(subscription.members)
        if group is not None and group.subscribers.pop(subscriber, self) is None:
            self._count -= 1
            if not group.subscribers:
                del self._groups[subscription.members]

    def end(self) -> None:
        """End every stream; their clients ask again, of another server or of this one once it is back."""
        self.is_ending = True
        if self._looking is not None:
            self._looking.cancel()
        for group in list(self._groups.values()):
            for subscriber in list(group.subscribers):
                subscriber.end()

    async def _look(self) -> None:
        try:
            while self._groups:
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
                await self._tell_news()
        finally:
            self._looking = None

    async def _tell_news(self) -> None:
        try:
            events = await self.engine.events_after(self._sequence)
        except StoreError as error:
            _LOGGER.warning("Subscribers cannot be told what was published: %s", error)
            return
        for event in events:
            self._sequence, told = event["sequence"], encoded(event)
            for group in list(self._groups.values()):
                if event["sequence"] > group.subscription.sequence:
                    await self._tell(group, group.subscription.payload(told))

    async def _tell(self, group: _Group, payload: bytes) -> None:
        for number, subscriber in enumerate(list(group.subscribers), 1):
            subscriber.tell(payload)
            if number % _TOLD_AT_ONCE == 0:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
