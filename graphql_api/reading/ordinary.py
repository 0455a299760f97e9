"""Ordinary front matter: the short way to read what nearly every seed has, with one pattern and no parser.

Keys one a line; a value plain on its key's line, or the one line of a block scalar (`>-`) below it; mappings of such
keys, one level deep. That is part of what `outline` vouches for, and means the same to every YAML parser.
"""

from __future__ import annotations

import re
from typing import Any, Final

TYPED_KEYS: Final = frozenset(("id", "score", "no_index"))
"""The keys whose plain values are numbers and Booleans. Every other plain value is the text as written."""

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
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_BOOLEANS = {"true": True, "false": False}


def read_ordinary(text: str) -> dict[str, Any] | None:
    r"""Return the value of front matter, each of its lines ended; None if it is in any way not ordinary."""
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
        value: object = plain.rstrip(" ") or line or None
        if plain and (key in TYPED_KEYS or plain[0] == "-"):
            value = _typed(key, plain.rstrip(" "))
            if value is None:
                return None
        mapping[key] = value
    return values or None


def _typed(key: str, plain: str) -> float | bool | None:
    """Return a number or a Boolean written in the usual way; None for others, and for a dash that may begin a list."""
    if key not in TYPED_KEYS:
        return None
    if _INTEGER.fullmatch(plain):
        return int(plain)
    return float(plain) if _DECIMAL.fullmatch(plain) else _BOOLEANS.get(plain)
