"""Anchors: the ids of an answer's headings and of its author's own places, and what links within the page mean.

A slug as GitHub makes it, behind a prefix: an id such as `location` would shadow a property of the page's `document`.
A link has the author's name or GitHub's slug, without the prefix, and gets it with the id.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

PREFIX = "h-"
_SLUG_LENGTH_MAX = 80
_DROPPED = re.compile(r"[^\w\- ]+")
_NAME = re.compile(r"[^\s\"'<>&`=]{1,200}")


class Anchors:
    """Gives each heading of one answer an id of its own; the same headings get the same ids every time."""

    def __init__(self) -> None:
        """Start with no heading named."""
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}
        self._headings: list[tuple[str, str]] = []
        self._own: dict[str, str] = {}

    def name(self, heading: str, wanted: str = "") -> str:
        """Return an id: the prefix, a slug ("section" for a heading without letters), a number from the second on.

        The author's own name, if there is one and nothing else has it, takes the slug's place.
        """
        if wanted and (anchor := self.claim(wanted)):
            self._headings.append((heading, anchor))
            return anchor
        slug = _DROPPED.sub("", heading.lower()).strip()[:_SLUG_LENGTH_MAX].replace(" ", "-")
        slug = PREFIX + (slug.strip("-") or "section")
        anchor, number = slug, self._last.get(slug, 0)
        while anchor in self._taken:
            number += 1
            anchor = f"{slug}-{number}"
        self._last[slug] = number
        self._taken.add(anchor)
        self._headings.append((heading, anchor))
        return anchor

    def claim(self, name: str) -> str:
        """Return the id for a place that its author named; "" where something else has it, or it is no name."""
        name = name.strip()
        anchor = PREFIX + name.removeprefix(PREFIX)
        if anchor in self._taken or not _NAME.fullmatch(name):
            return ""
        self._taken.add(anchor)
        self._own[name] = anchor
        return anchor

    def targets(self) -> dict[str, str]:
        """Return the id behind each name that a link within the page may have."""
        slugs: dict[str, str] = {}
        numbers: dict[str, int] = {}
        for heading, anchor in self._headings:
            slug = _DROPPED.sub("", heading.lower().strip()).replace(" ", "-")
            number = numbers.get(slug, 0)
            numbers[slug] = number + 1
            slugs.setdefault(f"{slug}-{number}" if number else slug, anchor)
        return (
            {anchor: anchor for anchor in self._taken}
            | {anchor.removeprefix(PREFIX): anchor for anchor in self._taken}
            | slugs
            | self._own
        )


def target_of(fragment: str, targets: dict[str, str]) -> str | None:
    """Return the id that a link's part behind the "#" means, whatever its case; None if there is none."""
    name = unquote(fragment)
    return targets.get(name) or targets.get(name.lower()) or targets.get(name.casefold())
