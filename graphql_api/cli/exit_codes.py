"""Exit codes: how a command ends, for scripts. `docs/commands.md` explains each."""

from __future__ import annotations

import errno
import sys
from enum import IntEnum

from graphql_api.errors import ContentError, GraphQLAPIError, LoadBusyError, LoadRefusedError, RequestError, StoreError
from graphql_api.model.problems import ModelError


class ExitCode(IntEnum):
    """How a command ended. Codes are never renumbered."""

    OK = 0
    """It did what it was asked to do."""
    PROBLEMS = 1
    """It found what it looks for: a problem of severity ERROR, another schema, an operation that is not valid."""
    USAGE = 2
    """The command line cannot be understood."""
    REFUSED = 3
    """The load would publish what its options forbid; nothing was changed."""
    BUSY = 4
    """Another load is under way; nothing was changed."""
    UNREADABLE = 5
    """The seeds folder or the store cannot be read or written, or memory is short."""
    NOT_SERVING = 6
    """The address or port cannot be had, or the server cannot start."""
    UNWRITABLE = 7
    """The output cannot be written; what else the command does may be done."""


class FileNamesError(GraphQLAPIError):
    """The environment makes Python read file names in another encoding than UTF-8."""

    def __init__(self, encoding: str) -> None:
        """Say what to set; `encoding` is the other one."""
        super().__init__(f"File names are read as {encoding} here, but seeds have names in UTF-8. Set PYTHONUTF8=1.")


def check_file_names() -> None:
    """Raise FileNamesError unless Python reads file names as UTF-8."""
    if sys.getfilesystemencoding() != "utf-8":
        raise FileNamesError(sys.getfilesystemencoding())


class ShortageError(GraphQLAPIError):
    """There is not enough memory, or there may be no more threads."""

    def __init__(self, what: str) -> None:
        """Say what to do; `what` there is too little of."""
        super().__init__(f"There is not enough {what}. Allow more (ulimit, or the container's limits) and try again.")


def shortage_of(error: Exception) -> ShortageError | None:
    """Return what to tell of an error that says that the system has too little of something; None for any other."""
    match error:
        case MemoryError():
            return ShortageError("memory")
        case OSError(errno=errno.EMFILE | errno.ENFILE):
            return ShortageError("room for open files")
        case RuntimeError() if "start new thread" in str(error):
            return ShortageError("room for threads")
    return None


class OutputError(GraphQLAPIError):
    """The standard output cannot be written."""


_CODES: tuple[tuple[type[GraphQLAPIError], ExitCode], ...] = (
    (LoadRefusedError, ExitCode.REFUSED),
    (LoadBusyError, ExitCode.BUSY),
    (ContentError, ExitCode.UNREADABLE),
    (StoreError, ExitCode.UNREADABLE),
    (RequestError, ExitCode.PROBLEMS),
    (ModelError, ExitCode.PROBLEMS),
    (ShortageError, ExitCode.UNREADABLE),
    (FileNamesError, ExitCode.USAGE),
    (OutputError, ExitCode.UNWRITABLE),
)


def exit_code(error: GraphQLAPIError) -> ExitCode:
    """Return the code of a command that ended with `error`; any other than content, store and request is the server's.

    The server's errors are not named here: that would import the server for every command.
    """
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.NOT_SERVING)
