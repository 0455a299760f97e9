"""Bars as SVG, with nothing but text: how many requests a second each server answered, from the rows of the table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.results import Row

_WIDTH, _LEFT, _RIGHT, _BAR, _TOP = 760, 230, 90, 20, 40
_OURS, _OTHER = "#0b62a4", "#b0b7bf"


def bars_svg(rows: Sequence[Row], whats: Sequence[str]) -> str:
    """Return a plot of the rows under load that are about one of `whats`; all bars are on one scale."""
    shown = [(what, [row for row in rows if row.what == what and row.rate]) for what in whats]
    most = max((row.rate for _, group in shown for row in group), default=1.0)
    parts, y = [], _TOP
    for what, group in shown:
        parts.append(_text(10, y, what, weight="bold"))
        for row in group:
            y += _BAR
            width = (_WIDTH - _LEFT - _RIGHT) * row.rate / most
            colour = _OURS if row.who.startswith("this server") else _OTHER
            parts.append(_text(_LEFT - 8, y, row.who, anchor="end"))
            parts.append(f'<rect x="{_LEFT}" y="{y - 12}" width="{width:.1f}" height="{_BAR - 5}" fill="{colour}"/>')
            parts.append(_text(round(_LEFT + width + 6), y, row.median))
        y += 2 * _BAR
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" font-family="sans-serif"'
    title = "Requests a second on one core"
    return "\n".join(
        [
            f'{head} font-size="12" role="img">',
            f"<title>{title}</title>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            _text(10, 18, title, weight="bold"),
            *parts,
            "</svg>\n",
        ]
    )


def _text(x: int, y: int, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    return f'<text {place} fill="#222" font-weight="{weight}">{html.escape(text)}</text>'
