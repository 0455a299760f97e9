"""Slugs: texts made fit for a url."""

from __future__ import annotations

import re
import unicodedata

_SIGN_AFTER_LETTER = re.compile(r"(?<=[^\W_])([+#]+)")
_SIGNS = {"+": "plus", "#": "sharp"}
_APOSTROPHE = re.compile("['’]")
_OTHERS = re.compile(r"[\W_]+")


def slug(text: str) -> str:
    """Return a text in small letters, its words joined with "-": letters of any script stay, marks on Latin ones go.

    `C++` and `C#` keep apart ("cplusplus", "csharp"); a text without a letter or digit is the numbers of its
    characters. Only a blank text gives "".
    """
    named = _SIGN_AFTER_LETTER.sub(lambda match: "".join(_SIGNS[sign] for sign in match[1]), text)
    plain = "".join(_without_mark(character) for character in unicodedata.normalize("NFKC", named).casefold())
    words = _OTHERS.sub("-", _APOSTROPHE.sub("", plain)).strip("-")
    return words or "-".join(f"{ord(character):x}" for character in text.strip())


def _without_mark(character: str) -> str:
    if character.isascii():
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() else character
