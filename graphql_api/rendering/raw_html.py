"""Raw HTML: what its author named in it, what it reads as in plain text, and what of it will not be shown.

It is looked at by its tags alone. What is overlooked here is harmless: the sanitizer comes after it and takes away
every id that was not given here.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from graphql_api.records import Loss
from graphql_api.rendering.sanitize import (
    ATTRIBUTES,
    EMPTIED_TAGS,
    HTML_TAGS,
    MATHML_TAGS,
    is_lost_class,
    own_id,
    strip_tags,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql_api.rendering.anchors import Anchors

_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)
    (?P<rest>(?:[^<>"']{1,1000}|"[^"]{0,1000}"|'[^']{0,1000}'){0,30}+)>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""\s([A-Za-z][\w:.-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_HREF = re.compile(r"""(<a\b[^<>]*?\shref\s*=\s*)(["']?)#([^"'\s<>]*)\2(?=[\s>])""", re.IGNORECASE)
_HEADING = re.compile(r"<h([1-6])(?=[\s>])([^<>]*)>", re.IGNORECASE)
_HEADING_LENGTH_MAX = 2_000  # characters; looking further for its end would be quadratic
_OWN_ID = re.compile(rf' id="{own_id("")}([^"]*)"')
_IMAGE = re.compile(r"""<img\b[^<>]*?\salt\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>""", re.IGNORECASE)
_CELLS = re.compile(r"</t[dh]\s*>\s*<t[dh](?=[\s>])", re.IGNORECASE)
_BLOCKS = re.compile(
    r"""</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer
    |form|h[1-6]|header|hr|legend|li|main|nav|ol|option|p|pre|section|select|summary|table|tbody|tfoot|thead|tr|ul|video)
    (?=[\s/>])""",
    re.VERBOSE | re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"[ \t]*\n\s*")
_PARAGRAPH = re.compile(r"</?p(?=[\s>])", re.IGNORECASE)


def is_block(tag: str) -> bool:
    """Say whether a tag ends the line of what stands around it."""
    return _BLOCKS.match(tag) is not None


def empties(tag: str) -> int:
    """Return 1 for a tag that opens an element that goes with all that it holds, -1 for one that closes it, else 0."""
    match = _TAG.match(tag)
    if match is None or match["name"].lower() not in EMPTIED_TAGS:
        return 0
    return -1 if match["end"] else 1


def text_of(html: str) -> str:
    """Return what raw HTML reads as: a line for each block, cells apart by " | ", an image by its alternative text."""
    html = _IMAGE.sub(lambda match: match[1] or match[2] or "", html)
    html = _CELLS.sub(" | <td", html)
    html = _BLOCKS.sub(lambda match: "\n" + match[0], html)
    return _BLANK_LINES.sub("\n", unescape(strip_tags(html))).strip()


def with_ids(html: str, anchors: Anchors) -> str:
    """Return raw HTML with an id of ours for each that its author gave, also as the name of an `a`."""
    if "id" not in html.lower() and "name" not in html.lower():
        return html

    def renamed(match: re.Match[str]) -> str:
        if match["end"]:
            return match[0]
        given = ""
        is_link = match["name"].lower() == "a"

        def taken(attribute: re.Match[str]) -> str:
            nonlocal given
            name = attribute[1].lower()
            if name != "id" and not (name == "name" and is_link):
                return attribute[0]
            given = given or unescape((attribute[2] or "").strip("\"'"))
            return ""

        rest = _ATTRIBUTE.sub(taken, match["rest"])
        anchor = anchors.claim(given) if given else ""
        written = f' id="{escape(own_id(anchor))}"' if anchor else ""
        return f"<{match['name']}{written}{rest}>"

    return _TAG.sub(renamed, html)


def with_headings(html: str, add: Callable[[int, str, str], str]) -> str:
    """Return raw HTML with an id on each of its headings; `add` takes level, text and the id that it has."""
    if "<h" not in html and "<H" not in html:
        return html
    parts: list[str] = []
    done = 0
    lower = html.lower()
    for match in _HEADING.finditer(html):
        end = lower.find(f"</h{match[1]}", match.end(), match.end() + _HEADING_LENGTH_MAX)
        if match.start() < done or end < 0:
            continue
        has_id = _OWN_ID.search(match[2])
        text = " ".join(text_of(html[match.end() : end]).split())
        anchor = add(int(match[1]), text, unescape(has_id[1]) if has_id else "")
        written = f' id="{escape(own_id(anchor))}"' if anchor and not has_id else ""
        parts += [html[done : match.start()], f"<h{match[1]}{written}{match[2]}>", html[match.end() : end]]
        done = end
    return "".join(parts) + html[done:]


def with_targets(html: str, find: Callable[[str], str]) -> str:
    """Return raw HTML whose links within the page go where `find` says."""
    return _HREF.sub(lambda match: f'{match[1]}"#{escape(find(unescape(match[3])))}"', html) if "#" in html else html


def losses_of(html: str) -> Iterator[Loss]:
    """Yield what of raw HTML will not be shown."""
    for match in _TAG.finditer(html):
        tag = match["name"].lower()
        if match["end"]:
            continue
        if tag in EMPTIED_TAGS:
            yield Loss("HTML_LEFT_OUT", f"<{tag}> is left out with all that is in it.", match[0])
        elif tag not in HTML_TAGS and tag not in MATHML_TAGS:
            yield Loss("HTML_LEFT_OUT", f"<{tag}> is left out; what is in it is shown.", match[0])
        else:
            allowed = ATTRIBUTES.get(tag, set()) | {"id", "name", "rel"}
            for name, value in _ATTRIBUTE.findall(match["rest"]):
                lost = is_lost_class(value.strip("\"'")) if name.lower() == "class" else name.lower() not in allowed
                if lost:
                    yield Loss("HTML_LEFT_OUT", f'"{name.lower()}" of <{tag}> is left out.', match[0])
