"""Annotations: from the types of a model to those that Strawberry reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Union

import strawberry

from graphql_api.schema.fixed import File, Image, ReferenceStatus, RichText
from graphql_api.schema.making import empty_class, make_enum, many, optional
from graphql_api.schema.scalars import JSON, OTHER, Date, DateTime, Url

if TYPE_CHECKING:
    from graphql_api.model.types import Choice, Field, FieldType, Model

_SCALARS: dict[str, Any] = {
    **OTHER,
    "String": str,
    "ID": strawberry.ID,
    "Int": int,
    "Float": float,
    "Boolean": bool,
    "Date": Date,
    "DateTime": DateTime,
    "Url": Url,
    "JSON": JSON,
    "RichText": RichText,
    "Image": Image,
    "File": File,
    "ReferenceStatus": ReferenceStatus,
}


class Annotations:
    """The Python types of a model's types, by their names; object types are classes that are made types later."""

    def __init__(self, model: Model) -> None:
        """Make the enums and the unions, and a class for each object type."""
        from graphql_api.schema.fixed import Node  # noqa: PLC0415 - beside what is made of it

        self.classes = {name: empty_class(name, Node) for name in model.entry_types}
        self.classes.update((name, empty_class(name)) for name in model.groups)
        self._named: dict[str, Any] = {**_SCALARS, **self.classes}
        self._named.update((name, _enum(choice)) for name, choice in model.choices.items())
        for union in model.unions.values():
            members = tuple(self.classes[name] for name in dict.fromkeys(union.members.values()))
            named = strawberry.union(union.name, description=union.description or None)
            self._named[union.name] = Annotated[Union[members], named]  # noqa: UP007

    def named(self, name: str) -> Any:  # noqa: ANN401 - an annotation
        """Return the Python type of a named type."""
        return self._named[name]

    def of(self, type_: FieldType) -> Any:  # noqa: ANN401 - an annotation
        """Return the annotation of a field's type."""
        inner = many(self.of(type_.item)) if type_.item else self._named[type_.name]
        return inner if type_.is_required else optional(inner)


def key_type(model: Model, each: Field) -> str:
    """Return the name of the scalar by which a field is compared: of a reference, that of the key that it names."""
    if each.reference is None:
        return each.type.name
    return key_type(model, model.entry_types[each.type.name].field(each.reference.by))


def _enum(choice: Choice) -> Any:  # noqa: ANN401 - an enum
    about = {value: choice.descriptions.get(value) or None for value in choice.values}
    return make_enum(choice.name, about, choice.description or None)
