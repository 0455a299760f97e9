"""Server programs that tests start, talk to, and end."""

from __future__ import annotations

import re
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT_FOLDER = Path(__file__).parents[2]
DEADLINE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Program:
    """One running server: its base url, its process, and what it prints from now on."""

    url: str
    process: subprocess.Popen[str]
    output: IO[str]


@contextmanager
def running(command: Sequence[str], url: str = r"http://127\.0\.0\.1:\d+") -> Iterator[Program]:
    """Start a server, wait until it prints its `url`, which is a pattern, and end it with SIGTERM; it must exit with 0.

    What it prints, on both streams, is one text; a server that ends before it prints a url fails with it.
    """
    with subprocess.Popen(
        command, cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Program(_printed_url(process.stdout, url), process, process.stdout)
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=DEADLINE_SECONDS)
        assert process.returncode == 0, f"exit code {process.returncode}; it printed:\n{output}"


def _printed_url(output: IO[str], pattern: str) -> str:
    printed = []
    for line in output:
        printed.append(line)
        if url := re.search(pattern, line):
            return url[0]
    raise AssertionError(f"The server ended before it printed its url; it printed:\n{''.join(printed)}")
