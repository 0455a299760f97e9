"""Machinery: keys that are there for a program, or say what another key says, and are no content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.inference.words import ascii_words, can_be_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.columns import Column
    from graphql_api.inference.drafts import Document

FEW = 3
"""Of fewer entries nothing can be told by what is equal in all."""

_WORDS = frozenset(("layout", "format", "schema", "template", "theme", "generator", "renderer"))
_LAST_WORDS = frozenset(("text", "txt", "label", "class"))


def left_out(columns: Sequence[Column], documents: Sequence[Document]) -> dict[str, str]:
    """Return the keys that are no content, each with the reason."""
    found: dict[str, str] = {}
    for index, column in enumerate(columns):
        reason = _reason(column, [each for each in columns[:index] if each.keys[0] not in found], documents)
        if reason:
            found.update(dict.fromkeys(column.keys, reason))
    return found


def _reason(column: Column, earlier: Sequence[Column], documents: Sequence[Document]) -> str:
    key, values = column.keys[0], column.values
    if not all(map(can_be_named, column.keys)):
        return "a model cannot name it"
    if column.pattern or not values or not all(isinstance(value, str) for value in values):
        return ""
    if len(set(values)) == 1 and _is_named_like_machinery(key, len(values)):
        return f"{_shown(values[0])} in all"
    if _is_file_name(column, documents):
        return "the name of the file"
    if len(values) >= FEW:
        same = next((each for each in earlier if _says_the_same(column, each)), None)
        if same:
            return f"always equal to `{same.keys[0]}`"
    return ""


def _is_named_like_machinery(key: str, count: int) -> bool:
    words = [word.lower() for word in ascii_words(key)]
    if key.startswith("_") or not _WORDS.isdisjoint(words):
        return True
    return count > FEW and len(words) > 1 and words[-1] in _LAST_WORDS


def _is_file_name(column: Column, documents: Sequence[Document]) -> bool:
    if len(column.cells) < 2:  # noqa: PLR2004 - one may be by chance
        return False
    return all(value.strip() in _names(documents[index].path) for index, value in column.cells)


def _names(path: str) -> tuple[str, str]:
    return path, path.rpartition("/")[2]


def _says_the_same(column: Column, other: Column) -> bool:
    """Return whether a column has the values of an earlier one, and a name that contains its name."""
    own, others = ([word.lower() for word in ascii_words(each.keys[0])] for each in (column, other))
    return set(others) < set(own) and not column.pattern and column.cells == other.cells


def _shown(text: str) -> str:
    return repr(str(text) if len(text) <= 40 else f"{text[:39]}…")  # noqa: PLR2004 - enough to know it
