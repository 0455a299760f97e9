"""Validation: as graphql-core's `validate` does it, with our rules, and without the cycles that it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    ParallelVisitor,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    visit,
)
from graphql.validation.validate import FragmentNestingVisitor, query_document_keys_to_validate

from graphql_api.engine.rules import RULES

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema, Visitor

_MOST: Final = 20
_TOO_MANY: Final = "Too many validation errors, error limit reached. Validation aborted."
TOO_MUCH: Final = "The document is too large or nested too deeply to be validated: ask for less, or in parts."


class _TooManyError(Exception):
    """No further error is looked for."""


def errors_of(schema: GraphQLSchema, node: DocumentNode) -> list[GraphQLError]:
    """Return what is wrong with a document, the first 20 errors at the most. Raises TooManyStepsError.

    Visitors keep their own bound methods: a thousand objects for each document that only the collector of cycles would
    find, which would have to look for them all the time. So what they know is let go here.
    """
    errors: list[GraphQLError] = []
    visitors: list[Visitor] = []

    def add(error: GraphQLError) -> None:
        if len(errors) >= _MOST:
            raise _TooManyError
        errors.append(error)

    types = TypeInfo(schema)
    context = ValidationContext(schema, node, types, add)
    try:
        if fragments := {
            each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)
        }:
            visitors.append(FragmentNestingVisitor(fragments))
        visitors += [rule(context) for rule in RULES]
        visitors.append(ParallelVisitor(list(visitors)))
        visitors.append(TypeInfoVisitor(types, visitors[-1]))
        visit(node, visitors[-1], query_document_keys_to_validate)
    except _TooManyError:
        errors.append(GraphQLError(_TOO_MANY))
    except RecursionError:
        errors.append(GraphQLError(TOO_MUCH))
    finally:
        for each in (*visitors, context, types):
            vars(each).clear()
    return errors
