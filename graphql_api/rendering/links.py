"""Links: which addresses stand bare in a text, which leave the site, and which schemes an address may have."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

URL_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})

_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-]*)[\x00-\x20]*:")
# No white space or control character, which browsers take out; no backslash, which they read as a slash.
_WITHIN_SITE = re.compile(r"[#?]\S*|/(?:[^\x00-\x20/\\]\S*)?|[^\x00-\x20/\\:?#]+(?:[/?#]\S*)?")
# GFM 6.9; a letter before it belongs to it only where letters have a case.
_BARE = re.compile(
    r"""
      (?<![A-Za-z0-9@/:.+\-_])
      (?: (?:https?://|www\.)(?P<host>[A-Za-z0-9_\-.]*[A-Za-z0-9\-]|\[[0-9A-Fa-f:.]+\]|[^\W_][\w.\-]*)
          (?::\d{1,5})?(?:[/?\#][^\s<>\u3000-\u303f\uff00-\uff0f\uff1a-\uff1f]*)?
        | [A-Za-z0-9.+_\-]{1,64}@[A-Za-z0-9_\-]{1,63}(?:\.[A-Za-z0-9_\-]{1,63})+
      )
    """,
    re.VERBOSE,
)
_TRAILING = "?!.,:*_~'\"“”‘’"
_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;\Z")


def bare_links(text: str) -> list[tuple[str, str]]:
    """Return a text in parts, each with the address that it is, or "": GitHub's rules (GFM 6.9). Linear in time."""
    if "://" not in text and "www." not in text and "@" not in text:
        return [(text, "")]
    parts: list[tuple[str, str]] = []
    done = 0
    for match in _BARE.finditer(text):
        shown = _without_trailing(match[0])
        if not _is_address(shown, match["host"]):
            continue
        parts += [(text[done : match.start()], ""), (shown, _address(shown))]
        done = match.start() + len(shown)
    parts.append((text[done:], ""))
    return [part for part in parts if part[0]]


def _without_trailing(text: str) -> str:
    """Return an address without what ends the sentence around it: marks, and brackets that it does not open."""
    end = len(text)
    closed = text.count(")") - text.count("(")
    while end:
        last = text[end - 1]
        if last == ")" and closed > 0:
            closed -= 1
        elif last == ";" and (entity := _ENTITY_END.search(text, max(end - 40, 0), end)):
            end = entity.start() + 1
        elif last not in _TRAILING and last != ";":
            break
        end -= 1
    return text[:end]


def _is_address(text: str, host: str | None) -> bool:
    if host is None:
        return text[-1:] not in {"-", "_"} and "@" in text
    return "." in host or "://" in text


def _address(text: str) -> str:
    if text.startswith(("http://", "https://")):
        return text
    return f"https://{text}" if text.startswith("www.") else f"mailto:{text}"


def is_within_site(address: str, origin: str | None) -> bool:
    """Say whether an address, as HTML writes it, stays on the site: a relative one, or one of the site's own origin."""
    address = unescape(address)
    if _WITHIN_SITE.fullmatch(address) is not None:
        return True
    if origin is None or not address.lower().startswith(origin):
        return False
    return address[len(origin) : len(origin) + 1] in {"", "/", "?", "#"}


def forbidden_scheme(address: str) -> str:
    """Return the scheme of an address that no link may have, "" for any other."""
    match = _SCHEME.match(address)
    return "" if match is None or match[1].lower() in URL_SCHEMES else match[1].lower()


def are_allowed(candidates: str) -> bool:
    """Say whether each address of a `srcset` may be shown."""
    return not any(forbidden_scheme(each.strip()) for each in candidates.split(","))
