"""Introspection: the schema answers what is asked of it, beside what the store answers, in the order asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

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
    assert print_schema(build_client_schema(data)) == print_schema(build_schema().graphql)


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
