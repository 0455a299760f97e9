r"""Formulas: where an answer's text, code and formulas begin and end.

The one place that draws these borders; escapes are undone and Markdown is rendered along them.
An answer is read as its author wrote it: a line break is a line feed, or a backslash and an `n`.

Formulas are `$…$`, `$$…$$`, `\(…\)` and `\[…\]`. Code comes first, as in CommonMark (0.31, sections 4.5 and 6.1).
Every token is looked at a bounded number of times, so the time is linear in the length of the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a piece of an answer is."""

    TEXT = "TEXT"
    FENCE = "FENCE"
    SPAN = "SPAN"
    INLINE = "INLINE"
    BLOCK = "BLOCK"


class Piece(NamedTuple):
    """A stretch of an answer, with its fences or delimiters; the pieces of an answer joined are the answer."""

    kind: Kind
    text: str

    @property
    def delimiter_width(self) -> int:
        """How many characters a formula's delimiters have, each."""
        return 1 if self.kind is Kind.INLINE and self.text[0] == "$" else 2

    @property
    def latex(self) -> str:
        """The source of a formula without its delimiters and the white space inside them."""
        width = self.delimiter_width
        return self.text[width:-width].strip()


# Every branch starts with a literal, so that the engine skips what cannot start one: three times as fast.
_TOKEN = re.compile(
    r"""
      \n(?:[ \t]*(?:\\n|\n))*[ \t]*    # one line break or several
    | \\n(?:[ \t]*(?:\\n|\n))*[ \t]*
    | \\[()\[\]$]                      # a delimiter, or an escaped character
    | \\\\(?!n)
    | ``* | ~~~~* | \$\$?
    """,
    re.VERBOSE,
)
_CLOSING = {
    "$$": ("$$", Kind.BLOCK),
    "\\(": ("\\)", Kind.INLINE),
    "\\[": ("\\]", Kind.BLOCK),
}
_FENCE_LENGTH = 3
_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_PREFIX_LENGTH = 64  # Longer ones are prose, and looking at them again for each fence would be quadratic.
_TAIL = re.compile(r"[ \t]*(?:\\n|\n|$)")

