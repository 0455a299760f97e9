"""The program `graphql-api`: runs a command and turns an error of ours into one line and an exit code.

The processes that read seeds import this module again, so it imports nothing that takes time.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from graphql_api.errors import GraphQLAPIError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `arguments` name, by default those of the process, and exit with its code."""
    from click import Abort, ClickException  # noqa: PLC0415 - see above

    from graphql_api.commands import app  # noqa: PLC0415 - see above
    from graphql_api.errors import GraphQLAPIError  # noqa: PLC0415 - see above
    from graphql_api.exit_codes import FileNamesError, OutputError  # noqa: PLC0415 - see above

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal cannot show, it gets as an escape
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _end)
    # At its end Python looks for cycles in all that there is, which would take a tenth of a load of nothing new.
    atexit.register(gc.freeze)
    try:
        if sys.getfilesystemencoding() != "utf-8":
            raise FileNamesError(sys.getfilesystemencoding())
        with redirect_stdout(cast(TextIO, _Output(sys.stdout)) if sys.stdout else None):
            sys.exit(app(arguments, prog_name="graphql-api", standalone_mode=False))
    except ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Abort:
        sys.exit(128 + signal.SIGINT)
    except OutputError as error:
        _drop_output()
        _tell(error)
    except GraphQLAPIError as error:
        _tell(error)


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    """End in order, so that the processes that read seeds end too."""
    sys.exit(128 + signal_number)


def _drop_output() -> None:
    """Let nothing more be written; what waits would be tried again at the end of the process, and fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Output:
    """The standard output: that it cannot be written is an error with a name of its own.

    A reader who has gone away gets no more; the command goes on, and its exit code says what it has found.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all the rest is the stream's
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._failing():
            return self._stream.write(text)

    def flush(self) -> None:
        with self._failing():
            self._stream.flush()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        from graphql_api.exit_codes import OutputError  # noqa: PLC0415 - see above

        try:
            yield
        except BrokenPipeError:
            _drop_output()
        except OSError as error:
            raise OutputError(f"The output cannot be written: {error.strerror}.") from error


def _tell(error: GraphQLAPIError) -> NoReturn:
    from graphql_api.exit_codes import exit_code  # noqa: PLC0415 - see above
    from graphql_api.report import say_error  # noqa: PLC0415 - see above

    say_error(error)
    sys.exit(exit_code(error))
