"""JSON: any value, as it is."""

from __future__ import annotations

import math
from typing import Any

import orjson

from graphql_api.kinds.faults import shown
from graphql_api.kinds.kind import BadValueError, Kind, Storage
from graphql_api.kinds.plain import Plain, plain_value

_MIN, _MAX = -(2**63), 2**64 - 1  # what JSON writers can be relied on to keep


def _read(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a file
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, list):
        return [_read(item) for item in value]
    if isinstance(value, dict):
        return {_text(key): _read(item) for key, item in value.items()}
    return _number(value)


def _scalar(value: str) -> Any:  # noqa: ANN401 - any scalar
    if type(value) is Plain:
        found = plain_value(value)
        # JSON has no such numbers.
        return _text(value) if isinstance(found, float) and not math.isfinite(found) else _number(found)
    return _text(value)


def _text(value: str) -> str:
    if "\0" in value:
        raise BadValueError("NUL_CHARACTER", "holds an escaped NUL. Remove it.")
    return str(value)


def _number(value: Any) -> Any:  # noqa: ANN401 - any scalar
    if type(value) is int and not _MIN <= value <= _MAX:
        raise BadValueError("WRONG_TYPE", f"holds the integer {shown(value)}, which is too large. Put it in quotes.")
    if type(value) is float and not math.isfinite(value):
        raise BadValueError("WRONG_TYPE", f"holds {value}, which is no number of JSON. Put it in quotes.")
    return value


def _column(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    return orjson.dumps(value).decode()


def _dump(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    return value


JSON = Kind(
    name="JSON",
    storage=Storage.JSON,
    read=_read,
    dump=_dump,
    column=_column,
    takes_plain_number=True,
)
