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

from graphql_api.rendering.dollars import is_block_formula, is_formula, is_prose
from graphql_api.rendering.table_rows import TableRows


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
_SIGNS = r"""
    | \\[()\[\]$]                      # a delimiter, or an escaped character
    | ``* | ~~~~* | \$\$?
"""
_TOKEN_ESCAPED = re.compile(
    r"""
      \n(?:[ \t]*(?:\\n|\n))*[ \t]*    # one line break or several
    | \\n(?:[ \t]*(?:\\n|\n))*[ \t]*
    | \\\\(?!n)
    """
    + _SIGNS,
    re.VERBOSE,
)
_TOKEN = re.compile(r"\n(?:[ \t]*\n)*[ \t]* | \\\\" + _SIGNS, re.VERBOSE)
_CLOSING = {
    "$$": ("$$", Kind.BLOCK),
    "\\(": ("\\)", Kind.INLINE),
    "\\[": ("\\]", Kind.BLOCK),
}
_FENCE_LENGTH = 3
_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_PREFIX_LENGTH = 64  # Longer ones are prose, and looking at them again for each fence would be quadratic.
_TAIL_ESCAPED = re.compile(r"[ \t]*(?:\\n|\n|$)")
_TAIL = re.compile(r"[ \t]*(?:\n|$)")
_BRACE = re.compile(r"\\[^n]|[{}]")
_TEXT_COMMAND = re.compile(r"\\(?:text[a-z]*|mbox|hbox|ce|pu|tag)\*?\s*\{")
_TRIES_MAX = 8  # Dollar signs within one formula's braces; more would make the time quadratic.


def split_pieces(source: str, *, escapes: bool = True) -> list[Piece]:
    r"""Return the pieces of an answer in order; joined they are `source`. Never raises; linear in time.

    `escapes` says that its line breaks may be written as a backslash and an `n`.
    """
    if "$" in source or "`" in source or "\\(" in source or "\\[" in source or "~~~" in source:
        return _Scanner(source, escapes=escapes).pieces()
    return [Piece(Kind.TEXT, source)] if source else []


class _Claim(NamedTuple):
    """The piece that a token opens, and the token after it."""

    kind: Kind
    start: int
    end: int
    next_token: int


class _Scanner:
    """One pass over the tokens of one answer."""

    def __init__(self, source: str, *, escapes: bool) -> None:
        self.source = source
        self.tokens = list((_TOKEN_ESCAPED if escapes else _TOKEN).finditer(source))
        self.escapes = escapes
        self.tail = _TAIL_ESCAPED if escapes else _TAIL
        self.texts = [token[0] for token in self.tokens]
        self.blank_lines: list[int] = []
        self.tables = TableRows(source, escapes=escapes)
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
            self.tail.match(self.source, token.end()),
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
        if self.texts[i] == "$$" and not is_block_formula(body, self.after(j)):
            return None
        if self.tables.is_cut(self.source, start, end):
            return None
        return _Claim(kind, self.tokens[i].start(), self.tokens[j].end(), j + 1)

    def dollars(self, i: int) -> _Claim | None:
        r"""Claim `$…$` up to the next dollar sign in the paragraph, if `is_formula` says that it is one.

        A dollar sign within the braces of a text (`\text{if $x$}`) closes nothing.
        """
        start = self.tokens[i].end()
        tries = 0
        for j in range(i + 1, len(self.tokens)):
            text = self.texts[j]
            if text == "$":
                body = self.source[start : self.tokens[j].start()]
                if "{" in body and tries < _TRIES_MAX and _TEXT_COMMAND.search(body) and _is_in_braces(body):
                    tries += 1
                    continue
                is_one = is_formula(self.before(i), body, self.after(j)) and not self.tables.is_cut(
                    self.source, start, self.tokens[j].start()
                )
                return _Claim(Kind.INLINE, self.tokens[i].start(), self.tokens[j].end(), j + 1) if is_one else None
            if text in _CLOSING or text[0] == "`" or (self.blank_lines and self.has_blank_line(j - 1, j + 1)):
                return None
        return None

    def before(self, i: int) -> str:
        """Return the last few characters before token `i`, a line feed where an escape stands for the last one."""
        start = self.tokens[i].start()
        if i and self.tokens[i - 1].end() == start and _is_break(self.texts[i - 1]):
            return "\n"
        return (
            "\t" if self.escapes and self.source.endswith("\\t", 0, start) else self.source[max(start - 4, 0) : start]
        )

    def after(self, j: int) -> str:
        """Return the character after token `j`, a line feed where an escape stands for it."""
        end = self.tokens[j].end()
        if j + 1 < len(self.tokens) and self.tokens[j + 1].start() == end and _is_break(self.texts[j + 1]):
            return "\n"
        return self.source[end : end + 1]


def _is_break(token: str) -> bool:
    return token[0] == "\n" or token.startswith("\\n")


def _is_in_braces(body: str) -> bool:
    """Say whether a brace is still open at the end."""
    braces = [brace for brace in _BRACE.findall(body) if len(brace) == 1]
    return braces.count("{") > braces.count("}")
