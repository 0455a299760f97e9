"""Build the schema from its types, and say what each field shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, print_schema
from strawberry.schema.config import StrawberryConfig

from graphql_api.schema.mapping import METADATA_KEY, Mapping
from graphql_api.schema.query import Query
from graphql_api.schema.scalars import SCALARS

if TYPE_CHECKING:
    from strawberry.types.field import StrawberryField


@dataclass(frozen=True, slots=True)
class Schema:
    """The GraphQL schema and the mapping of each (type name, field name)."""

    graphql: GraphQLSchema
    mappings: dict[tuple[str, str], Mapping]


def build_schema() -> Schema:
    """Return the schema; raises KeyError if a field of an object type says nothing of what it shows."""
    built = strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS))
    graphql_schema = built._schema  # noqa: SLF001 - Strawberry shows graphql-core's schema under no other name
    for type_ in graphql_schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType) and "strawberry-definition" in type_.extensions:
            # graphql-core knows OneOf input objects itself; Strawberry checks them only in its own execution.
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of
    return Schema(graphql_schema, _mappings(graphql_schema))


def sdl(schema: Schema) -> str:
    """Return the schema in the schema definition language, as `schema.graphql` holds it."""
    return print_schema(schema.graphql) + "\n"


def _mappings(schema: GraphQLSchema) -> dict[tuple[str, str], Mapping]:
    return {
        (type_.name, name): cast("StrawberryField", field.extensions["strawberry-definition"]).metadata[METADATA_KEY]
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
    }
