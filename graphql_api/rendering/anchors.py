"""Anchors: the ids of an answer's headings.

A slug as GitHub makes it, behind a prefix: an id such as `location` would shadow a property of the page's `document`.
"""

from __future__ import annotations

import re

PREFIX = "h-"
_SLUG_LENGTH_MAX = 80
_DROPPED = re.compile(r"[^\w\- ]+")


class Anchors:
    """Gives each heading of one answer an id of its own; the same headings get the same ids every time."""

    def __init__(self) -> None:
        """Start with no heading named."""
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def name(self, heading: str) -> str:
        """Return an id: the prefix, a slug ("section" for a heading without letters), a number from the second on."""
        slug = _DROPPED.sub("", heading.lower()).strip()[:_SLUG_LENGTH_MAX].replace(" ", "-")
        slug = PREFIX + (slug.strip("-") or "section")
        anchor, number = slug, self._last.get(slug, 0)
        while anchor in self._taken:
            number += 1
            anchor = f"{slug}-{number}"
        self._last[slug] = number
        self._taken.add(anchor)
        return anchor
