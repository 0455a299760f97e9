"""Threads, for what blocks on the disk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


async def in_threads(*calls: Callable[[], Any]) -> list[Any]:
    """Return what each call returns. A thread cannot be cancelled, so it has ended when this is, whatever happens."""
    work = asyncio.gather(*(asyncio.to_thread(call) for call in calls))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
