"""Selections: which fields a type gets, in order, once fragments are spread and directives are obeyed.

Follows the specification's CollectFields. `@skip` and `@include` are decided here, from the variables of the shape
that a plan is made for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
)

from graphql_api.errors import BadUserInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Fields = dict[str, list[FieldNode]]


class Selections:
    """Collects the fields of one operation for one set of variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        """Keep what every collection needs."""
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def fields(self, type_: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Fields:
        """Return the fields that `type_` gets from the selection sets, by response key, in order."""
        fields: Fields = {}
        spread: set[str] = set()
        for selection_set in sets:
            self._collect(type_, selection_set, fields, spread)
        return fields

    def below(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Fields:
        """Return the fields of an object that `nodes`, the fields of one response key, lead to."""
        return self.fields(type_, [node.selection_set for node in nodes if node.selection_set])

    def _collect(
        self, type_: GraphQLObjectType, selection_set: SelectionSetNode, fields: Fields, spread: set[str]
    ) -> None:
        for selection in selection_set.selections:
            if not self._is_included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                fields.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition.name.value if selection.type_condition else type_.name
                if self._applies(condition, type_):
                    self._collect(type_, selection.selection_set, fields, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                fragment = self._fragments[selection.name.value]
                if self._applies(fragment.type_condition.name.value, type_):
                    self._collect(type_, fragment.selection_set, fields, spread)

    def _applies(self, condition: str, type_: GraphQLObjectType) -> bool:
        if condition == type_.name:
            return True
        abstract = self._schema.type_map[condition]
        return isinstance(abstract, GraphQLInterfaceType | GraphQLUnionType) and self._schema.is_sub_type(
            abstract, type_
        )

    def _is_included(self, selection: Any) -> bool:  # noqa: ANN401 - any node with directives
        for directive in selection.directives or ():
            if directive.name.value == GraphQLSkipDirective.name and self._condition(directive):
                return False
            if directive.name.value == GraphQLIncludeDirective.name and not self._condition(directive):
                return False
        return True

    def _condition(self, directive: Any) -> bool:  # noqa: ANN401 - a directive node
        value = directive.arguments[0].value
        if not isinstance(value, VariableNode):
            return bool(value.value)
        condition = self._variables[value.name.value]
        if condition is None:
            # The variable is nullable and has a default, but null was given.
            location = [(value.loc.start_token.line, value.loc.start_token.column)] if value.loc else []
            raise BadUserInputError(
                f"The variable '${value.name.value}' must not be null: @{directive.name.value} asks for a Boolean.",
                locations=location,
            )
        return bool(condition)
