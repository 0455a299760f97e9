"""Siblings: the entries before and after one, among those with one value in common or among all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.cost import PER_ROW_SORTED
from graphql_api.model.types import Step
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.engine.expression import Expression
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import EntryScope
    from graphql_api.model.types import Field as ModelField


def sibling(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    """Return the entry after this one, or the one before it."""
    assert each.sibling is not None  # noqa: S101 - the caller has asked
    planner.meter.add(PER_ROW_SORTED)
    other = planner.scope(each.type.name)
    item = planner.object(field.type, field.nodes, other)
    names = list(dict.fromkeys([*each.sibling.by, *other.entry.type.keys[0].fields]))
    columns = [_column(other, name) for name in names]
    backwards = each.sibling.step is Step.PREVIOUS
    sign, direction = ("<", " DESC") if backwards else (">", "")
    theirs, ours = (", ".join(f"{row.alias}.{column}" for column in columns) for row in (other, scope))
    where = [f"({theirs}) {sign} ({ours})"]
    if each.sibling.in_:
        where.insert(0, _in_common(other, scope, each.sibling.in_))
    order = ", ".join(f"{other.alias}.{column}{direction}" for column in columns)
    return planner.optional(item, other.rows(), f"WHERE {' AND '.join(where)}", f"ORDER BY {order}", "LIMIT 1")


def _column(row: EntryScope, name: str) -> str:
    """Return the column that a field is sorted by; a missing value comes last there."""
    column = row.entry.main.find(name, Role.ASCENDING) or row.entry.main.find(name, Role.VALUE)
    column = column or row.entry.main.find(name, Role.KEY)
    assert column is not None  # noqa: S101 - the layout has what siblings are sorted by
    return column.name


def _in_common(other: EntryScope, scope: EntryScope, name: str) -> str:
    role = Role.TARGET if scope.entry.type.field(name).reference else Role.VALUE
    return f"{other.sql(name, role)} = {scope.sql(name, role)}"
