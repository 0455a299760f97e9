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
    values: dict[str, Any] = {}
    mapping, mapping_indent, last = values, "", ""
    for indent, key, block_indent, line, plain in _ENTRY.findall(text):
        if not indent:
            mapping, last = values, key
        elif mapping is values and values.get(last, "") is None:
            mapping = values[last] = {}
            mapping_indent = indent
        elif mapping is values or indent != mapping_indent:
            return None
        if not key or key in mapping or (line and len(block_indent) <= len(indent)):
            return None
        if plain:
            value: str | None = plain.rstrip(" ")
            if plain[0] in _DIGITS or value in _WORDS:
                value = Plain(value)
            elif plain[0] == "-":  # a negative number, or the dash of a list
                if plain[1:2] not in _DIGITS:
                    return None
                value = Plain(value)
            mapping[key] = value
        else:
            mapping[key] = line or None
    return values or None


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
