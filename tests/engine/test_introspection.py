"""Introspection: the schema answers what is asked of it, beside what the store answers, in the order asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

from graphql_api.model.language import builtin_model
from graphql_api.schema.build import build_schema

if TYPE_CHECKING:
    from tests.engine.product import Product

BOTH = """
query Both($name: String!, $with: Boolean!) {
  content { questionCount }
  ...Schema @include(if: $with)
  ... on Query { aliased: __type(name: $name) { kind ...Named } }
  __typename
  last: subjects(first: 1) { totalCount }
}
fragment Schema on Query { __schema { queryType { ...Named } } content { subjectCount } }
fragment Named on __Type { name }
"""


def test_whole_schema_can_be_asked_for(product: Product) -> None:
    """What tools build from the answer is the schema."""
    data = product.data(get_introspection_query(specified_by_url=True, input_value_deprecation=True, one_of=True))
    assert print_schema(build_client_schema(data)) == print_schema(build_schema(builtin_model()).graphql)


def test_introspection_stands_beside_content_in_the_order_asked(product: Product) -> None:
    """Through fragments, directives, aliases and variables."""
    for _ in range(2):
        response = product.response(BOTH, {"name": "Question", "with": True})
        assert json.dumps(response["data"]) == json.dumps(
            {
                "content": {"questionCount": 72, "subjectCount": 8},
                "__schema": {"queryType": {"name": "Query"}},
                "aliased": {"kind": "OBJECT", "name": "Question"},
                "__typename": "Query",
                "last": {"totalCount": 8},
            }
        )


def test_introspection_reads_the_variables_of_each_request(product: Product) -> None:
    """An answer is kept only where there are no variables."""
    for name in ("Question", "Subject", "Nothing"):
        data = product.data(BOTH, {"name": name, "with": False})
        assert "__schema" not in data
        expected = None if name == "Nothing" else {"kind": "OBJECT", "name": name}
        assert data["aliased"] == expected


@pytest.mark.parametrize("times", [1, 2])
def test_constant_introspection_is_the_same_every_time(product: Product, times: int) -> None:
    """The first answer and the one that was kept."""
    for _ in range(times):
        data = product.data('{ __type(name: "Heading") { fields { name } } }')
    assert [field["name"] for field in data["__type"]["fields"]] == ["level", "text", "anchor"]


def test_introspection_stands_beside_variables_that_were_coerced(product: Product) -> None:
    """The schema coerces the variables itself, from what was sent: enum values, lists of one, defaults."""
    document = """query ($o: [QuestionOrder!] = [TITLE_ASC]) {
      __schema { queryType { name } } questions(orderBy: $o) { totalCount } }"""
    for variables in ({}, {"o": "DATE_ASC"}, {"o": ["DATE_ASC", "URL_ASC"]}, {"o": None}):
        data = product.data(document, variables)
        assert data == {"__schema": {"queryType": {"name": "Query"}}, "questions": {"totalCount": 72}}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ('query ($d: String = "Query") { __type(name: $d) { name } }', ["__type"]),
        (
            "query ($d: Boolean = true) { __schema { queryType { name @skip(if: $d) } } }",
            ["__schema", "queryType"],
        ),
    ],
)
def test_null_where_introspection_takes_none_is_refused(product: Product, document: str, path: list[str]) -> None:
    """As it is for content: bad input, with the path of the field."""
    product.data(document, {})
    error = product.error(document, {"d": None})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == path


def test_fragments_that_double_are_introspected_as_often_as_they_are_written(product: Product) -> None:
    """Fragments on the root stay fragments: spread in each other they would else be written out, twice each level."""
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ... on Query {{ ...F{n + 1} }} }}" for n in range(8)]
    document = f'{{ ...F0 }} {" ".join(fragments)} fragment F8 on Query {{ __type(name: "Query") {{ name }} }}'
    assert product.data(document) == {"__type": {"name": "Query"}}
