"""The cache configuration of GraphQL clients, made from a schema.

A client that normalises keeps each object under a key. Entries have one, their `id`; all else (rich text, groups,
connections, facets) is a part of what it was asked of, and a client must be told so. What is printed is an ES module
without imports that TypeScript takes too, in strict mode.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from graphql import (
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_list_type,
    is_non_null_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import GraphQLField, GraphQLInterfaceType, GraphQLSchema, GraphQLType, GraphQLUnionType

_APOLLO: Final = """\
/* eslint-disable */
// The cache of Apollo Client for this content model. Made by: graphql-api client-config apollo
//
//   new InMemoryCache({ possibleTypes, typePolicies })

// What has no id is a part of what it was asked of. Two operations that ask for different fields of it find both in
// the cache, as long as they agree on what both have asked for; where they do not, the content has changed between.
const differ = Symbol();
const anything = JSON.parse("null"); // null, and for TypeScript of any type

let joined = anything;
joined = (before = anything, now = anything) => {
  if (Array.isArray(before) && Array.isArray(now)) {
    const items = now.map((item, index) => joined(before[index], item));
    return before.length === now.length && !items.includes(differ) ? items : differ;
  }
  if (before?.__typename && before.__typename === now?.__typename) {
    const both = Object.keys(now).filter((key) => key in before);
    const values = both.map((key) => joined(before[key], now[key]));
    if (values.includes(differ)) return differ;
    return { ...before, ...now, ...Object.fromEntries(both.map((key, index) => [key, values[index]])) };
  }
  return JSON.stringify(before) === JSON.stringify(now) ? now : differ;
};

const merge = (before = anything, now = anything) => {
  const both = joined(before, now);
  return both === differ ? now : both;
};

const list = { merge };
const part = Object.freeze({ keyFields: false, merge });
"""
_URQL: Final = """\
/* eslint-disable */
// The cache of urql for this content model. Made by: graphql-api client-config urql
//
//   cacheExchange({ keys, possibleTypes })

// What has no id is a part of what it was asked of.
const part = () => null;
"""
_PAGED: Final = frozenset({"first", "after", "last", "before", "offset"})


def apollo_config(schema: GraphQLSchema) -> str:
    """Return the module for Apollo Client: `possibleTypes`, `typePolicies`, and `pageArguments` for endless lists."""
    policies = {type_.name: _policy(type_) for type_ in _objects(schema)}
    root = _fields(schema.query_type) if schema.query_type else ""
    policies = {"Query": f"{{ fields: {{{root}}} }}", **{name: text for name, text in policies.items() if text}}
    return "\n".join(
        [
            _APOLLO,
            _export("possibleTypes", _possible_types(schema)),
            _export("typePolicies", policies),
            "// The arguments of each paged field that tell one list from another, for relayStylePagination.",
            _export("pageArguments", _page_arguments(schema)),
        ]
    )


def urql_config(schema: GraphQLSchema) -> str:
    """Return the module for urql's graphcache: `possibleTypes` and `keys`."""
    keys = {type_.name: "part" for type_ in _objects(schema) if not _has_id(type_)}
    return "\n".join([_URQL, _export("possibleTypes", _possible_types(schema)), _export("keys", keys)])


def _objects(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    """Return the object types in the order of their names, without roots and what describes the schema."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    objects = (each for _, each in sorted(schema.type_map.items()) if isinstance(each, GraphQLObjectType))
    return [each for each in objects if each not in roots and not each.name.startswith("__")]


def _has_id(type_: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType) -> bool:
    """Return whether a type's `id` names an entry; a group may have a field of that name too, which need not."""
    return isinstance(type_, GraphQLObjectType) and any("id" in each.fields for each in type_.interfaces)


def _policy(type_: GraphQLObjectType) -> str:
    """Return what Apollo must know of a type, "" for nothing."""
    fields = _fields(type_)
    if _has_id(type_):
        return f"{{ merge, fields: {{{fields}}} }}"
    return f"{{ ...part, fields: {{{fields}}} }}" if fields else "part"


def _fields(type_: GraphQLObjectType) -> str:
    names = [name for name, field in type_.fields.items() if _is_list_of_parts(field.type)]
    return f" {', '.join(f'{name}: list' for name in names)} " if names else ""


def _is_list_of_parts(type_: GraphQLType) -> bool:
    """Return whether values are lists of objects that Apollo keeps within what they were asked of."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    named = get_named_type(type_)
    return is_list_type(inner) and is_composite_type(named) and not _has_id(named) and not _is_entry(named)


def _is_entry(type_: GraphQLType) -> bool:
    return is_interface_type(type_) and "id" in type_.fields


def _possible_types(schema: GraphQLSchema) -> dict[str, str]:
    abstract = [each for _, each in sorted(schema.type_map.items()) if is_abstract_type(each)]
    return {each.name: _texts(possible.name for possible in schema.get_possible_types(each)) for each in abstract}


def _page_arguments(schema: GraphQLSchema) -> dict[str, str]:
    types = [*([schema.query_type] if schema.query_type else []), *_objects(schema)]
    paged = {type_.name: {name: field for name, field in type_.fields.items() if _is_paged(field)} for type_ in types}
    return {name: _arguments(fields) for name, fields in paged.items() if fields}


def _is_paged(field: GraphQLField) -> bool:
    return field.args.keys() >= {"first", "after"}


def _arguments(fields: Mapping[str, GraphQLField]) -> str:
    texts = [f"{name}: {_texts(each for each in field.args if each not in _PAGED)}" for name, field in fields.items()]
    return f"{{ {', '.join(texts)} }}"


def _texts(names: Iterable[str]) -> str:
    return json.dumps(list(names))


def _export(name: str, values: Mapping[str, str]) -> str:
    lines = "".join(f"  {key}: {value},\n" for key, value in values.items())
    return f"export const {name} = {{\n{lines}}};\n"
