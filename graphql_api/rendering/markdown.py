"""Markdown: the dialect of answers, and the marks that keep formulas out of the parser's sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyromark import Markdown, Options

from graphql_api.rendering.formulas import Kind, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKDOWN = Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM,  # > [!NOTE]
)
MARK_START, MARK_END = "\U000f0000", "\U000f0001"  # private use: around the number of a formula
MARK = re.compile(f"{MARK_START}(\\d+){MARK_END}")
_PREFIX_LENGTH = 64  # characters; what a line begins with is no longer, as in `formulas`
_LINE_MARKS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*")


def with_marks(pieces: Sequence[Piece]) -> tuple[str, list[Piece]]:
    """Return the Markdown with a number between marks for each formula, and the formulas that the numbers mean.

    A formula that goes over several lines of a quote loses the marks of the quote.
    """
    formulas: list[Piece] = []
    marked: list[str] = []
    line = ""  # the beginning of the line
    for kind, text in pieces:
        if kind is Kind.INLINE or kind is Kind.BLOCK:
            marked.append(f"{MARK_START}{len(formulas)}{MARK_END}")
            formulas.append(Piece(kind, _without_quote_marks(text, line) if ">" in text and "\n" in text else text))
            continue
        if MARK_START in text or MARK_END in text:
            text = text.replace(MARK_START, "").replace(MARK_END, "")  # noqa: PLW2901 - the same text
        marked.append(text)
        if ">" in text or line:
            line = (text if "\n" in text else line + text)[text.rfind("\n") + 1 :][:_PREFIX_LENGTH]
    return "".join(marked), formulas


def _without_quote_marks(formula: str, line: str) -> str:
    """Return a formula without the ">" that say of its lines in which quotes they are; `line` is what opens it."""
    match = _LINE_MARKS.match(line)
    quotes = match[0].count(">") if match else 0
    return re.sub(rf"\n(?:[ \t]*>){{1,{quotes}}}", "\n", formula) if quotes else formula


def without_marks(marked: str, shown: Sequence[str]) -> str:
    """Return the text with what is `shown` for a formula, by its number, in the place of each mark."""
    if MARK_START not in marked:
        return marked
    parts = MARK.split(marked)
    parts[1::2] = [shown[int(number)] for number in parts[1::2]]
    return "".join(parts)
