"""Ranking: the entries that match a query, and how well: BM25 over weighted fields, and what stands above it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphql_api.search.index import Hits
from graphql_api.search.names import RANKS_PER_POINT
from graphql_api.search.query import read_query, title_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.search.index import Index, Values
    from graphql_api.search.pieces import Numbers
    from graphql_api.search.query import Query, Term

TITLE_POINTS, SIGN_POINTS = 100, 50
"""For a title that begins with what was typed, and for a word with its sign: more than words alone ever give."""
_K1 = 1.2
_NOTHING = np.zeros(0, np.int64)


class Found(NamedTuple):
    """The pks of the entries that match, and their ranks: whole, smaller is better."""

    pks: Numbers
    ranks: Numbers

    def best(self, count: int) -> Found:
        """Return the best `count`, and what is as good as the last of them."""
        if count >= len(self.ranks):
            return self
        if not count:
            return Found(_NOTHING, _NOTHING)
        last = np.partition(self.ranks, count - 1)[count - 1]
        kept = self.ranks <= last
        return Found(self.pks[kept], self.ranks[kept])


def find(index: Index, text: str) -> Found:
    """Return what a search for `text` finds."""
    query = read_query(text)
    matches = {term: _Match(index, term) for term in query.wanted}
    entries = _entries(index, query, matches)
    if not len(entries):
        return Found(_NOTHING, _NOTHING)
    points = _points(index, entries, [matches[term] for term in query.wanted])
    pks = index.pks[entries]
    titled = index.titled(title_start(text))
    if titled:
        points += TITLE_POINTS * np.isin(pks, np.array(titled, np.int64))
    return Found(pks, -np.rint(points * RANKS_PER_POINT).astype(np.int64))


def entries_with(index: Index, term: Term) -> Numbers:
    """Return the entries that have a term."""
    return _Match(index, term).entries


class _Match:
    """What an index has of a term: `hits` that are scored, the `entries` that match, and those with the sign."""

    def __init__(self, index: Index, term: Term) -> None:
        hits = [index.phrase(term.parts)]
        if term.is_unfinished:
            hits.append(index.phrase(term.begun, is_unfinished=term.begun == term.parts))
        if term.joined:
            hits.append(index.beginning(term.joined) if term.is_unfinished else index.word(term.joined))
        self.hits = [each for each in hits if len(each.entries)]
        self.entries = _united(index, [each.entries for each in self.hits])
        self.signed = index.word(term.signed).entries if term.signed else _NOTHING


def _entries(index: Index, query: Query, matches: dict[Term, _Match]) -> Numbers:
    found = [_all_of(index, [matches[term].entries for term in way]) for way in query.ways]
    entries = _united(index, found)
    for term in query.excluded:
        out = np.ones(len(index.pks), bool)
        out[_Match(index, term).entries] = False
        entries = entries[out[entries]]
    return entries


def _united(index: Index, sets: Sequence[Numbers]) -> Numbers:
    if len(sets) <= 1:
        return sets[0] if sets else _NOTHING
    is_in = np.zeros(len(index.pks), bool)
    for each in sets:
        is_in[each] = True
    return np.flatnonzero(is_in)


def _all_of(index: Index, sets: Sequence[Numbers]) -> Numbers:
    """Return the entries that are in every one of the sets."""
    smallest, *others = sorted(sets, key=len)
    for each in others:
        is_in = np.zeros(len(index.pks), bool)
        is_in[each] = True
        smallest = smallest[is_in[smallest]]
    return smallest


def _points(index: Index, entries: Numbers, matches: Sequence[_Match]) -> Values:
    points = np.zeros(len(entries))
    damping = index.damping[entries]
    for match in matches:
        for hits in match.hits:
            rarity = math.log(1 + (index.count - len(hits.entries) + 0.5) / (len(hits.entries) + 0.5))
            weights = _weights(index, entries, hits)
            points += rarity * (_K1 + 1) * weights / (weights + damping)
        if len(match.signed):
            points += SIGN_POINTS * _weights(index, entries, Hits(match.signed, np.ones(len(match.signed))))
    return points


def _weights(index: Index, entries: Numbers, hits: Hits) -> Values:
    """Return the weight of each of `entries` among the hits, 0 where it is none of them."""
    if hits.entries is entries:
        return hits.weights
    every = np.zeros(len(index.pks))
    every[hits.entries] = hits.weights
    return every[entries]
