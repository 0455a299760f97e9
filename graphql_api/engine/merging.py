"""The rule "Field Selection Merging" (specification, section 5.3.2), in time that grows with the fields.

The specification compares fields of one response key pair by pair, and the fields below them again for each pair.
Equality is transitive, so here each is compared with one, and what is below them is merged once: in one pass the
shapes of all fields of a response key, in another the names and arguments of those that one object can have. Validation
ends at the first conflict, and where a document takes more steps than people's documents ever do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    ValidationRule,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    print_ast,
)

from graphql_api.settings import MAX_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphql import (
        GraphQLNamedType,
        GraphQLOutputType,
        OperationDefinitionNode,
        SelectionSetNode,
        ValidationContext,
    )

MAX_STEPS: Final = 30_000
"""Fields that are looked at in a document, its fragments spread; each takes about two microseconds."""

_MAX_LEVELS: Final = MAX_LEVELS
"""Only fragments within themselves go deeper; another rule refuses those."""


class _Field(NamedTuple):
    """A field and where it is selected; `type` and `parent` are None where the schema does not have them."""

    parent: GraphQLNamedType | None
    node: FieldNode
    type: GraphQLOutputType | None


_Groups = dict[str, list[_Field]]


class TooManyStepsError(Exception):
    """The document takes too many steps to be compared."""


class MergingRule(ValidationRule):
    """Fields with one response key must merge."""

    def __init__(self, context: ValidationContext) -> None:
        """Start without any step taken."""
        super().__init__(context)
        self._steps = 0
        self._printed: dict[int, str] = {}
        self._has_conflict = False

    def enter_operation_definition(self, operation: OperationDefinitionNode, *_: Any) -> None:  # noqa: ANN401
        """Report the first conflict of the document. Raises TooManyStepsError."""
        if self._has_conflict:
            return
        root = self.context.schema.get_root_type(operation.operation)
        groups = self._collected([(root, operation.selection_set)])
        conflict = self._of_shapes(groups) or self._of_names(groups)
        if conflict:
            self._has_conflict = True
            self.report_error(conflict)

    def _of_shapes(self, groups: _Groups, level: int = 0) -> GraphQLError | None:
        """Return the first two fields of one response key whose values differ in shape."""
        if level > _MAX_LEVELS:
            return None
        for key, fields in groups.items():
            known = [field for field in fields if field.type is not None]
            for field in known[1:]:
                if not _has_same_shape(known[0].type, field.type):
                    reason = f"they return conflicting types '{known[0].type}' and '{field.type}'"
                    return _conflict(key, reason, known[0], field)
            if conflict := self._of_shapes(self._below(fields), level + 1):
                return conflict
        return None

    def _of_names(self, groups: _Groups, level: int = 0) -> GraphQLError | None:
        """Return the first two fields of one response key that one object can have and that are not the same."""
        if level > _MAX_LEVELS:
            return None
        for key, fields in groups.items():
            for together in _of_one_object(fields):
                for field in together[1:]:
                    if reason := self._difference(together[0].node, field.node):
                        return _conflict(key, reason, together[0], field)
                if conflict := self._of_names(self._below(together), level + 1):
                    return conflict
        return None

    def _difference(self, one: FieldNode, other: FieldNode) -> str:
        if one is other:
            return ""
        if one.name.value != other.name.value:
            return f"'{one.name.value}' and '{other.name.value}' are different fields"
        if self._arguments(one) != self._arguments(other):
            return "they have differing arguments"
        return ""

    def _arguments(self, node: FieldNode) -> str:
        """Return the arguments as a text that does not depend on their order."""
        if not node.arguments:
            return ""
        if id(node) not in self._printed:
            self._printed[id(node)] = "\n".join(sorted(map(print_ast, node.arguments)))
        return self._printed[id(node)]

    def _below(self, fields: Sequence[_Field]) -> _Groups:
        sets = [(get_named_type(each.type), each.node.selection_set) for each in fields]
        return self._collected([(type_, found) for type_, found in sets if found is not None])

    def _collected(self, sets: Iterable[tuple[Any, SelectionSetNode]]) -> _Groups:
        """Return the fields of selection sets by response key, each fragment of one set once."""
        groups: _Groups = {}
        for type_, selection_set in sets:
            self._collect(type_, selection_set, groups, set())
        return groups

    def _collect(
        self, type_: GraphQLNamedType | None, selection_set: SelectionSetNode, groups: _Groups, spread: set[str]
    ) -> None:
        for selection in selection_set.selections:
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise TooManyStepsError
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                field = getattr(type_, "fields", {}).get(selection.name.value)
                groups.setdefault(key, []).append(_Field(type_, selection, field.type if field else None))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self.context.schema.get_type(condition.name.value) if condition else type_
                self._collect(inner, selection.selection_set, groups, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                if fragment := self.context.get_fragment(selection.name.value):
                    inner = self.context.schema.get_type(fragment.type_condition.name.value)
                    self._collect(inner, fragment.selection_set, groups, spread)


def _of_one_object(fields: list[_Field]) -> list[list[_Field]]:
    """Return the fields that one object can have together: those of each object type, with those of abstract ones."""
    by_type: dict[str, list[_Field]] = {}
    anywhere: list[_Field] = []
    for field in fields:
        if isinstance(field.parent, GraphQLObjectType):
            by_type.setdefault(field.parent.name, []).append(field)
        else:
            anywhere.append(field)
    if not by_type:
        return [anywhere]
    return [[*anywhere, *own] for own in by_type.values()]


def _has_same_shape(one: Any, other: Any) -> bool:  # noqa: ANN401 - two output types
    """Return whether values of two types have one shape, what is selected of them left aside."""
    while isinstance(one, GraphQLNonNull | GraphQLList) or isinstance(other, GraphQLNonNull | GraphQLList):
        if one.__class__ is not other.__class__:
            return False
        one, other = one.of_type, other.of_type
    if is_leaf_type(one) or is_leaf_type(other):
        return one is other
    return is_composite_type(one) and is_composite_type(other)


def _conflict(key: str, reason: str, one: _Field, other: _Field) -> GraphQLError:
    return GraphQLError(
        f"Fields '{key}' conflict because {reason}. Use different aliases on the fields to fetch both if this was"
        " intentional.",
        [one.node, other.node],
    )
