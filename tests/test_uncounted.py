"""What is uncounted: coverage counts before and after it, and not within."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
STEPS = """
def one():
    return 1

def two():
    return 2

def three():
    return 3

def four():
    return 4

def five():
    return 5
"""
PROGRAM = """
import json, os, subprocess, sys, threading
from pathlib import Path
from coverage import Coverage
from tests.uncounted import coverage_paused
sys.path.insert(0, sys.argv[1])
counted = Coverage(data_file=None, config_file=False, include=[sys.argv[1] + "/*"])
counted.start()
import steps
os.environ["COVERAGE_PROCESS_CONFIG"] = "something"
def in_a_thread(step):
    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
def whole():
    steps.one()
    with coverage_paused():
        steps.two()
        in_a_thread(steps.three)
        inner = "COVERAGE_PROCESS_CONFIG" in os.environ
    in_a_thread(steps.four)
    return inner, os.environ["COVERAGE_PROCESS_CONFIG"]
environment = whole()
steps.five()
counted.stop()
(_, _, missing, _) = counted.analysis(steps)
print(json.dumps([missing, environment]))
"""
QUIET = """
import sys
from tests.uncounted import coverage_paused
def own(frame, event, argument): return None
sys.settrace(own)
with coverage_paused():
    print(sys.gettrace() is own)
"""


def run(program: str, *arguments: str | Path) -> str:
    """Run a program that coverage does not count otherwise, and return what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True).stdout


def test_what_runs_within_is_not_counted_and_what_runs_after_is(tmp_path: Path) -> None:
    """In this thread and in new ones; programs that are started within do not count either."""
    (tmp_path / "steps.py").write_text(STEPS)
    missing, environment = json.loads(run(PROGRAM, tmp_path))
    lines = STEPS.splitlines()
    assert [lines[number - 1] for number in missing] == ["    return 2", "    return 3"]
    assert environment == [False, "something"]


def test_other_tracers_go_on() -> None:
    """A debugger stops where it is told to."""
    assert run(QUIET) == "True\n"
