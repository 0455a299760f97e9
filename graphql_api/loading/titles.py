"""Titles as references compare them."""

from __future__ import annotations

import re
import unicodedata

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


def title_key(title: str | None) -> str | None:
    """Return a title's letters and digits, case and compatibility forms aside: equal for titles that read alike.

    Where there is no title there is no key.
    """
    if title is None:
        return None
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _NEITHER_LETTER_NOR_DIGIT.sub("", folded)
