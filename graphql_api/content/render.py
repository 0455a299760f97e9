"""Rendering: an answer in every form that the API shows, computed once, when its seed is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.content.escapes import undone_pieces
from graphql_api.content.markdown import MARKDOWN, with_marks
from graphql_api.content.prose import Rendered, render_prose
from graphql_api.content.sanitize import sanitize
from graphql_api.content.writer import Writer
from graphql_api.records import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.content.formulas import Piece


def render_answer(source: str) -> Answer:
    r"""Return the answer as Markdown, sanitised HTML, plain text and headings.

    `source` is the answer as YAML gives it, line breaks written as `\n`. A word of `word_count` is a run of characters
    other than white space. Never raises; linear in the length of the source.
    """
    source = source.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair becomes "?"
    pieces = undone_pieces(source)
    marked, formulas = with_marks(pieces)
    html, text, headings = render_prose(marked, formulas) or render_any(marked, formulas)
    markdown = "".join([piece.text for piece in pieces])
    return Answer(markdown=markdown, html=html, text=text, headings=headings, word_count=len(text.split()))


def render_any(marked: str, formulas: Sequence[Piece]) -> Rendered:
    """Return any answer rendered, the general way; arguments are those of `render_prose`."""
    writer = Writer(formulas)
    writer.write(MARKDOWN.events(marked))
    return Rendered(sanitize("".join(writer.html)), "".join(writer.text), tuple(writer.headings))
