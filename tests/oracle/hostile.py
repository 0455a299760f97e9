"""Hostile operations: any text, any number, any nesting of nulls that the schema allows, by hypothesis-graphql."""

from __future__ import annotations

import re

from graphql import GraphQLSchema, StringValueNode, build_schema, print_schema
from hypothesis import strategies as st
from hypothesis_graphql import queries

from tests.oracle.articles import QUESTIONS
from tests.oracle.execution import oracle_schema

# Random numbers are hardly ever a page, and random texts never a cursor; what is left out here is generated elsewhere.
_PAGE_ARGUMENTS = re.compile(
    r"\b(?:first|last|offset|depth|length): Int!?(?: = \d+)?(?:, )?|\b(?:after|before): String(?:, )?"
)
_LEFT_OUT = re.compile(r"  search\(.*\n|  version: String!\n|  loadedAt: DateTime!\n|  updatedAt: DateTime!\n")
_ONE_OF = re.compile(r"input QuestionBy @oneOf \{.*?\n\}", re.DOTALL)


def hostile_operations() -> st.SearchStrategy[str]:
    """Return a strategy for documents without variables, valid in the whole schema."""
    dates = st.dates().map(lambda date: StringValueNode(value=date.isoformat()))
    return queries(_narrow_schema(), custom_scalars={"Date": dates})


def _narrow_schema() -> GraphQLSchema:
    text = _LEFT_OUT.sub("", print_schema(oracle_schema(QUESTIONS)))
    # hypothesis-graphql knows no @oneOf, so one of them stands for all.
    text = _ONE_OF.sub("input QuestionBy { url: String! }", text)
    return build_schema(_PAGE_ARGUMENTS.sub("", text).replace(", )", ")").replace("()", ""))
