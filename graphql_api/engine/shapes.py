"""Which planner plans which field, by its mapping."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from graphql_api.engine import changes, labels, lookups, meta, pages, search, siblings, values, walks
from graphql_api.engine.excerpts import excerpt
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.scope import EntryScope, MadeScope
from graphql_api.schema.mapping import Counted, Declared, Identifier, Lookup, Pages, Part, SearchOf, Special

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope
    from graphql_api.schema.mapping import Mapping as FieldMapping

_SPECIAL: Mapping[str, Callable[[Planner, Field, Any], Expression]] = MappingProxyType(
    {
        "byId": lookups.node,
        "byIds": lookups.nodes,
        "changes": changes.changes,
        "content": lookups.content,
        "redirect": lookups.redirect,
        "label": labels.label,
        "excerpt": excerpt,
        "meta": meta.meta,
        **meta.PARTS,
    }
)


class FieldShapes:
    """Every shape of the schema."""

    def plan(self, planner: Planner, field: Field, scope: AnyScope, mapping: FieldMapping) -> Expression:
        """See Shapes."""
        match mapping:
            case Declared(each):
                return _declared(planner, field, scope, each)
            case Identifier():
                assert isinstance(scope, EntryScope)  # noqa: S101 - only entries have ids
                return Expression('"%s"', (scope.column("node_id"),))
            case Part():
                return values.part(planner, field, scope, mapping)
            case Counted():
                return lookups.counted(planner, mapping)
            case Pages(type_name):
                return pages.all_pages(planner, field, type_name)
            case Lookup(type_name):
                return lookups.lookup(planner, field, type_name)
            case SearchOf():
                return search.search(planner, field, mapping)
            case Special(name) if name in _SPECIAL:
                return _SPECIAL[name](planner, field, scope)
            case Special(name):
                assert isinstance(scope, MadeScope)  # noqa: S101 - a part of a shape, which plans the others itself
                return values.made(planner, field, scope, name)
        raise TypeError(f"{field.parent.name}.{field.name} is a part of a page, which plans it itself")


def _declared(planner: Planner, field: Field, scope: AnyScope, each: Any) -> Expression:  # noqa: ANN401 - a field
    if isinstance(scope, EntryScope):
        if each.walk:
            return walks.walk(planner, field, scope, each)
        if each.sibling:
            return siblings.sibling(planner, field, scope, each)
        if each.back and each.type.is_list:
            return pages.back_pages(planner, field, scope, each)
    return values.declared(planner, field, scope, each)


__all__ = ["FieldShapes", "sql_value"]
