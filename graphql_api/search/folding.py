"""Folding: what is left of a text when case, accents, ligatures and invisible signs do not count.

The same for what is indexed, what is asked and what is marked. In order: signs that nobody sees go, NFKC, case folding,
letters whose stroke or ligature Unicode does not take apart, accents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASCII = bytes(range(128))
_FEW = 16
"""Characters that are replaced one after the other: up to so many that is the fastest way."""
# Soft hyphen, zero-width spaces and joiners, marks of direction, variation selectors.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+"
)
# Combining accents, Hebrew points and Arabic vowel marks may be left out when one writes. The vowel signs of other
# scripts may not: they stay, as part of their word.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0730-\u074a\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_ALIKE = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŧ": "t",
        "þ": "th",
        "ŀ": "l",
        "ɖ": "d",
        "ƀ": "b",
        "ɨ": "i",
        "ŋ": "n",
        **dict.fromkeys("‐‑", "-"),
        **dict.fromkeys("’‘ʼʹ′´", "'"),
        "♯": "#",
    }
)


def fold(text: str) -> str:
    """Return `text` without what does not count; it can be longer or shorter than it was."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold().translate(_ALIKE)
    if plain.isascii():
        return plain
    # Once more: ǽ is æ only without its accent.
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", plain))).translate(_ALIKE)


def fold_in_place(text: str) -> tuple[str, list[int] | None]:
    """Return `text` folded, and where each of its characters stood; None if each still stands in its place."""
    if text.isascii():
        return text.lower(), None
    data = text.encode("utf-8", "surrogatepass")
    plain = data.lower().decode("utf-8", "surrogatepass")  # of bytes only the ASCII letters become small
    others = set(data.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    folded = {other: each for other in others if (each := _folded_character(other)) != other}
    if len(folded) > _FEW:
        plain = plain.translate({ord(other): each for other, each in folded.items()})
    else:
        for other, each in folded.items():  # in any order: what is folded folds to itself
            plain = plain.replace(other, each)
    sizes = {other: len(each) for other, each in folded.items() if len(each) != 1}
    return plain, _places(text, sizes) if sizes else None


def _places(text: str, sizes: Mapping[str, int]) -> list[int]:
    places: list[int] = []
    end = 0
    for at in [at for at, character in enumerate(text) if character in sizes]:
        places += range(end, at)
        places += [at] * sizes[text[at]]
        end = at + 1
    return [*places, *range(end, len(text) + 1)]


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    """Return a character folded; punctuation stays as it is."""
    folded = fold(character)
    is_shown = unicodedata.category(character)[0] in "PSZ"
    return character if is_shown and len(folded) != 1 else folded
