"""Stems: a word without its ending, by the English rules of Snowball."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from Stemmer import Stemmer

LONGEST_WHOLE = 3
"""Words of so many letters are their own stems: US is not `use`."""


class _OfThread(threading.local):
    """The stemmer of a thread: none may be used by two at once."""

    stemmer: Stemmer | None = None


_of_thread = _OfThread()


def stem(word: str) -> str:
    """Return what the forms of a folded word have in common; that of a short word, or of one with digits, is itself."""
    return _stemmer().stemWord(word) if _has_ending(word) else word


def stems_of(words: Sequence[str]) -> list[str]:
    """Return the stem of each of many words."""
    stems = _stemmer().stemWords(words)
    return [stemmed if _has_ending(word) else word for word, stemmed in zip(words, stems, strict=True)]


def _has_ending(word: str) -> bool:
    return len(word) > LONGEST_WHOLE and word.isascii() and word.isalpha()


def _stemmer() -> Stemmer:
    if _of_thread.stemmer is None:
        from Stemmer import Stemmer  # noqa: PLC0415 - who never searches does without

        _of_thread.stemmer = Stemmer("english", 0)  # whoever asks often remembers
    return _of_thread.stemmer
