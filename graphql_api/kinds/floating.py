"""Float: a finite number."""

from __future__ import annotations

import math
from typing import Any

import orjson

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.kind import Kind, Storage
from graphql_api.kinds.orders import FLOAT_ORDER
from graphql_api.kinds.plain import Plain, plain_value


def _read(value: Any) -> float | None:  # noqa: ANN401 - whatever stands in a file
    if type(value) is Plain:
        value = plain_value(value)
        if value is None:
            return None
    if type(value) is float or type(value) is int:
        number = _as_float(value)
        if math.isfinite(number):
            return number
    raise wrong_type(value, "a finite number, without quotes, or absent")


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _column(value: float) -> str:
    # SQLite writes other digits than orjson; what is shown is written once, here.
    return orjson.dumps(value).decode()


FLOAT = Kind(
    name="Float",
    storage=Storage.JSON,
    read=_read,
    dump=float,
    column=_column,
    filter_name="FloatFilter",
    operators=("eq", "ne", "gt", "gte", "lt", "lte"),
    order=FLOAT_ORDER,
    takes_plain_number=True,
)
