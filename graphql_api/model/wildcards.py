"""Wildcards: patterns of `*` and `?` as regular expressions that never go back, so that no text can take long.

Between two wildcards stands a piece, whose matches all have one length. Each piece is taken where it is found first
(lazily, in an atomic group). That loses no match: a wildcard does not cross a slash, so of two places for a piece the
first one leaves at least as much to what follows, and a piece with a slash has only one place. Only the last piece is
looked for from the end. So a text of n characters costs at most n times the length of the pattern.
"""

from __future__ import annotations

import re

MAX_LENGTH = 500
"""Characters of a pattern."""
TAKEN = "\0"
"""Stands in a piece before and behind the characters that are taken."""


class PatternError(ValueError):
    """A pattern is malformed; its text is a sentence that says what is wrong and what to do."""


def piece(text: str) -> str:
    """Return the expression of what stands between two wildcards; `?` is one character and no slash."""
    before, *taken = text.split(TAKEN)
    if taken:
        return f"{piece(before)}(?P<taken>{piece(taken[0])}){piece(taken[1])}"
    return "".join("[^/]" if char == "?" else re.escape(char) for char in text)


def segment(pattern: str) -> str:
    """Return the expression of one name of a path: a pattern of `*` and `?` without a slash, which is never empty."""
    first, *others = pattern.split("*")
    if not others:
        return piece(first)
    middle = "".join(f"(?>[^/]*?{piece(text)})" for text in others[:-1] if text)
    # A name that is a star alone would match the nothing between two slashes.
    filled = "(?=[^/])" if not pattern.strip("*") else ""
    return f"{filled}{piece(first)}{middle}(?>[^/]*{piece(others[-1])}(?=/|\\Z))"
