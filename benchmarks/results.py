"""What was measured, as rows of one table: for the terminal and for docs/performance.md."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rich.box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.wrk import Sample

COLUMNS = ("What", "Who", "median", "min … max", "p50", "p99", "ratio", "aim")

_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a `what` that equals the line above is left out when it is printed."""

    what: str
    who: str
    median: str
    spread: str = ""
    p50: str = ""
    p99: str = ""
    ratio: str = ""
    aim: str = ""
    rate: float = 0.0
    """Requests a second, of rows under load; for the plot, not the table."""

    def cells(self) -> tuple[str, ...]:
        """Return the cells, in the order of COLUMNS."""
        return (self.what, self.who, self.median, self.spread, self.p50, self.p99, self.ratio, self.aim)


def measured(what: str, who: str, values: Sequence[float], unit: str, *, ratio: str = "", aim: str = "") -> Row:
    """Return the row of repeated measurements of one thing."""
    spread = f"{_number(min(values))} … {_number(max(values))}" if len(values) > 1 else ""
    return Row(what, who, f"{_number(statistics.median(values))} {unit}", spread, ratio=ratio, aim=aim)


def missing(what: str, who: str, why: str) -> Row:
    """Return the row of what could not be measured, which says why, on one line and in brief."""
    reason = " ".join(why.split()).replace("|", "/")
    if len(reason) > _LONGEST_REASON:
        reason = f"{reason[:_LONGEST_REASON]} …"
    return Row(what, who, f"not measured: {reason}")


def served(what: str, who: str, samples: Sequence[Sample], *, ratio: str = "", aim: str = "") -> Row:
    """Return the row of a server under load: requests a second, and medians of the rounds' percentiles."""
    rates = [sample.requests_per_second for sample in samples]
    return Row(
        what,
        who,
        f"{_number(statistics.median(rates))} /s",
        f"{_number(min(rates))} … {_number(max(rates))}",
        f"{statistics.median(sample.p50_ms for sample in samples):.2f}",
        f"{statistics.median(sample.p99_ms for sample in samples):.2f}",
        ratio,
        aim,
        statistics.median(rates),
    )


def at_least(value: float, aim: float, unit: str = "") -> str:
    """Return the cell of an aim that is a least value, which says so when `value`, as it is printed, misses it."""
    return _aim("≥", f"{aim:.2f}" if not unit else f"{aim:g}", unit, is_met=round(value, 2) >= aim)


def at_most(value: float, aim: float, unit: str = "") -> str:
    """Return the cell of an aim that is a greatest value, which says so when `value`, as it is printed, misses it."""
    return _aim("≤", f"{aim:g}", unit, is_met=float(f"{value:.3g}") <= aim)


def _aim(sign: str, aim: str, unit: str, *, is_met: bool) -> str:
    return " ".join(filter(None, (sign, aim, unit))) + ("" if is_met else " (missed)")


def show(rows: Sequence[Row], title: str) -> None:
    """Print the table."""
    table = Table(title=title, title_justify="left", padding=(0, 1, 0, 0), box=rich.box.SIMPLE_HEAD)
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in {"What", "Who", "ratio", "aim"} else "right", no_wrap=True)
    for row, is_new in _with_news(rows):
        if is_new:
            table.add_section()
        table.add_row(row.what if is_new else "", *row.cells()[1:])
    console = Console()
    console.width = max(console.width, console.measure(table, options=console.options.update_width(1_000)).maximum)
    console.print(table)


def insert(page: Path, name: str, rows: Sequence[Row], title: str) -> None:
    """Replace what stands between the markers `name` of a Markdown page by the table. Raises ValueError."""
    lines = [title, "", f"| {' | '.join(COLUMNS)} |", "|---|---|--:|--:|--:|--:|---|---|"]
    lines += [f"| {' | '.join((row.what if new else '', *row.cells()[1:]))} |" for row, new in _with_news(rows)]
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text, found = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _: "\n".join([begin, *lines, end]),
        page.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    if not found:
        raise ValueError(f"{page} has no markers for {name!r}.")
    page.write_text(text, encoding="utf-8")


def _with_news(rows: Sequence[Row]) -> list[tuple[Row, bool]]:
    """Return each row with whether it begins a new section."""
    before = [None, *(row.what for row in rows)]
    return [(row, row.what != what) for row, what in zip(rows, before, strict=False)]


def _number(value: float) -> str:
    """Return three digits that count: 0.123, 1.23, 12.3, 1,234."""
    for least, form in ((100, ",.0f"), (10, ".1f"), (1, ".2f")):
        if abs(value) >= least:
            return format(value, form)
    return format(value, ".3f")
