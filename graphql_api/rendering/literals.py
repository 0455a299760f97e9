r"""String literals: which `\n` in code belongs to the code and which one ends a line.

Code of any language comes here, so only what languages share is used: a literal stands on one line, between two equal
quotes, and touches no word. Triple quotes hold lines. Linear in the length of the code.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"""
      \"{3} | '{3}                                                     # a triple quote
    | (?<![\w\\)\]])(?:[fFrRbBuUL]|[fFrRbB]{2}|u8)?                    # an apostrophe after a word opens nothing
      (?P<quote>["'`])(?:\\.|(?!(?P=quote))[^\\\n])*(?P=quote)(?![\w"'])  # a literal
    | \\n
    """,
    re.VERBOSE,
)
_ESCAPES_ALONE = re.compile(r"(?:\\.)+")


def undo_breaks_in_code(code: str) -> str:
    r"""Return the code with each `\n` as a line feed, save those that stand within a string literal."""
    if "\\n" not in code:
        return code
    return _QUOTED.sub(lambda match: "\n" if match[0] == "\\n" else match[0], code)


def undo_breaks_in_span(span: str) -> str:
    r"""Return a code span's content; one that is nothing but escapes, as in `\n`, is about them and stays."""
    return span if _ESCAPES_ALONE.fullmatch(span) else undo_breaks_in_code(span)
