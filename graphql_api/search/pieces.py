"""Pieces: what stands between blanks in UTF-8, and tables that know millions of them by their bytes.

Most pieces of a text have occurred before, so each is to be found in a table, not looked at. numpy does that for
thousands at once: a piece becomes one number of 64 bits that its bytes make (up to eight of them exactly, more of them
mixed), and that number says where in a table to look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphql_api.search.analysis import SEPARATORS, WIDE_SEPARATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Names = NDArray[np.uint64]

LONGEST_NAMED = 32
"""Bytes of a piece that has a name; longer ones are rare, and looked at each time."""
_BLANK = 32
_WORD_BYTES = 8
# ASCII letters become small, and signs that hold no words together blanks.
_PLAIN = bytes.maketrans(SEPARATORS.encode(), b" " * len(SEPARATORS)).lower()
_SIGN_BYTES = np.array([list(sign.encode()) for sign in WIDE_SEPARATORS], np.uint8)
_MASKS = np.array([(1 << (8 * size)) - 1 for size in range(_WORD_BYTES + 1)], np.uint64)
_MIXERS = [np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)]
_SLOT_BITS = 20
_SHIFT = np.uint64(64 - _SLOT_BITS)


class Cut(NamedTuple):
    """Texts that are cut into pieces: all `data`, where pieces start and end in it, and how many each text has.

    `names` holds the name of each piece; it means nothing for one that is too long.
    """

    data: bytes
    starts: Numbers
    ends: Numbers
    names: Names
    counts: Numbers


def cut(texts: Sequence[bytes]) -> Cut:
    """Return the pieces of texts in UTF-8."""
    # It begins and ends with a blank, and a name may read on beyond the last piece.
    data = b" ".join([b"", *texts, b" " * LONGEST_NAMED]).translate(_PLAIN)
    is_blank = _blanks(np.frombuffer(data, np.uint8))
    edges = np.flatnonzero(is_blank[1:] != is_blank[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    begins = np.cumsum([1, *(len(text) + 1 for text in texts)])
    return Cut(data, starts, ends, _names(data, starts, ends - starts), np.diff(np.searchsorted(starts, begins)))


def _blanks(data: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which bytes are between pieces: blanks, points before blanks, typographic dashes and quotes."""
    is_blank = data <= _BLANK
    is_point = (data == ord(".")) | (data == ord(","))
    is_blank[:-1] |= is_point[:-1] & is_blank[1:]
    signs = np.flatnonzero(data == _SIGN_BYTES[0, 0])
    for sign in _SIGN_BYTES:
        there = signs[(data[signs + 1] == sign[1]) & (data[signs + 2] == sign[2])]
        for at in range(len(sign)):
            is_blank[there + at] = True
    return is_blank


def _names(data: bytes, starts: Numbers, sizes: Numbers) -> Names:
    # Eight bytes from every place on: they overlap, so `take` would copy all of them.
    words: Names = np.ndarray((len(data) - _WORD_BYTES + 1,), "<u8", data, strides=(1,))
    names: Names = words[starts] & _MASKS.take(np.minimum(sizes, _WORD_BYTES))
    for number in range(1, LONGEST_NAMED // _WORD_BYTES):
        first = _WORD_BYTES * number
        longer = np.flatnonzero(sizes > first)
        left = np.minimum(sizes.take(longer) - first, _WORD_BYTES)
        further = words[starts.take(longer) + first] & _MASKS.take(left)
        before = names.take(longer)
        names[longer] = (before ^ (before >> np.uint64(29))) * _MIXERS[number] + further * _MIXERS[0]
    return names


class PieceTable:
    """Numbers of pieces by their names; a name has two places where it can be, and what finds both taken a third."""

    def __init__(self) -> None:
        """Begin without any."""
        self._names = [np.zeros(1 << _SLOT_BITS, np.uint64) for _ in range(2)]
        self._values = [np.full(1 << _SLOT_BITS, -1, np.int64) for _ in range(2)]
        # Sorted by name; 0 names no piece.
        self._other_names, self._other_values = np.zeros(1, np.uint64), np.full(1, -1, np.int64)

    def find(self, names: Names) -> Numbers:
        """Return the number of each, -1 where it is not known."""
        found = self._in(0, names)
        for side in (1, 2):
            left = np.flatnonzero(found < 0)
            if not len(left):
                break
            some = names.take(left)
            found[left] = self._in(1, some) if side == 1 else self._among_others(some)
        return found

    def add(self, names: Names, values: Numbers) -> None:
        """Tell the numbers of different ones that are not known."""
        for side in (0, 1):
            slots = _slots(side, names)
            free = np.flatnonzero(self._values[side][slots] < 0)
            taken = free[np.unique(slots[free], return_index=True)[1]]
            self._names[side][slots[taken]], self._values[side][slots[taken]] = names[taken], values[taken]
            names, values = np.delete(names, taken), np.delete(values, taken)
        all_names = np.concatenate([self._other_names, names])
        order = np.argsort(all_names)
        self._other_names = all_names[order]
        self._other_values = np.concatenate([self._other_values, values])[order]

    def _in(self, side: int, names: Names) -> Numbers:
        slots = _slots(side, names)
        return np.where(self._names[side].take(slots) == names, self._values[side].take(slots), -1)

    def _among_others(self, names: Names) -> Numbers:
        at = np.minimum(np.searchsorted(self._other_names, names), len(self._other_names) - 1)
        return np.where(self._other_names[at] == names, self._other_values[at], -1)


def _slots(side: int, names: Names) -> Numbers:
    return (names * _MIXERS[side] >> _SHIFT).astype(np.int64)
