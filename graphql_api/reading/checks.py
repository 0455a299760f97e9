"""Checks: what a good value is (`@check`), and the words for one that is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql_api.kinds.faults import shown
from graphql_api.model.types import Shape
from graphql_api.reading.entry import RichText
from graphql_api.reading.likeness import is_url_pattern, like
from graphql_api.reading.problems import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.model.types import Check, Field

_WILDCARDS = {"?": "? is any one character", "*": "* is any text"}


def check_of(field: Field, fields: Sequence[Field]) -> Callable[[Any], tuple[Code, str] | None] | None:
    """Return what says what is wrong with a value of `field`: a code, and what follows the key's name."""
    declared = field.check
    if declared is None:
        return None
    checks = [_range_check(declared)] if declared.min is not None or declared.max is not None else []
    if declared.like is not None:
        checks.append(_like_check(declared.like, field, fields))

    if len(checks) <= 1:
        return checks[0] if checks else None

    def check(value: Any) -> tuple[Code, str] | None:  # noqa: ANN401 - a value of any kind
        return next((found for one in checks if (found := one(value)) is not None), None)

    return check


def _range_check(declared: Check) -> Callable[[Any], tuple[Code, str] | None]:
    least, most = declared.min, declared.max

    def check(value: Any) -> tuple[Code, str] | None:  # noqa: ANN401 - a value of any kind
        size = value.source if isinstance(value, RichText) else value
        unit = ""
        if isinstance(size, str):
            size = len(size)
            unit = " character" if size == 1 else " characters"
        if not isinstance(size, (int, float)):
            return None
        verb = "has" if unit else "is"
        if least is not None and size < least:
            return Code.INVALID_VALUE, f"{verb} {size}{unit}. It must {_must(verb)} at least {least:g}."
        if most is not None and size > most:
            return Code.INVALID_VALUE, f"{verb} {size}{unit}. It must {_must(verb)} at most {most:g}."
        return None

    return check


def _must(verb: str) -> str:
    return "have" if verb == "has" else "be"


def _like_check(pattern: str, field: Field, fields: Sequence[Field]) -> Callable[[Any], tuple[Code, str] | None]:
    take = like(pattern)
    is_url = is_url_pattern(pattern)
    code = Code.INVALID_URL if is_url else Code.INVALID_VALUE
    form = named_pattern(pattern, field, fields)
    signs = [words for sign, words in _WILDCARDS.items() if sign in form]
    key = f", where {' and '.join(signs)}" if signs else ""
    more = ", with no blank, / ? or # in its parts, and with nothing after them" if is_url else ""

    def check(value: Any) -> tuple[Code, str] | None:  # noqa: ANN401 - a value of any kind
        text = value if type(value) is str else value.source if isinstance(value, RichText) else str(value)
        if take(text) is not None:
            return None
        return (
            code,
            f"is {text[:200]!r}. Write it {form}{more}." if is_url else f"is {shown(text)}. Write it {form}{key}.",
        )

    return check


def named_pattern(pattern: str, field: Field, fields: Sequence[Field]) -> str:
    """Return a pattern with names in the place of wildcards: those of the fields that are taken from there."""
    names = {}
    for other in fields:
        for source in other.sources:
            if source.field == field.name and source.like and source.like.count("{}") == 1:
                name = other.name if other.type.shape is not Shape.ENTRY else _name_of_reference(other)
                names[source.like] = f"<{name}>"
    stars = [match.start() for match in re.finditer(r"\*", pattern)]
    shown_pattern = pattern
    for at in reversed(stars):
        taken = f"{pattern[:at]}{{}}{pattern[at + 1 :]}"
        if taken in names:
            shown_pattern = shown_pattern[:at] + names[taken] + shown_pattern[at + 1 :]
    return shown_pattern


def _name_of_reference(field: Field) -> str:
    return f"{field.name}-{field.reference.by}" if field.reference else field.name
