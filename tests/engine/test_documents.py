"""Documents and plans that are kept: bounded, and never mistaken for each other."""

from __future__ import annotations

from itertools import product as combinations
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.engine.documents import DocumentCache
from graphql_api.errors import ValidationError
from graphql_api.schema.build import build_schema
from graphql_api.settings import Limits
from graphql_api.store.dialects import SQLiteDialect

if TYPE_CHECKING:
    from tests.engine.product import Product


def test_document_is_kept_until_others_have_come() -> None:
    """The one that was not asked for longest goes first."""
    cache = DocumentCache(build_schema(), SQLiteDialect(), Limits(), 2)
    one = cache.get("{ a: __typename }")
    cache.get("{ b: __typename }")
    assert cache.get("{ a: __typename }") is one
    cache.get("{ c: __typename }")
    assert cache.get("{ a: __typename }") is one
    cache.get("{ d: __typename }")
    cache.get("{ e: __typename }")
    assert cache.get("{ a: __typename }") is not one


def test_refused_document_is_kept_with_its_error() -> None:
    """It is not parsed and validated again, and its error does not grow."""
    cache = DocumentCache(build_schema(), SQLiteDialect(), Limits(), 2)
    raised = []
    for _ in range(3):
        with pytest.raises(ValidationError) as caught:
            cache.get("{ nothing }")
        raised.append(caught.value)
    assert raised[0] is raised[1] is raised[2]
    assert len(raised[0].errors) == 1


def test_plan_is_made_once_for_a_shape_of_variables() -> None:
    """Texts and numbers share a plan; what is there, enum values and keys make another."""
    cache = DocumentCache(build_schema(), SQLiteDialect(), Limits(), 2)
    document = "query ($f: QuestionFilter, $o: [QuestionOrder!]) { questions(filter: $f, orderBy: $o) { totalCount } }"
    operation = cache.get(document).operation(None)

    def plan(**variables: Any) -> Any:
        return operation.plan(operation.variables.coerce(variables))

    assert plan(f={"title": {"eq": "a"}}) is plan(f={"title": {"eq": "b"}})
    assert plan(f={"title": {"in": ["a"]}}) is plan(f={"title": {"in": ["b", "c"]}})
    assert plan(o=["DATE_ASC"]) is plan(o=["DATE_ASC"])
    different = [
        plan(),
        plan(f=None),
        plan(f={}),
        plan(f={"title": {"eq": "a"}}),
        plan(f={"title": {"ne": "a"}}),
        plan(f={"or": [{}]}),
        plan(f={"or": [{}, {}]}),
        plan(f={"noIndex": {"eq": True}}),
        plan(f={"noIndex": {"eq": False}}),
        plan(o=["DATE_ASC"]),
        plan(o=["DATE_DESC"]),
    ]
    assert len({id(each) for each in different}) == len(different)


def test_more_shapes_than_plans_are_kept_are_answered_all_the_same(product: Product) -> None:
    """An operation that is asked in a hundred ways has a bounded number of plans, and right answers."""
    operation = """query ($o: [QuestionOrder!], $last: Int) {
      questions(orderBy: $o, last: $last, filter: { subject: { eq: "physics" } }) { nodes { url } } }"""
    names = ["DATE_ASC", "TITLE_ASC", "ARTICLE_ID_ASC", "SCORE_DESC", "URL_DESC"]
    for orders in combinations(names, repeat=3):
        for _ in range(2 if orders[0] == orders[1] else 1):
            nodes = product.data(operation, {"o": list(orders)})["questions"]["nodes"]
            assert len({node["url"] for node in nodes}) == 8


@pytest.mark.parametrize("count", [1, 89, 90, 91, 127, 128, 500])
def test_object_has_as_many_fields_as_are_asked_for(product: Product, count: int) -> None:
    """SQLite's functions take 127 arguments; an object takes more."""
    fields = " ".join(f"a{number}: {'title' if number % 2 else 'date'}" for number in range(count))
    found = product.data(f'{{ question(by: {{ url: "/learn/physics/questions/what-is-entropy" }}) {{ {fields} }} }}')
    assert found["question"] == {
        f"a{number}": "What is entropy?" if number % 2 else "2023-05-01" for number in range(count)
    }


def test_object_of_constants_needs_no_row(product: Product) -> None:
    """`__typename` alone, and percent signs nowhere."""
    assert product.data("{ content { __typename a: __typename } }") == {
        "content": {"__typename": "Content", "a": "Content"}
    }
