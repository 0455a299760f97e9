"""Values that are large: numbers beyond a double, filters beyond what a statement can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.engine.conditions import MAX_CONDITIONS, MAX_LEVELS
from graphql_api.engine.variables import MAX_INPUT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.product import Product

BY_FILTER = "query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }"
DIGITS = "9" * 5_000


@pytest.mark.parametrize(
    "document",
    [
        "{ questions(filter: { score: { gt: 1e400 } }) { totalCount } }",
        "{ questions(filter: { score: { lt: -1e400 } }) { totalCount } }",
        f"{{ questions(filter: {{ score: {{ eq: {DIGITS} }} }}) {{ totalCount }} }}",
        f"{{ questions(filter: {{ score: {{ eq: -{DIGITS}.5 }} }}) {{ totalCount }} }}",
        f"{{ node(id: {DIGITS}) {{ id }} }}",
        f"{{ questions(first: {DIGITS}) {{ totalCount }} }}",
        "query ($f: Float = 1e400) { questions(filter: { score: { gt: $f } }) { totalCount } }",
        "query ($f: QuestionFilter = { score: { gt: 1e400 } }) { questions(filter: $f) { totalCount } }",
    ],
)
def test_number_that_no_double_can_hold_is_invalid(product: Product, document: str) -> None:
    """As a literal anywhere, a variable's default too; the message shows the start of a long one."""
    errors = product.response(document)["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}
    told = [error for error in errors if "too large" in error["message"]]
    assert len(told) == 1
    assert len(told[0]["message"]) < 100


@pytest.mark.parametrize(
    ("literal", "count"),
    [("gt: 9223372036854775807", 0), ("gt: -9223372036854775809", 67), (f"lt: {'9' * 308}", 67), ("lt: 1e308", 67)],
)
def test_whole_number_for_a_float_may_be_any_finite_one(product: Product, literal: str, count: int) -> None:
    """It becomes the nearest double, as a literal and as a default."""
    name, number = literal.split(": ")
    for document in (
        f"{{ questions(filter: {{ score: {{ {literal} }} }}) {{ totalCount }} }}",
        f"query ($f: Float = {number}) {{ questions(filter: {{ score: {{ {name}: $f }} }}) {{ totalCount }} }}",
    ):
        assert product.data(document) == {"questions": {"totalCount": count}}


@pytest.mark.parametrize("group", ["or", "and"])
@pytest.mark.parametrize("size", [5, 500, MAX_CONDITIONS])
def test_wide_filter_is_answered(product: Product, group: str, size: int) -> None:
    """As deep as SQLite lets an expression be, a row of conditions would be too many; balanced they are not."""
    members = [{"articleId": {"gt": -1_000_000 - number}} for number in range(size)]
    assert product.data(BY_FILTER, {"f": {group: members}}) == {"questions": {"totalCount": 72}}
    assert product.data(BY_FILTER, {"f": {"not": {group: members}}}) == {"questions": {"totalCount": 0}}


@pytest.mark.parametrize(
    "filter_",
    [
        {"or": [{"articleId": {"gt": number}} for number in range(MAX_CONDITIONS + 1)]},
        {"and": [{}] * (MAX_CONDITIONS + 1)},
        {"and": [{"not": {"articleId": {"gt": number, "lt": 0}}} for number in range(MAX_CONDITIONS // 2 + 1)]},
    ],
)
def test_filter_with_more_conditions_than_allowed_is_bad_input(product: Product, filter_: dict[str, Any]) -> None:
    """The message names the argument and the bound."""
    error = product.error(BY_FILTER, {"f": filter_})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "'filter'" in error["message"]
    assert str(MAX_CONDITIONS) in error["message"]
    assert error["path"] == ["questions"]


def test_conditions_of_all_filters_in_an_operation_count(product: Product) -> None:
    """One filter in a variable, used again and again, is written into the statement each time."""
    fields = " ".join(f"a{number}: questions(filter: $f) {{ totalCount }}" for number in range(3))
    document = f"query ($f: QuestionFilter) {{ {fields} }}"
    members = [{"articleId": {"gt": number}} for number in range(MAX_CONDITIONS // 3)]
    product.data(document, {"f": {"or": members}})
    error = product.error(document, {"f": {"or": [*members, {}]}})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == ["a2"]


@pytest.mark.parametrize(
    "filter_",
    [
        {"or": [{}] * MAX_INPUT_FIELDS},
        {f"k{number}": 1 for number in range(MAX_INPUT_FIELDS)},
        {"and": [{"or": [{"title": {"eq": "x", "ne": "y"}}] * 4}] * (MAX_INPUT_FIELDS // 16)},
    ],
)
def test_variables_with_too_many_input_fields_are_refused_before_they_are_read(
    product: Product, filter_: dict[str, Any]
) -> None:
    """To read them would keep everybody else waiting; how often an object is shown does not matter."""
    document = (
        "query ($f: QuestionFilter) { questions(filter: $f) @include(if: false) { totalCount } content { version } }"
    )
    error = product.error(document, {"f": filter_})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert str(MAX_INPUT_FIELDS) in error["message"]


def test_list_of_texts_in_a_variable_may_be_long(product: Product) -> None:
    """It is one value of the statement."""
    document = "query ($urls: [String!]) { questions(filter: {url: {in: $urls}}) { totalCount } }"
    urls = [f"/learn/x/questions/{number}" for number in range(2 * MAX_INPUT_FIELDS)]
    assert product.data(document, {"urls": urls}) == {"questions": {"totalCount": 0}}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"url": {"in": ["x"] * 20_001}}, "20,000 items"),
        ({"and": [{"url": {"in": ["x"] * 4_001}}] * 5}, "20,000 items"),
        ({"title": {"contains": "x" * 65_537}}, "65,536 characters"),
        (json.loads('{"not":' * 230 + "{}" + "}" * 230), "220 lists and objects"),
    ],
    ids=["items", "items of all lists", "text", "levels"],
)
def test_variables_are_bounded_before_they_are_read(product: Product, value: dict[str, Any], said: str) -> None:
    """Long lists, long texts and deep objects would each keep everybody else waiting."""
    error = product.error("query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }", {"f": value})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert said in error["message"]


def test_text_that_stands_alone_is_bounded_too(product: Product) -> None:
    """In an operation whose variables need nothing else to be looked at."""
    document = "query ($text: String!) { search(query: $text) { totalCount } }"
    assert product.data(document, {"text": "x" * 65_536})
    assert "65,536 characters" in product.error(document, {"text": "x" * 65_537})["message"]


def test_errors_of_variables_are_bounded(product: Product) -> None:
    """Each would be as long as what it tells of."""
    document = "query ($urls: [String!]) { questions(filter: {url: {in: $urls}}) { totalCount } }"
    errors = product.response(document, {"urls": list(range(1_000))})["errors"]
    assert len(errors) == 21
    assert "Too many errors" in errors[-1]["message"]


def nested(levels: int, wrapped: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Return a filter of as many levels."""
    filter_: dict[str, Any] = {"title": {"ne": "x"}}
    for _ in range(levels - 1):
        filter_ = wrapped(filter_)
    return filter_


@pytest.mark.parametrize(
    ("wrapped", "levels"),
    [
        (lambda inner: {"not": {"not": inner}}, MAX_LEVELS // 2),
        (lambda inner: {"or": [inner, {"score": {"gt": 1e9}}]}, MAX_LEVELS),
        (lambda inner: {"and": [*[{"title": {"contains": ""}}] * 4, inner], "date": {"gte": "0001-01-01"}}, MAX_LEVELS),
        (lambda inner: {"not": {"or": [inner, *[{"title": {"contains": "\0"}}] * 6]}}, MAX_LEVELS // 2),
    ],
)
def test_deep_filter_is_answered(
    product: Product, wrapped: Callable[[dict[str, Any]], dict[str, Any]], levels: int
) -> None:
    """To the bound, however wide each level is."""
    response = product.response(BY_FILTER, {"f": nested(levels, wrapped)})
    assert response["data"]["questions"]["totalCount"] in (0, 72)


def test_filter_nested_too_deep_is_bad_input(product: Product) -> None:
    """The message says how deep a filter may be."""
    error = product.error(BY_FILTER, {"f": nested(MAX_LEVELS + 1, lambda inner: {"not": inner})})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert str(MAX_LEVELS) in error["message"]
