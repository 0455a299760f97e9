"""Introspection: what an operation asks of the schema itself. The schema answers that, not the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import FragmentDefinitionNode, GraphQLSchema

_FIELDS = {"__schema", "__type"}


def is_introspection(node: FieldNode) -> bool:
    """Return whether a root field is one that introspection answers."""
    return node.name.value in _FIELDS


class Introspection:
    """The introspection fields of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        """Keep the document without the fields that the store answers."""
        self._schema = schema
        self._document = _without_stored(operation, fragments)
        self._is_constant = not operation.variable_definitions
        self._answered: Mapping[bytes, bytes] | None = None

    def answer(self, variables: Mapping[str, Any]) -> Mapping[bytes, bytes]:
        """Return the JSON of each introspection field, by response key."""
        if self._answered is not None:
            return self._answered
        result = execute_sync(self._schema, self._document, variable_values=dict(variables))
        answered = {key.encode(): orjson.dumps(value) for key, value in (result.data or {}).items()}
        if self._is_constant:
            self._answered = answered
        return answered


def _without_stored(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> DocumentNode:
    """Return a document of the operation's introspection fields alone, wherever fragments hold them."""
    selections = _kept(operation.selection_set, fragments)
    kept = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=selections,
    )
    return DocumentNode(definitions=(kept, *fragments.values()))


def _kept(selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> SelectionSetNode:
    kept: list[Any] = []
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            if is_introspection(selection):
                kept.append(selection)
            continue
        inner = selection.selection_set if isinstance(selection, InlineFragmentNode) else None
        if isinstance(selection, FragmentSpreadNode):
            inner = fragments[selection.name.value].selection_set
        below = _kept(inner, fragments) if inner else None
        if below and below.selections:
            kept.append(InlineFragmentNode(directives=selection.directives, selection_set=below))
    return SelectionSetNode(selections=tuple(kept))
