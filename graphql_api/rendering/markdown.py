"""Markdown: the dialect of answers, and the marks that keep formulas out of the parser's sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyromark import Markdown, Options

from graphql_api.rendering.formulas import Kind, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKDOWN = Markdown(
    options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS,
)
MARK_START, MARK_END = "\U000f0000", "\U000f0001"  # private use: around the number of a formula
MARK = re.compile(f"{MARK_START}(\\d+){MARK_END}")


def with_marks(pieces: Sequence[Piece]) -> tuple[str, list[Piece]]:
    """Return the Markdown with a number between marks for each formula, and the formulas that the numbers mean."""
    formulas: list[Piece] = []
    marked: list[str] = []
    for kind, text in pieces:
        if kind is Kind.INLINE or kind is Kind.BLOCK:
            marked.append(f"{MARK_START}{len(formulas)}{MARK_END}")
            formulas.append(Piece(kind, text))
        elif MARK_START in text or MARK_END in text:
            marked.append(text.replace(MARK_START, "").replace(MARK_END, ""))
        else:
            marked.append(text)
    return "".join(marked), formulas


def without_marks(marked: str, shown: Sequence[str]) -> str:
    """Return the text with what is `shown` for a formula, by its number, in the place of each mark."""
    if MARK_START not in marked:
        return marked
    parts = MARK.split(marked)
    parts[1::2] = [shown[int(number)] for number in parts[1::2]]
    return "".join(parts)
