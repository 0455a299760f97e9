"""Introspection: what an operation asks of the schema itself. The schema answers that, not the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

from graphql_api.errors import BadUserInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLError, GraphQLSchema

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
        tree_bytes: int,
    ) -> None:
        """Keep the operation without the fields that the store answers; its tree takes about `tree_bytes`."""
        self._schema = schema
        self._document: DocumentNode | None = _without_stored(schema, operation, fragments)
        self._tree_bytes = tree_bytes
        self._is_constant = not operation.variable_definitions
        self._answered: Mapping[bytes, bytes] = {}

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return (self._tree_bytes if self._document else 0) + sum(map(len, self._answered.values()))

    @property
    def known(self) -> Mapping[bytes, bytes] | None:
        """What it answers, where that is always the same and has been answered before."""
        return self._answered if self._document is None else None

    def answer(self, given: Mapping[str, Any]) -> Mapping[bytes, bytes]:
        """Return the JSON of each introspection field, by response key; `given` are the variables as they came.

        Raises BadUserInputError for a variable that is null where it must not be.
        """
        if self._document is None:
            return self._answered
        result = execute_sync(self._schema, self._document, variable_values=dict(given))
        if result.errors:
            raise _bad_argument(result.errors[0])
        answered = {key.encode(): orjson.dumps(value) for key, value in (result.data or {}).items()}
        if self._is_constant:
            self._answered, self._document = answered, None
        return answered


def _bad_argument(error: GraphQLError) -> BadUserInputError:
    """Return the error in our form. All that a valid document can do wrong here is to have null in a variable."""
    locations = [(location.line, location.column) for location in error.locations or ()]
    return BadUserInputError(error.message, locations=locations, path=error.path or ())


def _without_stored(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> DocumentNode:
    """Return a document of the operation's introspection fields alone, wherever fragments of the root hold them."""
    root = schema.query_type
    kept = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=_kept(operation.selection_set),
    )
    # Nothing leads back to the root, so that a fragment on its type holds fields of the root and no others.
    definitions = [
        _reduced(each) if root and each.type_condition.name.value == root.name else each for each in fragments.values()
    ]
    return DocumentNode(definitions=(kept, *definitions))


def _reduced(fragment: FragmentDefinitionNode) -> FragmentDefinitionNode:
    return FragmentDefinitionNode(
        name=fragment.name,
        type_condition=fragment.type_condition,
        directives=fragment.directives,
        selection_set=_kept(fragment.selection_set),
    )


def _kept(selection_set: SelectionSetNode) -> SelectionSetNode:
    """Return the selections without stored fields; spreads stay, whether or not anything is left of their fragments."""
    kept: list[Any] = []
    for selection in selection_set.selections:
        if isinstance(selection, InlineFragmentNode):
            kept.append(
                InlineFragmentNode(
                    type_condition=selection.type_condition,
                    directives=selection.directives,
                    selection_set=_kept(selection.selection_set),
                )
            )
        elif not isinstance(selection, FieldNode) or is_introspection(selection):
            kept.append(selection)
    return SelectionSetNode(selections=tuple(kept))
