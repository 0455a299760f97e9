"""Large requests take turns: to read one takes milliseconds, in which others would have to wait again and again."""

from __future__ import annotations

import asyncio
from typing import Final

from graphql_api.server.graphql_refusals import too_busy

LARGE_BYTES: Final = 128 * 1024
"""Of a body, or a query string."""

_SECONDS_A_TURN: Final = 0.02
_MOST_WAITING: Final = 100


class Turns:
    """Lets one large request pass at a time, fifty a second."""

    def __init__(self, seconds: float = _SECONDS_A_TURN) -> None:
        """Let the next one pass `seconds` after the one before."""
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def wait(self) -> None:
        """Wait for a turn. Raises HTTPError, 503, if too many others wait."""
        if self._waiting >= _MOST_WAITING:
            raise too_busy()
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.sleep(self._seconds)
        finally:
            self._waiting -= 1
