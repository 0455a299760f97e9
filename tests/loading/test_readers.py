"""The processes that read seeds: in order, and told of when they fail."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import time
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.errors import ContentError
from graphql_api.loading import readers
from graphql_api.loading.readers import Readers
from graphql_api.model.language import builtin_model
from graphql_api.reading.discover import discover
from graphql_api.records import ANY_SITE
from tests.command_line import write_seeds

if TYPE_CHECKING:
    from graphql_api.loading.rows import SeedRows

FILES = 450
MODEL = builtin_model()


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_cores", lambda: 2)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of more seeds than are begun at once."""
    return write_seeds(tmp_path_factory.mktemp("readers") / "seeds", FILES)


async def rows_of(reader: Readers, seeds: Path) -> list[SeedRows]:
    files = discover(seeds).files
    async with aclosing(reader.read(seeds, files)) as batches:
        return [row async for batch in batches for row in batch]


def process_ids(reader: Readers) -> list[int]:
    """Return those of the processes that read, once all of them are there."""
    if not reader._processes:
        return []
    group, deadline = reader._processes._process.pid, time.monotonic() + 30
    while len(found := members(group)) < len(reader._processes.connections):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def members(group: int) -> list[int]:
    """Return the processes of a group that have not ended."""
    process_ids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [each for each in process_ids if group_of(each) == group]


def group_of(process_id: int) -> int | None:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, _, group = stat.rpartition(")")[2].split()[:3]
    return None if state in "ZX" else int(group)


def has_ended(process_id: int, seconds: float = 0) -> bool:
    """Return whether a process has ended, or does within some seconds."""
    deadline = time.monotonic() + seconds
    while group_of(process_id) is not None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True


def test_processes_give_what_this_one_would(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the files, whoever reads them; afterwards no process is left."""
    with Readers(ANY_SITE, MODEL) as two:
        two.prepare(FILES)
        started = process_ids(two)
        assert len(started) == 2
        read = asyncio.run(rows_of(two, seeds))
        assert all(map(has_ended, started))
    monkeypatch.setattr(readers, "_cores", lambda: 1)
    with Readers(ANY_SITE, MODEL) as none:
        none.prepare(FILES)
        assert process_ids(none) == []
        assert asyncio.run(rows_of(none, seeds)) == read
    assert [row.path for row in read] == [file.path for file in discover(seeds).files]


def test_process_that_dies_is_told(seeds: Path) -> None:
    """As when memory is short; nothing waits for it for ever, and the other one ends too."""

    async def test() -> None:
        with Readers(ANY_SITE, MODEL) as reader:
            reader.prepare(FILES)
            for process_id in process_ids(reader):
                os.kill(process_id, signal.SIGKILL)
            await rows_of(reader, seeds)

    with pytest.raises(ContentError, match="has died"):
        asyncio.run(test())


@pytest.mark.parametrize("which", [0, 1])
def test_one_process_that_dies_is_told(seeds: Path, which: int) -> None:
    """The one that was started, or the one that it has forked; the other one ends."""
    left: list[int] = []

    async def test() -> None:
        with Readers(ANY_SITE, MODEL) as reader:
            reader.prepare(FILES)
            left.extend(process_ids(reader))
            os.kill(sorted(left)[which], signal.SIGKILL)
            await rows_of(reader, seeds)

    with pytest.raises(ContentError, match="has died"):
        asyncio.run(test())
    assert all(has_ended(each, 5) for each in left)


def test_process_that_dies_before_it_is_asked_is_told(seeds: Path) -> None:
    """It may have died while nothing was to be read yet."""
    with Readers(ANY_SITE, MODEL) as reader:
        reader.prepare(FILES)
        assert reader._processes
        reader._processes._process.kill()
        reader._processes._process.wait()
        with pytest.raises(ContentError, match="has died"):
            asyncio.run(rows_of(reader, seeds))


def test_processes_end_when_reading_is_given_up(seeds: Path) -> None:
    """At once, in the middle of a chunk."""
    ended: list[int] = []

    async def test() -> None:
        with Readers(ANY_SITE, MODEL) as reader:
            async with aclosing(reader.read(seeds, discover(seeds).files)) as batches:
                async for _ in batches:
                    ended.extend(process_ids(reader))
                    return

    asyncio.run(test())
    assert len(ended) == 2
    assert all(map(has_ended, ended))


@pytest.mark.parametrize("least", [2] * 8 + [1] * 2)
def test_processes_that_read_nothing_end_too(least: int) -> None:
    """A load can fail before it reads, also in the moment in which they divide."""
    with Readers(ANY_SITE, MODEL) as reader:
        reader.prepare(FILES)
        assert reader._processes
        group = reader._processes._process.pid
        while len(members(group)) < least:
            pass
    assert members(group) == []


def test_process_that_does_not_end_by_itself_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that somebody has stopped, say."""
    monkeypatch.setattr(readers, "_SECONDS_TO_END", 0.1)
    reader = Readers(ANY_SITE, MODEL)
    reader.prepare(FILES)
    started = process_ids(reader)
    for process_id in started:
        os.kill(process_id, signal.SIGSTOP)
    reader._end(at_once=False)
    assert all(has_ended(each, 5) for each in started)


def test_program_that_cannot_be_started(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what the system said, once seeds are to be read."""

    def refused(*_: Any, **__: Any) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refused)
    with Readers(ANY_SITE, MODEL) as reader:
        reader.prepare(FILES)
        with pytest.raises(ContentError, match=r"cannot be started \(Resource temporarily unavailable\)"):
            asyncio.run(rows_of(reader, seeds))


def test_process_that_cannot_be_forked(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is enough: it reads all."""
    start = subprocess.Popen

    def alone(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        failing = "import errno, os\ndef fork(): raise OSError(errno.EAGAIN, 'no more')\nos.fork = fork\n"
        return start([*command[:-1], failing + command[-1]], **options)

    monkeypatch.setattr(subprocess, "Popen", alone)
    with Readers(ANY_SITE, MODEL) as reader:
        reader.prepare(FILES)
        assert reader._processes
        started = reader._processes._process.pid
        paths = [rows.path for rows in asyncio.run(rows_of(reader, seeds))]
        assert paths == [file.path for file in discover(seeds).files]
    assert has_ended(started)
