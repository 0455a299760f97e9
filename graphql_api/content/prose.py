"""Prose: the short way to render an ordinary answer, four times as fast as the writer and equal to it.

An answer without raw HTML, entities, code, links, images, tables and footnotes, as most are, becomes HTML of a few tags
without attributes. What the parser's own HTML writer makes of it is taken apart at its blocks: each border between
texts gives the HTML and the line feeds that the general way (`writer`, then `sanitize`) would give.

Nothing is trusted that was not looked at: a text keeps no "<" but those of the tags named here, and formulas pass the
sanitizer one by one. Whatever is unusual is declined, and takes the general way.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.content.anchors import Anchors
from graphql_api.content.markdown import MARKDOWN, without_marks
from graphql_api.content.mathml import formula_html
from graphql_api.content.sanitize import sanitize
from graphql_api.records import Heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.content.formulas import Piece

LISTS_MAX = 28
"""Lists and quotes in one answer. A list is two elements, and three more can stand in it: fewer than `DEPTH_MAX`."""

_BORDER = re.compile(r'\n?((?:<(?:/?(?:p|li|ul|ol|blockquote|h[1-6])|ol start="\d+"|hr /)>\n?)+)')
_TAG = re.compile(r"<([^>]*)>")
_HEADING = re.compile(r"<h([1-6])>\Z")
_WITH_LINE_FEED = re.compile(r"/.*|ul|ol.*|blockquote|hr /")
_WITHOUT_BLANK_LINE = re.compile(r"/?(?:li|ul|ol).*")
# The HTML is balanced, so an opening and a closing tag with no other between them are one element.
_INNERMOST = re.compile(r"<(?:strong|em|del)>([^<]*)</(?:strong|em|del)>")
_BORDERS_KEPT = 4_096


class Rendered(NamedTuple):
    """An answer's HTML, sanitised, its plain text and its headings."""

    html: str
    text: str
    headings: tuple[Heading, ...]


class _Border(NamedTuple):
    """What stands between two texts: its HTML, its line feeds in the plain text, and a heading's level (or 0).

    The heading is the one that it opens.
    """

    html: str
    gap: str
    level: int


def render_prose(marked: str, formulas: Sequence[Piece]) -> Rendered | None:
    """Return an ordinary answer rendered, or None for one that has anything unusual in it.

    `marked` is its Markdown, with marks for its `formulas`. Never raises; linear in time.
    """
    if _is_unusual(marked):
        return None
    html = MARKDOWN.html(marked)
    if html.count("<ul>") + html.count("<ol") + html.count("<blockquote>") > LISTS_MAX:
        return None
    parts = _BORDER.split(html.replace("<br />", "<br>"))
    borders = [_border(run) for run in parts[1::2]]
    parts[1::2] = [border.gap for border in borders]
    text = _plain("".join(parts), formulas)
    if text is None:
        return None
    headings = tuple(_headings(parts[2::2], borders, formulas))
    ...
    return Rendered(without_marks("".join(parts), formulas, clean_formula), text, headings)
