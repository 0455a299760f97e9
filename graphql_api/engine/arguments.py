"""Arguments: from the document's literals and variables to values with a fixed shape and sources as their leaves.

Follows the specification's CoerceArgumentValues; literals were validated with the document, variables when coerced.
Leaves are sources, except Booleans and enum values: those shape the statement, as the presence of a value does.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
    get_named_type,
    is_leaf_type,
)

from graphql_api.engine.sources import Read, Source, Variables, constant, key_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import FieldNode, GraphQLArgument, GraphQLField, GraphQLInputField, GraphQLInputType

ABSENT: Any = Undefined
Path = tuple[str | int, ...]


def field_arguments(field: GraphQLField, node: FieldNode, variables: Variables) -> dict[str, Any]:
    """Return the arguments of `node` that are there, by name; a default stands where nothing was given.

    Raises ValueError for a variable that is null where null must not stand: a default lets it get there.
    """
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    return _members(field.args, given, variables)


def _members(
    expected: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    given: Mapping[str, ValueNode],
    variables: Variables,
) -> dict[str, Any]:
    values = {}
    for name, member in expected.items():
        value = _from_node(given[name], member.type, variables) if name in given else ABSENT
        if value is ABSENT and member.default_value is not Undefined:
            value = _from_value(member.default_value, member.type, _constant_at)
        if value is not ABSENT:
            values[name] = value
    return values


def _from_node(node: ValueNode, type_: GraphQLInputType, variables: Variables) -> Any:  # noqa: ANN401
    """Return the value of a literal or of a variable; ABSENT for a variable without a value."""
    if isinstance(type_, GraphQLNonNull):
        value = _from_node(node, type_.of_type, variables)
        if value is None:
            # The document is valid, so the null is not a literal.
            raise ValueError(
                f"The variable '${cast(VariableNode, node).name.value}' must not be null: {type_} is asked for."
            )
        return value
    if isinstance(node, VariableNode):
        return _from_variable(node.name.value, type_, variables)
    if isinstance(node, NullValueNode):
        return None
    if isinstance(type_, GraphQLList):
        return _from_list(node, type_, variables)
    if isinstance(type_, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        given = {field.name.value: field.value for field in node.fields or ()}
        return _members(type_.fields, given, variables)
    if isinstance(node, BooleanValueNode | EnumValueNode):
        return node.value
    if isinstance(type_, GraphQLScalarType):
        return constant(coerce_input_literal(node, type_))
    raise TypeError(f"{type_} takes no {node.kind}")


def _from_list(node: ValueNode, type_: GraphQLList[Any], variables: Variables) -> Any:  # noqa: ANN401
    nodes = node.values if isinstance(node, ListValueNode) else (node,)
    items = [_from_node(item, type_.of_type, variables) for item in nodes]
    if _is_bound_whole(type_):
        return _list_source(items)
    return items


def _list_source(items: list[Any]) -> Source:
    """Return one source for a list of scalars, some of which may come from variables."""
    return Source(lambda variables: value_of(items, variables), key_of(items))


def _from_variable(name: str, type_: GraphQLInputType, variables: Variables) -> Any:  # noqa: ANN401
    if name not in variables:
        return ABSENT

    def source(_: object, path: Path) -> Source:
        return Source(_reader(name, path), ("variable", name, *path))

    return _from_value(variables[name], type_, source)


def _constant_at(value: object, _: Path) -> Source:
    return constant(value)


def _reader(name: str, path: Path) -> Read:
    if not path:
        return itemgetter(name)

    def read(variables: Variables) -> Any:  # noqa: ANN401
        value = variables[name]
        for step in path:
            value = value[step]
        return value

    return read


def _from_value(
    value: Any,  # noqa: ANN401
    type_: GraphQLInputType,
    source: Callable[[Any, Path], Source],
    path: Path = (),
) -> Any:  # noqa: ANN401
    """Return a coerced value with its leaves as sources; `source` makes one from the leaf and its place."""
    if isinstance(type_, GraphQLNonNull):
        return _from_value(value, type_.of_type, source, path)
    if value is None:
        return None
    if isinstance(type_, GraphQLList) and not _is_bound_whole(type_):
        return [_from_value(item, type_.of_type, source, (*path, at)) for at, item in enumerate(value)]
    if isinstance(type_, GraphQLInputObjectType):
        return {key: _from_value(item, type_.fields[key].type, source, (*path, key)) for key, item in value.items()}
    if isinstance(type_, GraphQLEnumType):
        return type_.serialize(value)
    return value if isinstance(value, bool) else source(value, path)


def _is_bound_whole(type_: GraphQLInputType) -> bool:
    """Return whether a list is one parameter, as lists of scalars are; other lists shape the statement."""
    named = get_named_type(type_)
    return isinstance(type_, GraphQLList) and is_leaf_type(named) and not isinstance(named, GraphQLEnumType)
