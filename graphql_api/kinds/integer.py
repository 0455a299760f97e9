"""Int: a whole number of 32 bits, with a sign."""

from __future__ import annotations

from typing import Any

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.kind import BadValueError, Kind, Storage
from graphql_api.kinds.orders import NUMBER_ORDER
from graphql_api.kinds.plain import Plain, plain_value

INT_MIN = -(2**31)
INT_MAX = 2**31 - 1


def _read(value: Any) -> int | None:  # noqa: ANN401 - whatever stands in a file
    if type(value) is Plain:
        value = plain_value(value)
        if value is None:
            return None
    if type(value) is not int:
        raise wrong_type(value, "an integer, without quotes")
    if INT_MIN <= value <= INT_MAX:
        return value
    reason = f"does not fit 32 bits. Use a number from {INT_MIN} to {INT_MAX}, or Float in the model."
    raise BadValueError("ID_OUT_OF_RANGE", reason)


INT = Kind(
    name="Int",
    storage=Storage.INTEGER,
    read=_read,
    dump=int,
    column=int,
    filter_name="IntFilter",
    operators=("eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte"),
    order=NUMBER_ORDER,
    takes_plain_number=True,
)
