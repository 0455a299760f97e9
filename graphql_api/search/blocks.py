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

    from graphql_api.search.pieces import Numbers
    from graphql_api.search.vocabulary import Pieces

ENTRIES_ENOUGH = 4096
"""A block has no more than this and what is added at once; their numbers have 16 bits."""
_PLACES_ENOUGH = 1 << 21
WEIGHT_UNITS = 100
_HEAVIEST = 0xFFFF
_NONE = np.zeros(1, np.int64)


class Postings(NamedTuple):
    """Where one stem, by its number in the index, stands in a block; see above."""

    stem: int
    entries: memoryview
    places: memoryview


class Block(NamedTuple):
    """One block: the pks of its entries and the length of each field of each of them, both as bytes.

    `pks` are int64, `lengths` uint32 in the fields' order.
    """

    pks: bytes
    lengths: bytes
    postings: Iterator[Postings]


class BlockMaker:
    """Collects the texts of entries and makes blocks of them; `weights` are those of the fields."""

    def __init__(self, weights: Sequence[float]) -> None:
        """Begin without any."""
        self._weights = [min(max(round(weight * WEIGHT_UNITS), 1), _HEAVIEST) for weight in weights]
        self._vocabulary = Vocabulary()
        self._counts: NDArray[Any] = _NONE
        self._begin()

    @property
    def is_full(self) -> bool:
        """Whether it is time to make a block."""
        return len(self._pks) >= ENTRIES_ENOUGH or self._size >= _PLACES_ENOUGH

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to make a block of."""
        return not self._pks

    @property
    def is_heavy(self) -> bool:
        """Whether its vocabulary is to be forgotten, for the sake of memory; once its words are written."""
        return self._vocabulary.is_full

    def add(self, entries: Sequence[Sequence[Any]], *, are_known: bool = False) -> None:
        """Add entries: the pk and the text of each field, in UTF-8 or None; of known ones no words are counted."""
        if not entries:
            return
        pieces, counts = self._vocabulary.take([text or b"" for _, *texts in entries for text in texts])
        self._pks.extend([row[0] for row in entries])
        known = self._vocabulary.pieces
        if not are_known:
            self._count(pieces, 1)
        words, places, lengths = _within(known, pieces, counts)
        self._parts.append((words, places + np.uint32(self._size)))
        self._lengths.append(lengths)
        self._size += int(lengths.sum()) + len(lengths)

    def forget(self, entries: Sequence[Sequence[Any]]) -> None:
        """Take back the counts of the words of entries, as they were added."""
        if entries:
            self._count(self._vocabulary.take([text or b"" for _, *texts in entries for text in texts])[0], -1)

    def words(self) -> list[tuple[str, int, int]]:
        """Return each word that occurs more often now, or less: (word, number of its stem, how much more), sorted.

        It forgets them. Every stem must have its number.
        """
        known = self._vocabulary.pieces
        counts = np.zeros(len(known.starts), np.int64)
        counts[: len(self._counts)] = self._counts
        words = self._vocabulary.words
        totals = np.bincount(known.words, weights=np.repeat(counts, known.counts), minlength=len(words))
        self._counts = _NONE
        there = np.flatnonzero(totals)
        stems = self._vocabulary.numbered_stems()[there].tolist()
        changes = totals[there].astype(np.int64).tolist()
        return sorted(
            (words[at], stem, change) for at, stem, change in zip(there.tolist(), stems, changes, strict=True)
        )

    def unnumbered(self) -> list[str]:
        """Return the stems whose numbers are not known yet, sorted."""
        return sorted(self._vocabulary.unnumbered_stems())

    def number(self, stems: Mapping[str, int]) -> None:
        """Tell the numbers of stems."""
        self._vocabulary.number(stems)

    def make(self) -> Block:
        """Return the block of what was added, and begin anew. Every stem must have its number."""
        pks, lengths, weights = self._pks.tobytes(), np.concatenate(self._lengths), self._weights
        stems = self._vocabulary.numbered_stems().take(np.concatenate([words for words, _ in self._parts]))
        places = np.concatenate([places for _, places in self._parts])
        self._begin()
        return Block(pks, lengths.astype("<u4").tobytes(), _postings(stems, places, lengths, weights))

    def _begin(self) -> None:
        self._pks = array("q")
        self._parts: list[tuple[NDArray[np.int32], NDArray[np.uint32]]] = []
        self._lengths: list[NDArray[np.int32]] = []
        self._size = 0

    def _count(self, pieces: Numbers, sign: int) -> None:
        counts = np.bincount(pieces, minlength=len(self._counts)) * sign
        counts[: len(self._counts)] += self._counts
        self._counts = counts


def _within(
    known: Pieces, pieces: Numbers, counts: Numbers
) -> tuple[NDArray[np.int32], NDArray[np.uint32], NDArray[np.int32]]:
    """Return the words of fields, their places, and the fields' lengths; `counts` says how many pieces each has."""
    widths = known.widths.take(pieces)
    ends = np.cumsum(widths, dtype=np.int64)
    field_ends = np.concatenate([_NONE, ends]).take(np.cumsum(counts))
    lengths = np.diff(field_ends, prepend=0).astype(np.int32)
    # One place is left free after each field.
    first = ends - widths
    first += np.repeat(np.arange(len(counts)), counts)
    many, at = known.counts.take(pieces), known.starts.take(pieces).astype(np.int64)
    if int(many.max(initial=1)) > 1 or int(many.min(initial=1)) < 1:
        at = np.repeat(at - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
        first = np.repeat(first, many)
    first += known.places.take(at)
    return known.words.take(at), first.astype(np.uint32), lengths


def _postings(
    stems: NDArray[np.uint32], places: NDArray[np.uint32], lengths: NDArray[np.int32], weights: Sequence[int]
) -> Iterator[Postings]:
    """Return where each stem stands, in the order of the stems' numbers; `places` rise for each of them."""
    if not len(stems):
        return iter(())
    numbers, counts, places = _by_stem(stems, places)
    spans, at = lengths + 1, places.astype(np.int64)
    # What stands at each place: its entry, and the weight of its field.
    entries = np.arange(len(lengths) // len(weights), dtype=np.uint16)
    entry = np.repeat(entries, spans.reshape(-1, len(weights)).sum(axis=1)).take(at)
    weight = np.repeat(np.tile(np.array(weights, np.uint16), len(entries)), spans).take(at)
    place_ends = np.cumsum(counts)
    is_first = np.ones(len(places), bool)
    np.not_equal(entry[1:], entry[:-1], out=is_first[1:])
    is_first[place_ends[:-1]] = True
    starts = np.flatnonzero(is_first)
    pairs = np.empty((len(starts), 2), "<u2")
    pairs[:, 0] = entry[starts]
    pairs[:, 1] = np.minimum(np.add.reduceat(weight, starts, dtype=np.uint32), _HEAVIEST)
    pair_ends = np.searchsorted(starts, place_ends)
    place_bytes = places.astype("<u4", copy=False).tobytes()
    return _parted(numbers.tolist(), pairs.tobytes(), pair_ends.tolist(), place_bytes, place_ends.tolist())


def _parted(
    numbers: Sequence[int], pairs: bytes, pair_ends: Sequence[int], places: bytes, place_ends: Sequence[int]
) -> Iterator[Postings]:
    """Yield the part that each stem has of all pairs and of all places, by where these parts end."""
    entry_bytes, place_bytes = memoryview(pairs), memoryview(places)
    pair = at = 0
    for number, pair_end, place_end in zip(numbers, pair_ends, place_ends, strict=True):
        yield Postings(number, entry_bytes[4 * pair : 4 * pair_end], place_bytes[4 * at : 4 * place_end])
        pair, at = pair_end, place_end


def _by_stem(
    stems: NDArray[np.uint32], places: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], Numbers, NDArray[np.uint32]]:
    """Return the different stems, rising, how many places each has, and the places in that order."""
    counts = np.bincount(stems)
    different = np.flatnonzero(counts)
    # Numbers of 16 bits are sorted by counting, in a quarter of the time.
    ranks = np.cumsum(counts > 0) - 1
    rank = ranks.astype(np.uint16 if len(different) <= 1 << 16 else np.uint32).take(stems)
    return different.astype(np.uint32), counts[different], places.take(np.argsort(rank, kind="stable"))
