"""Null in a variable that a default lets stand where null must not: the specification's CoerceArgumentValues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.product import Product

QUESTION = 'question(by: { url: "/learn/physics/questions/what-is-entropy" })'


@pytest.mark.parametrize(
    ("type_", "field", "path"),
    [
        ("Int = 1", f"{QUESTION} {{ neighbours(depth: $d) {{ distance }} }}", ["question", "neighbours"]),
        ("Int", f"{QUESTION} {{ neighbours(first: $d) {{ distance }} }}", ["question", "neighbours"]),
        ("Int", f"{QUESTION} {{ a: answer {{ excerpt(length: $d) }} }}", ["question", "a", "excerpt"]),
        ("Boolean", f"{QUESTION} {{ relatedArticles(unique: $d) {{ title }} }}", ["question", "relatedArticles"]),
        ('String = "x"', "subject(slug: $d) { title }", ["subject"]),
        ('ID = "x"', "node(id: $d) { id }", ["node"]),
        ('[ID!] = ["x"]', "nodes(ids: $d) { id }", ["nodes"]),
        ('ID = "x"', "nodes(ids: [$d]) { id }", ["nodes"]),
        ('String = "x"', "s: search(query: $d) { totalCount }", ["s"]),
        ('QuestionBy = { url: "x" }', "question(by: $d) { title }", ["question"]),
        ('String = "x"', 'question(by: { path: { subject: "x", slug: $d } }) { title }', ["question"]),
        ("QuestionOrder = TITLE_ASC", "questions(orderBy: [$d]) { totalCount }", ["questions"]),
        ("QuestionFilter = {}", "questions(filter: { and: [$d] }) { totalCount }", ["questions"]),
        ("Int = 1", "questions(filter: { articleId: { notIn: [$d] } }) { totalCount }", ["questions"]),
        ("Int = 1", "questions(filter: { not: { articleId: { in: [2, $d] } } }) { totalCount }", ["questions"]),
    ],
)
def test_null_at_a_place_that_takes_none_is_bad_input(
    product: Product, type_: str, field: str, path: list[str]
) -> None:
    """A default, of the variable or of the argument, makes the document valid; null is refused when it comes."""
    document = f"query ($d: {type_}) {{ {field} }}"
    product.data(document)
    error = product.error(document, {"d": None})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "'$d'" in error["message"]
    assert error["path"] == path
    assert error["locations"]


@pytest.mark.parametrize("directive", ["skip", "include"])
def test_null_for_a_condition_is_bad_input(product: Product, directive: str) -> None:
    """Null is neither true nor false."""
    document = f"query ($d: Boolean = true) {{ __typename content {{ version @{directive}(if: $d) questionCount }} }}"
    product.data(document)
    error = product.error(document, {"d": None})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert f"@{directive}" in error["message"]
    assert error["locations"] == [{"line": 1, "column": document.index("$d)") + 1}]


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        ("Int = 1", "questions(first: $d) { totalCount }"),
        ("[QuestionOrder!] = [TITLE_ASC]", "questions(orderBy: $d) { totalCount }"),
        ("QuestionFilter = {}", "questions(filter: $d) { totalCount }"),
        ("Int = 1", "questions(filter: { articleId: { ne: $d } }) { totalCount }"),
    ],
)
def test_null_at_a_place_that_takes_it_is_as_if_nothing_were_there(product: Product, type_: str, field: str) -> None:
    """Also where the variable has a default, which null overrides."""
    assert product.data(f"query ($d: {type_}) {{ {field} }}", {"d": None}) == {"questions": {"totalCount": 72}}


@pytest.mark.parametrize("variables", [{"d": "x"}, {"d": None}, {}])
@pytest.mark.parametrize(
    "rest",
    [
        "{ question(by: { url: $d }) { title } }",
        "{ ...F } fragment F on Query { question(by: { url: $d }) { title } }",
    ],
)
@pytest.mark.parametrize("type_", ["String", 'String = "x"'])
def test_nullable_variable_for_the_member_of_a_one_of_is_invalid(
    product: Product, type_: str, rest: str, variables: dict[str, str | None]
) -> None:
    """Whatever its value: AllVariableUsagesAllowed asks for a variable that cannot be null, default or not."""
    error = product.error(f"query ($d: {type_}) {rest}", variables)
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "'String!'" in error["message"]


@pytest.mark.parametrize(("type_", "variables"), [("String!", {"d": "x"}), ('String! = "x"', {})])
def test_required_variable_for_the_member_of_a_one_of_is_valid(
    product: Product, type_: str, variables: dict[str, str]
) -> None:
    """With or without a default."""
    data = product.data(f"query ($d: {type_}) {{ question(by: {{ url: $d }}) {{ title }} }}", variables)
    assert data == {"question": None}
