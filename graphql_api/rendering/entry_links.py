"""Entry links: what in an answer leads to other files, and their addresses once they are known.

Rendering knows one text at a time, so `[x](../b.md)`, `![x](b.png)` and `[[B]]` stay as they are written. Whoever knows
the site asks here what is linked, and puts the addresses in. `[[#part]]` leads to a part of the same page.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from graphql_api.records import EntryLink
from graphql_api.rendering.anchors import PREFIX
from graphql_api.rendering.sanitize import EXTERNAL_REL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG = re.compile(r'(<(?:[^<>"]+|"[^"]*")*+>)')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_ADDRESSES = frozenset(("href", "src", "poster"))
_WIKI = re.compile(r"(!?)\[\[(?=[^\]|])([^\[\]|#\n]{0,200})(?:#([^\[\]|\n]{1,200}))?(?:\|([^\[\]\n]{1,200}))?\]\]")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[#?]|//|\Z")
_OF_SITE = re.compile(r"/(?!.*\.(?:md|markdown|mdx)\Z)", re.DOTALL)
_OF_FILE = re.compile(
    r"""[^?]+\.(?:avif|bmp|gif|ico|jpe?g|png|svg|tiff?|webp | aac|flac|m4[av]|mov|mp[34]|og[agv]|opus|wav|webm
    | 7z|csv|docx?|epub|gz|ics|od[pst]|pdf|pptx?|rtf|tar|tsv|txt|vtt|xlsx?|zip)(?:\?.*)?\Z""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_IMAGE = re.compile(r".*\.(?:avif|bmp|gif|ico|jpe?g|png|svg|webp)\Z", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?(?:^\1[^\n]*$|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_SIGNS = (' href="', ' src="', ' poster="', "[[")
_CLOSED = re.compile(r"</?(a|code|pre|math)\b")


def entry_links(markdown: str, html: str) -> tuple[EntryLink, ...]:
    """Return what an answer links to by the place or the name of a file, each once, in the order of its HTML."""
    if not any(each in html for each in _SIGNS):
        return ()
    found = dict.fromkeys(_linked(html))
    spelt = _CODE.sub(_blank, markdown) if found else ""
    return tuple(EntryLink(each[0], each[1], _line(spelt, *each), each[2]) for each in found)


def is_file(address: str) -> bool:
    """Say whether an address is that of a file which a site serves as it is: an image, a film, a document."""
    return _OF_FILE.match(address) is not None


def shown_names(text: str) -> str:
    """Return a text with what is shown of each name in double brackets."""
    return _WIKI.sub(lambda match: (match[4] or match[2] or match[3] or "").strip(), text)


def _linked(html: str) -> Iterator[tuple[str, str, bool]]:
    for text, is_tag, is_open in _texts(html):
        if is_tag:
            for name, value in _ATTRIBUTE.findall(text):
                address, _, part = unescape(value).partition("#")
                if name in _ADDRESSES and not _ELSEWHERE.match(address) and _is_of_file(address):
                    yield address, part, False
        elif is_open and "[[" in text:
            for _, name, part, _ in _WIKI.findall(text):
                if name.strip():
                    yield unescape(name).strip(), unescape(part).strip(), True


def _is_of_file(address: str) -> bool:
    return not _OF_SITE.match(address) or is_file(address)


def _texts(html: str) -> Iterator[tuple[str, bool, bool]]:
    """Yield texts and tags in turn; with each, whether it is a tag, and whether it is in no link, code or formula."""
    depth = 0
    for i, part in enumerate(_TAG.split(html)):
        is_tag = i % 2 == 1
        if is_tag and _CLOSED.match(part):
            depth += -1 if part[1] == "/" else 1
        yield part, is_tag, depth <= 0


def _blank(code: re.Match[str]) -> str:
    """Return nothing but the line ends of code."""
    return "\n" * code[0].count("\n")


def _line(markdown: str, address: str, part: str, is_name: bool) -> int:
    """Return the line where an address stands first as a link; 1 where it is written in another way."""
    written = f"{address}#{part}" if part else address
    found = [markdown.find(sign + written) for sign in (("[[",) if is_name else ("](", "](<", '="', "='", "]: "))]
    at = min([each for each in found if each >= 0], default=max(markdown.find(written), 0))
    return markdown.count("\n", 0, at) + 1


def with_addresses(html: str, urls: Mapping[str, str]) -> str:
    """Return the HTML with a url for each link whose `key` is in `urls`; others stay as they are written."""
    written: list[str] = []
    for text, is_tag, is_open in _texts(html):
        if is_tag:
            led = _ATTRIBUTE.sub(lambda match: _url(match, urls), text) if "=" in text else text
            # An address with a blank in it was taken for a foreign one.
            written.append(text if led == text else led.replace(f' rel="{EXTERNAL_REL}"', ""))
        elif is_open and "[[" in text:
            written.append(_WIKI.sub(lambda match: _wiki(match, urls), text))
        else:
            written.append(text)
    return "".join(written)


def _url(match: re.Match[str], urls: Mapping[str, str]) -> str:
    address, sign, part = unescape(match[2]).partition("#")
    if match[1] not in _ADDRESSES or address not in urls:
        return match[0]
    url = f"{urls[address]}{sign}{part}" if is_file(address) else _joined(urls[address], part)
    return f' {match[1]}="{escape(url)}"'


def _wiki(match: re.Match[str], urls: Mapping[str, str]) -> str:
    embed, name, part, shown = match.groups("")
    url = urls.get(f"[[{unescape(name).strip()}") if name.strip() else ""
    if url is None:
        return match[0]
    if embed and _IMAGE.match(unescape(name).strip()):
        return _image(url, name.strip(), shown.strip())
    address = f"{url}#{part}" if part and is_file(name) else _joined(url, unescape(part).strip())
    return f'<a href="{escape(address)}">{(shown or name or part).strip()}</a>'


def _image(url: str, name: str, shown: str) -> str:
    """Return an embedded image; what stands behind the "|" is its width or its alternative text."""
    width = f' width="{shown}"' if shown.isdecimal() else ""
    alt = (name if width else shown or name).replace('"', "&quot;")
    return f'<img src="{escape(url)}" alt="{alt}"{width}>'


def _joined(url: str, part: str) -> str:
    """Return an entry's url with a part of its page, which has an id as every heading."""
    part = part.rpartition("#")[2]  # of headings within headings the last one
    if not part or part.startswith("^"):  # a block's name, which no page shows
        return url
    slug = re.sub(r"[^\w\- ]+", "", unquote(part).strip().lower()).replace(" ", "-")
    return f"{url}#{PREFIX}{slug.removeprefix(PREFIX)}"
