"""Changes: what differs in the content since a publish, over all publishes since then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.expression import Expression, or_null, sql_value, stored_value
from graphql_api.engine.scope import MadeScope
from graphql_api.kinds.kind import Storage
from graphql_api.store.history import ADDED, CHANGE_KINDS, CHANGED, REMOVED, TAG_CHARACTERS

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope

MAX_CHANGES = 1_000
_RADIX = 4
"""More than there are kinds, so that a sequence and a kind make one number that sorts as the pair does."""


def changes(planner: Planner, field: Field, _: AnyScope) -> Expression:
    """Return what differs since a publish; SQL's NULL, which ends the request, where that is not known any more."""
    return _Changes(planner, field).expression()


class _Changes:
    """Plans one such field: the entries that differ, each once, by their ids."""

    def __init__(self, planner: Planner, field: Field) -> None:
        self._planner = planner
        self._field = field
        self._net, self._page = planner.alias("net"), planner.alias("page")
        said = planner.bind(field.arguments["since"])
        self._since = f"(SELECT max(sequence) FROM publish WHERE version = {said} OR CAST(sequence AS TEXT) = {said})"
        self._first = planner.bind(planner.between(field.arguments["first"], "first", 1, MAX_CHANGES))

    def expression(self) -> Expression:
        self._planner.is_guarded = True
        fields = self._planner.selections.below(self._field.type, self._field.nodes)
        value = self._planner.members(self._field.type, fields, self._member)
        is_known = (
            f"(SELECT count(*) FROM publish WHERE sequence > {self._since} AND is_known)"
            f" = (SELECT max(sequence) FROM publish) - {self._since}"
        )
        with_ = f"{self._net} AS MATERIALIZED (\n{self._differences()}), {self._page} AS (\n{self._cut()})"
        return sql_value(f"(\nWITH {with_}\nSELECT {value.sql()} WHERE {is_known})")

    def _differences(self) -> str:
        """Return the entries that are other than at that publish, with the last that is known of each."""
        pair = f"sequence * {_RADIX} + kind"
        spans = (
            f"SELECT node_id, min({pair}) % {_RADIX} AS first, max({pair}) % {_RADIX} AS last, max(sequence) AS at"
            f" FROM change WHERE sequence > {self._since} GROUP BY node_id"
        )
        kind = f"CASE WHEN s.last <> {REMOVED} AND s.first = {ADDED} THEN {ADDED}"
        kind += f" WHEN s.last <> {REMOVED} THEN {CHANGED} ELSE {REMOVED} END"
        return (
            f"SELECT s.node_id, {kind} AS kind, c.type, c.url FROM ({spans}) AS s"
            " JOIN change AS c ON c.sequence = s.at AND c.node_id = s.node_id"
            f" WHERE NOT (s.first = {ADDED} AND s.last = {REMOVED})"
        )

    def _cut(self) -> str:
        after = self._field.arguments.get("after")
        where = "" if after is None else f" WHERE node_id > {self._planner.bind(after)}"
        return f"SELECT * FROM {self._net}{where} ORDER BY node_id LIMIT {self._first} + 1"

    def _member(self, field: Field) -> Expression:
        match field.name:
            case "sequence":
                return sql_value("(SELECT max(sequence) FROM publish)")
            case "version":
                return Expression('"%s"', ("(SELECT version FROM content)",))
            case "totalCount":
                return sql_value(f"(SELECT count(*) FROM {self._net})")
            case "next":
                last = f"SELECT node_id FROM {self._page} ORDER BY node_id LIMIT 1 OFFSET {self._first} - 1"
                more = f"(SELECT count(*) FROM {self._page}) > {self._first}"
                return sql_value(or_null(f"""(SELECT '"' || node_id || '"' FROM ({last}) WHERE {more})"""))
        row = self._planner.alias("change")
        item = self._planner.object(field.type, field.nodes, MadeScope(_values(row)))
        shown = f"(SELECT * FROM {self._page} ORDER BY node_id LIMIT {self._first} + 0) AS {row}"
        return self._planner.items(item, shown)


def _values(row: str) -> dict[str, Expression]:
    kinds = " ".join(f"WHEN {number} THEN '{name}'" for number, name in CHANGE_KINDS.items())
    return {
        "changedId": Expression('"%s"', (f"{row}.node_id",)),
        "changedTag": Expression('"%s"', (f"substr({row}.node_id, 1, {TAG_CHARACTERS})",)),
        "changedKind": Expression('"%s"', (f"CASE {row}.kind {kinds} END",)),
        "changedType": Expression('"%s"', (f"{row}.type",)),
        "changedUrl": stored_value(f"{row}.url", Storage.TEXT, nullable=True),
    }


def sequence() -> Expression:
    """Return the place of the content among all that was published."""
    return sql_value("(SELECT max(sequence) FROM publish)")
