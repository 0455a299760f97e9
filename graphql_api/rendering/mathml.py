"""MathML: LaTeX formulas converted."""

from __future__ import annotations

from functools import lru_cache

from math_core import LatexError, LatexToMathML

from graphql_api.rendering.formulas import Kind, Piece
from graphql_api.rendering.latex_limits import is_within_limits
from graphql_api.rendering.output import escaped

_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=50)


@lru_cache(maxsize=4_096)
def to_mathml(latex: str, is_block: bool) -> str | None:
    """Return one `math` element, or None if the formula cannot be converted within the limits. Never raises."""
    if not latex or not is_within_limits(latex):
        return None
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=is_block)
    except (LatexError, UnicodeEncodeError):  # the latter for half of a surrogate pair
        return None


def formula_html(formula: Piece) -> str:
    """Return a formula as MathML; as code, delimiters included, if it cannot be converted."""
    mathml = to_mathml(formula.latex, formula.kind is Kind.BLOCK)
    return mathml or f'<code class="formula">{escaped(formula.text)}</code>'