_NUMBER = re.compile(r"\s*-?\d[\d.,]*(?:\s*\\?%)?\s*")
_LATEX_TEXT = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?")
_LATEX_SIGN = re.compile(r"[\\^_={}]")
_RELATION = re.compile(r"[\\^_={}<>+*/|]")
_SMALL_WORD = re.compile(r"\b(?:an|and|as|at|but|by|for|from|if|in|is|it|nor|of|on|or|per|so|the|than|to|we)\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_PROSE_WORDS = 4
_ITEM = re.compile(r"(?:\\n|\n)[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


def split_pieces(source: str) -> list[Piece]:
    """Return the pieces of an answer in order; joined they are `source`. Never raises; linear in time."""
    if "$" in source or "`" in source or "\\(" in source or "\\[" in source or "~~~" in source:
        return _Scanner(source).pieces()
    return [Piece(Kind.TEXT, source)] if source else []


class _Claim(NamedTuple):
    """The piece that a token opens, and the token after it."""

    kind: Kind
    start: int
    end: int
    next_token: int


class _Scanner:
    """One pass over the tokens of one answer."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = list(_TOKEN.finditer(source))
        self.texts = [token[0] for token in self.tokens]
        self.blank_lines: list[int] = []
        self.runs: defaultdict[int, list[int]] = defaultdict(list)
        for i, text in enumerate(self.texts):
            if text[0] == "`":
                self.runs[len(text)].append(i)
            elif _is_break(text) and text.count("\n") + text.count("\\n") > 1:
                self.blank_lines.append(i)

    def pieces(self) -> list[Piece]:
        """Walk from token to token; what no token claims is text."""
        found: list[Piece] = []
        text_start = i = 0
        while i < len(self.tokens):
            text = self.texts[i]
            claim = None if text[0] == "\n" or text[:2] == "\\n" else self.claim(i)
            if claim is None:
                i += 1
                continue
            if claim.start > text_start:
                found.append(Piece(Kind.TEXT, self.source[text_start : claim.start]))
            found.append(Piece(claim.kind, self.source[claim.start : claim.end]))
            text_start, i = claim.end, claim.next_token
        if text_start < len(self.source):
            found.append(Piece(Kind.TEXT, self.source[text_start:]))
        return found

    def claim(self, i: int) -> _Claim | None:
        """Return the piece that token `i` opens, or None."""
        text = self.texts[i]
        if text[0] in "`~":
            return None if self.is_escaped(i) else self.fence(i) or self.span(i)
        if text == "$":
            return self.dollars(i)
        if text in _CLOSING:
            return self.formula(i, *_CLOSING[text])
        return None

    def is_escaped(self, i: int) -> bool:
        """Say whether a backslash, itself not escaped, stands before token `i`."""
        start = self.tokens[i].start()
        return self.source[start - 1 : start] == "\\" and (i == 0 or self.tokens[i - 1].end() < start)

    def fence(self, i: int) -> _Claim | None:
        """Claim a fenced code block (CommonMark 4.5); without its closing fence it goes to the end."""
        opening = self.tokens[i]
        if len(opening[0]) < _FENCE_LENGTH or not self.opens_line(i):
            return None
        in_info = True
        for j in range(i + 1, len(self.tokens)):
            token, text = self.tokens[j], self.texts[j]
            in_info = in_info and not _is_break(text)
            if in_info and text[0] == "`" == opening[0][0]:
                return None  # An info string holds no backtick: this is a code span.
            if text.startswith(opening[0]) and _is_break(self.texts[j - 1]) and self.closes_line(j):
                return _Claim(Kind.FENCE, opening.start(), token.end(), j + 1)
        return _Claim(Kind.FENCE, opening.start(), len(self.source), len(self.tokens))

    def opens_line(self, i: int) -> bool:
        """Say whether only indentation, quote and list marks stand before token `i` in its line."""
        j = i - 1
        if j >= 0 and not _is_break(self.texts[j]):
            return False
        line_start = self.tokens[j].end() if j >= 0 else 0
        start = self.tokens[i].start()
        return start - line_start <= _PREFIX_LENGTH and _PREFIX.fullmatch(self.source, line_start, start) is not None

    def closes_line(self, j: int) -> bool:
        """Say whether token `j` is all that its line holds."""
        before, token = self.tokens[j - 1], self.tokens[j]
        return not self.source[before.end() : token.start()].strip(" \t>") and bool(
            _TAIL.match(self.source, token.end()),
        )

    def span(self, i: int) -> _Claim | None:
        """Claim a code span (CommonMark 6.1): up to the next run as long, in the same paragraph."""
        runs = self.runs.get(len(self.texts[i]), ()) if self.texts[i][0] == "`" else ()
        k = bisect_right(runs, i)
        if k == len(runs) or self.has_blank_line(i, runs[k]):
            return None
        return _Claim(Kind.SPAN, self.tokens[i].start(), self.tokens[runs[k]].end(), runs[k] + 1)

    def has_blank_line(self, i: int, j: int) -> bool:
        """Say whether a paragraph ends between the tokens `i` and `j`."""
        k = bisect_right(self.blank_lines, i)
        return k < len(self.blank_lines) and self.blank_lines[k] < j

    def formula(self, i: int, closing: str, kind: Kind) -> _Claim | None:
        """Claim a formula whose delimiters mean nothing else; an opening one within starts anew."""
        opening = self.texts[i]
        for j in range(i + 1, len(self.tokens)):
            text = self.texts[j]
            if text == closing:
                return self.formula_between(i, j, kind)
            if text == opening or text[0] == "`":
                return None
        return None

    def formula_between(self, i: int, j: int, kind: Kind) -> _Claim | None:
        start, end = self.tokens[i].end(), self.tokens[j].start()
        body = self.source[start:end]
        if not body.strip() or (self.has_blank_line(i, j) and is_prose(body)):
            return None
        return _Claim(kind, self.tokens[i].start(), self.tokens[j].end(), j + 1)

    def dollars(self, i: int) -> _Claim | None:
        """Claim `$…$` up to the next dollar sign in the paragraph, unless it is money or prose."""
        for j in range(i + 1, len(self.tokens)):
            text = self.texts[j]
            if text == "$":
                body = self.source[self.tokens[i].end() : self.tokens[j].start()]
                after = self.source[self.tokens[j].end() : self.tokens[j].end() + 1]
                return (
                    _Claim(Kind.INLINE, self.tokens[i].start(), self.tokens[j].end(), j + 1)
                    if (is_formula(body, after))
                    else None
                )
            if text in _CLOSING or text[0] == "`" or (self.blank_lines and self.has_blank_line(j - 1, j + 1)):
                return None
        return None


def _is_break(token: str) -> bool:
    return token[0] == "\n" or token.startswith("\\n")


def is_formula(body: str, after: str) -> bool:
    """Say whether what stands between two single dollar signs is a formula; `after` is the next character.

    Money is not: its dollar sign touches a digit, and the next one belongs to another amount.
    """
    if not body.strip() or after.isdigit() or _ITEM.search(body):
        return False
    if _NUMBER.fullmatch(body):
        return True
    if body[0].isspace() != (body[-1].isspace() or body.endswith("\\n")) and not _RELATION.search(body):
        return False
    if not body[0].isdigit():
        return not is_prose(body)
    words = _LATEX_TEXT.sub("", body)
    return not _SMALL_WORD.search(words) and bool(_LATEX_SIGN.search(body) or not _WORD.search(words))


def is_prose(body: str) -> bool:
    """Say whether words outside LaTeX's own text commands make this a sentence."""
    return len(_LONG_WORD.findall(_LATEX_TEXT.sub("", body))) >= _PROSE_WORDS
