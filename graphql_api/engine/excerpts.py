"""Excerpts: the start of a text, as long as is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine import sql
from graphql_api.engine.cost import CHARACTERS_PER_UNIT, PER_EXCERPT, STARTS, Asked
from graphql_api.engine.expression import Expression
from graphql_api.engine.scope import JsonScope, TextScope
from graphql_api.engine.sources import constant, derived
from graphql_api.search.snippets import DEFAULT_EXCERPT_CHARACTERS
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope

MAX_EXCERPT = 1000
_LEAD = 4


def excerpt(planner: Planner, field: Field, scope: AnyScope) -> Expression:
    """Return the start of a text; that of the default length was made when it was loaded."""
    is_default = field.arguments["length"].key == constant(DEFAULT_EXCERPT_CHARACTERS).key
    if is_default and isinstance(scope, TextScope):
        return scope.entry.value(scope.field_name, Role.EXCERPT)
    length = planner.bind(planner.between(field.arguments["length"], "length", 1, MAX_EXCERPT))
    planner.meter.add(PER_EXCERPT, what=STARTS)
    shown = derived(field.arguments["length"], _units, "units")
    planner.meter.add(1, Asked(shown, _units(MAX_EXCERPT)), what=STARTS)
    if isinstance(scope, TextScope):
        lead = scope.entry.sql(scope.field_name, Role.LEAD)
    else:
        assert isinstance(scope, JsonScope)  # noqa: S101 - as above
        lead = scope.at(_LEAD).sql
    return Expression("%s", (sql.json_text(sql.excerpt(lead, length)),))


def _units(characters: int) -> int:
    """Return what it costs to show so many characters."""
    return characters // CHARACTERS_PER_UNIT
