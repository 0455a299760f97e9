"""The built-in model is a model like any other: no code knows a name of it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import graphql_api
from graphql_api.kinds.registry import KINDS
from graphql_api.model.language import builtin_model

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(graphql_api.__file__).parent
OTHER_WORDS = {PACKAGE / "inference", PACKAGE / "engine" / "json_ld.py"}
"""Guesses know the words of many sites, and JSON-LD those of schema.org."""


def names_of_the_built_in_model() -> set[str]:
    """Return the names of its types, and those of its fields that no other site would have by chance."""
    model = builtin_model()
    types = {**model.entry_types, **model.groups}
    fields = {each.name for type_ in types.values() for each in type_.fields if not each.name.islower()}
    plurals = {type_.plural for type_ in model.entry_types.values()}
    return ({*types, *model.unions, *model.choices} | fields | plurals) - set(KINDS) - {"updatedAt"}


def constants(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each text of a program that is no docstring."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def test_no_code_knows_a_name_of_the_built_in_model() -> None:
    """Whatever it does for questions, it does for every type that is declared so."""
    names = names_of_the_built_in_model()
    assert {"Question", "Subject", "relatedArticles", "articleId", "questions"} <= names
    found = [
        f"{file.relative_to(PACKAGE)}:{line}: {text}"
        for file in PACKAGE.rglob("*.py")
        if OTHER_WORDS.isdisjoint((file, *file.parents))
        for line, text in constants(file.read_text(encoding="utf-8"))
        if text in names
    ]
    assert not found


def test_a_name_in_the_code_would_be_found() -> None:
    """In a text, and not in what is only said of the code."""
    assert list(constants('"""Of a Question."""\nx = {"Question": 1}\n"""And so."""\n')) == [(2, "Question")]
