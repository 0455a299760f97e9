"""Locks on files of a store: many may read one, one alone may change it. On NFS too, where the mount has locks."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from typing import IO, Any

_MISSING = frozenset((errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))


class LocksMissingError(OSError):
    """The file system has no locks."""


def lock_alone(file: IO[Any]) -> None:
    """Lock a file for oneself alone, which must be open for writing.

    Raises BlockingIOError at once if somebody else has locked it, and LocksMissingError.
    """
    _lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_with_others(file: IO[Any]) -> bool:
    """Lock a file together with others; returns False where the file system has no locks. Raises OSError."""
    try:
        _lock(file, fcntl.LOCK_SH)
    except LocksMissingError:
        return False
    return True


def file_system_of(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return the type of the file system of an existing `path`, like ext4 or nfs4; "" where it cannot be told."""
    try:
        device = path.stat().st_dev
        wanted = f"{os.major(device)}:{os.minor(device)}"
        lines = [line.split(" - ") for line in mounts.read_text().splitlines()]
        return next((after.split()[0] for before, after in lines if before.split()[2] == wanted), "")
    except (OSError, ValueError, IndexError):
        return ""


def _lock(file: IO[Any], how: int) -> None:
    try:
        fcntl.flock(file, how)
    except OSError as error:
        if error.errno in _MISSING:
            raise LocksMissingError(error.errno, error.strerror) from error
        raise
