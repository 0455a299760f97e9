"""Plain: a scalar that stands in YAML without quotes, and what YAML 1.2's core schema (section 10.3.2) takes it for.

Text is the rule: a title `No` or `012` stays as it is written. Only kinds of numbers and Booleans, and the kind that
takes any value, ask what else it could be.
"""

from __future__ import annotations

import re

_MAX_DIGITS = 4_000
"""Python refuses to read longer integers (4,300 digits), for the time that they take; none of them fits any kind."""
_TOO_LARGE: int = 10**5_000
_DECIMAL_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9A-Fa-f]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NO_FINITE_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}

_STARTS_OF_NUMBERS = frozenset("+-.0123456789")


class Plain(str):
    """The text of a scalar without quotes that a kind of numbers or Booleans may take for one."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Pickle as plain text: what has been read is a number by then, or will never be one."""
        return str, (str(self),)


def plain_value(text: str) -> str | float | bool | None:
    """Return the number, the Boolean or the None that the text of a plain scalar stands for, else the text."""
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL_INTEGER.fullmatch(text):
        if len(text) <= _MAX_DIGITS:
            return int(text)
        return -_TOO_LARGE if text[0] == "-" else _TOO_LARGE
    if _OCTAL_OR_HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NO_FINITE_NUMBER.fullmatch(text):
        return float(text.replace(".", ""))
    return str(text)


def is_null(raw: object) -> bool:
    """Return whether what stands in a file is a null without quotes: `null`, `Null`, `NULL` or `~`."""
    return type(raw) is Plain and raw in _WORDS and _WORDS[raw] is None


def written(text: str) -> str | None:
    """Return the text of a plain scalar: None for nothing, and marked as `Plain` where it could be something else."""
    if not text:
        return None
    return Plain(text) if text[0] in _STARTS_OF_NUMBERS or text in _WORDS else text
