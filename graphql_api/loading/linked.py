"""Linked texts: where in an entry's rows the HTML stands whose links to other files wait for their urls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from graphql_api.kinds.kind import Storage
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql_api.loading.further_rows import Row
    from graphql_api.loading.rows import EntryRows
    from graphql_api.reading.entry import RichText
    from graphql_api.records import Answer
    from graphql_api.store.layout import EntryLayout
    from graphql_api.store.tables import Table

_PARTS = 7
"""How many parts a text within JSON has, of which the first are its Markdown and its HTML."""


class Place(NamedTuple):
    """Where the HTML of a text stands: in the row of which list, or in the entry's own; in the column of which field.

    `path` leads to it in the JSON of a column that holds more. All is in the model's words, for tables are numbered.
    """

    list: str
    field: str
    role: Role
    position: int | None = None
    path: str | None = None

    def table(self, entry: EntryLayout) -> Table:
        """Return the table of the row."""
        return entry.lists[self.list] if self.list else entry.details

    def column(self, entry: EntryLayout) -> str:
        """Return the name of the column."""
        column = self.table(entry).find(self.field, self.role)
        assert column is not None  # noqa: S101 - it was found in the same layout
        return column.name


def with_linked(rows: EntryRows, entry: EntryLayout, texts: Sequence[RichText]) -> EntryRows:
    """Return an entry's rows with one for each of its texts that link to other files: urls, place, links, html."""
    linked: list[Row] = []
    for text in texts:
        if text.rendered.links:
            links = orjson.dumps([list(link) for link in text.rendered.links]).decode()
            linked += [
                (None, orjson.dumps(list(place)).decode(), links, text.rendered.html)
                for place in _places(rows, entry, text.rendered)
            ]
    return rows._replace(linked=tuple(dict.fromkeys(linked)))


def _places(rows: EntryRows, entry: EntryLayout, text: Answer) -> Iterator[Place]:
    """Yield every place of a text: more than one where several fields have it."""
    for name, table, row, position in _rows(rows, entry):
        # The first columns are not made by readers.
        columns = table.columns[len(table.columns) - len(row) :]
        for column, value in zip(columns, row, strict=True):
            if column.role is Role.HTML:
                if value == orjson.dumps(text.html).decode():
                    yield Place(name, column.field, column.role, position)
            elif column.role is Role.VALUE and column.storage is Storage.JSON and value and value.startswith("["):
                for path in _paths(orjson.loads(value), text, "$"):
                    yield Place(name, column.field, column.role, position, path)


def _rows(rows: EntryRows, entry: EntryLayout) -> Iterator[tuple[str, Table, Row, int | None]]:
    """Yield the rows that may have texts, each with its list, its table and its position in the list."""
    yield "", entry.details, rows.details, None
    for (name, table), some in zip(entry.lists.items(), rows.lists, strict=True):
        for row in some:
            yield name, table, row[1:], row[0]


def _paths(value: Any, text: Answer, at: str) -> Iterator[str]:  # noqa: ANN401 - any value of JSON
    """Yield the paths of a text's HTML within a value, which nests as deep as a file may."""
    if not isinstance(value, list):
        return
    if len(value) == _PARTS and value[:2] == [text.markdown, text.html]:
        yield f"{at}[1]"
        return
    for place, inner in enumerate(value):
        yield from _paths(inner, text, f"{at}[{place}]")
