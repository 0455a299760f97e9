"""The index of one type, as a generation holds it: which entries have a word, a phrase, or a word that begins so."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graphql_api.search.blocks import WEIGHT_UNITS
from graphql_api.search.names import STEM_BITS
from graphql_api.search.stems import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from graphql_api.search.pieces import Numbers

    Values = NDArray[np.float64]
    from graphql_api.search.names import Name

    Ask = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]

_STEM = "SELECT number FROM {0}_stem WHERE stem = ?1"
_BEGINNING = "SELECT DISTINCT stem AS number FROM {0}_word WHERE word >= ?1 AND word < ?1 || x'ff'"
_ELEMENTS = "SELECT value FROM json_each(?)"
_NONE, _NO_WEIGHTS, _NO_PLACES = np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.uint32)
_K1, _B = 1.2, 0.75
"""BM25: how soon more of the same word counts for nothing, and how much the length of a text counts."""


class Hits(NamedTuple):
    """Entries by their numbers, rising, and how much of it each has: the sum of the fields' weights over its places."""

    entries: Numbers
    weights: Values


class Entries:
    """The entries of one index: their pks and the lengths of their fields, as the blocks have them; read once."""

    def __init__(self, name: Name, ask: Ask) -> None:
        """Read them by `ask`, which gives the rows of a statement."""
        blocks = list(ask(f"SELECT block, pks, lengths FROM {name.table}_block ORDER BY block", ()))
        self._fields = len(name.weights)
        self._lengths = b"".join([lengths for _, _, lengths in blocks])
        self.pks: Numbers = np.frombuffer(b"".join([pks for _, pks, _ in blocks]), np.int64)
        sizes = [len(pks) // 8 for _, pks, _ in blocks]
        self.first = dict(zip([block for block, _, _ in blocks], np.cumsum([0, *sizes]).tolist(), strict=False))
        """The number of the first entry of each block."""
        self.are_there = None if self.pks.all() else self.pks > 0
        """Which of them have not gone since their block was made; None if none has."""
        totals = self._field_lengths.sum(axis=1, dtype=np.float64)
        self.count = int(np.count_nonzero(self.pks))
        mean = float(totals[self.pks > 0].sum()) / self.count if self.count else 0.0
        self.damping: Values = _K1 * (1 - _B + _B * totals / (mean or 1.0))
        """What the weights of a word are measured by, for each entry: more in a longer one."""

    @property
    def _field_lengths(self) -> NDArray[np.uint32]:
        return np.frombuffer(self._lengths, "<u4").reshape(-1, self._fields)

    @cached_property
    def field_starts(self) -> Numbers:
        """Where each field of each entry starts, over all blocks."""
        spans = self._field_lengths.ravel().astype(np.int64) + 1
        return np.cumsum(spans) - spans


class Index:
    """Searches one index by `ask`, which gives the rows of a statement."""

    def __init__(self, name: Name, entries: Entries, ask: Ask) -> None:
        """Take what was read of the entries."""
        self.name = name
        self._ask = ask
        self._first = entries.first
        self._entries = entries
        self.pks = entries.pks
        self.count = entries.count
        self.damping = entries.damping

    def word(self, word: str) -> Hits:
        """Return the entries that have a word, with whatever ending."""
        return self._hits(self._entries_of(_STEM), stem(word))

    def beginning(self, start: str) -> Hits:
        """Return the entries that have a word that begins so, with all that has the stem of such a word."""
        found = self._hits(self._entries_of(_BEGINNING), start)
        return _summed(found.entries, found.weights)

    def phrase(self, words: Sequence[str], *, is_unfinished: bool = False) -> Hits:
        """Return the entries that have words side by side; of an unfinished phrase the last one may go on."""
        if len(words) == 1:
            return self.beginning(words[0]) if is_unfinished else self.word(words[0])
        stems = [self._numbers(_STEM, stem(word)) for word in words[: len(words) - is_unfinished]]
        if is_unfinished:
            stems.append(self._numbers(_BEGINNING, words[-1]))
        if not all(stems):
            return Hits(_NONE, _NO_WEIGHTS)
        begins = np.concatenate([_NONE, *(self._phrase_in(block, stems) for block in self._first)])
        fields = np.searchsorted(self._entries.field_starts, begins, "right") - 1
        fields_each = len(self._weights)
        return self._there(_summed(fields // fields_each, self._weights[fields % fields_each]))

    def _phrase_in(self, block: int, stems: Sequence[Sequence[int]]) -> Numbers:
        """Return where a phrase begins in a block; `stems` are the numbers that each of its words may have."""
        keys = json.dumps([(block << STEM_BITS) + number for some in stems for number in some])
        measured = self._ask(f"SELECT id, length(places) FROM {self._postings} WHERE id IN ({_ELEMENTS})", (keys,))
        sizes: dict[int, int] = {row[0]: row[1] for row in measured}
        ids = [[key for number in some if (key := (block << STEM_BITS) + number) in sizes] for some in stems]
        begins: Numbers | None = None
        # The rarest word first: places of commoner ones are read only where there is a need.
        for at in sorted(range(len(ids)), key=lambda at: sum(sizes[key] for key in ids[at])):
            places = self._places(ids[at]) if begins is None or len(begins) else _NO_PLACES
            begins = places.astype(np.int64) - at if begins is None else begins[_among(begins + at, places)]
        assert begins is not None  # noqa: S101 - a phrase has words
        begins += self._entries.field_starts[self._first[block] * len(self.name.weights)]
        return begins

    def _places(self, ids: Sequence[int]) -> NDArray[np.uint32]:
        found = [
            np.frombuffer(places, "<u4")
            for key in ids
            for (places,) in self._ask(f"SELECT places FROM {self._postings} WHERE id = ?", (key,))
        ]
        return found[0] if len(found) == 1 else np.sort(np.concatenate([_NO_PLACES, *found]))

    def _numbers(self, sql: str, value: str) -> list[int]:
        return [number for (number,) in self._ask(sql.format(self.name.table), (value,))]

    def titled(self, start: str) -> list[int]:
        """Return the pks of the entries whose titles begin so."""
        name = self.name
        if not name.title_table:
            return []
        column = name.title_column
        titled = f"SELECT pk FROM {name.title_table} WHERE {column} >= ?1 AND {column} < ?1 || x'ff'"
        return [pk for (pk,) in self._ask(titled, (start,))]

    def spelled(self, words: str) -> list[tuple[str, int]]:
        """Return those of a JSON list of words that occur, and how often."""
        return self._words(f"word IN ({_ELEMENTS})", words)

    def spelled_from(self, starts: str) -> list[tuple[str, int]]:
        """Return words that begin with one of a JSON list, and how often they occur: the commonest."""
        rows = self._ask(
            f"SELECT DISTINCT w.word, w.count FROM json_each(?) AS s CROSS JOIN {self.name.table}_word AS w"
            " ON w.word >= s.value AND w.word < s.value || x'ff' ORDER BY w.count DESC, w.word LIMIT 20",
            (starts,),
        )
        return [(word, count) for word, count in rows]

    def spelled_alike(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Return words of some length that begin so, and how often they occur: the commonest thousand."""
        condition = "word >= ?1 AND word < ?1 || x'ff' AND length(word) BETWEEN ?2 AND ?3"
        return self._words(f"{condition} ORDER BY count DESC, word LIMIT 1000", start, shortest, longest)

    def _words(self, condition: str, *values: Any) -> list[tuple[str, int]]:  # noqa: ANN401 - values of SQL
        rows = self._ask(f"SELECT word, count FROM {self.name.table}_word WHERE {condition}", values)
        return [(word, count) for word, count in rows]

    @cached_property
    def _weights(self) -> Values:
        return np.array(self.name.weights)

    @property
    def _postings(self) -> str:
        return f"{self.name.table}_posting"

    def _entries_of(self, stems: str) -> str:
        table = self.name.table
        return (
            f"SELECT b.block, p.entries FROM ({stems.format(table)}) AS s CROSS JOIN {table}_block AS b CROSS JOIN"
            f" {table}_posting AS p ON p.id = (b.block << {STEM_BITS}) + s.number"
        )

    def _hits(self, sql: str, value: str) -> Hits:
        rows = self._ask(sql, (value,))
        pairs = np.frombuffer(b"".join([entries for _, entries in rows]), "<u2").reshape(-1, 2)
        sizes = [len(entries) // 4 for _, entries in rows]
        entries = pairs[:, 0] + np.repeat(np.array([self._first[block] for block, _ in rows], np.int64), sizes)
        return self._there(Hits(entries, pairs[:, 1] / WEIGHT_UNITS))

    def _there(self, hits: Hits) -> Hits:
        """Return the hits without entries that have gone since their block was made."""
        if self._entries.are_there is None:
            return hits
        kept = self._entries.are_there[hits.entries]
        return Hits(hits.entries[kept], hits.weights[kept])


def _summed(entries: Numbers, weights: Values) -> Hits:
    """Return each entry once, with the sum of its weights."""
    sums = np.bincount(entries, weights)
    there = np.flatnonzero(sums > 0)  # of truth values it is several times as fast
    return Hits(there, sums[there].astype(np.float64))


def _among(values: Numbers, sorted_values: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which of `values` are among others, which rise."""
    if not len(sorted_values):
        return np.zeros(len(values), bool)
    at = np.minimum(np.searchsorted(sorted_values, values), len(sorted_values) - 1)
    found: NDArray[np.bool_] = sorted_values[at] == values
    return found
