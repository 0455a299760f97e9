"""How much of a model written by hand a guess has: by type and field, its name, type and where a reference leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.types import Field, Model


class Compared(NamedTuple):
    """The fields of the model by hand that the guess has, and those that it has otherwise, or not."""

    equal: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of equal ones, from 0 to 1."""
        return len(self.equal) / (len(self.equal) + len(self.different))


def compared(expected: Model, guessed: Model) -> Compared:
    """Return which fields of `expected` stand in `guessed` too: in the same type, with name, type and target."""
    known = dict(_signatures(guessed))
    equal, different = [], []
    for name, signature in _signatures(expected):
        if known.get(name) == signature:
            equal.append(name)
        else:
            different.append(f"{name}: {signature}, guessed as {known.get(name, 'nothing')}")
    return Compared(tuple(equal), tuple(different))


def json_fields(model: Model) -> tuple[str, ...]:
    """Return the fields of a model that hold any value."""
    return tuple(name for name, signature in _signatures(model) if "JSON" in signature)


def _signatures(model: Model) -> Iterator[tuple[str, str]]:
    for type_name in (*model.entry_types, *model.groups):
        for field in model.fields_of(type_name):
            yield f"{type_name}.{field.name}", _signature(field)
    for name, choice in model.choices.items():
        for value, spelling in choice.values.items():
            yield f"{name}.{value}", spelling.casefold()


def _signature(field: Field) -> str:
    leads = f" by {field.reference.by}" if field.reference else ""
    back = f" back of {field.back.type_name}.{'.'.join(field.back.path)}" if field.back else ""
    return f"{field.type}{leads}{back}"
