"""Blocks: the inverted index of a few thousand entries, made in one go.

A block holds, for each stem, the entries that have it and every place where it stands:

- `entries`: (number of the entry in the block, weight) as two little-endian uint16 each. The weight is the sum of the
  fields' weights over the stem's places there, in hundredths, at most 65,535 of them.
- `places`: little-endian uint32. Places run through all fields of all entries of the block, with one left free after
  each field, so that no phrase reaches into the next one.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graphql_api.search.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from graphql_api.search.vocabulary import Numbers, Pieces

MAX_ENTRIES = 4096
_PIECES_ENOUGH = 1 << 20
WEIGHT_UNITS = 100
_HEAVIEST = 0xFFFF


class Postings(NamedTuple):
    """Where one stem, by its number in the index, stands in a block; see above."""

    stem: int
    entries: memoryview
    places: memoryview


class Block(NamedTuple):
    """One block: the pks of its entries and the length of each field of each of them, both as bytes.

    `pks` are int64, `lengths` uint32 in the fields' order. `words` are (word, number of its stem, how often it stands).
    """

    pks: bytes
    lengths: bytes
    postings: Iterator[Postings]
    words: list[tuple[str, int, int]]


class BlockMaker:
    """Collects the texts of entries and makes blocks of them; `weights` are those of the fields."""

    def __init__(self, weights: Sequence[float]) -> None:
        """Begin without any."""
        self._weights = [min(max(round(weight * WEIGHT_UNITS), 1), _HEAVIEST) for weight in weights]
        self._vocabulary = Vocabulary()
        self._begin()

    @property
    def is_full(self) -> bool:
        """Whether it is time to make a block."""
        return len(self._pks) >= MAX_ENTRIES or len(self._pieces) >= _PIECES_ENOUGH

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to make a block of."""
        return not self._pks

    def add(self, pk: int, texts: Sequence[str | None], *, is_known: bool = False) -> None:
        """Add an entry with the text of each field; known ones, whose words were counted before, come first."""
        pieces, counts, numbers = self._pieces, self._counts, self._vocabulary.numbers
        self._pks.append(pk)
        for text in texts:
            before = len(pieces)
            if text:
                pieces.extend(numbers(text))
            counts.append(len(pieces) - before)
        if is_known:
            self._uncounted = len(pieces)

    def words(self, texts: Sequence[str | None]) -> dict[str, int]:
        """Return how often each word stands in the texts of one entry."""
        words, numbers = self._vocabulary.words, self._vocabulary.numbers
        pieces = np.array([number for text in texts if text for number in numbers(text)], np.int64)
        return {words[word]: count for word, count in _counted(self._vocabulary.pieces(), pieces)}

    def unnumbered(self) -> list[str]:
        """Return the stems whose numbers are not known yet, sorted."""
        return sorted(set(self._vocabulary.stems) - self._vocabulary.numbers_of_stems.keys())

    def number(self, stems: Mapping[str, int]) -> None:
        """Tell the numbers of stems."""
        self._vocabulary.numbers_of_stems.update(stems)

    def make(self) -> Block:
        """Return the block of what was added, and begin anew. Every stem must have its number."""
        vocabulary = self._vocabulary
        known = vocabulary.pieces()
        pieces, counts = np.frombuffer(self._pieces, np.uint32), np.array(self._counts, np.int64)
        pks, uncounted = self._pks.tobytes(), self._uncounted
        self._begin()
        if vocabulary.is_full:
            self._vocabulary = Vocabulary()
        numbers = np.array([vocabulary.numbers_of_stems[stem] for stem in vocabulary.stems], np.uint64)
        lengths = _sums(known.widths[pieces], counts)
        words = vocabulary.words
        told = [(words[word], int(numbers[word]), count) for word, count in _counted(known, pieces[uncounted:])]
        postings = _postings(_keys(known, pieces, counts, numbers), lengths, self._weights)
        return Block(pks, lengths.astype("<u4").tobytes(), postings, told)

    def _begin(self) -> None:
        self._pks, self._pieces, self._counts = array("q"), array("I"), array("q")
        self._uncounted = 0


def _counted(known: Pieces, pieces: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Yield the number of each word that stands in pieces, and how often."""
    times = np.bincount(pieces, minlength=len(known.starts))
    totals = np.bincount(known.words, weights=np.repeat(times, known.counts)).astype(np.int64)
    there = np.flatnonzero(totals)
    yield from zip(there.tolist(), totals[there].tolist(), strict=True)


def _sums(values: Numbers, counts: Numbers) -> Numbers:
    """Return the sum of each run of `values`; `counts` says how long they are."""
    totals = np.concatenate([[0], np.cumsum(values)])
    ends = np.cumsum(counts)
    sums: Numbers = totals[ends] - totals[ends - counts]
    return sums


def _keys(known: Pieces, pieces: NDArray[Any], counts: Numbers, numbers: NDArray[Any]) -> NDArray[Any]:
    """Return each place of each word as one number, sorted: the stem's above that of the place."""
    widths = known.widths[pieces]
    # One place is left free after each field.
    first = np.cumsum(widths) - widths + np.repeat(np.arange(len(counts)), counts)
    many = known.counts[pieces]
    each = np.repeat(known.starts[pieces] - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
    places = np.repeat(first, many) + known.places[each]
    keys = numbers[known.words[each]] << np.uint64(32) | places.astype(np.uint64)
    keys.sort()
    return keys


def _postings(keys: NDArray[Any], lengths: Numbers, weights: Sequence[int]) -> Iterator[Postings]:
    """Yield where each stem stands, in the order of the stems' numbers."""
    spans = lengths + 1
    entry_at = np.repeat(np.arange(len(lengths), dtype=np.uint32) // np.uint32(len(weights)), spans)
    weight_at = np.repeat(np.resize(np.array(weights, np.uint32), len(lengths)), spans)
    places = keys.astype("<u4")
    stems = (keys >> np.uint64(32)).astype(np.uint32)
    entry = entry_at[places]
    is_first = np.ones(len(keys), bool)
    is_first[1:] = (stems[1:] != stems[:-1]) | (entry[1:] != entry[:-1])
    starts = np.flatnonzero(is_first)
    pairs = np.empty((len(starts), 2), "<u2")
    pairs[:, 0] = entry[starts]
    if len(starts):
        pairs[:, 1] = np.minimum(np.add.reduceat(weight_at[places], starts), _HEAVIEST)
    begun = np.flatnonzero(np.diff(stems[starts], prepend=np.uint32(0xFFFFFFFF)))
    pair_ends = [*begun[1:].tolist(), len(starts)]
    place_ends = [*starts[begun[1:]].tolist(), len(keys)]
    numbers = stems[starts[begun]].tolist()
    del keys, stems, entry, is_first, entry_at, weight_at
    entry_bytes, place_bytes = memoryview(pairs.tobytes()), memoryview(places.tobytes())
    pair = at = 0
    for number, pair_end, place_end in zip(numbers, pair_ends, place_ends, strict=False):
        yield Postings(number, entry_bytes[4 * pair : 4 * pair_end], place_bytes[4 * at : 4 * place_end])
        pair, at = pair_end, place_end
