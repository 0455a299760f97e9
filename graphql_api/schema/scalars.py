"""The schema's own scalars. Values travel as text; the planner binds them as they are."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NewType

import strawberry

from graphql_api.kinds.kind import BadValueError, Storage
from graphql_api.kinds.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from strawberry.types.scalar import ScalarDefinition

    from graphql_api.kinds.kind import Kind

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


def _parse_date_time(value: object) -> str:
    """Return a moment in UTC, as the store has it. Raises ValueError, which becomes the client's error."""
    if isinstance(value, str):
        try:
            read: str = KINDS["DateTime"].read(value)
        except BadValueError:
            read = ""
        if read:
            return read
    raise ValueError(f'DateTime cannot represent {value!r}: write a moment such as "2024-11-29T08:00:00Z".')


def _parser(kind: Kind) -> Callable[[object], Any]:
    """Return what takes a value as files have it; of a kind of texts any text, for filters compare parts of them."""

    def parse(value: object) -> Any:  # noqa: ANN401 - a value of the kind
        if kind.storage is Storage.TEXT:
            if isinstance(value, str):
                return value
            raise ValueError(f"{kind.name} cannot represent {value!r}: write text.")
        try:
            return kind.read(value)
        except BadValueError as error:
            raise ValueError(f"{kind.name} cannot represent {value!r}: it {error.reason}") from error

    return parse


Date = NewType("Date", str)
DateTime = NewType("DateTime", str)
Url = NewType("Url", str)
JSON = NewType("JSON", object)

SCALARS: dict[Any, ScalarDefinition] = {
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
        parse_value=_parse_date_time,
    ),
    Url: strawberry.scalar(
        name="Url",
        description="An address, absolute or from the site's root.",
        serialize=str,
        parse_value=_parser(KINDS["Url"]),
    ),
    JSON: strawberry.scalar(name="JSON", description="Any value, as it is.", serialize=lambda value: value),
}

OTHER: dict[str, type] = {kind.name: type(kind.name, (), {}) for kind in KINDS.values() if kind.description}
"""What stands for the scalars of the kinds that need no type of their own."""
SCALARS.update(
    (
        class_,
        strawberry.scalar(
            name=name, description=KINDS[name].description, serialize=KINDS[name].dump, parse_value=_parser(KINDS[name])
        ),
    )
    for name, class_ in OTHER.items()
)
