"""Ordinary YAML: the short way to read what nearly every file has, with one pattern and no parser.

Keys one a line; a value plain on its key's line, or the one line of a block scalar (`>-`) below it; mappings of such
keys, one level deep. That means the same to every YAML parser. Whatever else there is takes the careful way (`events`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql_api.kinds.plain import Plain

if TYPE_CHECKING:
    from graphql_api.reading.events import Path

_ENTRY = re.compile(
    r"""
    ([ ]{0,16}+)                       # 1: indentation
    ([A-Za-z_]\w{0,99}+) :             # 2: key
    (?:
      [ ] (?:
        >- \n ([ ]++) (\S .*+)         # 3, 4: a block scalar's indentation and its line
      | ([\w/-] [^\t\n:\#]*+)          # 5: a plain value, with the spaces after it
      )
    )?+
    \n++
  | (?s: .++)                          # anything else, to the end; no group holds it
    """,
    re.VERBOSE | re.ASCII,
)
_DIGITS = frozenset("0123456789")
_WORDS = frozenset(("true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL"))


def read_ordinary(text: str) -> dict[str, Any] | None:
    r"""Return the value of a YAML mapping, each of its lines ended; None if it is in any way not ordinary.

    Plain scalars that could be more than text are `Plain`, as those of `events` are.
    """
    found = _ENTRY.findall(text)
    if not found or not found[-1][1]:
        return None
    values: dict[str, Any] = {}
    mapping, mapping_indent, last = values, "", ""
    for indent, key, block_indent, line, plain in found:
        if not indent:
            mapping, last = values, key
        elif mapping is values:
            if values.get(last, "") is not None:
                return None
            mapping = values[last] = {}
            mapping_indent = indent
        elif indent != mapping_indent:
            return None
        value = line or (plain and _plain(plain)) or None
        if (value is None and plain) or (line and len(block_indent) <= len(indent)):
            return None
        mapping[key] = value
    # A key that is there twice has been written over.
    inner = sum([len(value) for value in values.values() if type(value) is dict])
    return values if len(values) + inner == len(found) else None


def _plain(text: str) -> str | None:
    """Return the value of a plain scalar; None for a dash that may begin a list."""
    if text[-1] == " ":
        text = text.rstrip(" ")
    first = text[0]
    if first in _DIGITS or (len(text) < 6 and text in _WORDS):  # noqa: PLR2004 - no word is longer
        return Plain(text)
    if first != "-":
        return text
    return Plain(text) if text[1:2] in _DIGITS else None


def lines_of_ordinary(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key in a text that `read_ordinary` reads."""
    lines: dict[Path, int] = {}
    line, above = 1, ""
    for match in _ENTRY.finditer(text):
        if match[1]:
            lines[above, match[2]] = line
        else:
            above = match[2]
            lines[above,] = line
        line += match[0].count("\n")
    return lines
