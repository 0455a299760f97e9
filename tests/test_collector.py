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


def test_full_collections_look_at_what_is_new_until_much_has_grown_old() -> None:
    """What one leaves is frozen, what is let go is freed at once, and cycles among the frozen are found in the end."""
    code = """
import gc, weakref
from graphql_api import collector
class Node: pass
def cycle():
    one, two = Node(), Node()
    one.other, two.other = two, one
    return one
collector.freeze_what_stays()
kept = [Node() for _ in range(10_000)]
before = gc.get_freeze_count()
gc.collect()
assert gc.get_freeze_count() >= before + 10_000, "what stays is frozen"
last = weakref.ref(kept[-1])
kept.clear()
assert last() is None, "the frozen are freed when nobody has them"
cycles = [cycle() for _ in range(200_000)]
gc.collect()
gone = weakref.ref(cycles[0])
cycles.clear()
gc.collect()
assert gone() is not None, "a cycle among the frozen is left"
for _ in range(20):
    gc.collect()
assert gone() is None, "until many are"
"""
    subprocess.run([sys.executable, "-c", code], check=True)
