"""Pages: a connection, cut from a listing by position or by cursor.

A page of a list that an index sorts is read straight from the list, by each member that shows something of it. Every
other page is read once, into a common table expression of places, with one place more than asked for, so that the page
knows whether something follows. Only then are its rows shown: SQLite would else make the JSON of every row before it
sorts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.engine import sql
from graphql_api.engine.cost import COUNTED, PER_ROW_COUNTED, PER_ROW_GROUPED, PER_ROW_SORTED, Asked
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.facets import facets
from graphql_api.engine.listings import Listing, back_listing, whole_listing
from graphql_api.engine.orders import beyond, sorting
from graphql_api.engine.scope import EntryScope
from graphql_api.engine.sql import limit
from graphql_api.engine.windows import MAX_OFFSET, read_window

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.sources import Source
    from graphql_api.model.types import Field as ModelField


class Rows(Struct, frozen=True):
    """The rows of a page: `scope` for their columns, FROM content, the clauses after it, SQL for place and keys."""

    scope: EntryScope
    source: str
    clauses: tuple[str, ...]
    place: str
    columns: Sequence[str]


def all_pages(planner: Planner, field: Field, type_name: str) -> Expression:
    """Return a connection over all entries of a type."""
    return Connection(planner, field, whole_listing(planner, field, type_name)).expression()


def back_pages(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    """Return a connection over the entries whose references lead to the entry of `scope`."""
    assert each.back is not None  # noqa: S101 - the caller has asked
    return Connection(planner, field, back_listing(planner, field, scope, each.back)).expression()


class Connection:
    """Plans one connection over a listing; `edge_fields` plan what its edges show beside cursor and node.

    `own_fields` is what it shows itself beside pages, count and facets.
    """

    def __init__(
        self,
        planner: Planner,
        field: Field,
        listing: Listing,
        edge_fields: Mapping[str, Callable[[Planner, Field, Rows], Expression]] | None = None,
        own_fields: Mapping[str, Expression] | None = None,
    ) -> None:
        """Read the field's arguments. Raises BadUserInputError."""
        self._planner = planner
        self._field = field
        self._listing = listing
        self._edge_fields = edge_fields or {}
        self._own_fields = own_fields or {}
        self._window = read_window(planner, field, listing)
        self._selected = planner.selections.below(field.type, field.nodes)
        self._page = planner.alias("page") if self._is_read_once() else None
        self._length = Asked(self._window.size, planner.max_page, listing.rows)

    def expression(self) -> Expression:
        """Return the connection as JSON."""
        if self._page:
            self._count_page()
        if self._window.offset:
            self._planner.meter.add(1, Asked(self._window.offset, MAX_OFFSET, self._listing.rows), what=COUNTED)
        value = self._planner.members(self._field.type, self._selected, self._member)
        tables = [table for table in (self._listing.with_, self._page_table()) if table]
        if not tables:
            return value
        return sql_value(f"(\nWITH {', '.join(tables)}\nSELECT {value.sql()})")

    def _count_page(self) -> None:
        """Count what is read to find the page: all of the list, unless an index gives its rows in order."""
        listing = self._listing
        if listing.is_in_order:
            self._planner.meter.add(PER_ROW_COUNTED, self._length)
        else:
            each = PER_ROW_GROUPED if listing.with_ else PER_ROW_SORTED + listing.weight - PER_ROW_COUNTED
            self._planner.meter.add(each, listing.rows, what=COUNTED)

    def _is_read_once(self) -> bool:
        shown = {nodes[0].name.value for nodes in self._selected.values()} & {"nodes", "edges", "pageInfo"}
        return bool(shown) and (self._window.backwards or not self._listing.is_in_order)

    def _member(self, field: Field) -> Expression:
        if field.name in self._own_fields:
            return self._own_fields[field.name]
        match field.name:
            case "totalCount":
                if not self._listing.kept_total or self._listing.with_:
                    self._planner.meter.add(self._listing.weight, self._listing.rows, what=COUNTED)
                return sql_value(self._listing.total)
            case "facets":
                return facets(self._planner, field, self._listing)
            case "pageInfo":
                selected = self._planner.selections.below(field.type, field.nodes)
                return self._planner.members(field.type, selected, self._page_info)
        rows = self._page_rows() if self._page else self._list_rows()
        with self._planner.meter.times(self._length):
            item = self._node(field, rows) if field.name == "nodes" else self._edge(field, rows)
        return self._planner.items(item, "\n".join([rows.source, *rows.scope.joins]), *rows.clauses)

    def _node(self, field: Field, rows: Rows) -> Expression:
        return self._planner.entry(field, rows.scope)

    def _edge(self, field: Field, rows: Rows) -> Expression:
        def value(member: Field) -> Expression:
            if member.name == "cursor":
                return Expression('"%s%s"', (self._context(), rows.place))
            if member.name == "node":
                return self._node(member, rows)
            return self._edge_fields[member.name](self._planner, member, rows)

        return self._planner.members(field.type, self._planner.selections.below(field.type, field.nodes), value)

    def _list_rows(self) -> Rows:
        """Return the page's rows straight from the list."""
        listing = self._listing
        scope = self._entry_scope(listing.scope.alias)
        order = f"ORDER BY {sorting(listing.keys, listing.columns)}"
        clauses = (listing.condition(*self._between()), order, self._limit(self._size()))
        place = listing.place(scope.alias, listing.columns)
        return Rows(scope, listing.source, clauses, place, listing.columns)

    def _entry_scope(self, alias: str) -> EntryScope:
        """Return a scope for the list's entries under a name that is there, with joins of its own."""
        return EntryScope(self._planner.layout, self._listing.scope.entry, alias, self._planner.alias)

    def _page_rows(self) -> Rows:
        """Return the page's rows from its common table expression, each joined to its table again."""
        row = self._planner.alias("row")
        columns = [f"{row}.{name}" for name in self._key_names()]
        scope = self._planner.scope(self._listing.scope.entry.type.name)
        scope.join(f"{row}.pk")
        order = f"ORDER BY {sorting(self._listing.keys, columns)}"
        return Rows(scope, f"({self._shown()}) AS {row}", (order,), self._listing.place(scope.alias, columns), columns)

    def _page_table(self) -> str | None:
        """Return the common table expression of the page: its keys, and those of one row more if there is one."""
        return f"{self._page} AS (\n{self._cut(f'{self._size()} + 1')})" if self._page else None

    def _shown(self) -> str:
        """Return the SELECT of the keys of the page's rows, without the one more."""
        if not self._page:
            return self._cut(self._size())
        order = sorting(self._listing.keys, self._key_names(), backwards=self._window.backwards)
        return f"SELECT *\nFROM {self._page}\nORDER BY {order}\n{limit(self._size())}"

    def _cut(self, size: str) -> str:
        """Return the SELECT of the keys of the first `size` rows of the window, in its direction."""
        listing = self._listing
        pk = listing.scope.column("pk")
        keys = [f"{column} AS {name}" for column, name in zip(listing.columns, self._key_names(), strict=True)]
        order = sorting(listing.keys, listing.columns, backwards=self._window.backwards)
        return "\n".join(
            [
                f"SELECT {', '.join([f'{pk} AS pk', *keys])}",
                f"FROM {listing.source}",
                listing.condition(*self._between(), self._among_first(size)),
                f"ORDER BY {order}",
                self._limit(size),
            ]
        )

    def _page_info(self, field: Field) -> Expression:
        match field.name:
            case "hasNextPage":
                return self._flag(self._follows(backwards=False))
            case "hasPreviousPage":
                return self._flag(self._follows(backwards=True))
            case "startCursor":
                return self._end_cursor(backwards=False)
            case _:
                return self._end_cursor(backwards=True)

    def _follows(self, *, backwards: bool) -> str:
        """Return SQL for whether the whole list goes on beyond the page, in one direction."""
        window = self._window
        conditions = []
        if backwards == window.backwards:
            conditions.append(self._has_one_more())
        bound = window.after if backwards else window.before
        if bound:
            listing = self._listing
            places = self._places(bound)
            self._planner.meter.add(listing.weight, *([] if listing.is_in_order else [listing.rows]), what=COUNTED)
            there = beyond(listing.keys, listing.columns, places, backwards=backwards, inclusive=True)
            conditions.append(self._exists(there))
        if backwards and window.offset:
            conditions.append(f"{self._planner.bind(window.offset)} > 0 AND {self._exists()}")
        return " OR ".join(conditions) or "1 = 0"

    def _has_one_more(self) -> str:
        """Return SQL for whether the list goes on beyond the page's size."""
        listing, window = self._listing, self._window
        if self._page:
            return f"(SELECT count(*) FROM {self._page}) > {self._size()}"
        skipped = f"{self._size()} + {self._planner.bind(window.offset)}" if window.offset else self._size()
        if listing.kept_total and not window.after and not window.before:
            return f"{listing.kept_total} > {skipped}"
        order = sorting(listing.keys, listing.columns)
        found = f"FROM {listing.source}\n{listing.condition(*self._between())}\nORDER BY {order}"
        return f"EXISTS (\nSELECT 1\n{found}\nLIMIT 1 OFFSET {skipped} + 0)"

    def _exists(self, *conditions: str) -> str:
        return f"EXISTS (\nSELECT 1\nFROM {self._listing.source}\n{self._listing.condition(*conditions)})"

    def _end_cursor(self, *, backwards: bool) -> Expression:
        """Return the cursor of the page's first row, or of its last one when `backwards`."""
        row = self._planner.alias("row")
        scope = self._planner.scope(self._listing.scope.entry.type.name)
        place = self._listing.place(scope.alias, [f"{row}.{name}" for name in self._key_names()])
        order = sorting(self._listing.keys, self._key_names(), backwards=backwards)
        found = "\n".join(
            [
                f"SELECT {place}",
                f"FROM (SELECT *\nFROM ({self._shown()})\nORDER BY {order}\nLIMIT 1) AS {row}",
                f"JOIN {scope.entry.main.name} AS {scope.alias} ON {scope.pk} = {row}.pk",
            ]
        )
        return sql_value(f"coalesce('\"' || {self._context()} || (\n{found}) || '\"', 'null')")

    def _between(self) -> list[str]:
        """Return the conditions that the window's cursors set."""
        keys, columns, window = self._listing.keys, self._listing.columns, self._window
        conditions = []
        if window.after:
            conditions.append(beyond(keys, columns, self._places(window.after)))
        if window.before:
            conditions.append(beyond(keys, columns, self._places(window.before), backwards=True))
        return conditions

    def _among_first(self, size: str) -> str:
        """Return the condition of a page of `size` rows that is counted from the start; nothing where there is none."""
        window = self._window
        if not self._listing.among_first or window.after or window.before:
            return ""
        skipped = f" + {self._planner.bind(window.offset)}" if window.offset else ""
        return self._listing.among_first(f"{size}{skipped} + 0")

    def _limit(self, size: str) -> str:
        offset = self._window.offset
        return limit(size) + (f" OFFSET {self._planner.bind(offset)}" if offset else "")

    def _size(self) -> str:
        return self._planner.bind(self._window.size)

    def _places(self, keys: Sequence[Source]) -> list[str]:
        return [self._planner.bind(key) for key in keys]

    def _context(self) -> str:
        return self._planner.bind(self._listing.context)

    def _key_names(self) -> list[str]:
        return [f"key_{number}" for number, _ in enumerate(self._listing.keys, 1)]

    def _flag(self, condition: str) -> Expression:
        return sql_value(sql.boolean(condition))
