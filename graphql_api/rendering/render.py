"""Rendering: an answer in every form that the API shows, computed once, when its seed is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.records import Answer
from graphql_api.rendering.entry_links import entry_links, with_addresses
from graphql_api.rendering.escapes import pieces_of, undone_pieces
from graphql_api.rendering.markdown import MARKDOWN, with_marks
from graphql_api.rendering.mathml import formula_loss
from graphql_api.rendering.prose import Rendered, render_prose
from graphql_api.rendering.sanitize import sanitize
from graphql_api.rendering.words import count_words
from graphql_api.rendering.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.records import Loss
    from graphql_api.rendering.formulas import Piece

LEAD_CHARACTERS = 1001
"""What the longest excerpt needs, and one more to know that something follows."""


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
    rendered = [render_prose(*one) or render_any(*one, origin) for one in marked]
    lost = [_formulas_lost(formulas) for _, formulas in marked]
    return [_answer(*parts) for parts in zip(pieces, rendered, lost, strict=True)]


def _without_surrogates(source: str) -> str:
    """Return the text with a "?" for each half of a surrogate pair."""
    return source.encode("utf-8", "replace").decode("utf-8")


def _formulas_lost(formulas: Sequence[Piece]) -> tuple[Loss, ...]:
    """Return what is told of the formulas that are shown as their source."""
    lost = [loss for formula in formulas if (loss := formula_loss(formula)) is not None]
    return tuple(dict.fromkeys(lost)) if lost else ()


def _answer(pieces: Sequence[Piece], rendered: Rendered, lost: tuple[Loss, ...]) -> Answer:
    html, text, headings, losses = rendered
    words = text.split()
    lead = " ".join(words[:LEAD_CHARACTERS])[:LEAD_CHARACTERS]
    markdown = "".join([piece.text for piece in pieces])
    losses = lost + losses if lost else losses
    return Answer(
        markdown, html, text, headings, lead, count_words(text, len(words)), losses, entry_links(markdown, html)
    )


def render_any(marked: str, formulas: Sequence[Piece], origin: str | None = None) -> Rendered:
    """Return any answer rendered, the general way; the first arguments are those of `render_prose`."""
    writer = Writer(formulas)
    writer.write(MARKDOWN.events(marked), has_notes="[^" in marked, has_names="[[" in marked)
    html = sanitize("".join(writer.html), origin)
    if "[[#" in html:
        html = with_addresses(html, {})  # those within the page are known
    return Rendered(html, "".join(writer.text), tuple(writer.headings), tuple(writer.losses))
