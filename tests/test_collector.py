"""The collector: start-up is not looked through for garbage, and what it has made never is."""

from __future__ import annotations

import gc
import subprocess
import sys

from graphql_api import collector


def test_nothing_is_collected_in_the_block_and_what_is_there_never() -> None:
    """What is alive at the end of the block is frozen; afterwards the collector runs as before."""
    frozen = gc.get_freeze_count()
    try:
        with collector.paused():
            assert not gc.isenabled()
            kept: list[list[int]] = [[] for _ in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(kept)
    finally:
        gc.unfreeze()


def test_collector_that_was_off_stays_off() -> None:
    """Who has switched it off has a reason."""
    gc.disable()
    try:
        with collector.paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()


def test_program_runs_its_commands_with_the_collector_on() -> None:
    """Only imports go without: a load or a server makes garbage for as long as it runs."""
    code = """
import gc, sys, click
from graphql_api.cli import commands, program
@commands.app.command()
def look() -> None:
    print(gc.isenabled(), gc.get_freeze_count() > 10_000)
program.main(["look"])
"""
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert shown.split() == ["True", "True"]


def test_server_freezes_what_is_there_and_collects_all_less_often() -> None:
    """What its start has made is never walked; what came later rarely."""
    code = """
import gc
from graphql_api import collector
made = [[] for _ in range(10_000)]
usual = gc.get_threshold()
collector.prepare_server()
assert gc.get_freeze_count() > 10_000
assert gc.get_threshold()[:2] == usual[:2]
assert gc.get_threshold()[2] > usual[2]
"""
    subprocess.run([sys.executable, "-c", code], check=True)
