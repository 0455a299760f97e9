"""Everything: a document that asks all that a schema says of all entries, so that no generated one has to hit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import get_named_type, is_interface_type, is_leaf_type, is_object_type, is_union_type

from tests.oracle.operations import left_out
from tests.oracle.words import list_name, small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLSchema

    from tests.oracle.site import Site

_DEEPEST = 4


def everything(site: Site, schema: GraphQLSchema) -> Iterator[str]:
    """Yield a document for each type: its lists whole, each field of each entry, and what its fields lead to."""
    writer = _Writer(site, schema)
    for type_ in site.model.entries:
        whole = writer.selections(schema.type_map[type_.name], 0)
        if type_.is_singleton:
            yield f"{{ {small(type_.name)} {whole} }}"
        else:
            edges = "edges { cursor node { id } }"
            info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
            rest = f"totalCount {facets_of(site, schema, type_.name)} {info}"
            yield f"{{ {list_name(type_)}(first: 100) {{ {edges} nodes {whole} {rest} }} }}"
        if order := schema.type_map.get(f"{type_.name}Order"):
            lists = (f"{value}: {list_name(type_)}(orderBy: {value}) {{ nodes {{ id }} }}" for value in order.values)  # type: ignore[attr-defined]
            yield f"{{ {' '.join(lists)} }}"
    counts = [name for name in schema.type_map["Content"].fields if name not in {"version", "loadedAt"}]  # type: ignore[attr-defined]
    yield f"{{ content {{ {' '.join(counts)} }} }}"


def whole_entry(site: Site, schema: GraphQLSchema, type_name: str) -> str:
    """Return the selections of all fields of a type."""
    return _Writer(site, schema).selections(schema.type_map[type_name], 0)


def facets_of(site: Site, schema: GraphQLSchema, type_name: str) -> str:
    """Return the selection of all facets of a list of a type, "" for none."""
    facets = schema.type_map.get(f"{type_name}Facets")
    return f"facets {_Writer(site, schema).selections(facets, 0)}" if facets else ""


class _Writer:
    def __init__(self, site: Site, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._left_out = left_out(site)
        self._entries = {type_.name for type_ in site.model.entries}

    def selections(self, type_: Any, depth: int) -> str:
        """Return the selections of all fields of a type; of entries further in, who they are."""
        if is_union_type(type_):
            return "{ __typename " + " ".join(self._member(one, depth) for one in type_.types) + " }"
        if is_interface_type(type_) or (depth and type_.name in self._entries):
            return "{ __typename id }"
        return "{ __typename " + " ".join(self._fields(type_, depth, "")) + " }"

    def _member(self, type_: Any, depth: int) -> str:
        return f"... on {type_.name} {{ {' '.join(self._fields(type_, depth, type_.name))} }}"

    def _fields(self, type_: Any, depth: int, prefix: str) -> Iterator[str]:
        for name, field in type_.fields.items():
            if (type_.name, name) in self._left_out or depth > _DEEPEST:
                continue
            shown = f"{prefix}{name}: {name}" if prefix else name
            named = get_named_type(field.type)
            inner = "" if is_leaf_type(named) else self._inner(named, depth)
            yield f"{shown}{inner}"
            if "unique" in field.args:
                # Once more without what is in them: groups can hold themselves.
                flat = self._inner(named, max(depth, _DEEPEST - 1))
                yield f"all{prefix}{name}: {name}(unique: false){flat}"
                yield f"led{prefix}{name}: {name}(resolved: true){flat}"
            if "depth" in field.args:
                yield f"far{prefix}{name}: {name}(depth: 3, first: 100){inner}"

    def _inner(self, named: Any, depth: int) -> str:
        if is_object_type(named) and named.name.endswith("Connection"):
            return " { totalCount nodes { __typename id } }"
        return f" {self.selections(named, depth + 1)}"
