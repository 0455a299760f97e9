"""The file of a generation while it is served: whether it is still what was checked, and whether it may be mapped.

What is mapped is read without a call of the system. But who cuts a mapped file short ends every process that reads on
in it, by SIGBUS; so it is for processes that somebody replaces.
"""

from __future__ import annotations

import os
import time
from typing import IO, TYPE_CHECKING, Any, Final

from graphql_api.store.locks import file_system_of

if TYPE_CHECKING:
    from pathlib import Path

_LOCAL: Final = frozenset(("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"))
"""Where no other machine can remove a file that is open here."""
SECONDS_A_CHECK_HOLDS: Final = 10.0
"""How long another reader need not check a file again: as long as a server takes to start, not as long as it runs."""


class ServedFile:
    """An open file, as it was when this was made."""

    def __init__(self, file: IO[Any]) -> None:
        """Look at `file`, which is to stay open; before it is checked, so that nothing can change in between."""
        self._descriptor = file.fileno()
        self._was = self._look()
        self.identity = identity_of(os.fstat(self._descriptor))
        self._looked_at = time.monotonic()

    def is_as_it_was(self) -> bool:
        """Return whether nobody has written to it or cut it since."""
        return self._look() == self._was

    def is_just_as(self, earlier: ServedFile) -> bool:
        """Return whether it is the file that `earlier` was, unchanged, and only a moment has passed since.

        `earlier` need not be open any more.
        """
        return self.identity == earlier.identity and self._looked_at - earlier._looked_at < SECONDS_A_CHECK_HOLDS

    def _look(self) -> tuple[int, int]:
        status = os.fstat(self._descriptor)
        return status.st_size, status.st_mtime_ns


def identity_of(status: os.stat_result) -> tuple[int, int, int, int, int]:
    """Return what tells a file from any other, and from itself before any change."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def is_mappable(path: Path) -> bool:
    """Return whether a generation lies where it may be mapped."""
    return file_system_of(path.parent) in _LOCAL
