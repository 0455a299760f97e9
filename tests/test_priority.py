"""Priority: a load is nice, and so are the sessions that it may change; nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.priority import lower_priority
from tests.command_line import write_seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

NICENESS_OF_SESSION = Path("/proc/self/autogroup")
NICER = max(os.nice(0), 15)
LOAD = """
import os, sys
from graphql_api.cli.commands import app
app(sys.argv[1:], standalone_mode=False)
print("niceness", os.nice(0))
"""
READ = """
import os, pathlib, sys
from graphql_api.reading.discover import discover
from graphql_api.records import ANY_SITE
from graphql_api.loading.readers import Readers
from graphql_api.model.language import builtin_model
from graphql_api.signals import run

async def show():
    files = discover(pathlib.Path(sys.argv[1])).files
    with Readers(ANY_SITE, builtin_model(), **({"nice": int(sys.argv[2])} if sys.argv[2:] else {})) as workers:
        async for _ in workers.read(pathlib.Path(sys.argv[1]), files):
            worker = workers._processes._process.pid
            print(os.getpriority(os.PRIO_PROCESS, worker))
            for process in (worker, "self"):
                print(pathlib.Path(f"/proc/{process}/autogroup").read_text().strip())
            return

run(show())
"""
needs_autogroups = pytest.mark.skipif(
    not NICENESS_OF_SESSION.exists(), reason="this system does not share its cores between sessions"
)


def run(program: str, *arguments: str | Path, leads_session: bool = False) -> str:
    """Run a Python program in a process of its own, and return what it printed."""
    command: Sequence[str | Path] = [sys.executable, "-c", program, *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=leads_session)
    return finished.stdout


def niceness_of_this_session() -> str:
    """Give what Linux says of it: nothing for the session that the machine started with."""
    return NICENESS_OF_SESSION.read_text(encoding="ascii").strip()


def test_load_is_nice_and_check_is_not(tmp_path: Path) -> None:
    """Its niceness is 15 at least, and `check` keeps its own."""
    seeds = write_seeds(tmp_path / "seeds", 1)
    loaded = run(LOAD, "load", "--seeds", seeds, "--store", tmp_path / "store")
    assert loaded.endswith(f"niceness {NICER}\n")
    assert run(LOAD, "check", "--seeds", seeds).endswith(f"niceness {os.nice(0)}\n")


def test_load_is_as_nice_as_it_is_told(tmp_path: Path) -> None:
    """From 0, which is not at all, to 19; a process that was started nice stays so."""
    seeds = write_seeds(tmp_path / "seeds", 1)
    for nice in (0, 7):
        loaded = run(LOAD, "load", "--seeds", seeds, "--store", tmp_path / "store", "--nice", str(nice))
        assert loaded.endswith(f"niceness {max(os.nice(0), nice)}\n")


@needs_autogroups
@pytest.mark.parametrize("leads_session", [True, False])
def test_load_makes_a_session_nice_only_if_it_is_its_own(*, leads_session: bool) -> None:
    """As cron and service managers start it. The session of a shell would stay nice after the load."""
    program = (
        "from graphql_api.priority import lower_priority as nice; nice(15); print(open('/proc/self/autogroup').read())"
    )
    after = run(program, leads_session=leads_session).strip()
    if leads_session:
        assert after.endswith(" nice 15")
    else:
        assert after == niceness_of_this_session()


@pytest.mark.parametrize(("errors", "written"), [([BlockingIOError] * 2, ["15"]), ([FileNotFoundError], [])])
def test_session_that_cannot_be_nice_yet_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, errors: list[type[OSError]], written: list[str]
) -> None:
    """Linux takes one such change in a tenth of a second; where there is none, nothing is to be done."""
    seen: list[str] = []

    def write_text(_: Path, text: str, **_options: str) -> int:
        if errors:
            raise errors.pop(0)
        seen.append(text)
        return len(text)

    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    monkeypatch.setattr(Path, "write_text", write_text)
    lower_priority(15)
    assert (errors, seen) == ([], written)


@needs_autogroups
@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="on one core no processes are started")
def test_processes_that_read_are_nice_in_a_session_of_their_own(tmp_path: Path) -> None:
    """Whoever starts the load is as before."""
    niceness, theirs, own = run(READ, write_seeds(tmp_path / "seeds", 300)).splitlines()
    assert int(niceness) == NICER
    assert theirs.endswith(" nice 15")
    assert own == niceness_of_this_session()


@needs_autogroups
@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="on one core no processes are started")
def test_processes_that_read_are_as_nice_as_they_are_told(tmp_path: Path) -> None:
    """They and their session; not at all with 0."""
    seeds = write_seeds(tmp_path / "seeds", 300)
    niceness, theirs, _ = run(READ, seeds, "5").splitlines()
    assert int(niceness) == max(os.nice(0), 5)
    assert theirs.endswith(" nice 5")
    niceness, theirs, _ = run(READ, seeds, "0").splitlines()
    assert int(niceness) == os.nice(0)
    assert theirs.endswith(" nice 0")
