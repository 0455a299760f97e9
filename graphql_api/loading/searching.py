"""The full-text index of one type while a generation is built: blocks in, entries that have gone out."""

from __future__ import annotations

import asyncio
from array import array
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql_api.loading.statements import json_array
from graphql_api.search.names import STEM_BITS
from graphql_api.store.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import aiosqlite

    from graphql_api.search.blocks import BlockMaker
    from graphql_api.store.layout import EntryLayout

WORTH_A_BLOCK = 4096
"""Entries that are indexed at once while a load goes on; the rest, and what waits for other entries, at its end."""
_AT_ONCE = 256
"""Entries whose texts are analysed together, which takes as long as for a few."""
_HELD_BACK_BYTES, _PER_ENTRY = 12 << 20, 100
"""What is given last waits until nobody reads seeds any more, and a core is free beside the database's work.

It takes about as long as that work does.
"""
_BLOCKS_ALIKE = 4
"""So many blocks of about one size become one: then a search reads few, and a load of one entry writes little."""

_Texts = list["Sequence[Any]"]


class SearchIndex:
    """Writes the index of `entry`. Texts that it is not given are read where they are, after the entries' rows."""

    def __init__(self, db: aiosqlite.Connection, entry: EntryLayout) -> None:
        """Keep the connection; its transaction is another's."""
        self._db = db
        self._main = entry.main.name
        self._name = entry.search_table
        self._weights = [each.weight for each in entry.searched]
        self._made: BlockMaker | None = None
        self._waiting: _Texts = []
        self._waiting_bytes = 0
        self._lock = asyncio.Lock()  # what is added last may be analysed while others write entries
        self._gone: set[int] = set()
        self._stems_gone: set[int] = set()

    async def add(self, entries: _Texts) -> None:
        """Add entries that are being written: (pk, the text of each field in UTF-8), in the order of their pks."""
        self._waiting += entries
        self._waiting_bytes += _bytes_of(entries)
        while self._waiting_bytes > _HELD_BACK_BYTES:
            await self._take_some()

    async def write(self) -> None:
        """Write what was added as a block of its own, if anything was, and how often its words occur."""
        while self._waiting:
            await self._take_some()
            await asyncio.sleep(0)  # others have the database work meanwhile
        async with self._lock:
            if self._made:
                await self._write()
                await self._write_words()

    async def add_from(self, first_pk: int) -> None:
        """Add the entries from `first_pk` on, as blocks of their own."""
        while rows := await self._texts("WHERE s.pk >= ? ORDER BY s.pk LIMIT ?", first_pk, _AT_ONCE):
            await self._take(rows)
            first_pk = max(row[0] for row in rows) + 1
        await self.write()

    async def forget(self, pks: Collection[int]) -> None:
        """Remember entries that go, before their texts change."""
        waiting = {pk for pk, *_ in self._waiting}.intersection(pks)
        self._waiting = [each for each in self._waiting if each[0] not in waiting]
        self._waiting_bytes = _bytes_of(self._waiting)
        taken = set(pks) - waiting
        self._gone.update(taken)
        texts = await self._of(taken)
        async with self._lock:
            self._maker.forget(texts)

    async def complete(self, again: Collection[int], first_pk: int) -> None:
        """Take out what was forgotten, and add what is to be added `again` and the entries from `first_pk` on.

        Small blocks, and those with much gone, become part of a new one.
        """
        if self._waiting:
            await self.write()
        await self._remove_forgotten()
        ((new,),) = await self._db.execute_fetchall(f"SELECT count(*) FROM {self._main} WHERE pk >= ?", (first_pk,))
        if new or again or self._made:
            await self._merge(new + len(again))
            await self._take(await self._of(again))
            await self.add_from(first_pk)
            await self._remove_stems()
        self._made = None

    @property
    def _maker(self) -> BlockMaker:
        if self._made is None:
            from graphql_api.search.blocks import BlockMaker  # noqa: PLC0415 - a load without changes does without

            self._made = BlockMaker(self._weights)
        return self._made

    async def _texts(self, clauses: str, *values: Any) -> _Texts:  # noqa: ANN401 - values of SQL
        """Return (pk, the text of each field in UTF-8) of entries."""
        texts = ", ".join(f"CAST(t{at} AS BLOB)" for at, _ in enumerate(self._weights))
        return list(
            await self._db.execute_fetchall(f"SELECT pk, {texts} FROM {self._name}_source AS s {clauses}", values)
        )

    async def _of(self, pks: Collection[int]) -> _Texts:
        """Return the same of those of `pks` that are there."""
        return await self._texts("WHERE s.pk IN (SELECT value FROM json_each(?))", json_array(sorted(pks)))

    async def _take_some(self) -> None:
        """Have the first of what waits indexed."""
        async with self._lock:
            some, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            self._waiting_bytes -= _bytes_of(some)
            await self._take(some)

    async def _take(self, rows: _Texts, *, are_known: bool = False) -> None:
        """Have entries indexed; of those that are known, the words are counted already."""
        await in_thread(partial(self._maker.add, rows, are_known=are_known))
        if self._maker.is_full:
            await self._write()

    async def _write(self) -> None:
        """Write a block of what was taken, if anything was."""
        if self._maker.is_empty:
            return
        await self._number_stems()
        block = await in_thread(self._maker.make)
        number = await self._value(f"SELECT coalesce(max(block), 0) + 1 FROM {self._name}_block")
        await self._db.execute(f"INSERT INTO {self._name}_block VALUES (?, ?, ?)", (number, block.pks, block.lengths))
        await self._db.executemany(
            f"INSERT INTO {self._name}_posting VALUES (({number} << {STEM_BITS}) + ?, ?, ?)", block.postings
        )
        if self._maker.is_heavy:
            await self._write_words()
            self._made = None

    async def _write_words(self) -> None:
        """Write how often words occur that occur more often now, or less."""
        words = self._maker.words()
        await self._db.executemany(
            f"INSERT INTO {self._name}_word VALUES (?, ?, ?)"
            " ON CONFLICT (word) DO UPDATE SET count = count + excluded.count",
            words,
        )
        fewer = [(word,) for word, _, count in words if count < 0]
        await self._db.executemany(f"DELETE FROM {self._name}_word WHERE word = ? AND count <= 0", fewer)

    async def _number_stems(self) -> None:
        """Give every stem its number."""
        stems = self._maker.unnumbered()
        last = await self._value(f"SELECT coalesce(max(number), 0) FROM {self._name}_stem")
        known = f"SELECT stem, number FROM {self._name}_stem WHERE stem IN (SELECT value FROM json_each(?))"
        rows = await self._db.execute_fetchall(known, (json_array(stems),)) if last else ()
        numbers: dict[str, int] = {row[0]: row[1] for row in rows}
        new = [(last + at, stem) for at, stem in enumerate([stem for stem in stems if stem not in numbers], 1)]
        await self._db.executemany(f"INSERT INTO {self._name}_stem VALUES (?, ?)", new)
        self._maker.number(numbers | {stem: number for number, stem in new})

    async def _remove_forgotten(self) -> None:
        if not self._gone:
            return
        for block, pks in (await self._blocks()).items():
            left = array("q", [0 if pk in self._gone else pk for pk in pks])
            if left != pks:
                update = f"UPDATE {self._name}_block SET pks = ? WHERE block = ?"
                await self._db.execute(update, (left.tobytes(), block))

    async def _merge(self, new: int) -> None:
        """Take the entries of blocks that become part of a new one with `new` entries, and remove those blocks."""
        pks = await self._blocks()
        left = {block: [pk for pk in each if pk] for block, each in pks.items()}
        merged = [block for block, each in left.items() if len(each) * 2 < len(pks[block])]
        merged += _alike({block: len(each) for block, each in left.items() if block not in merged}, new)
        for block in merged:
            for start in range(0, len(left[block]), _AT_ONCE):
                await self._take(await self._of(left[block][start : start + _AT_ONCE]), are_known=True)
            await self._remove(block)

    async def _remove(self, block: int) -> None:
        of_block = f"FROM {self._name}_posting WHERE id >= ?1 << {STEM_BITS} AND id < (?1 + 1) << {STEM_BITS}"
        rows = await self._db.execute_fetchall(f"SELECT id - (?1 << {STEM_BITS}) {of_block}", (block,))
        self._stems_gone.update(row[0] for row in rows)
        await self._db.execute(f"DELETE {of_block}", (block,))
        await self._db.execute(f"DELETE FROM {self._name}_block WHERE block = ?", (block,))

    async def _remove_stems(self) -> None:
        """Forget the numbers of stems that no block has any more."""
        await self._db.execute(
            f"DELETE FROM {self._name}_stem WHERE number IN (SELECT value FROM json_each(?)) AND NOT EXISTS ("
            f"SELECT 1 FROM {self._name}_block AS b CROSS JOIN {self._name}_posting AS p"
            f" ON p.id = (b.block << {STEM_BITS}) + number)",
            (json_array(sorted(self._stems_gone)),),
        )
        self._stems_gone.clear()

    async def _blocks(self) -> Mapping[int, array[int]]:
        """Return the pks of each block; 0 stands for an entry that has gone."""
        rows = await self._db.execute_fetchall(f"SELECT block, pks FROM {self._name}_block ORDER BY block")
        return {block: array("q", pks) for block, pks in rows}

    async def _value(self, sql: str) -> int:
        ((value,),) = await self._db.execute_fetchall(sql)
        return int(value)


def _bytes_of(entries: _Texts) -> int:
    """Return about how much memory texts take."""
    return sum([_PER_ENTRY + sum(map(len, texts)) for _, *texts in entries])


def _alike(sizes: Mapping[int, int], new: int) -> list[int]:
    """Return the blocks that become one with `new` entries: those of its size, if there are enough of them, and so on.

    Sizes are alike that differ less than fourfold.
    """
    merged: list[int] = []
    while 0 < new < WORTH_A_BLOCK:
        same = [block for block, size in sizes.items() if block not in merged and _level(size) == _level(new)]
        if len(same) + 1 < _BLOCKS_ALIKE:
            break
        merged += same
        new += sum(sizes[block] for block in same)
    return merged


def _level(size: int) -> int:
    return (size.bit_length() - 1) // 2
