"""Making Strawberry types from data: classes whose fields and arguments are not known before a model is read.

A class is there before its fields, so that types can lead to each other in circles. No instance of one is ever made, so
none becomes a dataclass, as `strawberry.type` makes them: that would compile five functions for each.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Optional

import strawberry
from msgspec import Struct
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema_directives import OneOf
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryObjectDefinition, has_object_definition
from strawberry.types.field import StrawberryField

from graphql_api.schema.mapping import metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql_api.schema.mapping import Mapping as FieldMapping

UNSET: Any = strawberry.UNSET
_MEMBER = "value_"


class Argument(Struct, frozen=True):
    """One argument: its name in the schema, its type, what it says, and its default if it has one."""

    name: str
    type: Any
    description: str
    default: Any = UNSET


class Member(Struct, frozen=True):
    """One field of an object type."""

    name: str
    type: Any
    mapping: FieldMapping
    description: str
    arguments: Sequence[Argument] = ()


class Option(Struct, frozen=True):
    """One field of an input type; it can be left out unless it `is_required`."""

    name: str
    type: Any
    description: str
    is_required: bool = False


def make_enum(name: str, values: Mapping[str, str | None], description: str | None) -> Any:  # noqa: ANN401 - an enum
    """Return an enum of `values`, with what each says. Some that Python reserves are names in GraphQL: `_x_`, `mro`."""
    members = {
        f"{_MEMBER}{value}": strawberry.enum_value(value, name=value, description=about)
        for value, about in values.items()
    }
    return strawberry.enum(Enum(name, members), name=name, description=description)  # type: ignore[call-overload]


def optional(type_: Any) -> Any:  # noqa: ANN401 - an annotation
    """Return the annotation of a type that can be null."""
    return Optional[type_]  # noqa: UP045 - the type is not known before


def many(type_: Any) -> Any:  # noqa: ANN401 - as above
    """Return the annotation of a list without nulls."""
    return list[type_]


def empty_class(name: str, *bases: type) -> type:
    """Return a class to be made a type later."""
    return type(name, bases, {"__module__": __name__, "__annotations__": {}})


def make_type(class_: type, members: Sequence[Member], description: str) -> None:
    """Make a class an object type with `members`, in order."""
    fields = [
        _field(class_, number, member, member.type, metadata=metadata(member.mapping))
        for number, member in enumerate(members)
    ]
    for field, member in zip(fields, members, strict=True):
        field.arguments = [_argument(each, at) for at, each in enumerate(member.arguments)]
    _define(class_, fields, description)


def make_input(class_: type, options: Sequence[Option], description: str, *, one_of: bool = False) -> None:
    """Make a class an input type with `options`, in order."""
    fields = [
        _field(class_, number, option, option.type)
        if option.is_required
        else _field(class_, number, option, optional(option.type), default=UNSET)
        for number, option in enumerate(options)
    ]
    _define(class_, fields, description, directives=[OneOf()] if one_of else [], is_input=True)


def _field(
    class_: type,
    number: int,
    shown: Member | Option,
    type_: Any,  # noqa: ANN401 - as above
    **more: Any,  # noqa: ANN401 - as StrawberryField takes it
) -> StrawberryField:
    return StrawberryField(
        python_name=f"f{number}",
        graphql_name=shown.name,
        type_annotation=_annotation(type_),
        origin=class_,
        description=shown.description,
        **more,
    )


def _define(
    class_: Any,  # noqa: ANN401 - a class without the attribute that it gets
    fields: Sequence[StrawberryField],
    description: str,
    *,
    directives: Sequence[object] = (),
    is_input: bool = False,
) -> None:
    """Make a class a type with its own fields, and those of its interfaces before them."""
    interfaces = [base.__strawberry_definition__ for base in class_.__bases__ if has_object_definition(base)]
    class_.__strawberry_definition__ = StrawberryObjectDefinition(
        name=class_.__name__,
        is_input=is_input,
        is_interface=False,
        origin=class_,
        description=description or None,
        interfaces=interfaces,
        extend=False,
        directives=directives,
        is_type_of=None,
        resolve_type=None,
        fields=[*(field for interface in interfaces for field in interface.fields), *fields],
    )


@cache
def _annotation(type_: Any) -> StrawberryAnnotation:  # noqa: ANN401 - as above
    """Return what Strawberry resolves a type by. It takes long, and remembers it; most members share few types."""
    return StrawberryAnnotation(type_)


forget_annotations = _annotation.cache_clear
"""To be called once a schema is built; else its types would be kept as long as this process runs."""


def _argument(argument: Argument, number: int) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=f"a{number}",
        graphql_name=argument.name,
        type_annotation=_annotation(argument.type),
        description=argument.description,
        default=argument.default,
    )
