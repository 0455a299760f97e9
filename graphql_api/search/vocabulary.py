"""Vocabulary: the pieces and the words that texts are made of, by number, so that arrays stand for texts.

A piece is analysed when it occurs for the first time, and from then on it is its number; what it holds is looked up for
thousands of pieces at once.
"""

from __future__ import annotations

from array import array
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphql_api.search.analysis import AROUND, LONGEST_WORD, groups
from graphql_api.search.pieces import LONGEST_NAMED, PieceTable, cut
from graphql_api.search.stems import stems_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from graphql_api.search.pieces import Cut, Names, Numbers

_MOST_REMEMBERED = 400_000
_AROUND = AROUND.encode()


class Pieces(NamedTuple):
    """What the pieces hold, by their numbers: `counts` words from `starts` on, over `widths` places.

    `words` has the number of each of those words, `places` its place within the piece.
    """

    starts: NDArray[np.int32]
    counts: NDArray[np.int32]
    widths: NDArray[np.int32]
    words: NDArray[np.int32]
    places: NDArray[np.int32]


class Vocabulary:
    """The number of each piece; one that is asked for first is analysed, and gets one."""

    def __init__(self) -> None:
        """Begin without any."""
        self.words: list[str] = []
        """Every word."""
        self._stems: list[str] = []
        self._numbers_of_stems: dict[str, int] = {}
        self._numbered = array("I")
        self._table = PieceTable()
        self._known: Pieces | None = None
        self._numbers: dict[str, int] = {}
        self._same: dict[tuple[tuple[int, int], ...], int] = {}
        self._plain: dict[bytes, int] = {}
        self._starts, self._counts, self._widths = array("i"), array("i"), array("i")
        self._words, self._places = array("i"), array("i")

    @property
    def is_full(self) -> bool:
        """Whether to begin with another one, for the sake of memory."""
        return len(self._starts) > _MOST_REMEMBERED

    def take(self, texts: Sequence[bytes]) -> tuple[Numbers, Numbers]:
        """Return the numbers of the pieces of texts in UTF-8, in order, and how many pieces each text has."""
        found = cut(texts)
        numbers = self._table.find(found.names)
        long = np.flatnonzero(found.ends - found.starts > LONGEST_NAMED)
        numbers[long] = [self._new(found.data[found.starts[at] : found.ends[at]]) for at in long.tolist()]
        new = np.flatnonzero(numbers < 0)
        if len(new):
            numbers[new] = self._learned(found, new, found.names[new])
        return numbers, found.counts

    @property
    def pieces(self) -> Pieces:
        """What the pieces hold that have a number by now."""
        if self._known is None or len(self._known.starts) != len(self._starts):
            parts = (self._starts, self._counts, self._widths, self._words, self._places)
            self._known = Pieces(*[np.frombuffer(part.tobytes(), np.int32) for part in parts])
        return self._known

    def unnumbered_stems(self) -> set[str]:
        """Return the stems of its words whose numbers it was not told yet."""
        return set(self._all_stems()[len(self._numbered) :]) - self._numbers_of_stems.keys()

    def number(self, stems: Mapping[str, int]) -> None:
        """Take the numbers of the stems that had none yet, in the index that is made."""
        self._numbers_of_stems.update(stems)
        self._numbered.extend([self._numbers_of_stems[stem] for stem in self._all_stems()[len(self._numbered) :]])

    def numbered_stems(self) -> NDArray[np.uint32]:
        """Return the number of each word's stem; 0 where it was not told."""
        numbers = self._numbers_of_stems
        others = [numbers.get(stem, 0) for stem in self._all_stems()[len(self._numbered) :]]
        return np.array(self._numbered + array("I", others), np.uint32)

    def _learned(self, found: Cut, new: Numbers, names: Names) -> Numbers:
        """Return the numbers of pieces that have not occurred before."""
        different, firsts, which = np.unique(names, return_index=True, return_inverse=True)
        at = new[firsts]
        data, new_one = found.data, self._new
        bounds = zip(found.starts[at].tolist(), found.ends[at].tolist(), strict=True)
        numbers = [new_one(data[start:end]) for start, end in bounds]
        values = np.array(numbers, np.int64)
        self._table.add(different, values)
        return values[which]

    def _new(self, piece: bytes) -> int:
        """Return the number of a piece after its analysis; pieces with the same words share one."""
        # Most pieces are one word in ASCII, perhaps with points around it; `cut` has made their letters small.
        word = piece.rstrip(_AROUND).lstrip(b"'")
        if not word.isalpha():
            return self._analysed(piece.decode())
        number = self._plain.setdefault(word, len(self._starts))
        if number == len(self._starts):
            self._starts.append(len(self._words))
            self._counts.append(1)
            self._widths.append(1)
            self._words.append(self._number(word[:LONGEST_WORD].decode()))
            self._places.append(0)
        return number

    def _analysed(self, piece: str) -> int:
        found, width = [], 0
        for group in groups(piece):
            found += [(self._number(part), width + at) for at, part in enumerate(group.parts)]
            found += [(self._number(word), width) for word in sorted({group.joined, group.signed} - {""})]
            width += len(group.parts)
        return self._alike(tuple(sorted(found, key=itemgetter(1))), width)

    def _alike(self, found: tuple[tuple[int, int], ...], width: int) -> int:
        """Return the number of the pieces that hold these (word, place)."""
        number = self._same.setdefault(found, len(self._starts))
        if number == len(self._starts):
            self._starts.append(len(self._words))
            self._counts.append(len(found))
            self._widths.append(width)
            for word, place in found:
                self._words.append(word)
                self._places.append(place)
        return number

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number

    def _all_stems(self) -> list[str]:
        """Return the stem of each word."""
        self._stems += stems_of(self.words[len(self._stems) :])
        return self._stems
