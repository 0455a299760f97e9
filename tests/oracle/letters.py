"""Letters: what is left of a text for `contains` and `startsWith`, read literally from what docs/filters.md says."""

from __future__ import annotations

import re
import unicodedata

_STROKES = re.compile(r"LATIN SMALL LETTER ([BDHILOT]) WITH STROKE")
_LIGATURES = {
    "LATIN SMALL LETTER AE": "ae",
    "LATIN SMALL LIGATURE OE": "oe",
    "LATIN SMALL LETTER ETH": "d",
    "LATIN SMALL LETTER THORN": "th",
    "LATIN SMALL LETTER ENG": "n",
    "LATIN SMALL LETTER DOTLESS I": "i",
    "LATIN SMALL LETTER D WITH TAIL": "d",
    "HYPHEN": "-",
    "NON-BREAKING HYPHEN": "-",
    "RIGHT SINGLE QUOTATION MARK": "'",
    "LEFT SINGLE QUOTATION MARK": "'",
    "MODIFIER LETTER APOSTROPHE": "'",
    "MODIFIER LETTER PRIME": "'",
    "PRIME": "'",
    "ACUTE ACCENT": "'",
    "MUSIC SHARP SIGN": "#",
}
_UNSEEN = re.compile("VARIATION SELECTOR-([1-9]|1[0-6])|COMBINING GRAPHEME JOINER|MONGOLIAN FREE VARIATION SELECTOR .*")
_ACCENTS = ("COMBINING ", "HEBREW ", "ARABIC ", "SYRIAC ")


def plain(text: str) -> str:
    """Return a text without case, accents, strokes, ligatures and what nobody sees."""
    seen = "".join(one for one in text if not _is_unseen(one))
    folded = unicodedata.normalize("NFKC", seen).casefold()
    alike = "".join(_letter(one) for one in folded)
    bare = "".join(one for one in unicodedata.normalize("NFD", alike) if not _is_accent(one))
    return unicodedata.normalize("NFC", bare)


def _name(one: str) -> str:
    return unicodedata.name(one, "")


def _is_unseen(one: str) -> bool:
    return unicodedata.category(one) == "Cf" or bool(_UNSEEN.fullmatch(_name(one)))


def _is_accent(one: str) -> bool:
    return _name(one) == "ARABIC TATWEEL" or (unicodedata.category(one) == "Mn" and _name(one).startswith(_ACCENTS))


def _letter(one: str) -> str:
    name = _name(one)
    stroked = _STROKES.fullmatch(name)
    return stroked[1].lower() if stroked else _LIGATURES.get(name, one)
