"""Python's collector of cycles: what start-up makes stays, so looking for garbage in it is lost time."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL: Final = 2
_TURNS: Final = 16
_GROWTH: Final = 2


@contextmanager
def paused() -> Iterator[None]:
    """Collect nothing in the block, and what there is at its end never: that is what imports and schemas are made of.

    Of the 170,000 objects that a server starts with, 2,000 are garbage; each look at all of them takes 30 ms.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def freeze_what_stays() -> None:
    """Freeze what there is, and from then on what each full collection leaves: the next one looks at what is new.

    A thousand kept documents are 150,000 objects, which live long and are no cycles; to walk them takes 15 to 40 ms,
    each second where new documents come in. Something may become a cycle after it was frozen, so when the frozen have
    become twice as many, one collection looks at all.
    """
    gc.freeze()
    gc.callbacks.append(_Freezing(gc.get_freeze_count()))


class _Freezing:
    """Called before and after each collection."""

    def __init__(self, frozen: int) -> None:
        """Begin with so many frozen objects."""
        self._most = frozen * _GROWTH
        self._collections = 0
        self._is_whole = False

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """See gc.callbacks."""
        if info["generation"] < _FULL:
            return
        if phase == "start":
            self._collections += 1
            # They are counted one by one, which takes a few milliseconds too.
            self._is_whole = self._collections % _TURNS == 0 and gc.get_freeze_count() > self._most
            if self._is_whole:
                gc.unfreeze()
        else:
            gc.freeze()
            if self._is_whole:
                self._most = gc.get_freeze_count() * _GROWTH
