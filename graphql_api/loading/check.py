"""Check: what a load would tell, and nothing stored.

What more than one file decides (keys, references, links) is decided as for a first load, in a temporary database
without the long texts, which goes with its connection.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from graphql_api.errors import StoreError
from graphql_api.loading.building import Building
from graphql_api.loading.history import Before
from graphql_api.loading.model_file import model_of
from graphql_api.loading.no_files import with_types_without_files
from graphql_api.loading.options import Checked
from graphql_api.loading.previous import Previous
from graphql_api.loading.readers import Readers
from graphql_api.loading.redirect_tables import moved_by
from graphql_api.loading.whole_load import claimed_by
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.reading.redirect_files import find_redirects
from graphql_api.reading.telling import told_once
from graphql_api.records import Served
from graphql_api.store.driver import sqlite3
from graphql_api.store.layout import layout_of
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.loading.options import Progress
    from graphql_api.loading.rows import EntryRows, SeedRows
    from graphql_api.store.layout import EntryLayout, Layout

_LONG = frozenset((Role.MARKDOWN, Role.HTML, Role.TEXT, Role.LEAD, Role.EXCERPT, Role.HEADINGS))


_FIRST = Before()


async def check(
    seeds: Path,
    progress: Progress,
    model: Path | None = None,
    public: Path | None = None,
    redirects: Path | None = None,
    *,
    nice: int,
) -> Checked:
    """Read and validate every seed of the folder `seeds` and store nothing.

    Raises ContentError if the folder cannot be read, ModelError, and StoreError for want of room for temporary files.
    """
    discovery = await asyncio.to_thread(discover, seeds, SUFFIXES)
    declared = model_of(seeds, model)
    layout = layout_of(declared)
    claimed = with_types_without_files(claimed_by(declared, discovery), declared, seeds, model, discovery.files)
    found = find_redirects(seeds, redirects).without(claimed.files)
    moved = moved_by(found, claimed.files, "")
    done = 0
    try:
        async with Building(None, layout, seeds, Previous(None, None, ""), _FIRST, moved=moved, fresh=True) as building:
            with Readers(Served(public), declared, nice=nice) as readers:
                async with aclosing(readers.read(seeds, claimed.files)) as batches:
                    async for batch in batches:
                        await building.write([_without_long_texts(seed, layout) for seed in batch])
                        done += len(batch)
                        progress(done, len(claimed.files))
            problems = [*claimed.problems, *await building.check()]
    except sqlite3.Error as error:
        raise StoreError(
            f"The temporary database of the check cannot be written ({error}). Make room, or set TMPDIR."
        ) from error
    files = {file.path for file in claimed.files} | found.paths
    unclaimed = tuple(file.path for file in discovery.files if file.path not in files)
    return Checked(tuple(told_once(problems)), len(claimed.files), unclaimed)


def _without_long_texts(seed: SeedRows, layout: Layout) -> SeedRows:
    return seed._replace(entries=tuple([_short(rows, layout.entries[rows.type_name]) for rows in seed.entries]))


def _short(rows: EntryRows, entry: EntryLayout) -> EntryRows:
    columns = entry.details.columns[1:]
    details = [None if column.role in _LONG else value for column, value in zip(columns, rows.details, strict=True)]
    return rows._replace(details=tuple(details))
