"""Excerpts: the beginning of a text, cut at a word."""

from __future__ import annotations


def excerpt(text: str, length: int) -> str:
    """Return at most `length` characters of the text on one line, ending in "…" if something was left out."""
    lead = " ".join(text.split())
    if len(lead) <= length:
        return lead
    space = lead.rfind(" ", 0, length)
    return lead[: space if space >= 0 else length - 1].rstrip(" ") + "…"
