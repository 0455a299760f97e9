"""Signals that ask for the end, at any moment of a command."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.signals import end_signals, on_end_signals, run
from tests.command_line import DEADLINE_SECONDS, PROGRAM, write_seeds
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}
FILES_FOR_PROCESSES = 300
MOMENTS = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6]
CAUGHT = re.compile(r"^SigCgt:\s*([0-9a-f]+)$", re.MULTILINE)


async def signalled(*numbers: signal.Signals) -> None:
    for number in numbers:
        os.kill(os.getpid(), number)
    await asyncio.sleep(DEADLINE_SECONDS)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with enough seeds for processes to read them."""
    return write_seeds(tmp_path_factory.mktemp("signals") / "seeds", FILES_FOR_PROCESSES)


@pytest.fixture(autouse=True)
def _no_signal_is_ignored() -> Iterator[None]:
    """Programs that are started here look after every signal, also when these tests were started by `nohup`."""
    before = {number: signal.getsignal(number) for number in CODES}
    for number, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def wait_until_caught(process: int, number: signal.Signals) -> None:
    """Wait until a program looks after a signal; Python does after Ctrl+C from the start, by an exception."""
    bit = 1 << (number - 1) | 1 << (signal.SIGTERM - 1)
    while True:
        caught = CAUGHT.search(Path(f"/proc/{process}/status").read_text(encoding="ascii"))
        assert caught, "it has ended without looking after the signal"
        if int(caught[1], 16) & bit == bit:
            return
        time.sleep(0.002)


@pytest.mark.parametrize("number", CODES)
def test_coroutine_is_cancelled_by_a_signal_and_may_put_things_in_order(number: signal.Signals) -> None:
    """The exit code is that of a program which the signal has ended; the handlers are as they were."""
    before = [signal.getsignal(each) for each in CODES]
    ended = []

    async def begun() -> None:
        try:
            await signalled(number)
        finally:
            await asyncio.sleep(0)
            ended.append(number)

    with pytest.raises(SystemExit) as exit_:
        run(begun())
    assert exit_.value.code == CODES[number]
    assert ended == [number]
    assert [signal.getsignal(each) for each in CODES] == before


def test_signal_that_comes_before_the_coroutine_begins_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event loop takes a while to make; what would run is not begun, and nobody is warned of that."""
    make = asyncio.new_event_loop

    def signalled_first() -> asyncio.AbstractEventLoop:
        os.kill(os.getpid(), signal.SIGTERM)
        return make()

    monkeypatch.setattr(asyncio.events, "new_event_loop", signalled_first)
    with pytest.raises(SystemExit) as exit_:
        run(asyncio.sleep(DEADLINE_SECONDS))
    assert exit_.value.code == CODES[signal.SIGTERM]


def test_second_signal_ends_the_process_at_once() -> None:
    """As when something hangs."""
    program = (
        "import asyncio, os, signal; from graphql_api.signals import run\n"
        "async def hanging():\n"
        "    for number in (signal.SIGTERM, signal.SIGINT):\n"
        "        os.kill(os.getpid(), number)\n"
        "    raise LookupError('not ended')\n"
        "run(hanging())\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (CODES[signal.SIGINT], "")


def test_coroutine_that_no_signal_ends_gives_its_result() -> None:
    """As with asyncio.run, errors too."""

    async def failing() -> None:
        raise LookupError("none")

    assert run(asyncio.sleep(0, "result")) == "result"
    with pytest.raises(LookupError, match="none"):
        run(failing())


def test_signal_that_is_ignored_stays_ignored() -> None:
    """As `nohup` has it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert end_signals() == (signal.SIGTERM, signal.SIGINT)
        with on_end_signals(lambda number: pytest.fail(f"{number}")):
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@uncounted  # coverage looks after SIGTERM before the program does; and saving within itself, it waits for ever
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say what a process catches")
@pytest.mark.parametrize(("moment", "number"), list(zip(MOMENTS, cycle(CODES), strict=False)))
@pytest.mark.parametrize("command", ["load", "check", "serve"])
def test_command_is_ended_in_order_at_any_moment(
    tmp_path: Path, seeds: Path, command: str, moment: float, number: signal.Signals
) -> None:
    """With all processes of its group, as terminals and service managers do: nothing is left, and nothing said."""
    store = tmp_path / "store"
    options = {"load": ("--store", store), "check": (), "serve": ("--store", store, "--port", "0")}[command]
    arguments = (*PROGRAM, command, "--seeds", seeds, *options)
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        wait_until_caught(process.pid, number)
        time.sleep(moment)
        os.killpg(process.pid, number)
        _, errors = process.communicate(timeout=DEADLINE_SECONDS)  # until all its processes have closed both
    # It may have ended before; a server that listens already ends with 0.
    assert process.returncode in {CODES[number], -number, 0}
    assert [line for line in errors.splitlines() if not line.startswith(("Loading: ", "Checking: "))] == []
    assert list(store.glob("generations/*.building*")) == []
