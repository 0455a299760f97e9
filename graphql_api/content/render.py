"""Rendering: an answer in every form that the API shows, computed once, when its seed is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyromark import Markdown, Options

from graphql_api.content.escapes import undo_escapes_in
from graphql_api.content.formulas import Kind, Piece, split_pieces
from graphql_api.content.sanitize import sanitize
from graphql_api.content.writer import MARK_END, MARK_START, Writer
from graphql_api.records import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAD_LENGTH = 1_001  # characters: one more than the longest excerpt, so that its reader knows that something follows

_MARKDOWN = Markdown(
    options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS,
)


def render_answer(source: str) -> Answer:
    r"""Return the answer as Markdown, sanitised HTML, plain text and headings.

    `source` is the answer as YAML gives it, line breaks written as `\n`. A word of `word_count` is a run of characters
    other than white space. Never raises; linear in the length of the source.
    """
    source = source.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair becomes "?"
    pieces = undo_escapes_in(split_pieces(source))
    formulas: list[Piece] = []
    marked = _with_marks(pieces, formulas)
    writer = Writer(formulas)
    writer.write(_MARKDOWN.events(marked))
    text = "".join(writer.text)
    return Answer(
        markdown="".join(piece.text for piece in pieces),
        html=sanitize("".join(writer.html)),
        text=text,
        headings=tuple(writer.headings),
        word_count=len(text.split()),
    )


def _with_marks(pieces: Sequence[Piece], formulas: list[Piece]) -> str:
    """Return the Markdown with a number between marks for each formula, so that its LaTeX is not read as Markdown."""
    marked: list[str] = []
    for piece in pieces:
        if piece.kind is Kind.INLINE or piece.kind is Kind.BLOCK:
            marked.append(f"{MARK_START}{len(formulas)}{MARK_END}")
            formulas.append(piece)
        elif MARK_START in piece.text or MARK_END in piece.text:
            marked.append(piece.text.replace(MARK_START, "").replace(MARK_END, ""))
        else:
            marked.append(piece.text)
    return "".join(marked)


def lead(text: str) -> str:
    """Return the first 1,001 characters of `text` with each run of white space as one space."""
    return " ".join(text.split(maxsplit=LEAD_LENGTH)[:LEAD_LENGTH])[:LEAD_LENGTH]
