"""Hints: what most probably mends a text that is no YAML, by what authors do mostly.

The parser tells where it gives up, which is often lines below the mistake, and in words for programmers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import yaml

COLON: Final = "Mend it; a text with a colon in it needs quotes."
START: Final = "Mend it; a text that begins with {} needs quotes."
ONE_DOCUMENT: Final = "Mend it; only one can be read: make files of the others."
_TAB = "Mend it; YAML takes no tabs there: indent with spaces."
_WITHIN = 'Mend it; a " within a text in quotes needs a \\ before it.'
_APOSTROPHE = "Mend it; write an apostrophe twice within '…', or put the text in \"…\"."
_OPEN = "Mend it; the {} that opens on this line is not closed."
_ITEM = "Mend it; an item of a list needs a space behind its -."
_NO_KEY = "Mend it; the line has no `key:`. Further lines of a text are indented."
_COLUMN = "Mend it; keys of one level begin in the same column."
_MERGE = "Mend it; a merge has left both sides in the file: keep one, and take its marks out."
_OTHER = "Mend it; a text with signs of YAML in it needs quotes."

_MERGE_MARK = re.compile("^<<<<<<<", re.MULTILINE)
_KEY = r"[ ]*+(?:-[ ]++)*+(?:[^\s:#\"'][^:\n]*+:[ ]++)?+"
_VALUE_START = re.compile(_KEY + r"([@`%*&!|>\[{])")
_QUOTED = re.compile(rf"^{_KEY}(?:\"(?:[^\"\\]|\\.)*+(\")|'(?:[^']|'')*+('))[ ]*+", re.MULTILINE | re.DOTALL)
_BARE_ITEM = re.compile(r"[ ]*+-[^\s-]")
_UNCLOSED = ("a quoted scalar", "a flow sequence", "a flow mapping")
_BEGUN_ABOVE = (*_UNCLOSED, "a simple key", "an alias", "an anchor", "a tag")
"""What the parser was about where the mistake is at its beginning, not where the parser gives up."""


class Hint(NamedTuple):
    """The line of the mistake, from 0, and what to do."""

    line: int
    remedy: str


def hint(text: str, reason: str, cause: yaml.MarkedYAMLError) -> Hint | None:
    """Return where a text that the parser refuses for `reason` is wrong, and what mends it; None without a place."""
    mark, context = cause.problem_mark or cause.context_mark, cause.context or ""
    if mark is None:
        return None
    merge = _MERGE_MARK.search(text)
    if merge:
        return Hint(text.count("\n", 0, merge.start()), _MERGE)
    if cause.context_mark and context.endswith(_BEGUN_ABOVE):
        mark = cause.context_mark
    quoted = _quoted_before(text, mark.index) if "expected" in reason else None
    if quoted:
        return Hint(*quoted)
    return Hint(mark.line, _remedy(text, mark.index, reason, context))


def _quoted_before(text: str, index: int) -> tuple[int, str] | None:
    """Return the line of the text in quotes that ends too early, just before an index, and what mends it."""
    for found in _QUOTED.finditer(text):
        if found.end() == index:
            opening = text.count("\n", 0, found.start())
            sign = found[1] or found[2]
            if "\n" in found[0]:
                return opening, _OPEN.format(sign)
            return opening, _WITHIN if sign == '"' else _APOSTROPHE
    return None


def _remedy(text: str, index: int, reason: str, context: str) -> str:
    sign = text[index : index + 1]
    line_start = text.rfind("\n", 0, index) + 1
    line = text[line_start:].split("\n", 1)[0]
    value = _VALUE_START.match(line)
    if sign == "\t":
        return _TAB
    if context.endswith(_UNCLOSED):
        return _OPEN.format(sign)
    if value and "mapping values" not in reason:
        return START.format(value[1])
    if "':'" in reason:
        return _ITEM if _BARE_ITEM.match(line) else _NO_KEY
    above = text[:line_start].rstrip().rpartition("\n")[2]
    is_alone = line.count(": ") + line.endswith(":") == 1
    if _indentation(line) != _indentation(above) and is_alone and above:
        return _COLUMN
    return COLON if ": " in line else _OTHER


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
