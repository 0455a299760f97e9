"""Documents and plans that are kept: bounded, and never mistaken for each other."""

from __future__ import annotations

import gc
import tracemalloc
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.engine.documents import DocumentCache
from graphql_api.errors import ValidationError
from graphql_api.model.language import builtin_model
from graphql_api.schema.build import build_schema
from graphql_api.settings import Limits
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from tests.engine.product import Product

SCHEMA = build_schema(builtin_model())


def test_document_is_kept_until_others_have_come() -> None:
    """The one that was not asked for longest goes first."""
    cache = DocumentCache(SCHEMA, Limits(), 2)
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
    cache = DocumentCache(SCHEMA, Limits(), 2)
    raised = []
    for _ in range(3):
        with pytest.raises(ValidationError) as caught:
            cache.get("{ nothing }")
        raised.append(caught.value)
    assert raised[0].errors is raised[1].errors is raised[2].errors
    assert len(raised[0].errors) == 1


def many_aliases(number: int) -> str:
    """Return a document of about 10,000 characters, different for each number."""
    return f"{{ {' '.join(f'a{number}x{alias}: __typename' for alias in range(500))} }}"


def test_cache_is_bounded_by_what_its_documents_take() -> None:
    """Few large documents push out what many small ones would not; the one asked for last stays as long as it fits."""
    cache = DocumentCache(SCHEMA, Limits(), 1_000, 3_000_000)
    for number in range(20):
        cache.get(many_aliases(number)).operation(None).plan({})
        assert cache.weight <= 3_000_000
    last = cache.get(many_aliases(19))
    assert cache.get(many_aliases(19)) is last
    assert cache.weight > 500_000


def test_document_larger_than_the_cache_is_answered_and_not_kept() -> None:
    """A bound is a bound."""
    cache = DocumentCache(SCHEMA, Limits(), 10, 50_000)
    operation = cache.get(many_aliases(1)).operation(None)
    assert cache.weight == 0
    assert len(operation.plan({}).members) == 500


def test_plans_count_in_what_a_document_takes() -> None:
    """A plan made later weighs as one made at once; only the tree is let go after the first."""
    cache = DocumentCache(SCHEMA, Limits(), 10)
    document = "query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }"
    operation = cache.get(document).operation(None)
    weights = []
    for count in range(1, 5):
        variables = operation.variables.coerce({"f": {"or": [{"slug": {"eq": "a"}}] * (100 * count)}})
        operation.plan(variables)
        weights.append(cache.weight)
    assert weights == sorted(weights)
    assert weights[3] - weights[0] > 50_000


@uncounted
def test_kept_documents_take_about_the_memory_that_they_are_weighed_at() -> None:
    """Measured with Python's own account of its memory, for documents that were planned and others that were not."""
    cache = DocumentCache(SCHEMA, Limits(), 1_000, 100_000_000)
    cache.get(many_aliases(0)).operation(None).plan({})
    gc.collect()
    tracemalloc.start()
    before = cache.weight
    for number in range(1, 11):
        document = cache.get(many_aliases(number))
        if number % 2:
            document.operation(None).plan({})
    del document
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 1.5 * (cache.weight - before)


@uncounted
def test_refused_documents_keep_only_their_errors() -> None:
    """Not the tree that was refused, which would be a hundred times its text."""
    cache = DocumentCache(SCHEMA, Limits(), 1_000)
    gc.collect()
    tracemalloc.start()
    for number in range(10):
        with pytest.raises(ValidationError):
            cache.get(many_aliases(number)[:-1] + " nothing }")
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 300_000


def test_plan_is_made_once_for_a_shape_of_variables() -> None:
    """Texts and numbers share a plan; what is there, enum values and keys make another."""
    cache = DocumentCache(SCHEMA, Limits(), 2)
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


@uncounted
def test_shapes_of_variables_count_as_memory() -> None:
    """A plan is kept by the shape of its variables, which can be larger than the plan."""
    document = (
        "query ($f: QuestionFilter) { questions(filter: $f) @include(if: false) { totalCount } content { version } }"
    )
    cache = DocumentCache(SCHEMA, Limits(), 1_000)
    operation = cache.get(document).operation(None)
    before = operation.weight
    shapes = [operation.variables.coerce({"f": {"or": [{}] * (9_000 + number)}}) for number in range(70)]
    for shape in shapes[:10]:
        operation.plan(shape)
    ten = operation.weight
    assert ten - before > 10 * 9_000 * 8
    for shape in shapes[10:]:
        operation.plan(shape)
    assert operation.weight < 7 * ten
    assert cache.weight == 0  # it is over the bound, so nothing is kept of it


def test_order_that_says_a_key_again_is_the_same() -> None:
    """However often; there are no more plans than orders."""
    document = "query ($o: [QuestionOrder!]) { questions(orderBy: $o) { totalCount } }"
    operation = DocumentCache(SCHEMA, Limits(), 1_000).get(document).operation(None)
    orders = [["URL_ASC"], ["URL_ASC"] * 1_000, ["DATE_ASC"], ["DATE_ASC", "URL_ASC", "DATE_ASC"]]
    plans = [operation.plan(operation.variables.coerce({"o": order})) for order in orders]
    assert plans[0] is plans[1]
    assert len({id(plan) for plan in plans}) == 3


@pytest.mark.parametrize(
    "document",
    [
        "query A%d { questions(first: 2) { nodes { title answer { excerpt } relatedArticles { title } } } }",
        "query A%d($f: QuestionFilter) { questions(filter: $f) { totalCount } }",
        "query A%d { questions { nodes { ...F } } } fragment F on Question { title }",
        "query A%d { nothing }",
        "query A%d { questions { totalCount } questions: subjects { totalCount } }",
    ],
)
def test_new_document_leaves_little_to_the_collector(product: Product, document: str) -> None:
    """What graphql-core's own validation leaves are a thousand objects in cycles, each time."""
    many = 20
    product.response(document % many)
    gc.collect()
    gc.disable()
    try:
        for number in range(many):
            product.response(document % number)
        assert gc.collect() < many * 200
    finally:
        gc.enable()
