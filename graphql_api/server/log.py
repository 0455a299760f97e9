"""The log: one line a kind and minute, with a count, as text or as JSON.

A kind is what the program says, whatever it is about: a thousand broken requests are two lines.
"""

from __future__ import annotations

import datetime as dt
import itertools
import logging
import os
import sys
import time
from collections import OrderedDict
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import orjson
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.settings import LogFormat

_MINUTE_SECONDS: Final = 60.0
_MAX_KINDS: Final = 256
_ACCESS: Final = "uvicorn.access"

_REQUEST: Final[ContextVar[int | str]] = ContextVar("request")
_NUMBERS: Final = itertools.count(1)

_Kind = tuple[object, ...]


def begin_request(given: str | None = None) -> None:
    """Give what the current task does, and says in the log, an id: the one that is given, or one of its own."""
    _REQUEST.set(next(_NUMBERS) if given is None else given)


def request_id() -> str | None:
    """Return the id of the request that the current task answers, None outside of one."""
    request = _REQUEST.get(None)
    return f"{os.getpid():x}-{request:x}" if isinstance(request, int) else request


class _Said(Struct):
    """A line that was said: when, in seconds, and how often it was not said since."""

    at: float
    line: str
    record: logging.LogRecord
    unsaid: int = 0


class MinuteHandler(logging.Handler):
    """Writes to stderr; of each kind but requests one line a minute, and after it how many there were."""

    def __init__(self, form: LogFormat) -> None:
        """Write lines of this form."""
        super().__init__()
        self.setFormatter(_JSONFormatter() if form == "json" else _TextFormatter())
        self._said: OrderedDict[_Kind, _Said] = OrderedDict()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, unless one of its kind was written less than a minute ago."""
        try:
            if record.name == _ACCESS:
                self._write(record)
                return
            self.tell_counts()
            said = self._said.get(_kind(record))
            if said is not None:
                said.unsaid += 1
                return
            self._said[_kind(record)] = _Said(time.monotonic(), record.getMessage(), record)
            self._write(record)
            if len(self._said) > _MAX_KINDS:
                self._tell(self._said.popitem(last=False)[1])
        except Exception:  # noqa: BLE001 - what `logging` asks for: a log that cannot be written ends nothing
            self.handleError(record)

    def tell_counts(self, older_than_seconds: float = _MINUTE_SECONDS) -> None:
        """Write how often lines were not written whose minute is over."""
        end = time.monotonic() - older_than_seconds
        while self._said and next(iter(self._said.values())).at <= end:
            self._tell(self._said.popitem(last=False)[1])

    def close(self) -> None:
        """Write the counts of the last minute."""
        self.acquire()
        try:
            self.tell_counts(0)
        finally:
            self.release()
        super().close()

    def _tell(self, said: _Said) -> None:
        if said.unsaid:
            record = logging.makeLogRecord({**said.record.__dict__, "exc_info": None, "exc_text": None})
            record.msg, record.args = f"{said.line} ({said.unsaid:,} more of this kind within a minute.)", None
            record.created = time.time()
            self._write(record)

    def _write(self, record: logging.LogRecord) -> None:
        if sys.stderr:  # one that was closed before Python started is None
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()


@contextmanager
def logging_as(form: LogFormat, *, access_log: bool) -> Iterator[MinuteHandler]:
    """Have all that is logged written in this form; requests too if there is an `access_log`."""
    root, access, handler = logging.getLogger(), logging.getLogger(_ACCESS), MinuteHandler(form)
    level = access.level
    access.propagate = True  # uvicorn may have said otherwise
    access.setLevel(logging.INFO if access_log else logging.CRITICAL)
    root.addHandler(handler)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        access.setLevel(level)
        handler.close()


def _kind(record: logging.LogRecord) -> _Kind:
    error = record.exc_info[0] if record.exc_info else None
    return (record.name, record.levelno, record.msg, getattr(record, "kind", None), error)


def _request_of(record: logging.LogRecord) -> str | None:
    """Return the id that a record gives itself, else that of the request that the current task answers."""
    given: str | None = getattr(record, "request", None)
    return given or request_id()


def _time(record: logging.LogRecord) -> str:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _TextFormatter(logging.Formatter):
    """`TIME LEVEL [REQUEST] MESSAGE` on one line, then a traceback, if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        message = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in record.getMessage())
        request = _request_of(record)
        parts = [_time(record), record.levelname, *([f"[{request}]"] if request else []), message]
        if record.exc_info and record.exc_info[0]:
            parts.append("\n" + self.formatException(record.exc_info))
        return " ".join(parts)


class _JSONFormatter(logging.Formatter):
    """One JSON object: time, level, logger, message, and request and exception where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": _request_of(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = self.formatException(record.exc_info)
        # A text that is no UTF-8 inside, such as a file's name, must not cost the line.
        whole = {name: value.encode("utf-8", "backslashreplace").decode() for name, value in line.items() if value}
        return orjson.dumps(whole).decode()
