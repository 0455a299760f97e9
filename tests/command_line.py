"""The command line in tests: commands in this process and in one of their own, and seeds to give them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from graphql_api import priority
from graphql_api.cli.program import main
from graphql_api.signals import end_signals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = (sys.executable, "-m", "graphql_api")
DEADLINE_SECONDS = 60


def run(*arguments: str | Path) -> int:
    """Run a command in this process and return its exit code."""
    before = {number: signal.getsignal(number) for number in end_signals()}
    try:
        with pytest.MonkeyPatch.context() as patches:
            patches.setattr(priority, "lower_priority", lambda _: None)  # this process could not take it back
            with pytest.raises(SystemExit) as ended:
                main([str(argument) for argument in arguments])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return ended.value.code if isinstance(ended.value.code, int) else 0


def run_program(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as a program of its own, with the text `stdin` as its standard input."""
    command = [*PROGRAM, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=DEADLINE_SECONDS)


@dataclass(frozen=True, slots=True)
class Serving:
    """A running `serve`: its base url, and all that it has printed, on both streams, up to there."""

    url: str
    printed: str
    process_id: int


@contextmanager
def serving(*arguments: str | Path) -> Iterator[Serving]:
    """Run `serve` on any free port until the block ends; then it must exit with 0 on SIGTERM."""
    command = [*PROGRAM, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        printed = ""
        try:
            for line in process.stdout:
                printed += line
                if url := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield Serving(url[0], printed, process.pid)
                    break
            else:
                raise AssertionError(f"It ended before it printed a url; it printed:\n{printed}")
        finally:
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=DEADLINE_SECONDS)
        assert process.returncode == 0, f"exit code {process.returncode}; it printed:\n{printed}{rest}"


def write_seeds(folder: Path, count: int) -> Path:
    """Write `count` good seeds into `folder` and return it; later ones do not refer to earlier ones."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number}.md").write_text(seed(number))
    return folder


def seed(number: int, more: str = "") -> str:
    """Return the text of a good seed with `number` as its id; `more` is added front matter."""
    return (
        f"---\nid: {number}\nurl: /learn/rivers/questions/river-{number}\ntitle: How long is river {number}?\n"
        f"subject: Rivers\ndate: 2024-05-06\nanswer: It is {number} miles long.\n{more}---\n\n&nbsp;\n"
    )
