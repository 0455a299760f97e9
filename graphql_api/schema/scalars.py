"""The schema's own scalars. Values travel as text; the planner binds them as they are."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NewType

import strawberry

if TYPE_CHECKING:
    from strawberry.types.scalar import ScalarDefinition

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _parse_date(value: object) -> str:
    """Return `value` if it is a calendar date of ISO 8601. Raises ValueError, which becomes the client's error."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"Date cannot represent {value!r}: there is no such day in the calendar.") from error
        return value
    raise ValueError(f'Date cannot represent {value!r}: write a calendar date such as "2024-11-29".')


Date = NewType("Date", str)
DateTime = NewType("DateTime", str)

SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date",
        description='A calendar date as ISO 8601 writes it, such as "2024-11-29".',
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
        serialize=str,
        parse_value=_parse_date,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description='A moment as RFC 3339 writes it, always with an offset, such as "2024-11-29T08:00:00Z".',
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=str,
    ),
}
