r"""Outline: the ordinary shape of front matter, line by line.

YAML parsers differ, and a fast one can be brought down by input that is no article at all. `is_plain` is a
whitelist: keys one a line, values on the key's line (plain, or quoted and closed there) or below it in a block scalar
that is indented throughout. Such text has no anchor, alias, tag, flow collection or sequence, and nests at most
17 levels, whatever its Markdown says; a fast parser may have it. All else takes the careful way (`events`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str, ...]
"""Where a value is: the keys that lead to it, outermost first."""

_ENTRY = r"""
(?P<indent>[ ]{0,16}+)
(?:
  (?P<key>[A-Za-z_][A-Za-z0-9_-]*+) :
  (?:
    [ ]++
    (?:
      [>|][+-]?+ [ ]*+ \n                        # a block scalar; its first line says how far it is indented
      (?P<inner>(?P=indent)[ ]++) [^\n]++ \n
      (?: (?P=inner)[^\n]*+\n | [ ]*+\n )*+
    | (?P<plain>
        (?: [^ \t\n\-?:,\[\]{}\#&*!|>'"%@`] | -(?=[^ \t\n\-?:,\[\]{}\#&*!|>'"%@`]) )
        (?: [^ \t\n:\#]++ | :(?=[^ \t\n]) | (?<=[^ \t\n])\# | [ ]++(?![\#\n]) )*+
      ) [ ]*+ \n
    | "(?: [^"\\\n] | \\[^\n] )*+" [ ]*+ \n
    | '(?: [^'\n] | '' )*+' [ ]*+ \n
    )
  | (?P<empty>[ ]*+) \n
  )
| (?: \#[^\n]*+ )?+ \n
)
"""
_ONE_ENTRY = re.compile(_ENTRY, re.VERBOSE)
# The outer repetition is not possessive: CPython 3.11 loses the spans of groups inside one that is.
_ALL_ENTRIES = re.compile(f"(?:{_ENTRY})*", re.VERBOSE)


class Entry(NamedTuple):
    """One key: where, on which line (from 1), and its value as written if that is a plain scalar; "" if empty."""

    path: Path
    line: int
    plain: str | None


def is_plain(text: str) -> bool:
    r"""Return whether front matter, which ends in "\n", has the ordinary shape."""
    return _ALL_ENTRIES.fullmatch(text) is not None


def entries(text: str) -> Iterator[Entry]:
    """Yield the keys of front matter that `is_plain`, in order."""
    line = 1
    above: list[tuple[int, str]] = []
    for match in _ONE_ENTRY.finditer(text):
        key = match["key"]
        if key is not None:
            indent = len(match["indent"])
            while above and above[-1][0] >= indent:
                above.pop()
            above.append((indent, key))
            yield Entry(tuple(name for _, name in above), line, _as_written(match))
        line += match[0].count("\n")


def _as_written(match: re.Match[str]) -> str | None:
    return match["plain"] if match["empty"] is None else ""
