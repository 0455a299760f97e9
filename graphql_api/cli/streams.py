"""The standard streams, as a program finds them: closed, full, read by nobody, or on a terminal with few characters."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any, TextIO, cast

from graphql_api.cli.exit_codes import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def checked_streams() -> Iterator[None]:
    """Make the standard streams such that no command has to care. Raises OutputError if stdout cannot be written.

    A reader who has gone away gets no more; the command goes on, and its exit code says what it has found. So it does
    when stderr cannot be written: a message that nobody gets is no reason to stop.
    """
    _fill_closed_descriptors()
    if not sys.stdin:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - there is nothing to read, nor to close
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal cannot show, it gets as an escape
            stream.reconfigure(errors="backslashreplace")
    with redirect_stdout(_checked(sys.stdout, needed=True)), redirect_stderr(_checked(sys.stderr, needed=False)):
        yield


def drop_output(stream: TextIO) -> None:
    """Let nothing more be written; what waits would be tried again at the end of the process, and fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fill_closed_descriptors() -> None:
    """Keep the next file or socket from getting the number of a standard stream that was closed."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _checked(stream: TextIO | None, *, needed: bool) -> TextIO | None:
    return cast("TextIO", _Checked(stream, needed=needed)) if stream else None


class _Checked:
    def __init__(self, stream: TextIO, *, needed: bool) -> None:
        self._stream = stream
        self._needed = needed

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all the rest is the stream's
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._failing():
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._failing():
            self._stream.flush()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if self._needed and not isinstance(error, BrokenPipeError):
                raise OutputError(f"The output cannot be written: {error.strerror}.") from error
            drop_output(self._stream)
