"""Effects: what the converter cannot say, put into its MathML in the place of the colours that stand for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EFFECT_COLOUR = "01FE"
"""The first half of a colour that stands for an effect; the second half is the effect's number, of two bytes."""

_COLOURED = re.compile(f'<mrow style="color:#{EFFECT_COLOUR}([0-9A-F]{{2}});">')
_TABLE = re.compile(r'<mtable displaystyle="(?:true|false)" scriptlevel="0"')
_TAG = re.compile(r"<(/?)(mtable|mtr|mtd)\b(?: style=\"([^\"]*)\")?")
_SMALL_TABLE = '<mtable displaystyle="false" scriptlevel="1"'
_CELL_PADDING = 0.25  # em, as MathML Core has it (0.5ex)


class Effect(NamedTuple):
    """What the converter cannot say: a style of the part, or of a table that begins it.

    `distances` are the em below each row that asks for some; `is_small` says that the table is of an index's size.
    """

    style: str = ""
    is_small: bool = False
    distances: tuple[tuple[int, float], ...] = ()


def with_effects(mathml: str, effects: Sequence[Effect]) -> str:
    """Return the MathML with each effect in the place of its colour."""
    # From the last one to the first, so that what is still to be done stays where it is.
    for match in reversed(list(_COLOURED.finditer(mathml))):
        number = int(match[1], 16)
        if number < len(effects):
            head, content = mathml[: match.start()], mathml[match.end() :]
            mathml = head + _with_effect(content, effects[number])
    return mathml


def _with_effect(content: str, effect: Effect) -> str:
    """Return what follows a coloured row's opening tag, behind an opening tag with the effect."""
    if effect.is_small:
        content = _TABLE.sub(_SMALL_TABLE, content, count=1)
    if effect.distances:
        content = _with_distances(content, dict(effect.distances))
    return (f'<mrow style="{effect.style}">' if effect.style else "<mrow>") + content


def _with_distances(content: str, distances: Mapping[int, float]) -> str:
    """Return the MathML with more room over the rows of its first table that stand below a distance."""
    written: list[str] = []
    done = depth = 0
    row = -1
    for tag in _TAG.finditer(content):
        closes, name, style = tag.groups()
        if name == "mtable":
            depth += -1 if closes else 1
            if not depth:
                break
        elif name == "mtr" and depth == 1 and not closes:
            row += 1
        elif name == "mtd" and depth == 1 and not closes and row - 1 in distances:
            room = max(distances[row - 1] + _CELL_PADDING, 0)
            written += [content[done : tag.start()], f'<mtd style="{style or ""}padding-top: {room:.4g}em;"']
            done = tag.end()
    return "".join(written) + content[done:]
