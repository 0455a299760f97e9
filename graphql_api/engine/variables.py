"""Variables: coerce a request's values, and tell the shape that decides which plan answers it.

The shape of a value is what may change the statement: whether it is there, Booleans, enum values, the keys of input
objects and the lengths of their lists. Texts and numbers never change it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLString,
    get_named_type,
    get_variable_values,
    type_from_ast,
)

from graphql_api.errors import BadUserInputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from graphql import GraphQLInputType, GraphQLSchema, OperationDefinitionNode

    from graphql_api.settings import Limits

_MAX_ERRORS = 20
MAX_INPUT_FIELDS = 10_000
"""How many fields the input objects in an operation's variables may have, the objects counted too."""
_MAX_INT, _MIN_INT = 2**31 - 1, -(2**31)
_MISSING = object()
# What needs no coercion: a value of exactly this type, as JSON gives it, is its own coerced value.
_PLAIN: dict[Any, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLInt: int}


class VariableDefinitions:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, limits: Limits) -> None:
        """Look up the variables' types once."""
        self._schema = schema
        self._limits = limits
        self._nodes = operation.variable_definitions or ()
        self.types: dict[str, GraphQLInputType] = {
            node.variable.name.value: type_from_ast(schema, node.type)  # type: ignore[misc]
            for node in self._nodes
        }
        self._plain = {name: _plain_type(type_) for name, type_ in self.types.items()}
        self._shapes: list[tuple[str, Callable[[Any], Hashable]]] = [
            (name, _shape_of(type_)) for name, type_ in self.types.items() if _can_vary(type_)
        ]

    def coerce(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the coerced values, without those that are absent. Raises BadUserInputError naming each bad one."""
        if all(type(given.get(name)) is plain and plain is not None for name, plain in self._plain.items()) and all(
            _MIN_INT <= given[name] <= _MAX_INT for name, plain in self._plain.items() if plain is int
        ):
            for name, plain in self._plain.items():
                if plain is str and len(given[name]) > self._limits.characters:
                    raise _too_much(f"a text of more than {self._limits.characters:,} characters")
            return given
        _check_size([given[name] for name in self.types if name in given], self._limits)
        coerced = get_variable_values(self._schema, self._nodes, dict(given), max_errors=_MAX_ERRORS)
        if isinstance(coerced, list):
            raise _bad_variables(coerced)
        return cast("Mapping[str, Any]", getattr(coerced, "coerced", coerced))

    def shape(self, values: Mapping[str, Any]) -> Hashable:
        """Return the shape of coerced values."""
        return tuple([shape(values.get(name, _MISSING)) for name, shape in self._shapes])


def _check_size(given: list[Any], limits: Limits) -> None:
    """Raise BadUserInputError if there is too much in values, or too deep; before any time is spent on it."""
    fields = items = level = 0
    here = given
    while here:
        level += 1
        if level > limits.levels:
            raise _too_much(f"more than {limits.levels} lists and objects within each other")
        lists = [value for value in here if value.__class__ is list]
        objects = [value for value in here if value.__class__ is dict]
        items += sum(map(len, lists))
        fields += sum(map(len, objects)) + len(objects)
        if items > limits.items:
            raise _too_much(f"more than {limits.items:,} items in lists")
        if fields > MAX_INPUT_FIELDS:
            raise _too_much(f"more than {MAX_INPUT_FIELDS} input fields")
        if any(value.__class__ is str and len(value) > limits.characters for value in here):
            raise _too_much(f"a text of more than {limits.characters:,} characters")
        here = [*chain.from_iterable(lists), *chain.from_iterable(each.values() for each in objects)]


def _too_much(what: str) -> BadUserInputError:
    return BadUserInputError(f"The variables have {what}. Ask in parts.")


def _bad_variables(errors: list[Any]) -> RequestError:
    error = BadUserInputError(errors[0].message)
    error.errors = [
        BadUserInputError.formatted(
            each.message, [(location.line, location.column) for location in each.locations or ()]
        )
        for each in errors
    ]
    return error


def _plain_type(type_: GraphQLInputType) -> type | None:
    return _PLAIN.get(type_.of_type) if isinstance(type_, GraphQLNonNull) else None


def _can_vary(type_: GraphQLInputType) -> bool:
    named = get_named_type(type_)
    plain = isinstance(type_, GraphQLNonNull) and named is not GraphQLBoolean
    return not plain or isinstance(named, GraphQLEnumType | GraphQLInputObjectType)


def _shape_of(type_: GraphQLInputType) -> Callable[[Any], Hashable]:
    """Return the function that tells the shape of a value of `type_`."""
    if isinstance(type_, GraphQLNonNull):
        return _shape_of(type_.of_type)
    named = get_named_type(type_)
    if isinstance(type_, GraphQLList) and isinstance(named, GraphQLEnumType):
        return _nullable(lambda values: tuple(dict.fromkeys(values)))  # lists of them are orders: each counts once
    if isinstance(type_, GraphQLList) and isinstance(named, GraphQLInputObjectType):
        return _nullable(lambda values: tuple(_shape_of(type_.of_type)(value) for value in values))
    if isinstance(type_, GraphQLInputObjectType):
        return _nullable(
            lambda value: tuple((key, _shape_of(type_.fields[key].type)(item)) for key, item in value.items())
        )
    if type_ is GraphQLBoolean or isinstance(type_, GraphQLEnumType):
        return _nullable(lambda value: value)
    return _nullable(lambda _: True)


def _nullable(shape: Callable[[Any], Hashable]) -> Callable[[Any], Hashable]:
    """Return `shape` for values that can be missing (a shape of its own) or null."""

    def told(value: Any) -> Hashable:  # noqa: ANN401
        if value is _MISSING:
            return "absent"
        return None if value is None else (shape(value),)

    return told
