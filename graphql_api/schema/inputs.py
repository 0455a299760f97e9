"""Inputs: what a client may ask by. Filters of kinds say what their operators do; the rest follows from a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from graphql_api.model import names
from graphql_api.model.types import Direction
from graphql_api.schema.annotations import key_type
from graphql_api.schema.making import Option, empty_class, make_enum, make_input, many
from graphql_api.store.placements import kind_of, order_fields

if TYPE_CHECKING:
    from graphql_api.model.types import EntryType, Field, Key, Model
    from graphql_api.schema.annotations import Annotations

_OPERATORS = {
    "eq": "Is equal to this.",
    "ne": "Is missing or not equal to this.",
    "in": "Is one of these; an empty list matches nothing.",
    "notIn": "Is none of these; an empty list matches everything.",
    "contains": "Contains this text, upper and lower case alike.",
    "startsWith": "Starts with this text, upper and lower case alike.",
    "gt": "Is greater than this, or later.",
    "gte": "Is greater than this or equal, or later.",
    "lt": "Is less than this, or earlier.",
    "lte": "Is less than this or equal, or earlier.",
}
_LISTS = {"in", "notIn"}


def _listed(model: Model) -> list[EntryType]:
    """Return the types that have lists: of a singleton there is one entry."""
    return [each for each in model.entry_types.values() if not each.is_singleton]


class Inputs:
    """The input types of one model."""

    def __init__(self, model: Model, annotations: Annotations) -> None:
        """Make them; those of kinds only where a field is filtered by them."""
        self._model = model
        self._annotations = annotations
        self._nullable = {key_type(model, each) for each in self._filtered() if _may_be_missing(each)}
        self._kinds: dict[str, type] = {}
        self._lists: dict[str, type] = {}
        self.filters: dict[str, type] = {}
        self.orders: dict[str, Any] = {}
        self.lookups: dict[str, type] = {}
        for type_ in _listed(model):
            if any(each.is_filter for each in type_.fields):
                self.filters[type_.name] = self._filter(type_)
            if any(each.is_order for each in type_.fields):
                self.orders[type_.name] = self._order(type_)
            if type_.globs and type_.keys:
                self.lookups[type_.name] = self._by(type_)

    def _filtered(self) -> list[Field]:
        return [each for type_ in _listed(self._model) for each in type_.fields if each.is_filter]

    def _filter(self, type_: EntryType) -> type:
        class_ = empty_class(names.filter_name(type_))
        options = [
            Option("and", many(class_), "All of these hold."),
            Option("or", many(class_), "At least one of these holds; an empty list matches nothing."),
            Option("not", class_, "This does not hold; exactly what it leaves out."),
        ]
        for each in type_.fields:
            if each.is_filter:
                options += self._options_of(each)
        description = (
            f"Which {type_.plural} to keep: all conditions that are given must hold. "
            "An empty filter keeps everything; null is the same as leaving the condition out."
        )
        make_input(class_, options, description)
        return class_

    def _options_of(self, each: Field) -> list[Option]:
        has = Option(names.has_field(each), bool, "true: there is one; false: there is none.")
        kind_name = self.compared_by(each)
        if kind_name is None:
            return [has]
        about = each.description or f"The field {each.name}."
        if each.type.is_list:
            return [Option(each.name, self._list_filter(kind_name), about), has]
        return [Option(each.name, self._kind_filter(kind_name), about)]

    def compared_by(self, each: Field) -> str | None:
        """Return the name of the scalar or enum that a field is compared by; None where it cannot be compared."""
        name = key_type(self._model, each)
        kind = kind_of(self._model, each.type) if not each.reference else None
        if each.reference:
            return name
        return name if kind and kind.filter_name else None

    def _kind_filter(self, name: str) -> type:
        if name not in self._kinds:
            operators = self._operators(name)
            type_ = self._annotations.named(name)
            options = [
                Option(operator, many(type_) if operator in _LISTS else type_, _OPERATORS[operator])
                for operator in operators
            ]
            if name in self._nullable:
                options.append(Option("exists", bool, "true: is there; false: is missing."))
            about = "Conditions on a value; all that are given must hold. A missing one is unequal to every value."
            self._kinds[name] = class_ = empty_class(self._filter_name(name))
            make_input(class_, options, about)
        return self._kinds[name]

    def _filter_name(self, name: str) -> str:
        # A url is compared as a text, under a name of its own, for its values are of another scalar.
        return f"{name}Filter"

    def _operators(self, name: str) -> tuple[str, ...]:
        from graphql_api.kinds.registry import KINDS, choice  # noqa: PLC0415 - beside what is made of it

        kind = KINDS[name] if name in KINDS else choice(self._model.choices[name])
        return kind.operators

    def _list_filter(self, name: str) -> type:
        if name not in self._lists:
            type_ = self._annotations.named(name)
            self._lists[name] = class_ = empty_class(names.list_filter_name(name))
            make_input(
                class_,
                [
                    Option("has", type_, "Has this among its values."),
                    Option("hasAny", many(type_), "Has at least one of these; an empty list matches nothing."),
                    Option("hasAll", many(type_), "Has all of these; an empty list matches everything."),
                ],
                "Conditions on a list; all that are given must hold.",
            )
        return self._lists[name]

    def _order(self, type_: EntryType) -> Any:  # noqa: ANN401 - an enum
        values = {}
        for each in _orders(type_):
            for direction, word in ((Direction.ASC, "ascending"), (Direction.DESC, "descending")):
                name = names.order_value(each, direction)
                values[name] = f"By {each.name}, {word}; missing ones last."
        identity = " and ".join(type_.keys[0].fields)
        about = f"How to sort {type_.plural}. Whatever the order, equal ones follow by {identity}."
        return make_enum(names.order_name(type_), values, about)

    def _by(self, type_: EntryType) -> type:
        class_ = empty_class(names.by_input_name(type_))
        options = [Option("id", strawberry.ID, "The id that this API gave.")]
        for key in type_.keys:
            if len(key.fields) == 1:
                kind = self._annotations.named(key_type(self._model, type_.field(key.fields[0])))
                options.append(Option(key.name, kind, f"The {key.name}, exactly."))
            else:
                options.append(Option(key.name, self._key_input(type_, key), f"The {' and '.join(key.fields)}."))
        make_input(class_, options, "What names one entry: exactly one of these.", one_of=True)
        return class_

    def _key_input(self, type_: EntryType, key: Key) -> type:
        class_ = empty_class(names.key_input_name(type_, key))
        options = [
            Option(
                name,
                self._annotations.named(key_type(self._model, type_.field(name))),
                f"The key of the {name}." if type_.field(name).reference else f"The {name}.",
                is_required=True,
            )
            for name in key.fields
        ]
        make_input(class_, options, f"What together names one of the {type_.plural}.")
        return class_


def _orders(type_: EntryType) -> list[Field]:
    """Return the fields with @order, in the order of the type."""
    return [each for each in type_.fields if each.is_order and each in order_fields(type_)]


def _may_be_missing(each: Field) -> bool:
    return not each.type.is_required and not each.type.is_list
