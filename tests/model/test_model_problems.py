"""Problems of a whole model: several at once, warnings, and bounds."""

from __future__ import annotations

import pytest

from graphql_api.model.language import problems_of, read_model
from graphql_api.model.name_checks import check_names
from graphql_api.model.problems import MAX_COUNTED, MAX_PROBLEMS, ModelError
from graphql_api.records import Severity
from tests.model.expectation import FIELD, REST
from tests.uncounted import uncounted


def test_fields_that_are_made_of_each_other_are_all_told() -> None:
    """A circle of @from(field:) and templates has no beginning."""
    text = FIELD.replace(
        "FIELD", 'x: String @from(field: "y")  y: String @from(template: "{z}")  z: String @from(field: "x")'
    )
    assert [problem.message.split()[0] for problem in problems_of(text)] == ["x", "y", "z"]
    assert all("made from fields that are made from it" in problem.message for problem in problems_of(text))


def test_groups_that_require_each_other_are_all_told() -> None:
    """Through other groups, too; a null or a list between them ends the circle."""
    text = REST + "type A @grouped { x: String! @key g: G } type G { h: H! } type H { g: G! }"
    assert ["holds itself without an end" in problem.message for problem in problems_of(text)] == [True, True]
    assert not problems_of(text.replace("g: G! }", "g: G }"))
    assert not problems_of(text.replace("g: G! }", "g: [G!]! }"))


def test_a_model_without_entries_is_told() -> None:
    """A group alone has no answers."""
    (problem,) = problems_of("type A { x: Int }")
    assert "No type has entries. Add @content" in problem.message
    assert (problem.line, problem.column) == (1, 6)


def test_members_that_no_query_can_ask_for_together_are_a_warning() -> None:
    """GraphQL's SameResponseShape; the model can be used."""
    text = REST.replace("type Code { code: String! }", "type Code { code: String!  text: Int }")
    (problem,) = problems_of(text)
    assert problem.severity is Severity.WARNING
    assert "Quote.text is String! and Code.text is Int" in problem.message
    assert (problem.line, problem.column) == (17, 28)
    assert read_model(text).groups["Code"].field("text").type.name == "Int"


def test_a_type_that_nothing_uses_is_a_warning() -> None:
    """It may be one that an author forgot to use."""
    (problem,) = problems_of(REST + "enum Sky { BLUE }")
    assert problem.severity is Severity.WARNING
    assert "Nothing uses Sky." in problem.message


def test_what_follows_from_another_problem_is_not_told() -> None:
    """A path over a field with an unknown type says nothing new, nor does a type without a good key."""
    text = """
    type Post @content(files: ["a.md"]) {
      slug: String! @key(nam: "x")
      tag: Tga
      x: [Post!]! @walk(over: "tag.post")
    }
    """
    assert [problem.line for problem in problems_of(text)] == [3, 4]


def test_problems_of_every_kind_are_told_at_once_in_the_order_of_the_text() -> None:
    """An author mends all of them in one go."""
    text = """
    type Post @content(files: ["/a.md"]) {
      slug: String! @key
      mood: Sting
      x: Image @order
      y: String @from(field: "slag")
      z: Int @filtr
    }
    """
    problems = problems_of(text)
    assert [problem.line for problem in problems] == [2, 4, 5, 6, 7]
    with pytest.raises(ModelError, match=r"5:16 x is Image, which has no order\.") as caught:
        read_model(text)
    assert caught.value.problems == problems


def test_so_many_problems_are_told_and_the_others_counted() -> None:
    """A hundred are looked for, twenty told."""
    text = "type Post @grouped { slug: String! @key\n" + "\n".join(f"x{at}: Sting" for at in range(150)) + "}"
    with pytest.raises(ModelError, match="… and 80 more") as caught:
        read_model(text)
    assert len(caught.value.problems) == MAX_PROBLEMS
    assert caught.value.more == MAX_COUNTED - MAX_PROBLEMS


def test_names_can_be_checked_of_a_model_that_was_made_otherwise() -> None:
    """`check_names` finds the places in the model's text."""
    assert check_names(read_model(REST)) == []


BOUNDS = [
    ("\n".join(f"type T{at} @grouped {{ s: String! @key }}" for at in range(201)), 201, "types with entries; 200 are"),
    ("\n".join(f"type T{at} {{ s: String }}" for at in range(1_001)), 1_001, "1,001 types; 1,000 are the most"),
    ("type T @grouped {\n" + "\n".join(f"s{at}: String!" for at in range(201)) + "}", 202, "T has 201 fields; 200 are"),
    ("enum T {\n" + "\n".join(f"S{at}" for at in range(1_001)) + "}", 1_002, "T has 1,001 members; 1,000 are the most"),
    ("type T @grouped { s: String!\n" + "@key\n" * 51 + "}", 52, "There are 51 directives here; 50 are the most."),
    ("type T\n" + "@key\n" * 51 + "{ s: String }", 52, "T has 51 directives; 50 are the most."),
    ("\ntype " + "T" * 101 + " { s: String }", 2, "A name has 101 characters; 100 are the most."),
    ("type T {\n" + "s" * 101 + ": String }", 2, "A name has 101 characters; 100 are the most."),
    ("\n" + "[" * 33, 2, "Brackets nest deeper than 32 here."),
    ("#" * (1 << 20) + "\n", 1, "The model has 1,048,577 bytes; 1,048,576 are the most."),
    ("type T { a: Int }\n" + " a" * 100_001, 2, "The model has more than 100,000 words and signs."),
]


@pytest.mark.parametrize(("text", "line", "message"), BOUNDS)
def test_a_model_that_is_too_large_is_told_where_it_gets_too_large(text: str, line: int, message: str) -> None:
    """One sentence, and nothing else is looked for."""
    (problem,) = problems_of(text)
    assert message in problem.message
    assert problem.line == line


@uncounted
def test_groups_in_groups_can_be_too_many() -> None:
    """Each group that is never null doubles what stands for an absent one; each searched text is a column."""
    groups = "".join(f"type G{at} {{ a: G{at + 1}!  b: G{at + 1}! }}\n" for at in range(900))
    (problem,) = problems_of(f"type T @grouped {{ s: String! @key  g: G0! }}\n{groups}type G900 {{ c: Int }}")
    assert "An entry of T has more than 2,000 values" in problem.message
    nullable = groups.replace("!", "")
    text = f"type T @grouped {{ s: String! @key  g: G0 }}\n{nullable}type G900 {{ c: String @search }}"
    (problem,) = problems_of(text)
    assert "Texts of G880 are searched, and groups nest deeper than 20 there." in problem.message
    groups = "".join(f"type G{at} {{ a: G{at + 1}  b: G{at + 1} }}\n" for at in range(9))
    text = f"type T @grouped {{ s: String! @key  g: G0 }}\n{groups}type G9 {{ c: String @search }}"
    (problem,) = problems_of(text)
    assert "More than 100 texts of T are searched." in problem.message
    groups = "".join(f"type G{at} {{ a: G{at + 1}! }}\n" for at in range(900))
    (problem,) = problems_of(f"type T @grouped {{ s: String! @key  g: G0! }}\n{groups}type G900 {{ c: Int }}")
    assert "Groups that are never null nest deeper than 20 in T." in problem.message


def test_too_many_globs_are_told() -> None:
    """Each costs a look at each file."""
    globs = ", ".join(f'"a{at}.md"' for at in range(101))
    (problem,) = problems_of(f"type T @content(files: [{globs}]) {{ s: String! @key }}")
    assert "There are 101 globs; 100 are the most." in problem.message
