r"""Rewriting: LaTeX as KaTeX reads it, in the commands that the converter (math-core) has.

What it cannot say at all, sizes, lines and the distance of rows, is said by an effect: the part is given a colour that
stands for the effect's number, and `mathml_effects` puts the effect in the colour's place.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from graphql_api.rendering import latex_words as words
from graphql_api.rendering.latex_functions import FUNCTIONS, fraction, tag_as_text, text
from graphql_api.rendering.latex_tables import Table
from graphql_api.rendering.latex_tokens import Reader, UnbalancedError
from graphql_api.rendering.mathml_effects import EFFECT_COLOUR, Effect

_BREAKS = frozenset((r"\\", r"\cr", r"\newline"))
_STOPS = _BREAKS | {"", "&", "}", r"\end", r"\right"}
_COMMENT = re.compile(r"(\\.)|%[^\n]*\n?", re.DOTALL)
_POSITIONS = frozenset("tcb")
_EFFECTS_MAX = 256


class Rewritten(NamedTuple):
    """A formula in the converter's LaTeX, and the effects that its colours stand for."""

    latex: str
    effects: tuple[Effect, ...]


def rewritten(latex: str, *, is_block: bool) -> Rewritten | None:
    """Return a formula in the converter's LaTeX, or None if it is not well formed. Never raises; linear in time."""
    rewriter = Rewriter(_COMMENT.sub(r"\1", latex) if "%" in latex else latex)
    try:
        return Rewritten(rewriter.formula(is_block=is_block), tuple(rewriter.effects))
    except UnbalancedError:
        return None


