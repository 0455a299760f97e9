"""Shapes: what the values of a type look like in the store, so that two models can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.model.types import Shape

if TYPE_CHECKING:
    from graphql_api.model.types import EntryType, Field, FieldType, Model


def shape_of(model: Model, type_: EntryType) -> tuple[Any, ...]:
    """Return something that is equal for two types, of two models, whose entries are stored alike."""
    return (type_.keys, type_.is_grouped, *(_of_field(model, each, ()) for each in type_.fields))


def _of_field(model: Model, field: Field, within: tuple[str, ...]) -> tuple[Any, ...]:
    return (field.name, field.is_value, field.reference, _of_type(model, field.type, within))


def _of_type(model: Model, type_: FieldType, within: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the shape of a type; `within` are the groups around it, which may hold themselves."""
    wrappers = str(type_)
    match type_.shape:
        case Shape.GROUP:
            return (wrappers, _of_group(model, type_.name, within))
        case Shape.UNION:
            members = model.unions[type_.name].members.items()
            return (wrappers, *((value, _of_group(model, name, within)) for value, name in members))
        case Shape.ENUM:
            choice = model.choices.get(type_.name)  # none for what tells of a reference
            return (wrappers, *(choice.values if choice else ()))
        case Shape.ENTRY:
            target = model.entry_types[type_.name]
            # What is said of a grouped entry is kept by the position of the field.
            said = [(each.name, str(each.type)) for each in target.fields] if target.is_grouped else []
            return (wrappers, target.is_grouped, target.is_only_named, *said)
        case _:
            return (wrappers,)


def _of_group(model: Model, name: str, within: tuple[str, ...]) -> tuple[Any, ...]:
    if name in within:
        return (name,)
    return tuple(_of_field(model, each, (*within, name)) for each in model.groups[name].fields)
