"""The parts of the bench are measured one after the other; one that fails takes no other with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.__main__ import measured_in_order
from benchmarks.results import Row

if TYPE_CHECKING:
    import pytest


def _failing() -> list[Row]:
    raise RuntimeError("two answers differ")


def _interrupted() -> list[Row]:
    raise KeyboardInterrupt


def test_part_that_fails_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """The next one is measured all the same; each is told when it begins."""
    rows = measured_in_order({"Servers": _failing, "Workers": lambda: [Row("Workers", "2 on 2 cores", "2 /s")]})
    assert [(row.what, row.median) for row in rows] == [
        ("Servers", "not measured: two answers differ"),
        ("Workers", "2 /s"),
    ]
    assert [line[5:] for line in capsys.readouterr().err.splitlines()] == [" Servers ...", " Workers ..."]


def test_what_was_measured_before_an_interruption_is_kept() -> None:
    """What follows is not begun."""
    rows = measured_in_order(
        {"Workers": lambda: [Row("Workers", "2 on 2 cores", "2 /s")], "Load": _interrupted, "Reload": _failing}
    )
    assert [(row.what, row.median) for row in rows] == [
        ("Workers", "2 /s"),
        ("Load", "not measured: it was interrupted"),
    ]
