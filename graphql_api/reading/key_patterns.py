"""Key patterns: numbered or named keys that make a list (`@from(keys: "related_article{position}")`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NUMBER = r"([1-9][0-9]{0,8})"


class KeyPattern(NamedTuple):
    """One pattern: `path` leads to the mapping whose keys it matches; `name` is the field that each of them fills."""

    path: tuple[str, ...]
    name: str
    expression: re.Pattern[str]
    is_number: bool

    def items(self, keys: Iterable[str]) -> list[tuple[Any, str]]:
        """Return (number or name, key) of the keys that match, by their number, names in the order of the file."""
        found = [(match[1], key) for key in keys if (match := self.expression.fullmatch(key))]
        return sorted((int(number), key) for number, key in found) if self.is_number else list(found)


def key_pattern(text: str, *, is_number: bool) -> KeyPattern:
    """Return the pattern that `text` spells; `is_number` says that its placeholder fills a field of numbers."""
    match = _PLACEHOLDER.search(text)
    start, end = match.span() if match else (len(text), len(text))
    *path, before = text[:start].split(".")
    one = _NUMBER if is_number else "(.+)"
    expression = re.compile(re.escape(before) + one + re.escape(text[end:]), re.DOTALL)
    return KeyPattern(tuple(path), match[1] if match else "", expression, is_number)


def name_of_placeholder(text: str) -> str:
    """Return the name of the field that a pattern's keys fill."""
    match = _PLACEHOLDER.search(text)
    return match[1] if match else ""
