"""Source: the bytes of one seed file and the text that they spell."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.reading.discover import MAX_FILE_BYTES, is_inside, leaving_link, not_a_file, too_large
from graphql_api.reading.problems import Code, SeedError, error, from_os_error
from graphql_api.records import Problem, SeedFile

if TYPE_CHECKING:
    from collections.abc import Callable

# Not blocking, lest a FIFO that took a file's place makes the reader wait for a writer.
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
UNSURE = -1
"""In place of a file's ctime: its bytes are to be compared, whatever `stat` says."""
_SECOND_NS = 1_000_000_000
_STEP_NS = _SECOND_NS // 50
"""Twice the step of the clock that Linux takes a file's times from."""
_BYTE_ORDER_MARK = "\ufeff"
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Source(NamedTuple):
    """The bytes of one file, with the stat that held before and after they were read, and their SHA-256."""

    file: SeedFile
    data: bytes
    sha256: bytes


def read_source(root: str, file: SeedFile) -> Source | Problem:
    """Return the bytes of `file` below the folder `root`, or why they cannot be had."""
    try:
        source = twice(partial(_attempt, root, file.path))
    except OSError as cause:
        return from_os_error(cause, file.path)
    if source is None:
        message = "The file changed while it was read, twice. Load again when it is at rest."
        return error(Code.FILE_CHANGED, file.path, message)
    return source


def twice(attempt: Callable[[], Source | Problem | None]) -> Source | Problem | None:
    """Return what `attempt` returns; if that is None, for a file in motion, once again."""
    result = attempt()
    return attempt() if result is None else result


def decode(data: bytes) -> str:
    r"""Return the text of a seed's bytes: no byte-order mark, every line end a "\n". Raises SeedError."""
    try:
        text = data.decode()
    except UnicodeDecodeError as cause:
        message = f"The file is not UTF-8 (byte {cause.start}). Save it as UTF-8."
        raise SeedError(Code.INVALID_UTF8, message, _line_at(data, cause.start)) from cause
    if b"\0" in data:
        message = "The file holds a NUL character. Remove it, or save the file as UTF-8 text."
        raise SeedError(Code.NUL_CHARACTER, message, _line_at(data, data.index(b"\0")))
    if b"\r" in data:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix(_BYTE_ORDER_MARK)


def _attempt(root: str, path: str) -> Source | Problem | None:
    location = f"{root}/{path}"
    try:
        descriptor = os.open(location, _FLAGS)
    except OSError as cause:
        if cause.errno == errno.ENXIO:  # a socket
            return not_a_file(path)
        if cause.errno != errno.ELOOP:
            raise
        target = os.path.realpath(location)
        if not is_inside(os.path.realpath(root), target):
            return leaving_link(path)
        descriptor = os.open(target, _FLAGS)
    try:
        return _read(descriptor, path)
    finally:
        os.close(descriptor)


def _read(descriptor: int, path: str) -> Source | Problem | None:
    """Return None if the file is not the same after reading as before."""
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        return not_a_file(path)
    if before.st_size > MAX_FILE_BYTES:
        return too_large(path, before.st_size)
    # One byte more than there should be, to notice a file that has grown.
    data = os.read(descriptor, before.st_size + 1)
    after = os.fstat(descriptor)
    if len(data) != before.st_size or after.st_size != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        return None
    ctime_ns = UNSURE if _is_fresh(after) else after.st_ctime_ns
    file = SeedFile(path, after.st_size, after.st_mtime_ns, ctime_ns, after.st_ino)
    return Source(file, data, hashlib.sha256(data).digest())


def _is_fresh(status: os.stat_result) -> bool:
    """Return whether a file could be written once more without being told by its times, which go in steps."""
    is_in_seconds = not (status.st_mtime_ns % _SECOND_NS or status.st_ctime_ns % _SECOND_NS)
    return time.time_ns() - status.st_ctime_ns < (2 * _SECOND_NS if is_in_seconds else _STEP_NS)


def _line_at(data: bytes, offset: int) -> int:
    return len(_LINE_END.findall(data, 0, offset)) + 1
