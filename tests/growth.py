"""Growth in tests: whether the time that something takes grows with its size, or with the square of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMES, _TRIES = 4, 3
_BETWEEN = 9
"""Four times the size takes four times as long, or sixteen times as long if it is the square."""


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Return whether work on so much, and on four times as much, takes time in proportion, by the best of three."""
    return any(_seconds(work, _TIMES * size) < _BETWEEN * _seconds(work, size) for _ in range(_TRIES))


def _seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started
