r"""MathML: LaTeX formulas converted, within limits that keep the converter's stack and time bounded.

The converter recurses once for each nested group or command and would end the process on 4,000 of them, so a formula
over a limit is not given to it. No formula of an ordinary article comes near one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from math_core import LatexError, LatexToMathML

LENGTH_MAX = 4_000  # characters; real formulas have 400 at most
DEPTH_MAX = 40  # brackets of any kind within brackets
COMMANDS_MAX = 200  # commands, each of which may take the next one as its argument
_CACHED_FORMULAS = 4_096

_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=50)
_DEFINITION = re.compile(r"\\(?:re|provide)?(?:newcommand|new|def|let|gdef|edef|xdef|DeclareMathOperator|command)\b")
_BRACKET = re.compile(r"[(\[{}\])]")


@lru_cache(maxsize=_CACHED_FORMULAS)
def to_mathml(latex: str, *, is_block: bool) -> str | None:
    """Return one `math` element, or None if the formula cannot be converted. Never raises."""
    if not latex or not is_within_limits(latex):
        return None
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=is_block)
    except LatexError:
        return None


def is_within_limits(latex: str) -> bool:
    """Say whether the converter may have this formula: short, flat, and without macros of its own."""
    if len(latex) > LENGTH_MAX or latex.count("\\") > COMMANDS_MAX or _DEFINITION.search(latex):
        return False
    return _depth(latex) <= DEPTH_MAX


def _depth(latex: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(latex):
        depth = depth + 1 if bracket in "({[" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest
