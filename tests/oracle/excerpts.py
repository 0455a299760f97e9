"""Excerpts: the beginning of a text, cut at a word, or where there is none for long between two characters."""

from __future__ import annotations

import unicodedata

_LONGEST_WORD = 40
_JOINING = "\u200d\ufe0e\ufe0f"


def excerpt(text: str, length: int) -> str:
    """Return at most `length` characters of the text on one line, ending in "…" if something was left out."""
    lead = " ".join(text.split())
    if len(lead) <= length:
        return lead
    space = lead.rfind(" ", 0, length)
    end = space if space >= 0 and length - space - 1 <= _LONGEST_WORD else _border(lead, length - 1)
    return lead[:end].rstrip(" ") + "…"


def _border(text: str, end: int) -> int:
    """Return the last place up to `end` where no character is parted from its marks."""
    while end > 0 and (_is_mark(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end


def _is_mark(character: str) -> bool:
    return character in _JOINING or unicodedata.category(character) in {"Mn", "Mc", "Me"}
