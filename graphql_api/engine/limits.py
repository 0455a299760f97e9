"""Query limits: what one operation may ask for, told before it is planned.

Each fragment is measured once, whatever the number of its spreads, so the time is linear in the document; the sizes
themselves are what a response would have, with every spread counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graphql import FieldNode, FragmentSpreadNode, GraphQLList, GraphQLNonNull, InlineFragmentNode, IntValueNode

from graphql_api.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import (
        FragmentDefinitionNode,
        GraphQLNamedType,
        GraphQLObjectType,
        GraphQLOutputType,
        GraphQLSchema,
        OperationDefinitionNode,
        SelectionSetNode,
    )

    from graphql_api.settings import Limits

# A plain list is as long as authors make it; five is what the seed format has names for.
_PLAIN_LIST_LENGTH = 5
_PAGE_LENGTH, _MAX_PAGE_LENGTH = 20, 100
_UNBOUNDED = 1 << 62


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is: levels of fields, fields, levels of lists, and objects in the answer at the most."""

    depth: int = 0
    selections: int = 0
    lists: int = 0
    rows: int = 0

    def beside(self, other: Size) -> Size:
        """Return the size of two selections of one object."""
        return Size(
            max(self.depth, other.depth),
            min(self.selections + other.selections, _UNBOUNDED),
            max(self.lists, other.lists),
            min(self.rows + other.rows, _UNBOUNDED),
        )


def check_limits(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    limits: Limits,
) -> None:
    """Raise ValidationError if the operation goes over a limit; the message says which and what to do."""
    # The document is valid, so the schema has the operation's type.
    root = cast("GraphQLObjectType", schema.get_root_type(operation.operation))
    size = _Measure(schema, fragments).of(root, operation.selection_set)
    for name, actual, allowed in (
        ("levels of fields", size.depth, limits.depth),
        ("fields with its fragments spread", size.selections, limits.selections),
        ("levels of lists within lists", size.lists, limits.lists),
        ("objects in its answer at the most", size.rows, limits.rows),
    ):
        if actual > allowed:
            raise ValidationError(
                f"The operation has {min(actual, 10**9)} {name}; {allowed} are allowed. Ask for less, or in parts."
            )


class _Measure:
    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = fragments
        self._measured: dict[str, Size] = {}

    def of(self, type_: GraphQLNamedType, selection_set: SelectionSetNode) -> Size:
        """Return the size of a selection set on `type_`."""
        size = Size()
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                size = size.beside(self._field(type_, selection))
            elif isinstance(selection, FragmentSpreadNode):
                size = size.beside(self._fragment(selection.name.value))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.type_map[condition.name.value] if condition else type_
                size = size.beside(self.of(inner, selection.selection_set))
        return size

    def _fragment(self, name: str) -> Size:
        if name not in self._measured:
            fragment = self._fragments[name]
            type_ = self._schema.type_map[fragment.type_condition.name.value]
            self._measured[name] = self.of(type_, fragment.selection_set)
        return self._measured[name]

    def _field(self, type_: GraphQLNamedType, node: FieldNode) -> Size:
        name = node.name.value
        if node.selection_set is None or name.startswith("__"):
            return Size(depth=1, selections=1)
        field: Any = type_.fields[name]  # type: ignore[attr-defined]
        inner = self.of(_named(field.type), node.selection_set)
        is_list = _is_list(field.type)
        factor = _length(field.args, node, is_list=is_list)
        return Size(
            inner.depth + 1,
            min(inner.selections + 1, _UNBOUNDED),
            inner.lists + is_list,
            min((inner.rows + 1) * factor, _UNBOUNDED),
        )


def _length(arguments: Mapping[str, Any], node: FieldNode, *, is_list: bool) -> int:
    """Return how many objects a field has at the most; a connection counts as its page, edges and nodes as one."""
    if node.name.value in {"edges", "nodes"} and not arguments:
        return 1
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if "first" in arguments:
        size = given.get("first") or given.get("last")
        if size is None:
            return _PAGE_LENGTH
        return max(int(size.value), 1) if isinstance(size, IntValueNode) else _MAX_PAGE_LENGTH
    if "ids" in arguments:
        return _MAX_PAGE_LENGTH
    return _PLAIN_LIST_LENGTH if is_list else 1


def _is_list(type_: GraphQLOutputType) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)


def _named(type_: Any) -> Any:  # noqa: ANN401
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        type_ = type_.of_type
    return type_
