"""DateTime: a moment, kept in UTC as RFC 3339 writes it.

Files may write what RFC 3339 or YAML 1.1 allow: `2024-11-29T08:00:00Z`, `2017-12-10 20:04:31 -0200`, without seconds,
or a date alone, which is its midnight in UTC.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from graphql_api.kinds.date import DATE_OPERATORS
from graphql_api.kinds.faults import read_text, shown
from graphql_api.kinds.kind import BadValueError, Kind, Order, Storage

_MOMENT = re.compile(
    r"""
    ([0-9]{4})-([0-9]{2})-([0-9]{2})                                        # 1, 2, 3: the date
    (?:
      (?:[Tt]|[ \t]+) ([0-9]{1,2}):([0-9]{2}) (?: :([0-9]{2}) (?:[.,]([0-9]{1,9}))? )?   # 4 to 7: the time
      [ \t]* (?: ([Zz]|UTC|GMT) | ([-+])([0-9]{1,2}) (?: :?([0-9]{2}) )? )?            # 8: UTC; 9, 10, 11: the offset
    )?
    """,
    re.VERBOSE | re.ASCII,
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def _read(value: Any) -> str:  # noqa: ANN401 - whatever stands in a file
    text = read_text(value)
    if not text:
        return text
    match = _MOMENT.fullmatch(text)
    if match is None:
        reason = f"is {shown(text)}. Write it as a date, or with time and zone: 2024-11-29T08:00:00Z."
        raise BadValueError("INVALID_DATE", reason)
    if match[4] and not match[8] and not match[9]:
        raise BadValueError("INVALID_DATE", f"is {shown(text)}, without a zone. Add it: Z for UTC, or +02:00.")
    try:
        moment = _moment(match).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        reason = f"is {shown(text)}, a moment that no calendar or clock has. Mend it."
        raise BadValueError("INVALID_DATE", reason) from None
    # A fixed width, so that equal moments are equal texts.
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _moment(match: re.Match[str]) -> dt.datetime:
    """Return the moment that was written. Raises ValueError and OverflowError."""
    hour, minute, second = int(match[4] or 0), int(match[5] or 0), int(match[6] or 0)
    microsecond = int((match[7] or "").ljust(6, "0")[:6])
    offset = dt.timedelta(hours=int(match[10] or 0), minutes=int(match[11] or 0))
    if int(match[11] or 0) >= 60:  # noqa: PLR2004 - minutes
        raise ValueError(match[11])
    zone = dt.timezone(-offset if match[9] == "-" else offset)
    return dt.datetime(int(match[1]), int(match[2]), int(match[3]), hour, minute, second, microsecond, zone)


def microseconds(value: str) -> int:
    """Return the microseconds from 1970 to a moment as this kind keeps it."""
    return (dt.datetime.fromisoformat(value) - _EPOCH) // _MICROSECOND


def _ascending(value: str | None) -> float:
    return math.inf if value is None else microseconds(value)


def _descending(value: str | None) -> float:
    return math.inf if value is None else -microseconds(value)


DATE_TIME = Kind(
    name="DateTime",
    storage=Storage.TOKEN,
    read=_read,
    dump=str,
    column=str,
    filter_name="DateTimeFilter",
    operators=DATE_OPERATORS,
    # In a column of its own: texts of moments sort otherwise, for a fraction of a second comes before a Z.
    order=Order(ascending=_ascending, descending=_descending, storage=Storage.INTEGER),
)
