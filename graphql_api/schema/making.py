"""Making Strawberry types from data: classes whose fields and arguments are not known before a model is read.

A class is there before its fields, so that types can lead to each other in circles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from graphql_api.schema.mapping import metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.schema.mapping import Mapping

UNSET: Any = strawberry.UNSET


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its name in the schema, its type, what it says, and its default if it has one."""

    name: str
    type: Any
    description: str
    default: Any = UNSET


@dataclass(frozen=True, slots=True)
class Member:
    """One field of an object type."""

    name: str
    type: Any
    mapping: Mapping
    description: str
    arguments: Sequence[Argument] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One field of an input type; it can be left out unless it `is_required`."""

    name: str
    type: Any
    description: str
    is_required: bool = False


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
    for number, member in enumerate(members):
        field = strawberry.field(name=member.name, description=member.description, metadata=metadata(member.mapping))
        field.arguments = [_argument(each, at) for at, each in enumerate(member.arguments)]
        setattr(class_, f"f{number}", field)
        class_.__annotations__[f"f{number}"] = member.type
    strawberry.type(class_, name=class_.__name__, description=description or None)


def make_input(class_: type, options: Sequence[Option], description: str, *, one_of: bool = False) -> None:
    """Make a class an input type with `options`, in order."""
    for number, option in enumerate(options):
        given = {} if option.is_required else {"default": UNSET}
        setattr(class_, f"f{number}", strawberry.field(name=option.name, description=option.description, **given))
        class_.__annotations__[f"f{number}"] = option.type if option.is_required else optional(option.type)
    strawberry.input(class_, name=class_.__name__, description=description, one_of=one_of or None)


def _argument(argument: Argument, number: int) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=f"a{number}",
        graphql_name=argument.name,
        type_annotation=StrawberryAnnotation(argument.type),
        description=argument.description,
        default=argument.default,
    )