class Rewriter:
    """One formula on its way; each method reads what it names and returns it rewritten."""

    def __init__(self, latex: str) -> None:
        """Begin at its first token."""
        self.reader: Reader = Reader(latex)
        self.effects: list[Effect] = []
        self.tag: str | None = None
        self.numbered = [False]

    def formula(self, *, is_block: bool) -> str:
        """Return the whole formula: rows where it breaks, and its tag beside them."""
        body = self.lines("", "gathered" if is_block else "array")
        if self.tag is None:
            return body
        if is_block:
            return rf"\begin{{equation*}}{body}{self.tag}\end{{equation*}}"
        return body + r"\quad " + re.sub(r"\\tag(\*?)\{(.*)\}", tag_as_text, self.tag, flags=re.DOTALL)

    def lines(self, stop: str, environment: str = "array") -> str:
        r"""Return what stands up to `stop`, in `environment` if a row breaks outside any (KaTeX breaks the line)."""
        table = self.table(stop)
        if len(table.rows) == 1 and (len(table.rows[0]) == 1 or stop):
            return table.body
        rows = [row for row in table.rows if any(cell.strip() for cell in row)]
        if len(rows) == len(table.rows) or table.distances:
            rows = table.rows
        if len(rows) < 2 and max(map(len, rows), default=0) < 2:  # noqa: PLR2004 - one row of one cell
            return "".join(map("".join, rows))
        table = Table(rows, table.distances)
        if environment == "gathered" and table.width > 1:
            environment = "aligned"
        columns = "{" + ("rl" * table.width)[: table.width] + "}" if table.width > 1 else "{l}"
        return self.environment(environment, columns if environment == "array" else "", table)

    def table(self, stop: str) -> Table:
        """Read cells and rows up to `stop`, which is taken; a last row with nothing in it is none."""
        rows: list[list[str]] = [[]]
        distances: list[tuple[int, float]] = []
        while True:
            rows[-1].append(self.cell())
            sign = self.reader.take()
            if sign in _BREAKS:
                if self.reader.next == "*":
                    self.reader.take()
                if (distance := self.reader.distance()) is not None:
                    distances.append((len(rows) - 1, distance))
                rows.append([])
            elif sign == stop:
                break
            elif sign != "&":
                raise UnbalancedError
        if len(rows) > 1 and not "".join(rows[-1]).strip():
            rows.pop()
        return Table(rows, tuple(one for one in distances if one[0] < len(rows) - 1))

    def cell(self) -> str:
        """Return what stands up to the end of a cell, row or group."""
        parts: list[str] = []
        opened = 0
        while (sign := self.reader.next) not in _STOPS:
            self.reader.take()
            if sign == "{":
                parts.append("{" + self.lines("}") + "}")
            elif sign in words.SIZES:
                parts.append(self.opened(Effect(f"font-size:{words.SIZES[sign]}em")))
                opened += 1
            elif sign == r"\above":
                return fraction(self, "".join(parts) + "}" * opened)
            elif sign[0] == "\\":
                parts.append(self.command(sign))
            else:
                parts.append(sign)
        return "".join(parts) + "}" * opened

    def command(self, name: str) -> str:
        """Return a command with those of its arguments that are read in a way of their own."""
        if name == r"\begin":
            return self.begin()
        if name == r"\left":
            return self.left()
        if name in FUNCTIONS:
            return FUNCTIONS[name](self, name)
        if name in words.TEXT:
            return text(self, words.TEXT[name])
        if name in words.LINES:
            return self.opened(Effect(words.LINES[name])) + self.nested(self.reader.argument()) + "}"
        if name in words.PLAIN and self.reader.next == "{":
            self.reader.take()
            return self.environment(words.PLAIN[name], "", self.table("}"))
        if name in words.SIZED and (angle := words.ANGLES.get(self.reader.next)):
            self.reader.take()
            return f"{name}{angle} "
        if name in words.RENAMED:
            return words.RENAMED[name]
        if self.reader.next == "*" and name[1:].isalpha() and name not in words.STARRED:
            return name + " "
        return name

    def opened(self, effect: Effect) -> str:
        """Return the beginning of a group with an effect."""
        if len(self.effects) >= _EFFECTS_MAX:
            raise UnbalancedError
        self.effects.append(effect)
        return rf"{{\color[HTML]{{{EFFECT_COLOUR}{len(self.effects) - 1:02X}}}"

    def nested(self, latex: str) -> str:
        """Return another formula, or a part that has been read as it is written, rewritten."""
        outer, self.reader = self.reader, Reader(latex)
        try:
            return self.lines("")
        finally:
            self.reader = outer

    def environment(self, name: str, columns: str, table: Table, *, is_small: bool = False) -> str:
        """Return an environment of the converter's."""
        written = rf"\begin{{{name}}}{columns}{table.body}\end{{{name}}}"
        if not is_small and not table.distances:
            return written
        return self.opened(Effect(is_small=is_small, distances=table.distances)) + written + "}"

    def begin(self) -> str:
        """Read an environment, arguments and rows."""
        name = self.reader.argument()
        if name in words.FENCES:
            return self.matrix(name)
        columns = ""
        if name in words.COUNTED:
            self.reader.argument()
        elif self.reader.next == "[" and name not in {"cases", "matrix"}:
            self.position()
        if name in words.COLUMNED:
            columns = "{" + self.reader.argument() + "}"
        elif name.startswith("eqnarray"):
            columns = "{rcl}"
        self.numbered.append(name in words.NUMBERED)
        table = self.table(r"\end")
        self.numbered.pop()
        if self.reader.argument() != name:
            raise UnbalancedError
        if name in {"math", "displaymath"}:
            return "{" + table.body + "}"
        target = words.ENVIRONMENTS.get(name, name)
        return self.environment(target, columns, table, is_small=name in words.SMALL)

    def position(self) -> None:
        """Leave out where an environment stands on its line (`[t]`); what else is in brackets is content."""
        if any(self.reader.rest_starts_with(f"[{position}]") for position in _POSITIONS):
            self.reader.option()

    def matrix(self, name: str) -> str:
        """Read a matrix whose columns are all aligned alike (`pmatrix*`)."""
        side = (self.reader.option() or "c").strip()
        self.numbered.append(False)
        table = self.table(r"\end")
        self.numbered.pop()
        if self.reader.argument() != name or side not in {"l", "c", "r"}:
            raise UnbalancedError
        opening, closing = words.FENCES[name]
        inner = self.environment("array", "{" + side * table.width + "}", table)
        return rf"\left{opening}{inner}\right{closing}"

    def left(self) -> str:
        r"""Read from `\left` to its `\right`."""
        self.reader.skip_blanks()
        opening = self.fence()
        inner = self.lines(r"\right")
        self.reader.skip_blanks()
        closing = self.fence()
        if not opening or not closing:
            raise UnbalancedError
        return rf"\left{opening} {inner}\right{closing}" + " " * closing[1:].isalpha()

    def fence(self) -> str:
        """Read one bracket; "<" and ">" are angles there."""
        sign = self.reader.take()
        return words.ANGLES.get(sign, sign)
