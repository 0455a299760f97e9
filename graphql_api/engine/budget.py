"""The budget: what an operation may cost, the refusal of one that costs more, and the costs that a request asks for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import orjson

from graphql_api.errors import CostExceededError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql_api.engine.cost import Part
    from graphql_api.engine.operations import Operation
    from graphql_api.engine.plans import Plan
    from graphql_api.engine.sources import Variables

_LOGGER: Final = logging.getLogger(__name__)
_UNNAMED: Final = "without a name"


def check_cost(operation: Operation, plan: Plan, counts: Mapping[str, int], variables: Variables, budget: int) -> None:
    """Raise CostExceededError if the plan costs more than the budget; above half of it the log warns, once.

    The variables must have been checked by binding the plan to them.
    """
    if plan.cost.bound(counts) * 2 <= budget:
        return
    cost = plan.cost.exact(counts, variables)
    if cost * 2 <= budget:
        return
    largest = plan.cost.largest(counts, variables)
    if cost > budget:
        raise _exceeded(cost, budget, largest)
    if not operation.has_warned:
        operation.has_warned = True
        name = operation.name or _UNNAMED
        message = "The operation %r costs %s of %s units, most of them for %s."
        _LOGGER.warning(message, name, f"{cost:,}", f"{budget:,}", _told(largest[0]))


def with_cost(body: bytes, plan: Plan, counts: Mapping[str, int], variables: Variables, budget: int) -> bytes:
    """Return a response's body with what it costs in its extensions."""
    largest = plan.cost.largest(counts, variables)
    cost = {
        "total": plan.cost.exact(counts, variables),
        "budget": budget,
        "largest": [{"cost": part.cost, "path": list(part.path), "for": part.what} for part in largest],
    }
    return b'%b,"extensions":{"cost":%b}}' % (body[:-1], orjson.dumps(cost))


def _exceeded(cost: int, budget: int, largest: list[Part]) -> CostExceededError:
    error = CostExceededError(
        f"The operation costs {cost:,} units, and {budget:,} are allowed. Most of them, {largest[0].cost:,}, are for "
        f"{_told(largest[0])}. Ask for that fewer times, for smaller pages around it, or in an operation of its own.",
        path=largest[0].path,
    )
    extensions: dict[str, Any] = error.errors[0]["extensions"]
    extensions.update(cost=cost, budget=budget)
    return error


def _told(part: Part) -> str:
    path = ".".join(part.path)
    return f"{part.what} at {path!r}" if path else part.what
