"""Rendering: an answer in every form that the API shows, computed once, when its seed is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.records import Answer
from graphql_api.rendering.entry_links import entry_links, with_addresses
from graphql_api.rendering.escapes import pieces_of, undone_pieces
from graphql_api.rendering.markdown import MARKDOWN, with_marks
from graphql_api.rendering.prose import Rendered, render_prose
from graphql_api.rendering.sanitize import sanitize
from graphql_api.rendering.words import count_words
from graphql_api.rendering.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.rendering.formulas import Piece

LEAD_CHARACTERS = 1001
"""What the longest excerpt needs, and one more to know that something follows."""
_LEAD_WORDS = 200  # as many as nearly always have so many characters


def render_answer(source: str) -> Answer:
    """Return one answer, rendered as `render_answers` renders several."""
    return render_answers([source])[0]


def render_answers(
    sources: Sequence[str], escapes: Sequence[bool] | None = None, origin: str | None = None
) -> list[Answer]:
    r"""Return answers as Markdown, sanitised HTML, plain text and headings.

    `sources` are texts as YAML gives them. `escapes` says of each whether its line breaks are written as `\n`; all are
    without it. Links to `origin` ("https://example.org", in small letters) are the site's own. A word of `word_count`
    is a run of characters other than white space, or two and a half characters of a script without blanks. Never
    raises; linear in the length of the sources.
    """
    # Step by step for all of them, as `seed.read_seeds` does, and for the same reason.
    undo = [True] * len(sources) if escapes is None else escapes
    pieces = [
        (undone_pieces if is_escaped else pieces_of)(_without_surrogates(source))
        for source, is_escaped in zip(sources, undo, strict=True)
    ]
    marked = [with_marks(pieces_of_one) for pieces_of_one in pieces]
    rendered = [render_prose(*one) for one in marked]
    return [
        _answer(pieces_of_one, prose) if prose else _linking(_answer(pieces_of_one, render_any(*one, origin)))
        for pieces_of_one, one, prose in zip(pieces, marked, rendered, strict=True)
    ]


def _without_surrogates(source: str) -> str:
    """Return the text with a "?" for each half of a surrogate pair."""
    return source if source.isascii() else source.encode("utf-8", "replace").decode("utf-8")


def _answer(pieces: Sequence[Piece], rendered: Rendered) -> Answer:
    html, text, headings, losses = rendered
    words = text.split()
    lead = " ".join(words[:_LEAD_WORDS])
    if len(lead) < LEAD_CHARACTERS:
        lead = " ".join(words[:LEAD_CHARACTERS])
    markdown = "".join([piece.text for piece in pieces])
    return Answer(markdown, html, text, headings, lead[:LEAD_CHARACTERS], count_words(text, len(words)), losses)


def _linking(answer: Answer) -> Answer:
    """Return an answer with what it links to; an ordinary one links to nothing."""
    links = entry_links(answer.markdown, answer.html)
    return answer._replace(links=links) if links else answer


def render_any(marked: str, formulas: Sequence[Piece], origin: str | None = None) -> Rendered:
    """Return any answer rendered, the general way; the first arguments are those of `render_prose`."""
    writer = Writer(formulas)
    writer.write(MARKDOWN.events(marked), has_notes="[^" in marked, has_names="[[" in marked)
    html = sanitize("".join(writer.html), origin)
    if "[[#" in html:
        html = with_addresses(html, {})  # those within the page are known
    return Rendered(html, "".join(writer.text), tuple(writer.headings), tuple(writer.losses))
