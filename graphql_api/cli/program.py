"""The program `graphql-api`: runs a command and turns an error of ours into one line and an exit code.

What takes time to import is imported once signals are looked after, so that Ctrl+C shows no traceback meanwhile.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from graphql_api import collector
from graphql_api.signals import end_signals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from graphql_api.errors import GraphQLAPIError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `arguments` name, by default those of the process, and exit with its code."""
    for signal_number in end_signals():
        signal.signal(signal_number, _end)
    # numpy only reads postings here; the threads that it keeps for matrices would turn in circles for 50 ms.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with collector.paused():
        from click import ClickException  # noqa: PLC0415 - see above

        from graphql_api.cli.commands import app  # noqa: PLC0415 - see above
        from graphql_api.cli.exit_codes import OutputError, check_file_names, shortage_of  # noqa: PLC0415 - see above
        from graphql_api.cli.streams import checked_streams, drop_output  # noqa: PLC0415 - see above
        from graphql_api.errors import GraphQLAPIError  # noqa: PLC0415 - see above

    # At its end Python looks for cycles in all that there is, which would take a tenth of a load of nothing new.
    atexit.register(gc.freeze)
    with checked_streams():
        try:
            check_file_names()
            sys.exit(app(arguments, prog_name="graphql-api", standalone_mode=False))
        except ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except OutputError as error:
            drop_output(sys.stdout)
            _tell(error)
        except GraphQLAPIError as error:
            _tell(error)
        except Exception as error:
            shortage = shortage_of(error)
            if shortage is None:
                raise
            _tell(shortage)


def _end(signal_number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: an exception could come out anywhere, and get lost. Loads and the server have ways of their own."""
    os._exit(128 + signal_number)


def _tell(error: GraphQLAPIError) -> NoReturn:
    from graphql_api.cli.exit_codes import exit_code  # noqa: PLC0415 - see above
    from graphql_api.cli.report import say_error  # noqa: PLC0415 - see above

    say_error(error)
    sys.exit(exit_code(error))
