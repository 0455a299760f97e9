"""Explain: what an operation becomes, and how the store goes about it, as one SQL script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphql import OperationDefinitionNode, parse

from graphql_api.engine.documents import DocumentCache
from graphql_api.errors import BadUserInputError, NoGenerationError
from graphql_api.model.language import builtin_model, read_model
from graphql_api.schema.build import build_schema
from graphql_api.store.query_plan import query_plan, stored_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graphql_api.engine.operations import Operation
    from graphql_api.settings import Limits
    from graphql_api.store.query_plan import Step


async def explain(store: Path, limits: Limits, text: str, variables: Mapping[str, Any]) -> list[str]:
    """Return an SQL script for each operation of the document `text`: its statement, values and query plan.

    Every operation takes from `variables` what it declares. Raises RequestError and StoreError.
    """
    document = DocumentCache(build_schema(read_model(await _model_text(store))), limits, 1).get(text)
    nodes = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
    names = [node.name.value if node.name else None for node in nodes]
    return [await _script(store, name, document.operation(name), variables) for name in names]


async def _model_text(store: Path) -> str:
    """Return the text of the model that is asked by: what is loaded, else the built-in one, to name mistakes by."""
    try:
        return await stored_model(store)
    except NoGenerationError:
        return builtin_model().text


async def _script(store: Path, name: str | None, operation: Operation, variables: Mapping[str, Any]) -> str:
    coerced = operation.variables.coerce(variables)
    plan = operation.plan(coerced)
    values = plan.bind(coerced)
    title = f"-- {name or 'the only operation'}"
    if plan.sql is None:
        return f"{title}\n-- The schema answers it; the store is asked nothing."
    steps = await query_plan(store, plan.sql, values)
    return "\n".join([title, f"{plan.sql};", *_bound(values), "-- query plan:", *map(_step, steps)])


def _bound(values: Sequence[Any]) -> list[str]:
    return [f"-- ?{number} = {json.dumps(value, ensure_ascii=False)}" for number, value in enumerate(values, 1)]


def _step(step: Step) -> str:
    mark = "  <-- FULL SCAN" if step.is_full_scan else ""
    return f"--   {'  ' * step.depth}{step.detail}{mark}"


def read_variables(text: str) -> dict[str, Any]:
    """Return the variables in the JSON text `text`. Raises BadUserInputError if it is not a JSON object."""
    try:
        variables = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadUserInputError(f"The variables are not JSON: {error}.") from error
    if not isinstance(variables, dict):
        raise BadUserInputError('The variables are not a JSON object like {"first": 10}.')
    return variables
