"""Which planner plans which special field."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from graphql_api.engine import graph, pages, roots, search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql_api.engine.expression import Expression
    from graphql_api.engine.planner import Field, Planner, SpecialField
    from graphql_api.engine.scope import Scope
    from graphql_api.schema.mapping import Pages


class FieldShapes:
    """Every shape of the schema."""

    special: Mapping[str, SpecialField] = MappingProxyType(
        {
            "node": roots.node,
            "nodes": roots.nodes,
            "content": roots.content,
            "search": search.search,
            "excerpt": roots.excerpt,
            "neighbours": graph.neighbours,
            "next": graph.following,
            "previous": graph.following,
        }
    )

    def pages(self, planner: Planner, field: Field, scope: Scope | None, mapping: Pages) -> Expression:
        """See Shapes."""
        return pages.table_pages(planner, field, scope, mapping)

    def lookup(self, planner: Planner, field: Field, table: str) -> Expression:
        """See Shapes."""
        return roots.lookup(planner, field, table)
