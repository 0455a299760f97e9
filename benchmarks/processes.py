"""Programs to be measured: started on cores of their own, watched while they run, ended by their own id."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HOST = "127.0.0.1"
_MIB = 1024 * 1024
_START_SECONDS = 60.0


@dataclass(slots=True)
class Peak:
    """The most memory that a program and its children had together, in MiB (PSS: shared pages are counted once)."""

    mib: float = 0.0


def pinned(command: Sequence[str], cores: Sequence[int]) -> list[str]:
    """Return `command` so that it runs on `cores` only."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), *command]


@contextlib.contextmanager
def server(command: Sequence[str], port: int, cores: Sequence[int], environment: Mapping[str, str]) -> Iterator[int]:
    """Run a server until the block ends; give its process id once it listens. Raises RuntimeError if it does not."""
    variables = {**os.environ, **environment}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            pinned(command, cores), env=variables, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        ) as process,
    ):
        try:
            if not _listens(port, process):
                log.seek(0)
                raise RuntimeError(f"{' '.join(command)} does not listen:\n{log.read().decode(errors='replace')}")
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)


def run(command: Sequence[str], cores: Sequence[int]) -> tuple[float, str]:
    """Run a program to its end; return how many seconds it took and what it printed. Raises CalledProcessError."""
    started = time.perf_counter()
    output = subprocess.run(pinned(command, cores), check=True, stdout=subprocess.PIPE, text=True).stdout
    return time.perf_counter() - started, output


def run_watched(
    command: Sequence[str], cores: Sequence[int], environment: Mapping[str, str] | None = None
) -> tuple[float, Peak]:
    """Run a program to its end; return how many seconds it took and its peak of memory.

    Raises RuntimeError with what it printed if it failed; a load ends with 1 if it tells of problems, or if it crashes.
    """
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            pinned(command, cores),
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
        watched(process.pid) as peak,
    ):
        try:
            code = process.wait()
        finally:
            process.terminate()  # in case of an interruption; of one that has ended this does nothing
        seconds = time.perf_counter() - started
        log.seek(0)
        printed = log.read().decode(errors="replace")
        if code not in {0, 1} or "Traceback" in printed:
            raise RuntimeError(f"{' '.join(command)} ended with {code}:\n{printed}")
    return seconds, peak


@contextlib.contextmanager
def watched(process_id: int) -> Iterator[Peak]:
    """Look at the memory of a process and its descendants five times a second until the block ends."""
    peak, done = Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            peak.mib = max(peak.mib, memory_mib(process_id))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def memory_mib(process_id: int) -> float:
    """Return what a process and its descendants have together, in MiB of PSS."""
    return sum(map(_pss_bytes, [process_id, *descendants(process_id)])) / _MIB


def own_mib(process_id: int) -> float:
    """Return the memory that is one process's own (RssAnon), in MiB: without programs and content that it maps."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{process_id}/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 / _MIB if found else 0.0


def descendants(process_id: int) -> list[int]:
    """Return the ids of a process's children, theirs, and so on."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            _, _, after_name = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
            children[int(after_name.split()[1])].append(int(folder.name))
    found = [process_id]
    for each in found:
        found += children[each]
    return found[1:]


def worker_of(process_id: int) -> int:
    """Return the process that answers for a server of one worker: its child, or itself where it has none."""
    return next(iter(descendants(process_id)), process_id)


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _pss_bytes(process_id: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Return whether something answers at `port` before the process ends or a minute is over."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return True
        time.sleep(0.05)
    return False
