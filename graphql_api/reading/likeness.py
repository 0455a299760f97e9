"""Likeness: a `like` pattern on what authors write."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from graphql_api.model.like import Like

if TYPE_CHECKING:
    from collections.abc import Callable

# ? and # end a path, and a blank is not part of any url; every browser takes "." and ".." out of a path.
_PATH = re.compile(r"[^?#\s]*+")
_DOTS = re.compile(r"(?:\A|/)\.{1,2}(?:/|\Z)")


def is_url_pattern(pattern: str) -> bool:
    """Return whether a `like` is a pattern of urls, which only paths of urls can match."""
    return pattern.startswith("/") or "://" in pattern


@cache
def like(pattern: str) -> Callable[[str], str | None]:
    """Return what takes the part `{}` (or `{**}`) of a text, or all of it without one; None if it is not like that."""
    take, is_path = Like(pattern).take, _PATH.fullmatch
    if not is_url_pattern(pattern):
        return take

    def take_of_url(text: str) -> str | None:
        if not is_path(text) or (("/." in text or text[:1] == ".") and _DOTS.search(text)):
            return None
        return take(text)

    return take_of_url
