"""Entry links: what in an answer leads to other files, and their addresses once they are known.

Rendering knows one text at a time, so `[x](../b.md)`, `![x](b.png)` and `[[B]]` stay as they are written. Whoever knows
the site asks here what is linked, and puts the addresses in.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.rendering.anchors import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG = re.compile(r'(<(?:[^<>"]+|"[^"]*")*+>)')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_ADDRESSES = frozenset(("href", "src", "poster"))
_WIKI = re.compile(r"\[\[([^\[\]|#\n]{1,200})(?:#([^\[\]|\n]{1,200}))?(?:\|([^\[\]\n]{1,200}))?\]\]")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[#?]|//|\Z")
_OF_SITE = re.compile(r"/(?!.*\.(?:md|markdown)\Z)", re.DOTALL)
_CLOSED = re.compile(r"</?(a|code|pre|math)\b")


class EntryLink(NamedTuple):
    """One link to another file: its address or name as written, its part behind a "#" or "", and its line from 1."""

    address: str
    part: str
    line: int


def entry_links(markdown: str, html: str) -> tuple[EntryLink, ...]:
    """Return what an answer links to by the place or the name of a file, each once, in the order of its HTML."""
    found = dict.fromkeys(_linked(html)) if "=" in html or "[[" in html else {}
    return tuple(EntryLink(address, part, _line(markdown, address, part)) for address, part in found)


def _linked(html: str) -> Iterator[tuple[str, str]]:
    for text, is_tag, is_open in _texts(html):
        if is_tag:
            for name, value in _ATTRIBUTE.findall(text):
                address, _, part = unescape(value).partition("#")
                if name in _ADDRESSES and not _ELSEWHERE.match(address) and not _OF_SITE.match(address):
                    yield address, part
        elif is_open:
            yield from ((unescape(name).strip(), unescape(part).strip()) for name, part, _ in _WIKI.findall(text))


def _texts(html: str) -> Iterator[tuple[str, bool, bool]]:
    """Yield texts and tags in turn; with each, whether it is a tag, and whether it is in no link, code or formula."""
    depth = 0
    for i, part in enumerate(_TAG.split(html)):
        is_tag = i % 2 == 1
        if is_tag and _CLOSED.match(part):
            depth += -1 if part[1] == "/" else 1
        yield part, is_tag, depth <= 0


def _line(markdown: str, address: str, part: str) -> int:
    """Return the line where an address stands first; 1 where it is written in another way."""
    at = max(markdown.find(f"{address}#{part}" if part else address), 0)
    return markdown.count("\n", 0, at) + 1


def with_addresses(html: str, urls: Mapping[str, str]) -> str:
    """Return the HTML with a url for each address or name that `urls` has; what it has not stays as it is written."""
    written: list[str] = []
    for text, is_tag, is_open in _texts(html):
        if is_tag:
            written.append(_ATTRIBUTE.sub(lambda match: _url(match, urls), text))
        elif is_open and "[[" in text:
            written.append(_WIKI.sub(lambda match: _wiki(match, urls), text))
        else:
            written.append(text)
    return "".join(written)


def _url(match: re.Match[str], urls: Mapping[str, str]) -> str:
    address, _, part = unescape(match[2]).partition("#")
    if match[1] not in _ADDRESSES or address not in urls:
        return match[0]
    return f' {match[1]}="{escape(_joined(urls[address], part))}"'


def _wiki(match: re.Match[str], urls: Mapping[str, str]) -> str:
    url = urls.get(unescape(match[1]).strip())
    if url is None:
        return match[0]
    shown = match[3] or match[1]
    return f'<a href="{escape(_joined(url, unescape(match[2] or "").strip()))}">{shown.strip()}</a>'


def _joined(url: str, part: str) -> str:
    """Return an entry's url with a part of its page, which has an id as every heading."""
    if not part:
        return url
    slug = re.sub(r"[^\w\- ]+", "", part.lower()).replace(" ", "-")
    return f"{url}#{PREFIX}{slug.removeprefix(PREFIX)}"
