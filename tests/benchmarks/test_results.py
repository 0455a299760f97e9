"""The table says what was measured, and says so when an aim is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.results import Row, at_least, at_most, insert, measured, missing, show

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (at_least(0.604, 0.6), "≥ 0.60"),
        (at_least(0.594, 0.6), "≥ 0.60 (missed)"),
        (at_least(24.9, 25, "×"), "≥ 25 × (missed)"),
        (at_most(2.0, 2, "× p50"), "≤ 2 × p50"),
        (at_most(2.01, 2, "× p50"), "≤ 2 × p50 (missed)"),
        (at_most(0.25, 0.3, "s"), "≤ 0.3 s"),
    ],
)
def test_missed_aim_says_so(cell: str, expected: str) -> None:
    """An aim is met or missed by the figure as it is printed."""
    assert cell == expected


def test_table_replaces_the_one_before(tmp_path: Path) -> None:
    """Only what stands between the markers changes; a `what` is named once."""
    page = tmp_path / "page.md"
    page.write_text("Before\n<!-- table: begin -->\nold\n<!-- table: end -->\nAfter\n", encoding="utf-8")
    insert(page, "table", [measured("Load", "this", [1.0, 2.0, 3.0], "s"), Row("Load", "that", "why not")], "Today")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before\n<!-- table: begin -->\nToday\n\n| What |")
    assert "| Load | this | 2.00 s | 1.00 … 3.00 |  |  |  |  |\n|  | that | why not |" in text
    assert text.endswith("<!-- table: end -->\nAfter\n")
    assert "old" not in text


def test_page_without_markers_is_an_error(tmp_path: Path) -> None:
    """A table that has no place is not lost silently."""
    page = tmp_path / "page.md"
    page.write_text("No markers", encoding="utf-8")
    with pytest.raises(ValueError, match="no markers for 'table'"):
        insert(page, "table", [], "Today")


def test_no_cell_is_cut_off_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """However long cells are, they are printed whole."""
    ratio = "0.49 × bare, which is a long cell; " * 5
    show([Row("What", "who", "1 /s", ratio=ratio.strip(), aim="≥ 0.60 (missed)")], "Today")
    printed = capsys.readouterr().out
    assert ratio.strip() in printed
    assert "≥ 0.60 (missed)" in printed


def test_reason_is_one_short_line() -> None:
    """Whatever a program has printed on its way out."""
    row = missing("Servers", "other", "it printed:\n" + "one | two\n" * 100)
    assert row.median.startswith("not measured: it printed: one / two one / two")
    assert len(row.median) < 230
