"""Faults: the words for a value that is not what its kind wants."""

from __future__ import annotations

from typing import Any

from graphql_api.kinds.kind import BadValueError

MAX_SHOWN_CHARACTERS = 40
_TYPE_NAMES: dict[type, str] = {
    bool: "a Boolean",
    dict: "a mapping",
    float: "a decimal number",
    int: "an integer",
    list: "a list",
}


def wrong_type(value: Any, wanted: str) -> BadValueError:  # noqa: ANN401 - whatever stands in a file
    """Return the error for a value of another type; `wanted` says what it must be."""
    kind = _TYPE_NAMES.get(type(value), "text")
    told = "" if isinstance(value, (dict, list)) else f" ({shown(value)})"
    return BadValueError("WRONG_TYPE", f"is {kind}{told}. It must be {wanted}.")


def shown(value: object) -> str:
    """Return a value for a message, cut to 40 characters; an integer too long to print is not printed."""
    try:
        text = repr(str(value) if isinstance(value, str) else value)
    except ValueError:
        return "…"
    return text if len(text) <= MAX_SHOWN_CHARACTERS else text[: MAX_SHOWN_CHARACTERS - 1] + "…"


def read_text(value: Any) -> str:  # noqa: ANN401 - as above
    """Return a text without outer white space. Raises BadValueError."""
    if not isinstance(value, str):
        raise wrong_type(value, "text")
    if "\0" in value:
        raise BadValueError("NUL_CHARACTER", "holds an escaped NUL. Remove it.")
    return value.strip()
