"""Failures: a generation that could not be opened, and when to try again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from graphql_api.errors import StoreError, UnusableGenerationError
from graphql_api.store.generations import generation_path, pointer_path, read_pointer

if TYPE_CHECKING:
    from pathlib import Path

RETRY_SECONDS = 0.5
"""Until a failure is looked at again; whoever asks meanwhile is answered from what is open."""

_Trace = tuple[int, int, int, int]


class Failure:
    """Why the published generation of the store `folder` could not be opened.

    What passes (no file descriptor is free, the file has not arrived) is tried again. What lasts (damage, the tables of
    another program) would fail again and cost as much, so it is remembered until a file has changed.
    """

    def __init__(self, error: StoreError, folder: Path) -> None:
        """Remember what the file is like now."""
        self.error = error
        self.folder = folder
        self.again_at = time.monotonic() + RETRY_SECONDS
        self._trace: _Trace | None = _trace_of(folder)

    @property
    def is_due(self) -> bool:
        """Whether it is time to look again."""
        return time.monotonic() >= self.again_at

    def is_to_be_tried(self) -> bool:
        """Return whether another attempt is due and may succeed; if so, no other is for now."""
        if not self.is_due:
            return False
        self.again_at = time.monotonic() + RETRY_SECONDS
        return not isinstance(self.error, UnusableGenerationError) or _trace_of(self.folder) != self._trace

    def is_told_by(self, error: StoreError) -> bool:
        """Return whether another failure says the same, so that the log need not."""
        return str(error) == str(self.error)


def _trace_of(folder: Path) -> _Trace | None:
    """Return what tells a file from one that was written since; of the pointer, if that names none."""
    try:
        path = generation_path(folder, read_pointer(folder))
    except StoreError:
        path = pointer_path(folder)
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
