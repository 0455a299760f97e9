"""Walks: the entries around one that references lead to, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.cost import PER_STEP, PLAIN_LIST_LENGTH, Asked, Entries
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.scope import MadeScope
from graphql_api.engine.sources import derived
from graphql_api.engine.sql import limit
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import EntryScope
    from graphql_api.model.types import Field as ModelField
    from graphql_api.store.sites import Site

MAX_DEPTH, MAX_NEIGHBOURS = 3, 100
# Greater than any position, so that rank and position make one number that sorts as the pair does.
_RANK_STEP = 1 << 31


def walk(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    """Return the entries around this one, breadth first.

    A step's entries are ranked by the rank of the first entry that leads to them, then by its author's order. Each
    step holds an entry once, so that the work is bounded by the entries reached and not by the paths to them; of all
    the steps that hold it, the first one counts. (A step may go back: what it leads to from there was nearer.)
    """
    assert each.walk is not None  # noqa: S101 - the caller has asked
    site = scope.entry.site(each.walk.path)
    depth = planner.bind(planner.between(field.arguments["depth"], "depth", 1, MAX_DEPTH))
    first = planner.bind(planner.between(field.arguments["first"], "first", 1, MAX_NEIGHBOURS))
    reaches = derived(field.arguments["depth"], _reached, "reached")
    planner.meter.add(PER_STEP, Asked(reaches, _reached(MAX_DEPTH), Entries(each.type.name)), what="walking")
    reached, entry = planner.alias("reached"), planner.scope(each.type.name)
    with planner.meter.times(Asked(field.arguments["first"], MAX_NEIGHBOURS, Entries(each.type.name))):
        item = planner.object(field.type, field.nodes, MadeScope({"distance": sql_value(f"{reached}.distance")}, entry))
    around = _Walk(planner, site).reached(scope.pk, depth)
    rows = f"{around} AS {reached}\nJOIN {entry.entry.main.name} AS {entry.alias} ON {entry.pk} = {reached}.pk"
    return planner.items(item, "\n".join([rows, *entry.joins]), f"ORDER BY {reached}.rank", limit(first))


def _reached(depth: int) -> int:
    """Return how many entries so many steps lead to."""
    return int(sum(PLAIN_LIST_LENGTH**step for step in range(1, depth + 1)))


class _Walk:
    """A walk over the references of one site."""

    def __init__(self, planner: Planner, site: Site) -> None:
        table = planner.layout.tables[site.table]
        target = table.find(site.column_field, Role.TARGET)
        assert target is not None  # noqa: S101 - every reference has one
        self._target, self._table, self._owner = target.name, site.table, site.owner
        self._site = site
        self._position = "1" if site.shape is SiteShape.ONE else "{}position"

    def reached(self, origin: str, depth: str) -> str:
        """Return a FROM item (pk, distance, rank) of the entries that up to `depth` steps from `origin` reach."""
        steps = [f"step_{number}" for number in range(1, MAX_DEPTH + 1)]
        places = "\nUNION ALL ".join(
            f"SELECT pk, {number * _RANK_STEP} + rank AS place FROM {step}" for number, step in enumerate(steps, 1)
        )
        return f"""(
WITH {", ".join(self._steps(steps, origin, depth))}
SELECT pk, min(place) / {_RANK_STEP} AS distance, min(place) AS rank
FROM ({places})
WHERE pk <> {origin}
GROUP BY pk)"""

    def _steps(self, steps: list[str], origin: str, depth: str) -> list[str]:
        """Return the common table expressions of the steps: (pk, rank) of each entry that a step leads to."""
        target, table, owner = self._target, self._table, self._owner
        expressions = [
            f"""{steps[0]} AS (
SELECT {target} AS pk, row_number() OVER (ORDER BY min({self._position.format("")})) AS rank
FROM {table}
WHERE {owner} = {origin} AND {target} IS NOT NULL{self._site.followed()}
GROUP BY {target})"""
        ]
        for number, step in enumerate(steps[1:], 1):
            order = f"min(s.rank * {_RANK_STEP} + {self._position.format('r.')})"
            expressions.append(
                f"""{step} AS (
SELECT r.{target} AS pk, row_number() OVER (ORDER BY {order}) AS rank
FROM {steps[number - 1]} AS s
CROSS JOIN {table} AS r ON r.{owner} = s.pk
WHERE {depth} > {number} AND r.{target} IS NOT NULL{self._site.followed("r.")}
GROUP BY r.{target})"""
            )
        return expressions
