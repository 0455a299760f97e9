"""`run`: a command that may ask the API while it runs, its exit code, its signals, and nothing that is left over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx2
import pytest

from graphql_api.cli.exit_codes import ExitCode
from tests.command_line import DEADLINE_SECONDS, PROGRAM, run, run_program, write_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASK = """
import json, os, urllib.request
body = json.dumps({"query": "{ content { questionCount } }"}).encode()
request = urllib.request.Request(os.environ["GRAPHQL_API_URL"], body, {"content-type": "application/json"})
print(urllib.request.urlopen(request).read().decode())
raise SystemExit(7)
"""
WAIT_FOR_TERM = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
print(os.environ["GRAPHQL_API_URL"], os.getpid(), flush=True)
while True:
    signal.pause()
"""
IN_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
COUNT_INTERRUPTS = """
import os, signal, sys
interrupts = 0
def interrupted(*_):
    global interrupts
    interrupts += 1
    # Had its parent been going to pass an interrupt on, it would have done so before it passes this one on.
    os.kill(os.getppid(), signal.SIGUSR1)
signal.signal(signal.SIGINT, interrupted)
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(interrupts))
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of ten good seeds; every command here takes it and the store from the environment."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    return write_seeds(tmp_path / "seeds", 10)


def answers(url: str) -> bool:
    """Return whether somebody answers at `url`."""
    try:
        httpx2.get(url, timeout=1)
    except httpx2.TransportError:
        return False
    return True


def test_command_asks_the_api_and_its_exit_code_is_that_of_run() -> None:
    """What is loaded is served meanwhile; stdout is the command's alone, what was loaded is told on stderr."""
    finished = run_program("run", "--", sys.executable, "-c", ASK)
    assert json.loads(finished.stdout) == {"data": {"content": {"questionCount": 10}}}
    assert finished.returncode == 7
    assert ": 10 added, 0 changed" in finished.stderr


@contextmanager
def running() -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Run a command that waits for SIGTERM; gives the program, the address of the API and the command's process."""
    command = [*PROGRAM, "run", "--", sys.executable, "-c", WAIT_FOR_TERM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url, child = process.stdout.readline().split()
        try:
            yield process, url, int(child)
        finally:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGTERM)


def test_signals_are_passed_on_and_the_server_ends_with_the_command() -> None:
    """The command decides what becomes of SIGTERM; afterwards nobody listens at its address."""
    with running() as (process, url, _):
        assert answers(url)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_SECONDS) == 5
    assert not answers(url)


def test_server_ends_when_run_is_killed() -> None:
    """Nothing keeps a port and a store busy behind a build that is gone."""
    with running() as (process, url, _):
        process.kill()
        process.wait(DEADLINE_SECONDS)
        end = time.monotonic() + DEADLINE_SECONDS
        while answers(url):
            assert time.monotonic() < end, "the server is still there"


def test_interrupt_of_a_terminal_reaches_the_command_once() -> None:
    """The terminal sends Ctrl+C to the command itself; many programs take a second one for impatience."""
    command = [sys.executable, "-c", IN_A_TERMINAL, *PROGRAM, "run", "--", sys.executable, "-c", COUNT_INTERRUPTS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        while b"ready" not in process.stdout.readline():
            pass
        process.stdin.write(b"\x03")
        process.stdin.flush()
        assert process.wait(DEADLINE_SECONDS) == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["sh", "-c", "kill -9 $$"], 128 + 9),
        (["there-is-no-such-command"], 127),
        (["/etc/passwd"], 126),
        (["sh", "-c", "exit 0"], 0),
    ],
    ids=["killed", "not there", "no program", "fine"],
)
def test_exit_codes_are_those_of_a_shell(command: list[str], code: int) -> None:
    """So that a pipeline tells a failed build from a program that is missing."""
    finished = run_program("run", "--", *command)
    assert finished.returncode == code
    assert "Traceback" not in finished.stderr


def test_command_is_not_started_when_the_load_fails(seeds: Path, tmp_path: Path) -> None:
    """A build of stale content, or of none, would go unnoticed."""
    assert run("load") == ExitCode.OK
    (seeds / "spoilt.md").write_text("Only text.\n")
    for number in range(5):
        (seeds / f"{number}.md").unlink()
    touched = tmp_path / "touched"
    for arguments, code in (
        (("--strict",), ExitCode.REFUSED),
        (("--seeds", tmp_path / "nowhere"), ExitCode.UNREADABLE),
        (("--no-load", "--store", tmp_path / "empty"), ExitCode.UNREADABLE),
        ((), ExitCode.REFUSED),
        (("--nonsense",), ExitCode.USAGE),
    ):
        finished = run_program("run", *arguments, "--", "touch", touched)
        assert (finished.returncode, touched.exists()) == (code, False)
        assert finished.stdout == ""


def test_without_loading_what_is_there_is_served(tmp_path: Path) -> None:
    """--no-load does not look at the seeds; the first word that is no option begins the command."""
    assert run("load") == ExitCode.OK
    finished = run_program("run", "--no-load", "--seeds", tmp_path / "nowhere", sys.executable, "-c", ASK)
    assert (finished.returncode, finished.stderr) == (7, "")
    assert '"questionCount":10' in finished.stdout
