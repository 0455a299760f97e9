"""Choices: the kind of an enum, kept as the GraphQL name of its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from graphql_api.kinds.faults import read_text, shown
from graphql_api.kinds.kind import BadValueError, Kind, Storage
from graphql_api.kinds.orders import TEXT_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping


class Declared(Protocol):
    """An enum as a model declares it; `values` gives the spelling in files of each of its values."""

    @property
    def name(self) -> str:
        """Its GraphQL name."""

    @property
    def values(self) -> Mapping[str, str]:
        """The spellings by the values' GraphQL names."""


def choice(declared: Declared) -> Kind:
    """Return the kind of an enum's values: what a file writes, by `@is` or (case, - and _ aside) the name itself."""
    exact = {spelling: name for name, spelling in declared.values.items()}
    loose = {_loosened(spelling): name for name, spelling in reversed(list(declared.values.items()))}
    allowed = ", ".join(declared.values.values())

    def read(value: Any) -> str:  # noqa: ANN401 - whatever stands in a file
        text = read_text(value)
        name = text and (exact.get(text) or loose.get(_loosened(text)))
        if name is None:
            raise BadValueError("INVALID_VALUE", f"is {shown(text)}. It must be one of: {allowed}.")
        return name

    return Kind(
        name=declared.name,
        storage=Storage.TOKEN,
        read=read,
        dump=str,
        column=str,
        filter_name=f"{declared.name}Filter",
        operators=("eq", "ne", "in", "notIn"),
        order=TEXT_ORDER,
    )


def _loosened(text: str) -> str:
    return text.casefold().replace("-", "_").replace(" ", "_")
