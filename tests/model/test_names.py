"""The rules of names give, from the built-in model, exactly the names that clients know."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from graphql_api.model import names
from graphql_api.model.language import builtin_model
from graphql_api.model.types import Direction

MODEL = builtin_model()
QUESTION, SUBJECT = MODEL.entry_types["Question"], MODEL.entry_types["Subject"]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """Return the schema that the project promises."""
    return build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))


def test_root_fields_are_those_of_the_schema(schema: GraphQLSchema) -> None:
    """Lookups, lists and searches; Node's and Content's are fixed."""
    assert schema.query_type is not None
    types = MODEL.entry_types.values()
    made = [*map(names.lookup_field, types), *map(names.list_field, types), names.search_field(QUESTION)]
    assert {*made, "node", "nodes", "content"} <= set(schema.query_type.fields)
    assert names.search_field(SUBJECT) == ""


def test_types_are_those_of_the_schema(schema: GraphQLSchema) -> None:
    """Connections, edges, inputs, orders and facets."""
    made = {
        *(
            name(each)
            for name in (names.connection_name, names.edge_name, names.order_name)
            for each in (QUESTION, SUBJECT)
        ),
        *(name(QUESTION) for name in (names.by_input_name, names.filter_name, names.facets_name)),
        *(name(QUESTION) for name in (names.search_connection_name, names.search_edge_name)),
        names.key_input_name(QUESTION, QUESTION.keys[1]),
        names.walk_type_name(QUESTION.field("neighbours")),
        *(names.facet_type_name(each.facet) for each in QUESTION.fields if each.facet),
    }
    assert made <= set(schema.type_map)
    assert len(made) == 6 + 3 + 2 + 1 + 1 + 3


def test_members_are_those_of_the_schema(schema: GraphQLSchema) -> None:
    """Values of orders, fields of facets and of filters, counts."""
    for type_ in (QUESTION, SUBJECT):
        ordered = [field for field in type_.fields if field.is_order]
        values = {names.order_value(field, direction) for field in ordered for direction in Direction}
        assert values == set(getattr(schema.type_map[names.order_name(type_)], "values"))  # noqa: B009 - of enums alone
    facets = {names.facets_field(field.facet) for field in QUESTION.fields if field.facet}
    assert facets == {"subjects", "years", "authors"} == set(_fields(schema, "QuestionFacets"))
    filtered = [field for field in QUESTION.fields if field.is_filter]
    made = {names.has_field(field) if field.type.is_list else field.name for field in filtered}
    assert {*made, "and", "or", "not"} == set(_fields(schema, "QuestionFilter"))
    counts = {names.count_field(QUESTION), names.count_field(SUBJECT)}
    counts.add(names.group_count_field(MODEL.groups["RelatedArticle"]))
    assert {*counts, "version", "loadedAt", "sequence", "label", "danglingCount"} == set(_fields(schema, "Content"))


def test_list_filters_are_named_after_kinds() -> None:
    """No list of the built-in model is asked by its values."""
    assert names.list_filter_name("String") == "StringListFilter"
    assert names.search_all_value(QUESTION) == "QUESTION"


def _fields(schema: GraphQLSchema, name: str) -> list[str]:
    return list(getattr(schema.type_map[name], "fields"))  # noqa: B009 - of objects and inputs alone
