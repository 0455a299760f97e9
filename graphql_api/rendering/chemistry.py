r"""Chemistry: the formulas and equations of `\ce`, as LaTeX.

The notation is mhchem's (version 4, mhchem.github.io/MathJax-mhchem). One pass from left to right: what a sign means is
decided by what stands right before it (an atom, or the beginning of a term) and right behind it.
"""

from __future__ import annotations

import re
from typing import Final

from graphql_api.rendering.latex_tokens import UnbalancedError

_ARROWS: Final = {
    "<-->": "",  # the converter has no long one
    "<=>>": r"\xrightleftharpoons",
    "<<=>": r"\xleftrightharpoons",
    "<->": r"\xleftrightarrow",
    "↔": r"\xleftrightarrow",
    "<=>": r"\xrightleftharpoons",
    "⇌": r"\xrightleftharpoons",
    "->": r"\xrightarrow",
    "→": r"\xrightarrow",
    "⟶": r"\xrightarrow",
    "<-": r"\xleftarrow",
}
_BONDS: Final = {
    "-": "{-}",
    "1": "{-}",
    "=": "{=}",
    "2": "{=}",
    "#": "{\\equiv}",
    "3": "{\\equiv}",
    "~": "{\\sim}",
    "~-": "{\\simeq}",
    "~--": "{\\cong}",
    "~=": "{\\cong}",
    "-~-": "{\\cong}",
    "...": "{\\cdots}",
    "....": "{\\cdots}",
    "->": "{\\rightarrow}",
    "<-": "{\\leftarrow}",
}
_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<arrow><--?>|<=>>?|<<=>|->|<-|→|⇌|⟶|↔)
    | (?P<state>\((?:aq|s|l|g|cr|am|vit|mon|n|sln|ads|lc|fl|cd|f|gl)(?:,[^()]*)?\))
    | (?P<sign>\([v^]\))
    | (?P<math>\$[^$]*\$)
    | (?P<bond>\\bond\s*\{(?P<kind>[^{}]*)\})
    | (?P<command>\\(?:[A-Za-z]+|.))
    | (?P<script>[_^])
    | (?P<word>[^\W\d_]+)
    | (?P<number>\d+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_AMOUNT = re.compile(
    r"""\s*(?:
      (?P<over>\d+)/(?P<under>\d+)(?![/\d])
    | (?P<number>\d+(?:[.,]\d+)?(?![\d/]))?(?P<variable>[a-z](?=\s*[A-Z(\[]|\s+\\?[A-Z(\[$])|)(?=\s*\S)
    )\s*""",
    re.VERBOSE,
)
_SCRIPT = re.compile(
    r"\s*(?:(?P<math>\$[^$]*\$)|(?P<command>\\[A-Za-z]+)|(?P<plain>[+-]?\d+[+-]?|[a-z][+-]?|[A-Z]|\S))"
)
_IN_SCRIPT = re.compile(r"(\$[^$]*\$)|(\\[A-Za-z]+|\\.)|([^\W\d_]+)|(\d+(?:[.,]\d+)?)|(.)", re.DOTALL)


def chemistry_latex(source: str) -> str:
    r"""Return the argument of `\ce` as LaTeX; raises UnbalancedError where a bracket is never closed."""
    return _Equation(source).latex()


class _Equation:
    r"""One argument of `\ce` on its way."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.has_base = False  # Something that an index belongs to stands right before.
        self.free: frozenset[str] = frozenset()  # Which of "_" and "^" it has not yet.
        self.is_start = True  # A term begins: a number is an amount.

    def latex(self) -> str:
        """Read all of it."""
        while self.at < len(self.source):
            if self.is_start:
                self.read_amount()
            match = _TOKEN.match(self.source, self.at)
            if match is None:
                break
            self.at = match.end()
            self.read(match)
        return "".join(self.parts)

    def read_amount(self) -> None:
        """Read how many of what follows there are."""
        self.is_start = self.has_base = False
        self.free = frozenset()
        match = _AMOUNT.match(self.source, self.at)
        if match is None or match.end() >= len(self.source):
            return
        if match["over"]:
            self.parts.append(rf"\tfrac{{{match['over']}}}{{{match['under']}}}\,")
        elif match["number"] or match["variable"]:
            number = (match["number"] or "").replace(",", "{,}")
            self.parts.append(number + (match["variable"] or "") + "\\,")
        self.at = match.end()

    def read(self, match: re.Match[str]) -> None:
        """Read one token."""
        kind, text = match.lastgroup or "", match[0]
        if match["bond"]:
            self.put(_BONDS.get(match["kind"].strip(), "{-}"))
        elif kind in {"blank", "arrow"}:
            self.read_between(text)
        elif kind == "state":
            self.put(rf"\,\mathrm{{{text}}}" if "$" not in text else rf"\,({self.inner(text[1:-1])})", base=True)
        elif kind == "sign":
            self.put(r"\uparrow " if "^" in text else r"\downarrow ")
        elif kind == "math":
            self.put("{" + text[1:-1] + "}", base=True)
        elif kind == "command":
            self.put(r"{\sim}" if text == r"\ca" else text + self.raw_arguments() + " ", base=text != r"\ca")
        elif kind == "script":
            self.read_script(text)
        elif kind == "word":
            self.put(rf"\mathrm{{{text}}}", base=True)
        elif kind == "number":
            self.read_number(text)
        else:
            self.read_other(text)

    def read_between(self, text: str) -> None:
        """Read what ends a formula: white space or an arrow."""
        if text.isspace():
            self.read_blank()
        else:
            self.read_arrow(text)

    def read_number(self, digits: str) -> None:
        """Read a number: how many there are of what stands right before."""
        if not self.has_base:
            self.put(digits, base=True)
            return
        if self.parts[-1][0] == "^":
            self.free = frozenset()
        self.index("_", digits)

    def put(self, latex: str, *, base: bool = False) -> None:
        """Write something; with `base`, an index may follow it."""
        self.parts.append(latex)
        self.has_base = base
        self.free = frozenset("_^" if base else "")

    def read_blank(self) -> None:
        """Read white space: around an operator, before an arrow up or down, or between two formulas."""
        ahead = self.source[self.at : self.at + 2]
        if ahead[:1] in {"v", "^"} and not ahead[1:].strip():
            self.at += 1
            self.put(r"\,\uparrow " if ahead[0] == "^" else r"\,\downarrow ")
        elif ahead[:1] in {"+", "-", "="} and not ahead[1:].strip():
            self.at += len(ahead)
            self.put(f" {ahead[0]} ")
            self.is_start = True
        elif ahead[:1] in {"*", "."} and ahead[1:2] != ".":
            self.at += 1
            self.put(r"\cdot ")
            self.is_start = True
        elif ahead[:1] not in {"", "(", "<"} and ahead not in {"->", "<-"} and self.parts:
            self.put("\\ ")
            self.is_start = ahead[0].isdigit()
        self.has_base, self.free = False, frozenset()

    def read_arrow(self, text: str) -> None:
        """Read an arrow, and what stands over and under it."""
        above, below = self.option(), self.option()
        over, under = self.inner(above or ""), self.inner(below or "")
        if text == "<-->":
            self.put(
                rf"\underset{{{under}}}{{\overset{{{over}}}{{\rightleftarrows}}}} " if above else r"\rightleftarrows "
            )
        else:
            self.put(f" {_ARROWS[text]}[{under}]{{{over}}} " if under else f" {_ARROWS[text]}{{{over}}} ")
        self.is_start = True

    def read_script(self, mark: str) -> None:
        """Read an index or a charge; before an atom, it is that of an isotope."""
        rest = self.source[self.at : self.at + 1]
        if mark == "^" and not rest.strip():
            self.put(r"\uparrow ")
            return
        if rest == "{":
            content = _script(self.balanced("{", "}"), is_upper=mark == "^")
        else:
            match = _SCRIPT.match(self.source, self.at)
            if match is None:
                return
            self.at = match.end()
            content = _script(match[0].strip(), is_upper=mark == "^")
        self.index(mark, content)

    def index(self, mark: str, content: str) -> None:
        """Write an index or a charge, of nothing where what stands before has one already."""
        if mark not in self.free:
            self.parts.append("{}")
            self.free = frozenset("_^")
        self.parts.append(f"{mark}{{{content}}}")
        self.free -= {mark}

    def read_other(self, sign: str) -> None:
        """Read a sign."""
        ahead = self.source[self.at : self.at + 1]
        if sign in "+-" and self.has_base and (not ahead or ahead.isspace() or ahead in ")]},;/"):
            self.index("^", sign)
        elif sign in "-=#" and self.has_base:
            self.put(_BONDS[sign])
        elif sign in "*.•·" and self.parts:
            is_radical = sign in ".•" and not (ahead.isalnum() or ahead.isspace() or ahead in "([")
            self.put(r"\bullet " if is_radical else r"\cdot ")
            self.is_start = not is_radical
        elif sign == "{":
            self.at -= 1
            self.put(rf"\text{{{self.balanced('{', '}')}}}", base=True)
        elif sign == "+":
            self.put(" + ")
            self.is_start = True
        elif sign == "#":
            self.put(r"{\equiv}")
        else:
            self.put({"%": r"\%", "&": r"\&", "}": r"\}"}.get(sign, sign), base=sign in ")]'|")

    def balanced(self, opening: str, closing: str) -> str:
        """Return what stands between the brackets that begin here."""
        depth = 0
        for i in range(self.at, len(self.source)):
            depth += (self.source[i] == opening) - (self.source[i] == closing)
            if not depth:
                inner, self.at = self.source[self.at + 1 : i], i + 1
                return inner
        raise UnbalancedError

    def option(self) -> str | None:
        """Return what stands in brackets right here, None without any."""
        return self.balanced("[", "]") if self.source[self.at : self.at + 1] == "[" else None

    def raw_arguments(self) -> str:
        """Return the groups right behind a command, as they are."""
        groups = ""
        while self.source[self.at : self.at + 1] == "{":
            groups += "{" + self.balanced("{", "}") + "}"
        return groups

    def inner(self, source: str) -> str:
        """Return a part of the equation that is one of its own."""
        return _Equation(source).latex()


def _script(content: str, *, is_upper: bool) -> str:
    """Return the content of an index: one small letter is a variable, more are a name."""
    if is_upper and content in {"x", ".", "*"}:
        return {"x": r"\times ", ".": r"\bullet ", "*": "*"}[content]
    parts: list[str] = []
    for math, command, word, number, other in _IN_SCRIPT.findall(content):
        if math:
            parts.append("{" + math[1:-1] + "}")
        elif command:
            parts.append(command + " ")
        elif word:
            parts.append(word if len(word) == 1 and word.islower() else rf"\mathrm{{{word}}}")
        elif number:
            parts.append(number)
        elif other == ".":
            parts.append(r"\bullet ")
        else:
            parts.append({"%": r"\%", "&": r"\&", "#": r"\#"}.get(other, other))
    return "".join(parts)
