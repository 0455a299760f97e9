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

from graphql_api.records import Heading
from graphql_api.rendering.anchors import Anchors
from graphql_api.rendering.latex_limits import LENGTH_MAX
from graphql_api.rendering.markdown import MARK_START, MARKDOWN, without_marks
from graphql_api.rendering.mathml import converted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.records import Loss
    from graphql_api.rendering.formulas import Piece

LISTS_MAX = 28
"""Lists and quotes in one answer. A list is two elements, and three more can stand in it: fewer than `DEPTH_MAX`."""

_BLOCK_TAG = r'<(?:/?(?:p|li|ul|ol|blockquote|h[1-6])|ol start="\d+"|hr /)>\n?'
# Written twice, because a pattern that starts with a character, not a group, is found ten times as fast.
_BORDER = re.compile(f"({_BLOCK_TAG}(?:{_BLOCK_TAG})*+)")
_TAG = re.compile(r"<([^>]*)>")
_HEADING = re.compile(r"<h([1-6])>\Z")
_ENDS_LINE = re.compile(r"/.*|ul|ol.*|blockquote|hr /")
_OF_LIST = re.compile(r"/?(?:li|ul|ol).*")
_WRITTEN = {"hr /": "hr"}
# The HTML is balanced, so an opening and a closing tag with no other between them are one element.
_INNERMOST = re.compile(r"<(?:strong|em|del)>([^<]*)</(?:strong|em|del)>")
_EMPHASES_MAX = 2  # within each other
_BORDER_LENGTH_MAX = 500  # characters; longer runs are not worth keeping
_BORDERS_KEPT = 4_096


class Rendered(NamedTuple):
    """An answer's HTML, sanitised, its plain text, its headings, and what its author wrote that is not shown."""

    html: str
    text: str
    headings: tuple[Heading, ...]
    losses: tuple[Loss, ...] = ()


class _Border(NamedTuple):
    """What stands between two texts.

    Its HTML, its line feeds in the plain text, how many lists and quotes it opens, and the level of a heading or 0.
    """

    html: str
    gap: str
    lists: int
    level: int


def render_prose(marked: str, formulas: Sequence[Piece]) -> Rendered | None:
    """Return an ordinary answer rendered, or None for one that has anything unusual in it.

    `marked` is its Markdown, with marks for its `formulas`. Never raises; linear in time.
    """
    if _is_unusual(marked):
        return None
    shown = [converted(formula) for formula in formulas]
    sources = [formula.latex for formula in shown]
    if sources and ("" in sources or max(map(len, sources)) > LENGTH_MAX):
        return None
    parts = _BORDER.split(MARKDOWN.html(marked).replace("<br />", "<br>"))
    borders: list[_Border] = []
    for run in parts[1::2]:
        border = _border(run) if len(run) <= _BORDER_LENGTH_MAX else None
        if border is None:
            return None
        borders.append(border)
    if sum([border.lists for border in borders]) > LISTS_MAX:
        return None
    # The parser ends the line of a text before a list that is in the same item; the writer does not.
    readable = [formula.text for formula in shown]
    rendered = _rendered([text.rstrip("\n") for text in parts[::2]], borders, sources, readable)
    if rendered is None or not formulas:
        return rendered
    html, text, headings, _ = rendered
    losses = tuple(dict.fromkeys([formula.loss for formula in shown if formula.loss is not None]))
    return Rendered(without_marks(html, [formula.clean for formula in shown]), text, headings, losses)


def _rendered(
    texts: list[str], borders: list[_Border], sources: Sequence[str], readable: Sequence[str]
) -> Rendered | None:
    """Return what texts and the borders around them become; in the HTML, formulas are still marks.

    In plain text a formula is `readable`; a heading's anchor is made of its source.
    """
    parts = [""] * (len(texts) + len(borders))
    parts[::2] = texts
    parts[1::2] = [border.gap for border in borders]
    if borders:
        parts[1] = parts[-2] = ""
    text = _plain("".join(parts), readable)
    if text is None:
        return None
    tags, headings = [border.html for border in borders], []
    anchors = Anchors()
    for i, border in enumerate(borders):
        if border.level:
            heading = " ".join((_plain(texts[i + 1], readable) or "").split())
            is_plain = MARK_START not in texts[i + 1]
            source = heading if is_plain else " ".join((_plain(texts[i + 1], sources) or "").split())
            headings.append(Heading(border.level, heading, anchors.name(source)))
            tags[i] = f'{border.html[:-1]} id="{headings[-1].anchor}">'
    parts[1::2] = tags
    return Rendered("".join(parts), text, tuple(headings))


def _is_unusual(marked: str) -> bool:
    """Say whether a character is there that the general way may treat in a way of its own."""
    return (
        "<" in marked
        or ("&" in marked and ";" in marked)  # perhaps an entity
        or "`" in marked
        or "[" in marked
        # Addresses that become links, and headings' ids; single characters are found ten times as fast.
        or "@" in marked
        or ("/" in marked and "://" in marked)
        or ("." in marked and "www." in marked)
        or ("{" in marked and "{#" in marked)
        or "\xa0" in marked
        or "\r" in marked
        or "\x0b" in marked  # white space that makes no blank line, but is trimmed like one
        or "\x0c" in marked  # as above
        or "\0" in marked
    )


@lru_cache(maxsize=_BORDERS_KEPT)
def _border(run: str) -> _Border | None:
    """Return what a run of the parser's block tags becomes; None if it holds a heading without text."""
    if "<h" in _HEADING.sub("", run).replace("<hr />", ""):
        return None
    tags = _TAG.findall(run)
    html = "".join([f"<{_WRITTEN.get(tag, tag)}>" + "\n" * (_ENDS_LINE.fullmatch(tag) is not None) for tag in tags])
    gap = "\n" if all(map(_OF_LIST.fullmatch, tags)) else "\n\n"
    lists = sum(tag.startswith(("ul", "ol", "blockquote")) for tag in tags)
    heading = _HEADING.search(run)
    return _Border(html, gap, lists, int(heading[1]) if heading else 0)


def _plain(html: str, sources: Sequence[str]) -> str | None:
    """Return the plain text of HTML between borders, or None if it has other tags than those of emphasis."""
    text = html.replace("<br>", "")
    for _ in range(_EMPHASES_MAX):
        if "<" in text:
            text = "".join(_INNERMOST.split(text))
    if "<" in text:
        return None
    if "&" in text:
        text = text.replace("&gt;", ">").replace("&amp;", "&")
    return without_marks(text, sources)
