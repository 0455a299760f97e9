r"""Tokens: LaTeX taken apart as TeX does: commands, escaped characters, white space, and single characters.

Reading is by one `Reader` that moves on; nothing is read twice, so time is linear in the length of the formula.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|[^\\]|\\", re.DOTALL)
_DISTANCE = re.compile(r"\[\s*(?P<number>[+-]?\s*(?:\d+\.?\d*|\.\d+))\s*(?P<unit>[a-z]{2})\s*\]")
_EMS = {
    "em": 1.0,
    "ex": 0.431,
    "mu": 1 / 18,
    "pt": 0.1,
    "bp": 0.1004,
    "pc": 1.2,
    "mm": 0.2845,
    "cm": 2.845,
    "in": 7.227,
    "dd": 0.107,
    "cc": 1.284,
    "sp": 0.0,
}


class UnbalancedError(ValueError):
    """A group that is never closed, or an argument that is missing."""


class Reader:
    """The tokens of one formula, read from left to right."""

    def __init__(self, latex: str) -> None:
        """Take the formula apart."""
        self._tokens = _TOKEN.findall(latex)
        self._at = 0

    @property
    def next(self) -> str:
        """The next token; "" at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self) -> str:
        """Return the next token and move on; "" at the end."""
        sign = self.next
        self._at += 1
        return sign

    def skip_blanks(self) -> None:
        """Move on to what is not white space."""
        if self.next.isspace():
            self._at += 1

    def rest_starts_with(self, text: str) -> bool:
        """Say whether `text`, of single characters, comes next."""
        return self._tokens[self._at : self._at + len(text)] == list(text)

    def argument(self) -> str:
        """Return an argument as it is written, without its braces: a group or one token.

        Raises UnbalancedError without any.
        """
        self.skip_blanks()
        sign = self.take()
        if sign != "{":
            if sign in {"", "}"}:
                raise UnbalancedError
            return sign
        parts: list[str] = []
        depth = 1
        while True:
            sign = self.take()
            if not sign:
                raise UnbalancedError
            depth += (sign == "{") - (sign == "}")
            if not depth:
                return "".join(parts)
            parts.append(sign)

    def option(self) -> str | None:
        """Return what stands between the brackets that come next, None without any; raises UnbalancedError."""
        if self.next != "[":
            return None
        self.take()
        parts: list[str] = []
        while self.next != "]":
            if not self.next:
                raise UnbalancedError
            parts.append(self.take())
        self.take()
        return "".join(parts)

    def distance(self) -> float | None:
        r"""Return how many em the distance behind a row break asks for (`\\[2pt]`), None without one."""
        if self.next != "[":
            return None
        start = self._at
        ahead = "".join(self._tokens[start : start + 24])
        match = _DISTANCE.match(ahead)
        if match is None or match["unit"] not in _EMS:
            return None
        while self.take() != "]":
            pass
        return float(match["number"].replace(" ", "")) * _EMS[match["unit"]]

    def is_at(self, *tokens: str) -> bool:
        """Say whether the next token is one of these."""
        return self.next in tokens
