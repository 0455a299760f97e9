"""Bounds: how large a model may be, checked before anything else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import EnumTypeDefinitionNode, ObjectTypeDefinitionNode, UnionTypeDefinitionNode

from graphql_api.model.declarations import ENTRY_DIRECTIVES, problem_at
from graphql_api.model.problems import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql import DocumentNode, Node

    from graphql_api.model.problems import ModelProblem

MAX_TYPES = 1_000
MAX_ENTRY_TYPES = 200
MAX_FIELDS = 200
"""Of one type."""
MAX_MEMBERS = 1_000
"""Values of one enum, groups of one union."""
MAX_DIRECTIVES = 50
"""On one thing."""
MAX_NAME = 100
"""Characters of a name; those of the API are made of several."""


def check_bounds(document: DocumentNode) -> None:
    """Raise ModelError if a model has too much of something."""
    problems = tuple(_problems(document))
    if problems:
        raise ModelError(problems)


def _problems(document: DocumentNode) -> Iterator[ModelProblem]:
    yield from _too_many(document.definitions, MAX_TYPES, "The model has {:,} types")
    entry_types = []
    for node in document.definitions:
        if not isinstance(node, ObjectTypeDefinitionNode | UnionTypeDefinitionNode | EnumTypeDefinitionNode):
            continue
        name = node.name.value
        yield from _long(node.name, name)
        yield from _too_many(node.directives or (), MAX_DIRECTIVES, name[:MAX_NAME] + " has {:,} directives")
        if isinstance(node, ObjectTypeDefinitionNode):
            if any(each.name.value in ENTRY_DIRECTIVES for each in node.directives or ()):
                entry_types.append(node)
            yield from _too_many(node.fields or (), MAX_FIELDS, name[:MAX_NAME] + " has {:,} fields")
            members: Sequence[Node] = node.fields or ()
        else:
            members = (node.types if isinstance(node, UnionTypeDefinitionNode) else node.values) or ()
            yield from _too_many(members, MAX_MEMBERS, name[:MAX_NAME] + " has {:,} members")
        for each in members:
            yield from _long(each, each.name.value)  # type: ignore[attr-defined]
            found = getattr(each, "directives", None) or ()
            yield from _too_many(found, MAX_DIRECTIVES, "There are {:,} directives here")
    yield from _too_many(entry_types, MAX_ENTRY_TYPES, "The model has {:,} types with entries")


def _too_many(nodes: Sequence[Node], most: int, what: str) -> Iterator[ModelProblem]:
    if len(nodes) > most:
        message = f"{what.format(len(nodes))}; {most:,} are the most. Take some out from here on."
        yield problem_at(nodes[most], message)


def _long(node: Node, name: str) -> Iterator[ModelProblem]:
    if len(name) > MAX_NAME:
        yield problem_at(node, f"A name has {len(name):,} characters; {MAX_NAME} are the most. Shorten it.")
