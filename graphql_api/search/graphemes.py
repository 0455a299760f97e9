"""Graphemes: where a text may be cut, so that no accent, vowel sign or emoji is parted from what it belongs to.

The borders are those of extended grapheme clusters (UAX 29), but Indic conjuncts may be cut behind their sign.
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"
_EXTENDING = frozenset(("Mn", "Me", "Mc"))
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\uff9e\uff9f]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")
_JAMO_FOLLOWING = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")
_THAI_FOLLOWING = frozenset("\u0e33\u0eb3")
_LONGEST = 64  # characters of one cluster; longer ones are no text


def cut(text: str, length: int) -> str:
    """Return the start of `text`, at most `length` characters long, that ends between two clusters."""
    if length >= len(text):
        return text
    for end in range(length, max(length - _LONGEST, 0), -1):
        if _is_border(text, end):
            return text[:end]
    return text[:length]


def _is_border(text: str, at: int) -> bool:
    after = text[at]
    if after.isascii():
        return not (after == "\n" and text[at - 1] == "\r")
    if unicodedata.category(after) in _EXTENDING or after == _JOINER or text[at - 1] == _JOINER:
        return False
    if _SKIN_TONES.match(after) or _JAMO_FOLLOWING.match(after) or after in _THAI_FOLLOWING:
        return False
    flags = _FLAG.search(text[max(at - _LONGEST, 0) : at])
    return not (flags and _FLAG.match(after) and len(flags[0]) % 2)
