"""Search over all: one connection over the matches in every type, the best first.

Scores of different types are of different indexes, but of the same formula: those of types with longer texts are
lower for the same number of words. Equal ranks follow by id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql_api.engine import search as one
from graphql_api.engine import sql
from graphql_api.engine.cost import Asked, count_search
from graphql_api.engine.cursors import CONTEXT_CHARACTERS, altered
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.listings import context_source
from graphql_api.engine.scope import MadeScope
from graphql_api.engine.sources import Source, derived
from graphql_api.engine.windows import MAX_OFFSET
from graphql_api.model import names
from graphql_api.search.names import RANKS_PER_POINT
from graphql_api.search.query import searched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.engine.planner import Field, Planner

_CURSOR = re.compile(r"(0|-?[1-9][0-9]{0,14})\.([A-Za-z0-9_-]{16})")


def search_all(planner: Planner, field: Field, type_names: Sequence[str]) -> Expression:
    """Return the connection over the entries of the types `type_names`, or of those asked for, that match."""
    return _All(planner, field, type_names).expression()


class _All:
    """Plans one search over several types."""

    def __init__(self, planner: Planner, field: Field, type_names: Sequence[str]) -> None:
        self._planner = planner
        self._field = field
        asked = field.arguments.get("types")
        entries = [planner.layout.entries[name] for name in type_names]
        self._entries = [entry for entry in entries if asked is None or names.search_all_value(entry.type) in asked]
        self._asked = derived(field.arguments["query"], searched, "searched")
        self._context = context_source(("searchAll", *(entry.type.name for entry in self._entries)), self._asked)
        self._meant = one.Meant(planner, self._entries, self._asked)
        self._matched, self._page = planner.alias("matched"), planner.alias("page")
        self._size = planner.page_size(field.arguments.get("first"))
        self._offset = self._offset_of(field.arguments.get("offset"))

    def expression(self) -> Expression:
        fields = self._planner.selections.below(self._field.type, self._field.nodes)
        count_search(self._planner.meter, [entry.type.name for entry in self._entries])
        value = self._planner.members(self._field.type, fields, self._member)
        meant = self._meant.table
        with_ = f"{meant}, {self._matched} AS MATERIALIZED (\n{self._matches()}), {self._page} AS (\n{self._cut()})"
        return sql_value(f"(\nWITH {with_}\nSELECT {value.sql()})")

    def _offset_of(self, offset: Source | None) -> Source | None:
        if offset is None:
            return None
        if self._field.arguments.get("after") is not None:
            raise self._planner.refusal("'offset' goes only with 'first': page by cursor or by offset.")
        return self._planner.between(offset, "offset", 0, MAX_OFFSET)

    def _matches(self) -> str:
        parts = []
        for number, entry in enumerate(self._entries):
            found = one.Matches(entry, self._meant.text).every()
            parts.append(
                f"SELECT {number} AS type, m.pk, m.rank, e.node_id\n"
                f"FROM ({found}) AS m CROSS JOIN {entry.main.name} AS e ON e.pk = m.pk"
            )
        nothing = "SELECT 0 AS type, 0 AS pk, 0 AS rank, '' AS node_id WHERE 0"
        return "\nUNION ALL ".join(parts) or nothing

    def _cut(self) -> str:
        size, offset = self._planner.bind(self._size), self._offset
        skipped = f" OFFSET {self._planner.bind(offset)}" if offset else ""
        return f"SELECT * FROM {self._matched}{self._after()} ORDER BY rank, node_id LIMIT {size} + 1{skipped}"

    def _after(self) -> str:
        cursor = self._field.arguments.get("after")
        if cursor is None:
            return ""
        rank, node = (self._planner.bind(self._part(cursor, at)) for at in (0, 1))
        return f" WHERE (rank, node_id) > ({rank}, {node})"

    def _part(self, cursor: Source, at: int) -> Source:
        context = self._context

        def read(variables: Any) -> Any:  # noqa: ANN401 - a rank or an id
            return _place(cursor.read(variables), context.read(variables))[at]

        return self._planner.checked(Source(read, ("searchAll", cursor.key, context.key, at)))

    def _shown(self) -> str:
        return f"(SELECT * FROM {self._page} ORDER BY rank, node_id LIMIT {self._planner.bind(self._size)} + 0)"

    def _member(self, field: Field) -> Expression:
        match field.name:
            case "suggestion":
                return self._meant.suggestion
            case "totalCount":
                return sql_value(f"(SELECT count(*) FROM {self._matched})")
            case "facets":
                return self._planner.members(
                    field.type, self._planner.selections.below(field.type, field.nodes), self._types
                )
            case "pageInfo":
                fields = self._planner.selections.below(field.type, field.nodes)
                return self._planner.members(field.type, fields, self._page_info)
        row = self._planner.alias("row")
        with self._planner.meter.times(Asked(self._size, self._planner.max_page)):
            item = self._node(field, row) if field.name == "nodes" else self._edge(field, row)
        return self._planner.items(item, f"{self._shown()} AS {row}", f"ORDER BY {row}.rank, {row}.node_id")

    def _node(self, field: Field, row: str) -> Expression:
        """Return the entry of a row, whichever type it is of."""
        cases = []
        for number, entry in enumerate(self._entries):
            scope = self._planner.scope(entry.type.name)
            item = self._planner.object(self._planner.type_named(entry.type.name), field.nodes, scope)
            cases.append(f"WHEN {number} THEN (SELECT {item.sql()} FROM {scope.rows()} WHERE {scope.pk} = {row}.pk)")
        return sql_value(f"CASE {row}.type {' '.join(cases)} END" if cases else "'null'")

    def _edge(self, field: Field, row: str) -> Expression:
        def value(member: Field) -> Expression:
            match member.name:
                case "cursor":
                    return Expression('"%s%s.%s"', (self._planner.bind(self._context), f"{row}.rank", f"{row}.node_id"))
                case "node":
                    return self._node(member, row)
                case "score":
                    return sql_value(f"-{row}.rank / {RANKS_PER_POINT}.0")
            return self._snippet(member, row)

        return self._planner.members(field.type, self._planner.selections.below(field.type, field.nodes), value)

    def _snippet(self, field: Field, row: str) -> Expression:
        asked, cases = self._meant.text, []
        for number, entry in enumerate(self._entries):
            scope = self._planner.scope(entry.type.name)
            shown = one.snippet(self._planner, field, one.snippet_text(scope), asked)
            cases.append(f"WHEN {number} THEN (SELECT {shown.sql()} FROM {scope.rows()} WHERE {scope.pk} = {row}.pk)")
        return sql_value(f"CASE {row}.type {' '.join(cases)} END" if cases else "'null'")

    def _types(self, field: Field) -> Expression:
        row = self._planner.alias("facet")
        values = " ".join(
            f"WHEN {number} THEN '\"{names.search_all_value(entry.type)}\"'"
            for number, entry in enumerate(self._entries)
        )
        shown = sql_value(f"CASE {row}.type {values} END" if values else "'null'")
        item = self._planner.object(
            field.type, field.nodes, MadeScope({"count": sql_value(f"{row}.count"), "value": shown})
        )
        counts = f"(SELECT type, count(*) AS count FROM {self._matched} GROUP BY 1) AS {row}"
        return self._planner.items(item, counts, f"ORDER BY {row}.count DESC, {row}.type")

    def _page_info(self, field: Field) -> Expression:
        match field.name:
            case "hasNextPage":
                return sql_value(sql.boolean(f"(SELECT count(*) FROM {self._page}) > {self._planner.bind(self._size)}"))
            case "hasPreviousPage":
                return sql_value(sql.boolean(self._has_previous()))
        direction = "" if field.name == "startCursor" else " DESC"
        context = self._planner.bind(self._context)
        order = f"rank{direction}, node_id{direction}"
        found = f"SELECT rank || '.' || node_id FROM {self._shown()} ORDER BY {order} LIMIT 1"
        return sql_value(f"coalesce('\"' || {context} || ({found}) || '\"', 'null')")

    def _has_previous(self) -> str:
        if self._offset:
            return f"{self._planner.bind(self._offset)} > 0 AND EXISTS (SELECT 1 FROM {self._matched})"
        after = self._after()
        if not after:
            return "1 = 0"
        return f"EXISTS (SELECT 1 FROM {self._matched}{after.replace('>', '<=')})"


def _place(cursor: str, context: str) -> tuple[int, str]:
    """Return the rank and the id that a cursor holds. Raises ValueError that tells the client what to do."""
    match = _CURSOR.fullmatch(cursor[CONTEXT_CHARACTERS:])
    if cursor[:CONTEXT_CHARACTERS] != context or not match:
        raise altered("after")
    return int(match[1]), match[2]
