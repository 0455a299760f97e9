"""The graph around a question: the questions beside it in its subject, and those that references lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    Each step is computed from the one before it, once per question, so that the work is bounded by the questions
    reached and not by the paths to them.
    """
    depth = planner.bind(planner.between(field.arguments["depth"], "depth", 1, MAX_DEPTH))
    first = planner.bind(planner.between(field.arguments["first"], "first", 1, MAX_NEIGHBOURS))
    reached = planner.scope("neighbour")
    item = planner.object(field.type, field.nodes, reached)
    steps = [f"step_{number}" for number in range(1, MAX_DEPTH + 1)]
    union = "\nUNION ALL ".join(
        f"SELECT {number} AS distance, pk, rank FROM {step}" for number, step in enumerate(steps, 1)
    )
    walk = f"(WITH {', '.join(_steps(steps, scope.column('pk'), depth))}\n{union})"
    order = f"ORDER BY {reached.column('distance')}, {reached.column('rank')}"
    return planner.items(item, reached.rows(walk), order, f"LIMIT {first}")


def _steps(steps: list[str], origin: str, depth: str) -> list[str]:
    """Return the common table expressions of the steps: (pk, rank) of each question that a step is first to reach."""
    expressions = [
        f"""{steps[0]} AS (
SELECT target_pk AS pk, row_number() OVER (ORDER BY min(position)) AS rank
FROM reference
WHERE question_pk = {origin} AND target_pk IS NOT NULL
GROUP BY target_pk)"""
    ]
    for number, step in enumerate(steps[1:], 1):
        seen = " ".join(f"AND r.target_pk NOT IN (SELECT pk FROM {earlier})" for earlier in steps[:number])
        expressions.append(
            f"""{step} AS (
SELECT r.target_pk AS pk, row_number() OVER (ORDER BY min(s.rank * {_RANK_STEP} + r.position)) AS rank
FROM {steps[number - 1]} AS s
CROSS JOIN reference AS r ON r.question_pk = s.pk
WHERE {depth} > {number} AND r.target_pk IS NOT NULL AND r.target_pk <> {origin} {seen}
GROUP BY r.target_pk)"""
        )
    return expressions
