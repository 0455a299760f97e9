"""Searched texts: what the full-text index holds of an entry's values, wherever in them it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.model.types import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.model.types import FieldType, Model

    Texts = Callable[[Any], list[str]]


def texts_within(model: Model, type_: FieldType, path: Sequence[str]) -> Texts:
    """Return what gives the texts that `path` leads to from a value of a type, over groups, lists and unions.

    Of an entry without files it is the text that the reference says; of other entries nothing is known here.
    """
    if type_.item:
        item = texts_within(model, type_.item, path)
        return lambda value: [text for each in value or () for text in item(each)]
    match type_.shape:
        case Shape.GROUP:
            return _of_member(model, type_.name, path)
        case Shape.UNION:
            members = [_of_member(model, name, path) for name in model.unions[type_.name].members.values()]
            return lambda value: [] if value is None else members[value[0]](value[1])
        case Shape.ENTRY:
            return _of_reference(model, type_.name, path)
    if type_.name == "RichText":
        return lambda value: [] if value is None else [value.rendered.text]
    return lambda value: [] if value is None else [str(value)]


def _of_member(model: Model, group: str, path: Sequence[str]) -> Texts:
    names = [each.name for each in model.groups[group].fields]
    if path[0] not in names:  # another member of the union has it
        return lambda _: []
    at = names.index(path[0])
    texts = texts_within(model, model.groups[group].fields[at].type, path[1:])
    return lambda value: [] if value is None else texts(value[at])


def _of_reference(model: Model, type_name: str, path: Sequence[str]) -> Texts:
    target = model.entry_types[type_name]
    if not target.is_only_named:
        return lambda _: []
    at = [each.name for each in target.fields].index(path[0])

    def texts(reference: Any) -> list[str]:  # noqa: ANN401 - a Ref or None
        said = None if reference is None or reference.names is None else orjson.loads(reference.names)[at]
        return [] if said is None else [str(said)]

    return texts
