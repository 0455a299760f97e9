"""Input checks: every argument of every selected field, before anything is executed.

A response with BAD_USER_INPUT has no data at all, wherever the bad argument stands and whether or not its field would
have been reached; so the whole operation is looked at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    InlineFragmentNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
)

from tests.oracle.pages import BadInputError, check_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import FragmentDefinitionNode, GraphQLSchema, SelectionNode, SelectionSetNode
    from graphql.execution.values import VariableValues

MOST_IDS = 100


@dataclass(frozen=True)
class InputChecks:
    """The checks of one request: its schema, its fragments and its coerced variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def check(self, selections: SelectionSetNode, parent: Any) -> None:
        """Raise BadInputError if an argument below these selections on the type `parent` cannot be used."""
        for node in selections.selections:
            if self._included(node):
                self._check_selection(node, parent)

    def _check_selection(self, node: SelectionNode, parent: Any) -> None:
        if isinstance(node, FieldNode):
            self._check_field(node, parent)
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            self.check(node.selection_set, self.schema.type_map[condition.name.value] if condition else parent)
        elif isinstance(node, FragmentSpreadNode):
            fragment = self.fragments[node.name.value]
            self.check(fragment.selection_set, self.schema.type_map[fragment.type_condition.name.value])

    def _check_field(self, node: FieldNode, parent: Any) -> None:
        name = node.name.value
        if name.startswith("__"):
            return
        field = parent.fields[name]
        try:
            arguments = get_argument_values(field, node, self.variables)
        except GraphQLError as error:
            raise BadInputError(error.message) from error
        if "after" in field.args:
            check_page(arguments)
        for names, check in _CHECKS.items():
            if names <= field.args.keys() and "after" not in field.args:
                check(arguments)
        if node.selection_set:
            self.check(node.selection_set, get_named_type(field.type))

    def _included(self, node: SelectionNode) -> bool:
        try:
            skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
            include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        except GraphQLError as error:
            raise BadInputError(error.message) from error
        return not (skip and skip["if"]) and bool(not include or include["if"])


def _in_range(**ranges: int) -> Callable[[dict[str, Any]], None]:
    def check(arguments: dict[str, Any]) -> None:
        for name, largest in ranges.items():
            if not 1 <= arguments[name] <= largest:
                raise BadInputError(f"{name} is out of range")

    return check


def _few_ids(arguments: dict[str, Any]) -> None:
    if len(arguments["ids"]) > MOST_IDS:
        raise BadInputError("too many ids")


_CHECKS: dict[frozenset[str], Callable[[dict[str, Any]], None]] = {
    frozenset(("ids",)): _few_ids,
    frozenset(("depth",)): _in_range(depth=3),
    frozenset(("first",)): _in_range(first=100),
    frozenset(("length",)): _in_range(length=1000),
}
