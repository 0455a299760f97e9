"""Vocabulary: the pieces and the words that texts are made of, by number, so that arrays stand for texts.

Most pieces of a text have occurred before, in this one or in another. So a piece is analysed once, and from then on it
is its number; what it holds is looked up for millions of pieces at once.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphql_api.search.analysis import groups, plain_word
from graphql_api.search.stems import stem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_LONGEST_REMEMBERED = 64
_MOST_REMEMBERED = 400_000


class Pieces(NamedTuple):
    """What the pieces hold, by their numbers: `counts` words from `starts` on, over `widths` places.

    `words` has the number of each of those words, `places` its place within the piece.
    """

    starts: Numbers
    counts: Numbers
    widths: Numbers
    words: Numbers
    places: Numbers


class Vocabulary(dict[str, int]):
    """The number of each piece; one that is asked for first is analysed, and gets one."""

    def __init__(self) -> None:
        """Begin without any."""
        self.words: list[str] = []
        """Every word."""
        self.stems: list[str] = []
        """The stem of each."""
        self.numbers_of_stems: dict[str, int] = {}
        """The number of each stem, in the index that is made."""
        self._numbers: dict[str, int] = {}
        self._same: dict[tuple[tuple[int, int], ...], int] = {}
        self._starts, self._counts, self._widths = array("q"), array("q"), array("q")
        self._words, self._places = array("q"), array("q")

    @property
    def is_full(self) -> bool:
        """Whether to begin with another one, for the sake of memory."""
        return len(self) > _MOST_REMEMBERED or len(self._starts) > _MOST_REMEMBERED

    def numbers(self, text: str) -> map[int]:
        """Return the numbers of the pieces of a text, in order."""
        return map(self.__getitem__, text.split())

    def pieces(self) -> Pieces:
        """Return what the pieces hold that have a number by now."""
        return Pieces(*map(_numbers, (self._starts, self._counts, self._widths, self._words, self._places)))

    def __missing__(self, piece: str) -> int:
        """Return the number of a new piece; pieces with the same words share one."""
        word = plain_word(piece)
        number = self._alike(((self._number(word), 0),), 1) if word else self._analysed(piece)
        if len(piece) <= _LONGEST_REMEMBERED:
            self[piece] = number
        return number

    def _analysed(self, piece: str) -> int:
        found, width = [], 0
        for group in groups(piece):
            found += [(self._number(part), width + at) for at, part in enumerate(group.parts)]
            found += [(self._number(word), width) for word in sorted({group.joined, group.signed} - {""})]
            width += len(group.parts)
        return self._alike(tuple(found), width)

    def _alike(self, found: tuple[tuple[int, int], ...], width: int) -> int:
        """Return the number of the pieces that hold these (word, place)."""
        number = self._same.setdefault(found, len(self._starts))
        if number == len(self._starts):
            self._starts.append(len(self._words))
            self._counts.append(len(found))
            self._widths.append(width)
            self._words.extend([word for word, _ in found])
            self._places.extend([place for _, place in found])
        return number

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
            self.stems.append(stem(word))
        return number


def _numbers(values: array[int]) -> Numbers:
    return np.frombuffer(values.tobytes(), np.int64)
