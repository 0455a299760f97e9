"""Counting: how often values occur among entries, from what is kept of a column."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphql_api.search import counting
from graphql_api.search.counting import Columns
from graphql_api.store.driver import sqlite3
from tests.random_seeds import random_seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

PAIRS = "SELECT owner, value FROM pair WHERE value IS NOT NULL"


class Pairs:
    """A table of pairs, and how often it was asked."""

    def __init__(self, pairs: list[tuple[int, object]]) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE TABLE pair (owner INTEGER, value)")
        self._db.executemany("INSERT INTO pair VALUES (?, ?)", pairs)
        self.asked: list[str] = []
        self.columns = Columns()

    def counts(self, pks: list[int], first: int | None = None, column: str = PAIRS) -> list[tuple[object, int]]:
        """Return the counts with their values."""
        numbers, counts = self.columns.counts(self._ask, column, np.array(pks, np.int64), first)
        values = [self.columns.value(self._ask, column, number) for number in numbers.tolist()]
        return list(zip(values, counts.tolist(), strict=True))

    def _ask(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        self.asked.append(sql)
        return self._db.execute(sql, values).fetchall()


@pytest.mark.parametrize("seed", random_seeds(30))
def test_counts_are_those_of_counting_one_by_one(seed: int) -> None:
    """Of any pairs and any entries, with values of every kind that a column can have."""
    source = random.Random(seed)
    values: list[object] = [None, 0, 7, -3, 2**53 + 1, "", "7", "é", "𝕏", 0.5]
    pairs = {(source.randrange(1, 60), source.choice(values)) for _ in range(source.randrange(120))}
    pks = source.sample(range(1, 80), source.randrange(60))
    expected: dict[object, int] = {}
    for owner, value in pairs:
        if value is not None and owner in pks:
            expected[value] = expected.get(value, 0) + 1
    assert dict(Pairs(list(pairs)).counts(pks)) == expected


def test_most_frequent_are_given_with_what_is_as_frequent() -> None:
    """Whoever sorts equal counts by something else needs all of them."""
    pairs = Pairs([(1, "a"), (2, "a"), (3, "a"), (1, "b"), (2, "c"), (9, "d")])
    assert pairs.counts([1, 2, 3], first=1) == [("a", 3)]
    assert pairs.counts([1, 2, 3], first=2) == [("a", 3), ("b", 1), ("c", 1)]
    assert pairs.counts([1, 2, 3], first=100) == [("a", 3), ("b", 1), ("c", 1)]
    assert pairs.counts([], first=1) == []


def test_column_is_read_once() -> None:
    """It is the same for every search of a generation."""
    pairs = Pairs([(1, "a"), (2, "b")])
    assert (pairs.counts([1]), pairs.counts([2])) == ([("a", 1)], [("b", 1)])
    assert len(pairs.asked) == 1


def test_columns_that_were_counted_last_are_kept_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted again after others is read again, and counted as before."""
    pairs = Pairs([(pk, pk) for pk in range(100)])
    monkeypatch.setattr(counting, "_BYTES_KEPT", 2 * 100 * (4 + 100))
    for column in (PAIRS, f"{PAIRS} AND 1", f"{PAIRS} AND 2", PAIRS, f"{PAIRS} AND 2"):
        assert pairs.counts([3], column=column) == [(3, 1)]
    assert len(pairs.asked) == 4
