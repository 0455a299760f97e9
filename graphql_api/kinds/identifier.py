"""ID: a name that is only compared; a whole number is its digits, as GraphQL has it."""

from __future__ import annotations

from typing import Any

from graphql_api.kinds.faults import read_text
from graphql_api.kinds.kind import Kind, Storage
from graphql_api.kinds.orders import TEXT_ORDER
from graphql_api.kinds.text import TEXT_OPERATORS


def _read(value: Any) -> str:  # noqa: ANN401 - whatever stands in a file
    # Plain text of YAML is text here; a number only comes from JSON and TOML.
    return str(value) if type(value) is int else read_text(value)


ID = Kind(
    name="ID",
    storage=Storage.TEXT,
    read=_read,
    dump=str,
    column=str,
    filter_name="StringFilter",
    operators=TEXT_OPERATORS,
    order=TEXT_ORDER,
)
