"""Build the schema of a model, and say what each of its fields shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    assert_valid_schema,
    print_schema,
)
from msgspec import Struct
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graphql_api.schema.annotations import Annotations
from graphql_api.schema.inputs import Inputs
from graphql_api.schema.live import LIVE_TYPES, Mutation, resolve_members
from graphql_api.schema.making import forget_annotations
from graphql_api.schema.mapping import METADATA_KEY, Mapping
from graphql_api.schema.query import query_type
from graphql_api.schema.scalars import SCALARS
from graphql_api.schema.subscription import Subscription
from graphql_api.schema.types import Types
from graphql_api.store.layout import layout_of

if TYPE_CHECKING:
    from strawberry.types.field import StrawberryField

    from graphql_api.model.types import Model
    from graphql_api.store.layout import Layout


class Schema(Struct, frozen=True):
    """The GraphQL schema of a model, the mapping of each (type name, field name), and where its entries are."""

    graphql: GraphQLSchema
    mappings: dict[tuple[str, str], Mapping]
    layout: Layout
    site_url: str = ""
    """The origin of the site that shows the content, "" where nobody says."""
    is_tagged: bool = False
    """Whether answers are told with what they depend on."""


def build_schema(model: Model, site_url: str = "", *, is_tagged: bool = False) -> Schema:
    """Return the schema of a model that has been checked, for the site whose origin is `site_url`.

    If it `is_tagged`, answers are told with what they depend on.
    """
    annotations = Annotations(model)
    inputs = Inputs(model, annotations)
    types = Types(model, annotations, inputs)
    query = query_type(model, annotations, inputs, types)
    graphql_schema = _converted(query, list(annotations.classes.values()))
    forget_annotations()
    for type_ in graphql_schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType) and "strawberry-definition" in type_.extensions:
            # graphql-core knows OneOf input objects itself; Strawberry checks them only in its own execution.
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of
    resolve_members(graphql_schema)
    return Schema(graphql_schema, _mappings(graphql_schema), layout_of(model), site_url, is_tagged)


def sdl(schema: Schema) -> str:
    """Return the schema in the schema definition language, as `schema.graphql` holds it."""
    return print_schema(schema.graphql) + "\n"


def _converted(query: type, types: list[type]) -> GraphQLSchema:
    """Return graphql-core's schema of Strawberry's types.

    `strawberry.Schema` would also look through all of them for directives and for federation, and there are none.
    """
    converter = GraphQLCoreConverter(
        StrawberryConfig(auto_camel_case=False), {}, SCALARS, lambda definition: definition.fields
    )
    root, mutation, subscription, *others = (
        converter.from_object(class_.__strawberry_definition__)  # type: ignore[attr-defined]  # all of them have one
        for class_ in (query, Mutation, Subscription, *types)
    )
    schema = GraphQLSchema(root, mutation, subscription, others)
    assert_valid_schema(schema)
    return schema


def _is_planned(type_name: str) -> bool:
    return not type_name.startswith("__") and type_name not in LIVE_TYPES


def _mappings(schema: GraphQLSchema) -> dict[tuple[str, str], Mapping]:
    return {
        (type_.name, name): cast("StrawberryField", field.extensions["strawberry-definition"]).metadata[METADATA_KEY]
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and _is_planned(type_.name)
        for name, field in type_.fields.items()
    }
