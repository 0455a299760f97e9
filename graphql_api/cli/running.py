"""What `graphql-api run` does: load, serve on a free port, run a command meanwhile, and end with its exit code.

The server is a process of its own, in a session of its own: a Ctrl+C of the terminal reaches the command alone, which
may still ask while it ends. A pipe, the lifeline, tells the server when this process is gone, however it went.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final, NoReturn

from graphql_api.app import create_app
from graphql_api.cli import misfit, report
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.cli.serving import Sources, show_load
from graphql_api.errors import GraphQLAPIError
from graphql_api.loading.load import load
from graphql_api.loading.options import LoadOptions
from graphql_api.server.errors import StartupError
from graphql_api.server.run import serve
from graphql_api.settings import ConnectionLimits
from graphql_api.signals import end_signals, run
from graphql_api.store.generations import read_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from graphql_api.settings import Settings

URL_VARIABLE: Final = "GRAPHQL_API_URL"
"""The variable that tells the command the address of the API, like `http://127.0.0.1:41573/graphql`."""

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126  # as shells have it
_GRACE_SECONDS: Final = 1.0
"""The command has ended, so nobody waits for what is still being answered."""

_FROM_THE_TERMINAL: Final = frozenset({signal.SIGINT, signal.SIGQUIT})
"""What a terminal sends to every process in its foreground, so to the command too."""


def load_and_run(sources: Sources | None, settings: Settings, command: Sequence[str], *, strict: bool = False) -> int:
    """Load `sources`, unless that is None, run `command` while the store is served, and return its exit code.

    Of `settings` the store and what shapes answers count; the address is a free port of 127.0.0.1.

    What a signal has ended gives 128 and the signal's number, as in a shell; 127 is a command that is not there, 126
    one that cannot be started. What this says goes to stderr, so that stdout is the command's. Raises the errors of
    the load and of the store, and StartupError, before the command is started.
    """
    if sources is not None:
        with contextlib.redirect_stdout(sys.stderr):
            _load(sources, settings.store, strict=strict)
    read_pointer(settings.store)
    with _served(settings) as url:
        return _run(command, {**os.environ, URL_VARIABLE: url})


def _load(sources: Sources, store: Path, *, strict: bool) -> None:
    options = LoadOptions(
        strict=strict,
        model=sources.model,
        public=sources.public,
        redirects=sources.redirects,
        site_url=sources.site_url,
        nice=sources.nice,
    )
    with report.progress_of("Loading") as progress:
        loaded = run(load(sources.seeds, store, options, progress))
    show_load(sources, loaded)
    misfit.tell_of_load(sources.seeds, sources.model, loaded)


@contextlib.contextmanager
def _served(settings: Settings) -> Iterator[str]:
    """Serve the store until the block ends; gives the address of the API. Raises StartupError."""
    lifeline, url = os.pipe(), os.pipe()
    _flush_output()  # else the server would write once more what waits to be written
    process_id = os.fork()
    if process_id == 0:
        os.close(lifeline[1])
        os.close(url[0])
        _become_server(settings, lifeline[0], url[1])
    os.close(lifeline[0])
    os.close(url[1])
    try:
        with os.fdopen(url[0], encoding="ascii") as told:
            address = told.read()
        if not address:
            raise StartupError("The server did not start; the lines above say why.")
        yield address
        if os.waitpid(process_id, os.WNOHANG) != (0, 0):
            report.say("graphql-api: The server ended before the command did; the lines above say why.")
    finally:
        os.close(lifeline[1])
        with contextlib.suppress(ChildProcessError):  # it has ended already
            os.waitpid(process_id, 0)


def _become_server(settings: Settings, lifeline: int, url: int) -> NoReturn:
    code: int = ExitCode.NOT_SERVING
    try:
        os.setsid()
        for number in end_signals():
            signal.signal(number, signal.SIG_DFL)
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
        _serve(settings, url)
        code = ExitCode.OK
    except GraphQLAPIError as error:
        report.say_error(error)
    finally:
        _flush_output()
        os._exit(code)  # what the parent has registered to be done at its end is the parent's


def _serve(settings: Settings, url: int) -> None:
    """Serve the store until SIGTERM; the address goes into the pipe `url` once requests are answered."""

    def tell(base_url: str) -> None:
        os.write(url, f"{base_url}/graphql".encode("ascii"))
        os.close(url)

    limits = ConnectionLimits(grace_seconds=_GRACE_SECONDS)
    serve(create_app(settings), port=0, limits=limits, on_listening=tell)


def _end_with(lifeline: int) -> None:
    """Wait until nobody holds the other end of the pipe, then ask this process to end."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a command to its end, and pass signals on to it. Returns its exit code as shells tell it."""
    early: list[int] = []
    children: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if not children:
            early.append(number)
        elif number not in _FROM_THE_TERMINAL or not _is_in_foreground():
            children[0].send_signal(number)

    with _handling(pass_on):
        try:
            child = subprocess.Popen(list(command), env=environment)  # noqa: S603 - it is what the user asks for
        except FileNotFoundError:
            report.say(f"graphql-api: There is no command {command[0]}.")
            return _NOT_FOUND
        except OSError as error:
            report.say(f"graphql-api: {command[0]} cannot be started: {error.strerror}.")
            return _NOT_EXECUTABLE
        children.append(child)
        for number in early:
            child.send_signal(number)
        code = child.wait()
    return 128 - code if code < 0 else code


@contextlib.contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Have `handler` called at every signal that a command may want to know of."""
    numbers = {*end_signals(), signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2}
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _is_in_foreground() -> bool:
    """Return whether a terminal sends this process, and what it has started, the signals of its keys."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def _flush_output() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream:  # one that was closed before Python started is None
            stream.flush()
