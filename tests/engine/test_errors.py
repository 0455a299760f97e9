"""What is refused, with which code and which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.product import Product

BY_FILTER = "query ($filter: QuestionFilter) { questions(filter: $filter) { totalCount } }"


def code(error: dict[str, Any]) -> str:
    """Return the code of an error."""
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "document",
    [
        "",
        " ",
        "{",
        "query {",
        "{ content { version } ",
        "{ content } }",
        "{ a(b: ) }",
        "\x00",
        '{ a(b: "\n") }',
        "{{}}",
    ],
)
def test_document_that_is_no_graphql_is_a_parse_error(product: Product, document: str) -> None:
    """With the line and column where it stops being GraphQL."""
    error = product.error(document)
    assert code(error) == "GRAPHQL_PARSE_FAILED"
    assert error["locations"][0]["line"] >= 1


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param("{ nothing }", "nothing", id="unknown field"),
        pytest.param("{ content }", "content", id="object without a selection"),
        pytest.param("{ content { version { no } } }", "version", id="selection of a scalar"),
        pytest.param("{ subject { title } }", "slug", id="missing argument"),
        pytest.param("{ content(a: 1) { version } }", "a", id="unknown argument"),
        pytest.param("{ questions(first: true) { totalCount } }", "Int", id="argument of another type"),
        pytest.param("{ questions(first: 2147483648) { totalCount } }", "32-bit", id="literal beyond 32 bits"),
        pytest.param("{ questions(orderBy: [UP]) { totalCount } }", "UP", id="unknown enum value"),
        pytest.param("{ question(by: {}) { title } }", "QuestionBy", id="none of the keys"),
        pytest.param('{ question(by: {url: "a", id: "b"}) { title } }', "QuestionBy", id="two of the keys"),
        pytest.param('{ questions(filter: {date: {gt: "2024-02-30"}}) { totalCount } }', "such day", id="no such day"),
        pytest.param("query ($a: Int) { content { version } }", "$a", id="variable that is not used"),
        pytest.param("{ questions(first: $a) { totalCount } }", "$a", id="variable that is not declared"),
        pytest.param("{ ...F } fragment F on Query { ...F }", "F", id="fragment within itself"),
        pytest.param("{ ...Nothing }", "Nothing", id="unknown fragment"),
        pytest.param("fragment F on Query { __typename }", "never used", id="no operation"),
        pytest.param("{ a: content { version } a: questions { totalCount } }", "a", id="conflicting names"),
        pytest.param("query A { __typename } query A { __typename }", "A", id="two operations of a name"),
    ],
)
def test_document_that_does_not_fit_the_schema_is_a_validation_error(
    product: Product, document: str, said: str
) -> None:
    """The message names what does not fit."""
    error = product.error(document)
    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert said in error["message"]


@pytest.mark.parametrize(
    ("filter_", "said"),
    [
        pytest.param({"date": {"gt": "2024-02-30"}}, "date.gt", id="no such day"),
        pytest.param({"date": {"eq": "29.11.2024"}}, "date.eq", id="another notation"),
        pytest.param({"date": {"eq": 2024}}, "date.eq", id="number for a date"),
        pytest.param({"date": {"eq": "2024-11-29T08:00:00Z"}}, "date.eq", id="moment for a date"),
        pytest.param({"articleId": {"eq": 2**31}}, "articleId.eq", id="int beyond 32 bits"),
        pytest.param({"articleId": {"in": [1, -(2**31) - 1]}}, "articleId.in[1]", id="int beyond 32 bits in a list"),
        pytest.param({"articleId": {"eq": 1.5}}, "articleId.eq", id="fraction for an int"),
        pytest.param({"articleId": {"eq": "1"}}, "articleId.eq", id="text for an int"),
        pytest.param({"score": {"gt": "high"}}, "score.gt", id="text for a float"),
        pytest.param({"title": {"eq": 1}}, "title.eq", id="number for text"),
        pytest.param({"title": {"in": ["a", None]}}, "title.in[1]", id="null in a list"),
        pytest.param({"title": {"like": "a"}}, "like", id="unknown operator"),
        pytest.param({"noIndex": {"eq": "true"}}, "noIndex.eq", id="text for a Boolean"),
        pytest.param({"nothing": {}}, "nothing", id="unknown field"),
        pytest.param({"or": [{"not": {"date": {"lt": "x"}}}]}, "or[0].not.date.lt", id="deep in a filter"),
        pytest.param([], "filter", id="list for a filter"),
    ],
)
def test_filter_with_a_bad_value_is_refused_by_its_field(product: Product, filter_: Any, said: str) -> None:
    """The message says where in the variables the value stands."""
    error = product.error(BY_FILTER, {"filter": filter_})
    assert code(error) == "BAD_USER_INPUT"
    assert said.replace("[", ".").replace("]", "") in error["message"].replace("[", ".").replace("]", "")


def test_every_bad_variable_has_its_own_error(product: Product) -> None:
    """A client sees all that is wrong at once."""
    document = """query ($a: Int!, $b: Int!, $c: Int) {
      questions(first: $a, offset: $b) { totalCount } subjects(first: $c) { totalCount } }"""
    errors = product.response(document, {"a": "x", "b": None, "c": 1})["errors"]
    assert [code(error) for error in errors] == ["BAD_USER_INPUT"] * 2
    assert ["$a" in errors[0]["message"], "$b" in errors[1]["message"]] == [True, True]


@pytest.mark.parametrize(
    ("filter_", "count"),
    [
        pytest.param({}, 72, id="empty filter"),
        pytest.param({"title": {}}, 72, id="empty operators"),
        pytest.param({"title": {"eq": None}}, 72, id="null is as if not there"),
        pytest.param({"title": None, "and": None, "not": None}, 72, id="nulls"),
        pytest.param({"title": {"in": []}}, 0, id="in nothing"),
        pytest.param({"articleId": {"in": []}}, 0, id="in no numbers"),
        pytest.param({"subject": {"in": []}}, 0, id="in no subjects"),
        pytest.param({"title": {"notIn": []}}, 72, id="not in nothing"),
        pytest.param({"or": []}, 0, id="none of no conditions"),
        pytest.param({"and": []}, 72, id="all of no conditions"),
        pytest.param({"or": [{}]}, 72, id="or what keeps everything"),
        pytest.param({"not": {}}, 0, id="not what keeps everything"),
        pytest.param({"score": {"ne": 5}}, 67, id="a missing score is not five"),
        pytest.param({"not": {"score": {"eq": 5}}}, 67, id="nor is it equal to five"),
        pytest.param({"score": {"gt": -100}}, 67, id="and not greater than anything"),
        pytest.param({"not": {"score": {"gt": -100}}}, 5, id="which is what not finds"),
        pytest.param({"score": {"lt": 100}}, 67, id="nor less"),
        pytest.param({"score": {"lte": 1e308, "gte": -1e308}}, 67, id="whatever the bounds"),
        pytest.param({"score": {"exists": False}}, 5, id="missing"),
        pytest.param({"score": {"exists": True}}, 67, id="there"),
        pytest.param({"not": {"score": {"exists": True}}}, 5, id="not there"),
        pytest.param({"score": {"exists": False, "eq": 5}}, 0, id="missing and five"),
        pytest.param({"score": {"eq": -0.0}}, 0, id="negative zero"),
        pytest.param({"subject": {"eq": "nowhere"}}, 0, id="unknown subject"),
        pytest.param({"not": {"subject": {"eq": "nowhere"}}}, 72, id="not of an unknown subject"),
        pytest.param({"subject": {"ne": "nowhere"}}, 72, id="another than an unknown subject"),
        pytest.param({"not": {"not": {"subject": {"eq": "physics"}}}}, 8, id="not not"),
        pytest.param({"author": {"contains": "ÉLODIE"}}, 13, id="case beyond ASCII"),
        pytest.param({"author": {"startsWith": "tomás ó"}}, 12, id="start in another case"),
        pytest.param({"title": {"contains": "%"}}, 0, id="percent sign"),
        pytest.param({"title": {"contains": "_"}}, 0, id="underscore"),
        pytest.param({"title": {"startsWith": ""}}, 72, id="start of nothing"),
        pytest.param({"title": {"contains": "\\"}}, 1, id="backslash"),
        pytest.param({"title": {"contains": "\x00"}}, 0, id="NUL"),
    ],
)
def test_filter_means_what_a_person_expects(product: Product, filter_: dict[str, Any], count: int) -> None:
    """Null-safe: `not` is the exact complement, and a missing score is no number."""
    assert product.data(BY_FILTER, {"filter": filter_})["questions"]["totalCount"] == count


@pytest.mark.parametrize(
    ("document", "said", "path"),
    [
        pytest.param("{ a: questions(first: 101) { totalCount } }", "'first'", ["a"], id="page"),
        pytest.param(
            '{ question(by: {url: "x"}) { answer { excerpt(length: 0) } } }',
            "'length'",
            ["question", "answer", "excerpt"],
            id="excerpt of nothing",
        ),
        pytest.param(
            '{ question(by: {url: "x"}) { answer { excerpt(length: 1001) } } }',
            "'length'",
            ["question", "answer", "excerpt"],
            id="long excerpt",
        ),
        pytest.param(
            '{ question(by: {url: "x"}) { neighbours(depth: 4) { distance } } }',
            "'depth'",
            ["question", "neighbours"],
            id="deep walk",
        ),
        pytest.param(
            '{ question(by: {url: "x"}) { neighbours(first: 0) { distance } } }',
            "'first'",
            ["question", "neighbours"],
            id="walk to none",
        ),
        pytest.param(f"{{ nodes(ids: [{'1 ' * 101}]) {{ id }} }}", "'ids'", ["nodes"], id="many ids"),
        pytest.param(
            '{ q: questions(after: "x") { nodes { subject { title } } } }', "'after'", ["q"], id="cursor of no list"
        ),
        pytest.param(
            '{ subjects { nodes { q: questions(first: 1, before: "x") { edges { node { id } } } } } }',
            "'before'",
            ["subjects", "nodes", "q"],
            id="cursor of no list within one",
        ),
        pytest.param(
            '{ search(query: "water", after: "x") { edges { snippet { text } } } }', "'after'", ["search"], id="search"
        ),
        pytest.param(
            '{ a: search(query: "x") { totalCount } b: questions(after: "x") { edges { node { id } } } }',
            "'after'",
            ["b"],
            id="equal values of other fields",
        ),
        pytest.param("{ questions(first: 1, last: 1) { nodes { id } } }", "'last'", ["questions"], id="two ends"),
    ],
)
def test_argument_out_of_bounds_is_refused_with_its_field(
    product: Product, document: str, said: str, path: list[str]
) -> None:
    """Also where there is nothing that it would apply to; the path is that of the response."""
    error = product.error(document)
    assert code(error) == "BAD_USER_INPUT"
    assert said in error["message"]
    assert error["path"] == path
    assert error["locations"]


NAMED = "query A { __typename } query B { content { questionCount } }"


def test_operation_is_chosen_by_its_name(product: Product) -> None:
    """An empty name is as good as none; a single operation needs none, whatever its own."""
    assert product.response(NAMED, None, "A") == {"data": {"__typename": "Query"}}
    assert product.response(NAMED, None, "B") == {"data": {"content": {"questionCount": 72}}}
    assert product.response("query A { __typename }") == {"data": {"__typename": "Query"}}
    assert product.response("query A { __typename }", None, "") == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("document", "name"),
    [(NAMED, None), (NAMED, ""), (NAMED, "C"), ("query A { __typename }", "B"), ("{ __typename }", "A")],
)
def test_operation_that_is_not_clear_is_refused(product: Product, document: str, name: str | None) -> None:
    """Never guessed."""
    error = product.error(document, None, name)
    assert code(error) == "BAD_USER_INPUT"
    assert "operation" in error["message"]


def test_refused_document_is_refused_again(product: Product) -> None:
    """From the cache too, with the same words, and without growing from one time to the next."""
    first = product.response("{ nothing }")
    assert product.response("{ nothing }") == first
