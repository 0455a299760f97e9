"""The outbox: answers that are made in one turn of the event loop leave together.

To send one wakes its client, which costs as much as to make a small answer. So those who wait for several are woken
once, when all are made, and the code that makes answers and the one that sends them do not drive each other out of the
processor's caches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio

_MOST_BYTES: Final = 128 * 1024
"""Of answers that wait for others: less than the processor's caches hold."""


class Outbox:
    """What the connections of one worker are going to write before the turn is over."""

    def __init__(self) -> None:
        """Begin empty."""
        self.waiting: dict[asyncio.Transport, bytes] = {}
        self._size_bytes = 0
        self._is_due = False

    def put(self, transport: asyncio.Transport, data: bytes, loop: asyncio.AbstractEventLoop) -> None:
        """Have `data` written to a transport for which nothing waits, before what `loop` is told to do from now on."""
        self.waiting[transport] = data
        self._size_bytes += len(data)
        if self._size_bytes > _MOST_BYTES:
            self.send()
        elif not self._is_due:
            self._is_due = True
            loop.call_soon(self._turn_is_over)

    def send(self) -> None:
        """Write what waits."""
        waiting, self.waiting = self.waiting, {}
        self._size_bytes = 0
        for transport, data in waiting.items():
            transport.write(data)

    def _turn_is_over(self) -> None:
        self._is_due = False
        self.send()
