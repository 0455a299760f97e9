"""Addresses of pages: absolute ones from paths, and the form in which two spellings of one are equal."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SCRIPT: Final = re.compile(r"(?:javascript|vbscript|data):(?!image/)", re.IGNORECASE)
"""What would run in the page that links to it."""
_PLAIN: Final = re.compile(r"(?:/[^/?#%\s]+)+")
"""A path of which there is no other spelling; nearly all are."""
_ENCODED: Final = re.compile(r"/(?!/)[A-Za-z0-9/._~-]*")
"""A path in which nothing has to be encoded; nearly all are."""
_MOST_CHARACTERS: Final = 4_096
"""No page has a longer address; to read one takes half a microsecond a character."""
_KEPT: Final = "/:?#[]@!$&'()*+,;=%~"
"""What may stand in a url as it is (RFC 3986, sections 2.2 and 2.3), and the sign of what is encoded already."""


def absolute_url(url: str, origin: str) -> str:
    """Return a url as one of the web, in ASCII: a path is one below `origin`, like "https://www.example.org".

    Without an origin, a path from the root stays one. What would be a script is a path too.
    """
    if _ENCODED.fullmatch(url):
        return origin + url
    if _SCHEME.match(url) and not _SCRIPT.match(url):
        return quote(url, safe=_KEPT)
    if url.startswith("//"):
        return quote(f"{origin.partition(':')[0] or 'https'}:{url}", safe=_KEPT)
    return quote(f"{origin}/{url.lstrip('/')}", safe=_KEPT)


def page_key(url: str, origin: str = "") -> str:
    """Return the form in which two spellings of a page's address are equal.

    That has no origin of the site's own, no fragment and no slash at its end; what was encoded is as it was before.
    Of a very long one there are no other spellings.
    """
    if len(url) > _MOST_CHARACTERS or _PLAIN.fullmatch(url):
        return url
    path = url.strip().partition("#")[0]
    if origin and path.startswith(origin) and path[len(origin) : len(origin) + 1] in {"", "/", "?"}:
        path = path[len(origin) :]
    path, mark, query = path.partition("?")
    path = unquote(path)
    if not _SCHEME.match(path) and not path.startswith("//"):
        path = "/" + path.strip("/ ")
    return (path.rstrip("/ ") or "/") + mark + query


def without_query(url: str) -> str:
    """Return a url without what follows its path."""
    return url.partition("?")[0]
