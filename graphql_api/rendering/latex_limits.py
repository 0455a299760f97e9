r"""Limits: which formulas the MathML converter may have.

The converter (math-core 0.9) recurses once for each nested group or command and ends the process on 4,000 of them, and
its time doubles with each opening bracket that is never closed. A formula over a limit is shown as its source.
No formula of an ordinary article comes near one.
"""

from __future__ import annotations

import re

LENGTH_MAX = 4_000  # characters; the longest of some 20,000 real formulas has 365
COMMANDS_MAX = 200  # backslashes; each command may take the next one as its argument; real formulas have 53 at most
DEPTH_MAX = 40  # groups within groups
UNCLOSED_MAX = 6  # brackets opened and not closed in the same group, row and cell

_DEFINITION = re.compile(
    r"\\(?:(?:new|renew|provide)(?:command|environment)|DeclareMathOperator|[egx]?def|let)(?![A-Za-z])",
)
_NESTING = "{([\\"
_STRUCTURE = re.compile(
    r"""
      (?P<enter>\{|\\begin(?![A-Za-z])|\\left(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|[^\\{}])?)  # its bracket is closed
    | (?P<leave>\}|\\end(?![A-Za-z])|\\right(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|[^\\{}])?)
    | (?P<next>&|\\\\)
    | (?P<close>[)\]⟩⌋⌉]|\\\}|\\[ul]rcorner
        |\\r(?:brace|brack|Brace|rbracket|angle|ang|paren|floor|ceil|group|moustache|vert|Vert)(?![A-Za-z]))
    | (?P<open>[(\[⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼]|\\\{|\\ulcorner
        |\\[lL](?!e|i|n|o|a(?!ng)|dots|hd|times|l(?![A-Za-z])|t(?![A-Za-z])|ARGE|leftarrow|q(?![A-Za-z])|sh|sim)[A-Za-z]+)
    | \\(?:[A-Za-z]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def is_within_limits(latex: str, growth: int = 1) -> bool:
    """Say whether the converter's stack and time stay bounded for this formula; linear in its length.

    `growth` is how many times as long and deep a formula may be that we made longer ourselves.
    """
    if len(latex) > LENGTH_MAX * growth or latex.count("\\") > COMMANDS_MAX * growth or _DEFINITION.search(latex):
        return False
    if latex.isascii() and sum(map(latex.count, _NESTING)) <= UNCLOSED_MAX:
        return True  # too few to be deep or open, however they stand; most formulas
    depth_most, unclosed = _measured(latex)
    return depth_most <= DEPTH_MAX * growth and unclosed <= UNCLOSED_MAX


def _measured(latex: str) -> tuple[int, int]:
    """Return how deep groups and brackets nest, and how many brackets stay open where they were opened."""
    open_brackets = [0]
    depth_most = depth = unclosed = 0
    for match in _STRUCTURE.finditer(latex):
        role = match.lastgroup
        if role in {"enter", "open"}:
            depth += 1
            depth_most = max(depth_most, depth)
        elif role in {"leave", "close"}:
            depth = max(depth - 1, 0)
        if role == "enter":
            open_brackets.append(0)
        elif role == "leave":
            unclosed += open_brackets.pop()
            open_brackets = open_brackets or [0]
        elif role == "next":
            unclosed += open_brackets[-1]
            open_brackets[-1] = 0
        elif role == "open":
            open_brackets[-1] += 1
        elif role == "close":
            open_brackets[-1] = max(open_brackets[-1] - 1, 0)
    return depth_most, unclosed + sum(open_brackets)
