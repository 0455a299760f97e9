"""A line plot as SVG, with nothing but text: points over the sizes 1, 10, 30, …, all lines relative to their first."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 380, 60, 250, 40, 50
_COLOURS = ("#0b62a4", "#c0392b", "#2e7d32", "#8e44ad", "#b7791f")


def growth_svg(title: str, articles: Sequence[int], lines: Mapping[str, Sequence[float]], aim: float) -> str:
    """Return the plot: `lines` gives one value for each number of `articles`; `aim` is drawn as a dashed line."""
    relative = {name: [value / values[0] for value in values] for name, values in lines.items()}
    top = max(aim, *(value for values in relative.values() for value in values)) * 1.1
    across = [_LEFT + (_WIDTH - _LEFT - _RIGHT) * _share(articles, count) for count in articles]

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top

    parts = [_text(_LEFT, 22, title, weight="bold")]
    parts += [_tick(y(value), f"{value:g} ×") for value in _ticks(top)]
    parts += [_text(x, _HEIGHT - 25, f"{count:,}", anchor="middle") for x, count in zip(across, articles, strict=True)]
    parts.append(_text(_LEFT, _HEIGHT - 8, "articles (logarithmic); everything relative to the smallest"))
    parts.append(_line([_LEFT, across[-1]], [y(aim)] * 2, "#777", dashed=True))
    parts.append(_text(_LEFT + 6, y(aim) - 6, f"aim: {aim:g} ×", colour="#777"))
    for place, (name, values) in enumerate(relative.items()):
        colour = _COLOURS[place % len(_COLOURS)]
        parts.append(_line(across, [y(value) for value in values], colour))
        parts.append(_text(_WIDTH - _RIGHT + 20, _TOP + 20 * place, f"— {name}: {values[-1]:.2f} ×", colour=colour))
    return _svg(title, parts)


def _svg(title: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif"'
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    lines = [f'{head} font-size="12" role="img">', f"<title>{html.escape(title)}</title>", background, *parts, "</svg>"]
    return "\n".join(lines) + "\n"


def _share(articles: Sequence[int], count: int) -> float:
    """Return where `count` stands between the least and the most, by their logarithms."""
    return math.log(count / articles[0]) / (math.log(articles[-1] / articles[0]) or 1)


def _ticks(top: float) -> list[float]:
    step = next(step for step in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100) if top / step <= 8)  # noqa: PLR2004 - lines
    return [step * number for number in range(int(top / step) + 1)]


def _tick(y: float, label: str) -> str:
    return _line([_LEFT, _WIDTH - _RIGHT], [y, y], "#e5e5e5") + _text(_LEFT - 8, y + 4, label, anchor="end")


def _line(xs: Sequence[float], ys: Sequence[float], colour: str, *, dashed: bool = False) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    dashes = ' stroke-dasharray="6 4"' if dashed else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#222", weight: str = "normal") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}" font-weight="{weight}">{html.escape(text)}</text>'
