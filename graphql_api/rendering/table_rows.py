"""Rows: where the tables of an answer have their rows, so that no formula goes from one cell to another.

A table is GitHub's (GFM 4.10): a line of heads, a line of dashes, and lines up to an empty one. Its cells end at each
"|" without a backslash. A row with more of them than its table has columns has some in formulas, as `$|x|$`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

# A command of a formula is no line end (`\neg`), though it begins like one.
_LINE_END_ESCAPED = re.compile(
    r"""\n | \\n(?!(?:abla|cong|e|eq|eg|earrow|exists|geq?|gtr|i|leq?|less|mid|ot|otin|parallel|prec|rightarrow|sim
        |subset|subseteq|succ|supset|u|warrow|vdash|vDash)(?![A-Za-z]))""",
    re.VERBOSE,
)
_LINE_END = re.compile(r"\n")
_DASHES = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BORDER = re.compile(r"(?<!\\)\|")
_LOOSE_BORDER = re.compile(r"(?<!\\)(?:\A|\s)\|(?:\s|\Z)")
_QUOTE = re.compile(r"[ \t>]*")


class Row(NamedTuple):
    """Where one row begins and ends, and whether it has more borders than its table has columns."""

    start: int
    end: int
    has_more: bool


class TableRows:
    """The rows of an answer's tables."""

    def __init__(self, source: str, *, escapes: bool) -> None:
        """Find them; linear in the length of the source."""
        self.rows = (
            _rows(source, _LINE_END_ESCAPED if escapes else _LINE_END) if "|" in source and "-" in source else []
        )
        self.starts = [row.start for row in self.rows]

    def is_cut(self, source: str, start: int, end: int) -> bool:
        """Say whether a cell or a row ends between two places."""
        if not self.rows:
            return False
        i = bisect_right(self.starts, start) - 1
        if i + 1 < len(self.rows) and self.starts[i + 1] < end:
            return True
        if i < 0 or self.rows[i].end <= start:
            return False
        row, body = self.rows[i], source[start:end]
        if end > row.end:
            return True
        return bool(_LOOSE_BORDER.search(body) if row.has_more else _BORDER.search(body))


def _rows(source: str, line_end: re.Pattern[str]) -> list[Row]:
    lines: list[tuple[int, int]] = []
    start = 0
    for match in line_end.finditer(source):
        lines.append((start, match.start()))
        start = match.end()
    lines.append((start, len(source)))
    rows: list[Row] = []
    columns = 0
    for i, (start, end) in enumerate(lines):
        line = source[start:end]
        if columns:
            if not _QUOTE.sub("", line, count=1):
                columns = 0
            else:
                rows.append(Row(start, end, _cells(line) > columns))
        elif i and "-" in line and "|" in line and _DASHES.fullmatch(line):
            columns = _cells(line)
            head_start, head_end = lines[i - 1]
            rows.append(Row(head_start, head_end, _cells(source[head_start:head_end]) > columns))
    return rows


def _cells(line: str) -> int:
    inner = _QUOTE.sub("", line, count=1).rstrip()
    return len(_BORDER.findall(inner.removeprefix("|"))) + (not inner.endswith("|"))
