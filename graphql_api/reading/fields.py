"""Fields: typed access to the keys of a mapping in front matter."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.reading.problems import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INT_MIN = -(2**31)
INT_MAX = 2**31 - 1

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPE_NAMES: dict[type, str] = {
    bool: "a Boolean",
    dict: "a mapping",
    float: "a decimal number",
    int: "an integer",
    list: "a list",
    str: "text",
}


@dataclass(slots=True)
class Fields:
    """One mapping. What is wrong goes to `report(code, message, key)`, and a stand-in of the right type comes back.

    `name` is the mapping's own key with a dot ("seo."), or "" for the front matter itself.
    """

    values: Mapping[str, Any]
    report: Callable[[Code, str, str], None]
    name: str = ""

    def text(self, key: str) -> str:
        """Return a text without outer white space; "" if it is absent."""
        value = self.values.get(key)
        if isinstance(value, str):
            if "\0" not in value:
                return value.strip()
            self.report(Code.NUL_CHARACTER, f"`{self.name}{key}` holds an escaped NUL. Remove it.", key)
        elif value is not None:
            self._wrong_type(key, value, "text")
        return ""

    def required_text(self, key: str) -> str:
        """Return a text that must not be empty, without outer white space."""
        text = self.text(key)
        if not text:
            value = self.values.get(key)
            if value is None or (isinstance(value, str) and not value.strip()):
                self._missing(key)
        return text

    def required_int(self, key: str) -> int:
        """Return an integer that fits a GraphQL Int."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            if INT_MIN <= value <= INT_MAX:
                return value
            message = f"`{self.name}{key}` does not fit 32 bits. Use a number from {INT_MIN} to {INT_MAX}."
            self.report(Code.ID_OUT_OF_RANGE, message, key)
        elif value is None:
            self._missing(key)
        else:
            self._wrong_type(key, value, "an integer, without quotes")
        return 0

    def number(self, key: str) -> float | None:
        """Return a finite number, or None if it is absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            number = _as_float(value)
            if math.isfinite(number):
                return number
        self._wrong_type(key, value, "a finite number, without quotes, or absent")
        return None

    def boolean(self, key: str) -> bool:
        """Return a Boolean; False if it is absent."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            self._wrong_type(key, value, "true or false, without quotes, or absent")
            return False
        return bool(value)

    def required_date(self, key: str) -> dt.date:
        """Return a date, which is written YYYY-MM-DD."""
        text = self.required_text(key)
        if not text:
            return dt.date.min
        if not _ISO_DATE.fullmatch(text):
            self.report(Code.INVALID_DATE, f"`{self.name}{key}` is {_shown(text)}. Write it YYYY-MM-DD.", key)
            return dt.date.min
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.report(Code.INVALID_DATE, f"`{self.name}{key}` is {text}, a day that no calendar has. Mend it.", key)
            return dt.date.min

    def mapping(self, key: str) -> Fields:
        """Return the fields of a mapping; without any if it is absent."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self._wrong_type(key, value, "a mapping of keys, or absent")
        values = value if isinstance(value, dict) else {}
        return Fields(values, lambda code, message, _: self.report(code, message, key), f"{self.name}{key}.")

    def _missing(self, key: str) -> None:
        self.report(Code.MISSING_KEY, f"`{self.name}{key}` is missing or empty. Add it.", key)

    def _wrong_type(self, key: str, value: object, wanted: str) -> None:
        kind = _TYPE_NAMES[type(value)]
        shown = "" if isinstance(value, (dict, list)) else f" ({_shown(value)})"
        self.report(Code.WRONG_TYPE, f"`{self.name}{key}` is {kind}{shown}. It must be {wanted}.", key)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _shown(value: object, limit: int = 40) -> str:
    """Return a value for a message, cut to `limit` characters; an integer too long to print is not printed."""
    try:
        shown = repr(value)
    except ValueError:
        return "…"
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
