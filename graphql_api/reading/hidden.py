r"""Hidden: characters that libyaml would not read as YAML 1.2 and JSON do, out of its sight while it parses.

It ends lines at U+0085, U+2028 and U+2029, refuses control characters, and knows no surrogate pairs (`\uD83D\uDE00`,
which is how JSON writes an emoji). A character that the text does not have stands in for each.
"""

from __future__ import annotations

import re
from itertools import count

from msgspec import Struct

_ODD = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# An even number of backslashes before it; only in double quotes is it an escape.
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*+)(\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})")
_FIRST_STAND_IN = 0xF0000  # private use


class Hidden(Struct):
    """A text with its odd characters and pairs hidden; `shown` brings them back."""

    text: str
    _quoted: dict[int, str] = {}
    _other: dict[int, str] = {}

    def shown(self, text: str, *, is_quoted: bool = False) -> str:
        """Return a part of the text as it was; in double quotes, a pair is the character that it stands for."""
        if not self._other:
            return text
        return text.translate(self._quoted if is_quoted else self._other)


def hide(text: str) -> Hidden:
    """Return `text`, fit for libyaml."""
    odd = set(_ODD.findall(text))
    pairs = {found[1] for found in _PAIR.findall(text)} if "\\u" in text else set()
    if not odd and not pairs:
        return Hidden(text)
    there = set(text)
    free = (point for point in count(_FIRST_STAND_IN) if chr(point) not in there)
    other = dict(zip(free, sorted(odd | pairs), strict=False))
    stands_for = {shown: chr(point) for point, shown in other.items()}
    hidden = text.translate({ord(character): stands_for[character] for character in odd})
    if pairs:
        hidden = _PAIR.sub(lambda match: match[1] + stands_for[match[2]], hidden)
    return Hidden(hidden, {point: _character(shown) for point, shown in other.items()}, other)


def _character(shown: str) -> str:
    if len(shown) == 1:
        return shown
    high, low = int(shown[2:6], 16), int(shown[8:12], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
