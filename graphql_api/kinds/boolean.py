"""Boolean: true or false."""

from __future__ import annotations

from typing import Any

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.kind import Kind, Storage
from graphql_api.kinds.orders import NUMBER_ORDER
from graphql_api.kinds.plain import Plain, plain_value


def _read(value: Any) -> bool | None:  # noqa: ANN401 - whatever stands in a file
    if type(value) is Plain:
        value = plain_value(value)
        if value is None:
            return None
    if type(value) is not bool:
        raise wrong_type(value, "true or false, without quotes, or absent")
    return value


BOOLEAN = Kind(
    name="Boolean",
    storage=Storage.BOOLEAN,
    read=_read,
    dump=bool,
    column=int,
    filter_name="BooleanFilter",
    operators=("eq",),
    order=NUMBER_ORDER,
    takes_plain_number=True,
)
