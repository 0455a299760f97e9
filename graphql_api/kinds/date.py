"""Date: a day of the calendar, kept as YYYY-MM-DD."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from graphql_api.kinds.faults import read_text, shown
from graphql_api.kinds.kind import BadValueError, Kind, Order, Storage

DATE_OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte")

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _read(value: Any) -> str:  # noqa: ANN401 - whatever stands in a file
    text = read_text(value)
    # Only this form can be read in one way alone.
    if text and not _ISO_DATE.fullmatch(text):
        raise BadValueError("INVALID_DATE", f"is {shown(text)}. Write it YYYY-MM-DD.")
    try:
        if text:
            dt.date.fromisoformat(text)
    except ValueError:
        raise BadValueError("INVALID_DATE", f"is {text}, a day that no calendar has. Mend it.") from None
    return text


def _ascending(value: str | None) -> str | bytes:
    return b"\xff" if value is None else value


def _descending(value: str | None) -> float:
    return math.inf if value is None else -dt.date.fromisoformat(value).toordinal()


DATE = Kind(
    name="Date",
    storage=Storage.TOKEN,
    read=_read,
    dump=str,
    column=str,
    filter_name="DateFilter",
    operators=DATE_OPERATORS,
    order=Order(ascending=_ascending, descending=_descending, storage=Storage.SORTED),
)
