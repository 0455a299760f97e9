"""The label: what the publish is called. It can change while the generation stays, so it is no part of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.sources import LABEL, Source

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope


def label(planner: Planner, _field: Field, _scope: AnyScope) -> Expression:
    """Return the label of the publish, null for none."""
    planner.is_labelled = True
    place = planner.bind(Source(lambda variables: variables.get(LABEL, ""), ("label",)))
    return sql_value(f"json_quote(nullif({place}, ''))")
