"""The program `graphql-api`: runs a command and turns an error of ours into one line and an exit code.

The processes that read seeds import this module again, so it imports nothing that takes time.
"""

from __future__ import annotations

import io
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from graphql_api.errors import GraphQLAPIError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `arguments` name, by default those of the process, and exit with its code."""
    from graphql_api.commands import app  # noqa: PLC0415 - see above
    from graphql_api.errors import GraphQLAPIError  # noqa: PLC0415 - see above

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal cannot show, it gets as an escape
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(app(arguments, prog_name="graphql-api"))
    except GraphQLAPIError as error:
        _tell(error)


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    """End in order, so that the processes that read seeds end too."""
    sys.exit(128 + signal_number)


def _tell(error: GraphQLAPIError) -> NoReturn:
    from graphql_api.exit_codes import exit_code  # noqa: PLC0415 - see above
    from graphql_api.report import say_error  # noqa: PLC0415 - see above

    say_error(error)
    sys.exit(exit_code(error))
