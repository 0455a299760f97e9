"""A new schema breaks clients, surprises them, or does neither."""

from __future__ import annotations

import pytest
from graphql import build_schema

from graphql_api.model.diff import Change, Impact, changes

OLD = """
type Query { post(by: By): Post  mood: Mood }
type Post { title: String! tag: String }
input By { a: Int }
enum Mood { A B }
"""


@pytest.mark.parametrize(
    ("before", "after", "impact", "message"),
    [
        ("tag: String }", "}", Impact.BREAKING, "Field Post.tag was removed."),
        ("title: String!", "title: String", Impact.BREAKING, "Field Post.title changed type from String! to String."),
        ("A B }", "A }", Impact.BREAKING, "Enum value Mood.B was removed."),
        ("A B }", "A B C }", Impact.DANGEROUS, "Enum value Mood.C was added."),
        ("a: Int }", "a: Int b: Int }", Impact.DANGEROUS, "An optional field By.b was added."),
        ("tag: String }", "tag: String! }", Impact.SAFE, "Field Post.tag changed type from String to String!."),
        ("tag: String }", "tag: String year: Int }", Impact.SAFE, "Field Post.year was added."),
    ],
)
def test_a_change_has_its_impact(before: str, after: str, impact: Impact, message: str) -> None:
    """As graphql-core knows them."""
    new = OLD.replace(before, after)
    assert changes(build_schema(OLD), build_schema(new)) == [Change(impact, message)]


def test_what_breaks_clients_comes_first() -> None:
    """Whoever publishes reads the first lines."""
    new = OLD.replace("tag: String }", "year: Int }").replace("A B }", "A B C }")
    impacts = [change.impact for change in changes(build_schema(OLD), build_schema(new))]
    assert impacts == [Impact.BREAKING, Impact.DANGEROUS, Impact.SAFE]


def test_descriptions_are_no_change() -> None:
    """They are words for people."""
    new = OLD.replace("title:", '"The title." title:')
    assert changes(build_schema(OLD), build_schema(new)) == []
    assert changes(build_schema(OLD), build_schema(OLD)) == []
