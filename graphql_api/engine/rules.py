"""Validation rules of our own, beside those of the specification that graphql-core brings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNonNull,
    OverlappingFieldsCanBeMergedRule,
    ValidationRule,
    is_nullable_type,
    specified_rules,
    type_from_ast,
)

from graphql_api.engine.merging import MergingRule

if TYPE_CHECKING:
    from graphql import FloatValueNode, IntValueNode, OperationDefinitionNode

_SHOWN_CHARACTERS = 20


class OneOfVariablesRule(ValidationRule):
    """A variable for the member of a OneOf input object must not be nullable.

    See the specification's "All Variable Usages Are Allowed". graphql-core 3.3.2 overlooks it where the OneOf input
    object itself stands at a non-null place, as `QuestionBy!` does.
    """

    def leave_operation_definition(self, operation: OperationDefinitionNode, *_: Any) -> None:  # noqa: ANN401
        """Report every such variable of the operation, those in its fragments too."""
        definitions = {each.variable.name.value: each for each in operation.variable_definitions or ()}
        for usage in self.context.get_recursive_variable_usages(operation):
            definition = definitions.get(usage.node.name.value)
            if definition is None or not _is_required_one_of(usage.parent_type):
                continue
            type_ = type_from_ast(self.context.schema, definition.type)
            if type_ is not None and is_nullable_type(type_):
                self.report_error(
                    GraphQLError(
                        f"Variable '${usage.node.name.value}' of type '{type_}' must be of type '{type_}!' to be the"
                        f" one member of '{usage.parent_type}'.",
                        [definition, usage.node],
                    )
                )


class FiniteNumbersRule(ValidationRule):
    """A number in a document must have a finite double: JSON and the store know no infinity."""

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:  # noqa: ANN401
        """Report a whole number that no double can hold."""
        self._check(node)

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> None:  # noqa: ANN401
        """Report a number that becomes infinite."""
        self._check(node)

    def _check(self, node: IntValueNode | FloatValueNode) -> None:
        if not math.isfinite(float(node.value)):
            shown = node.value if len(node.value) <= _SHOWN_CHARACTERS else f"{node.value[:_SHOWN_CHARACTERS]}…"
            self.report_error(GraphQLError(f"The number {shown} is too large: it must be less than 1.8e308.", node))


def _is_required_one_of(type_: object) -> bool:
    return (
        isinstance(type_, GraphQLNonNull)
        and isinstance(type_.of_type, GraphQLInputObjectType)
        and type_.of_type.is_one_of
    )


RULES = (
    *(MergingRule if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules),
    OneOfVariablesRule,
    FiniteNumbersRule,
)
