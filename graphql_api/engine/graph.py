"""The graph around a question: the questions beside it in its subject, and those that references lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.expression import limit

if TYPE_CHECKING:
    from graphql_api.engine.expression import Expression
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import Scope

MAX_DEPTH, MAX_NEIGHBOURS = 3, 100
# Greater than any position, so that rank and position make one number that sorts as the pair does.
_RANK_STEP = 1 << 31


def following(planner: Planner, field: Field, scope: Scope) -> Expression:
    """Return the question after this one in its subject, by title and url, or the one before it."""
    other = planner.scope("question")
    item = planner.object(field.type, field.nodes, other)
    sign, direction = (">", "") if field.name == "next" else ("<", " DESC")
    where = (
        f"WHERE {other.column('subject_pk')} = {scope.column('subject_pk')}"
        f" AND ({other.column('title')}, {other.column('url')}) {sign} ({scope.column('title')}, {scope.column('url')})"
    )
    order = f"ORDER BY {other.column('title')}{direction}, {other.column('url')}{direction}"
    return planner.optional(item, other.rows(), where, order, "LIMIT 1")


def neighbours(planner: Planner, field: Field, scope: Scope) -> Expression:
    """Return the questions around this one, breadth first.

    A step's questions are ranked by the rank of the first question that leads to them, then by its author's order.
    Each step holds a question once, so that the work is bounded by the questions reached and not by the paths to them;
    of all the steps that hold it, the first one counts. (A step may go back: what it leads to from there was nearer.)
    """
    depth = planner.bind(planner.between(field.arguments["depth"], "depth", 1, MAX_DEPTH))
    first = planner.bind(planner.between(field.arguments["first"], "first", 1, MAX_NEIGHBOURS))
    reached = planner.scope("neighbour")
    item = planner.object(field.type, field.nodes, reached)
    order = f"ORDER BY {reached.column('rank')}"
    return planner.items(item, reached.rows(_walk(scope.column("pk"), depth)), order, limit(first))


def _walk(origin: str, depth: str) -> str:
    """Return a FROM item (pk, distance, rank) of the questions that up to `depth` steps from `origin` reach."""
    steps = [f"step_{number}" for number in range(1, MAX_DEPTH + 1)]
    places = "\nUNION ALL ".join(
        f"SELECT pk, {number * _RANK_STEP} + rank AS place FROM {step}" for number, step in enumerate(steps, 1)
    )
    return f"""(
WITH {", ".join(_steps(steps, origin, depth))}
SELECT pk, min(place) / {_RANK_STEP} AS distance, min(place) AS rank
FROM ({places})
WHERE pk <> {origin}
GROUP BY pk)"""


def _steps(steps: list[str], origin: str, depth: str) -> list[str]:
    """Return the common table expressions of the steps: (pk, rank) of each question that a step leads to."""
    expressions = [
        f"""{steps[0]} AS (
SELECT target_pk AS pk, row_number() OVER (ORDER BY min(position)) AS rank
FROM reference
WHERE question_pk = {origin} AND target_pk IS NOT NULL
GROUP BY target_pk)"""
    ]
    for number, step in enumerate(steps[1:], 1):
        expressions.append(
            f"""{step} AS (
SELECT r.target_pk AS pk, row_number() OVER (ORDER BY min(s.rank * {_RANK_STEP} + r.position)) AS rank
FROM {steps[number - 1]} AS s
CROSS JOIN reference AS r ON r.question_pk = s.pk
WHERE {depth} > {number} AND r.target_pk IS NOT NULL
GROUP BY r.target_pk)"""
        )
    return expressions
