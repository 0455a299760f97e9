"""An index in memory over a few texts, with one field unless said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from graphql_api.search.blocks import BlockMaker
from graphql_api.search.names import STEM_BITS, Name, written_names
from graphql_api.store.driver import sqlite3
from graphql_api.store.searching import SearchFunctions

if TYPE_CHECKING:
    from collections.abc import Sequence

_TABLES = """
CREATE TABLE s1_block (block INTEGER PRIMARY KEY, pks BLOB, lengths BLOB);
CREATE TABLE s1_stem (number INTEGER PRIMARY KEY, stem TEXT UNIQUE);
CREATE TABLE s1_posting (id INTEGER PRIMARY KEY, entries BLOB, places BLOB);
CREATE TABLE s1_word (word TEXT PRIMARY KEY, stem INTEGER, count INTEGER) WITHOUT ROWID;
CREATE TABLE title (pk INTEGER PRIMARY KEY, folded TEXT);
"""


class TextIndex:
    """Texts, each an entry or, as a tuple, its fields; `blocks` says how they are put into blocks."""

    def __init__(self, *texts: str | tuple[str, ...], weights: Sequence[float] = (1,), blocks: int = 1) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(_TABLES)
        self._functions = SearchFunctions(self._db)
        self._entries = [(text,) if isinstance(text, str) else text for text in texts]
        self._weights = tuple(weights)
        titles = [(pk, fields[0].casefold()) for pk, fields in enumerate(self._entries, 1)]
        self._db.executemany("INSERT INTO title VALUES (?, ?)", titles if len(weights) > 1 else ())
        for number in range(blocks):
            first, end = (len(self._entries) * at // blocks + 1 for at in (number, number + 1))
            self._add_block(number, range(first, end))

    def close(self) -> None:
        self._db.close()

    def found(self, typed: str) -> list[str]:
        """Return the first field of what a search finds, the best first, then in the order in which they were given."""
        ranked = orjson.loads(self._value("search_all", typed))
        rows = sorted((value >> 32, value & 0xFFFFFFFF) for value in ranked)
        return [self._entries[pk - 1][0] for _, pk in rows]

    def suggestion(self, typed: str) -> str | None:
        """Return what is searched for in place of what was typed, None where it is that."""
        names = written_names([self._index_name()])
        ((text,),) = self._db.execute("SELECT search_text(?, ?)", (names, typed)).fetchall()
        return None if text == typed else str(text)

    def scores(self, typed: str) -> list[float]:
        """Return the scores of what is found, the best first."""
        return [-(value >> 32) / 1_000_000 for value in sorted(orjson.loads(self._value("search_all", typed)))]

    def _value(self, function: str, typed: str) -> str:
        ((value,),) = self._db.execute(f"SELECT {function}(?, ?)", (self._name(), typed)).fetchall()
        return str(value)

    def _name(self) -> str:
        return self._index_name().written()

    def _index_name(self) -> Name:
        return Name("s1", self._weights, *(("title", "folded") if len(self._weights) > 1 else ()))

    def _add_block(self, number: int, pks: range) -> None:
        maker = BlockMaker(self._weights)
        maker.add([(pk, *(text.encode() for text in self._entries[pk - 1])) for pk in pks])
        if maker.is_empty:
            return
        known = dict(self._db.execute("SELECT stem, number FROM s1_stem").fetchall())
        new = [stem for stem in maker.unnumbered() if stem not in known]
        self._db.executemany("INSERT INTO s1_stem (stem) VALUES (?)", [(stem,) for stem in new])
        maker.number(dict(self._db.execute("SELECT stem, number FROM s1_stem").fetchall()))
        block = maker.make()
        self._db.execute("INSERT INTO s1_block VALUES (?, ?, ?)", (number, block.pks, block.lengths))
        self._db.executemany(f"INSERT INTO s1_posting VALUES (({number} << {STEM_BITS}) + ?, ?, ?)", block.postings)
        self._db.executemany(
            "INSERT INTO s1_word VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            maker.words(),
        )
