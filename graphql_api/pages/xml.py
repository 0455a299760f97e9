"""XML: texts that stand in it safely."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What XML 1.0 has no way to write, or asks not to (section 2.2)."""


_SPECIAL: Final = re.compile("[^ !#-%'-;=?-~\u00a0-\ud7ff]")


def text(value: str) -> str:
    """Return a text for the content of an element or for an attribute in double quotes."""
    if not _SPECIAL.search(value):
        return value
    return escape(_NOT_IN_XML.sub("", value), {'"': "&quot;"})


def element(name: str, value: str, attributes: str = "") -> str:
    """Return an element that holds a text."""
    return f"<{name}{attributes}>{text(value)}</{name}>\n"
