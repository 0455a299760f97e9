"""MathML: LaTeX formulas converted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from math_core import LatexError, LatexToMathML

from graphql_api.records import Loss
from graphql_api.rendering.formulas import Kind, Piece
from graphql_api.rendering.latex_limits import is_within_limits
from graphql_api.rendering.latex_rewrite import rewritten
from graphql_api.rendering.mathml_effects import with_effects
from graphql_api.rendering.output import escaped
from graphql_api.rendering.readable import readable
from graphql_api.rendering.sanitize import is_clean_mathml, normal_mathml, sanitize

# Without `allow_unreliable_rendering` some wide accents are refused, because fonts show them in different ways.
_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=50, allow_unreliable_rendering=True)
GROWTH_MAX = 4  # times as long and deep as its author wrote it
# What the converter takes, and shows in another way than KaTeX.
_SHOWN_OTHERWISE = re.compile(r"\\\\|\\(?:(?:over|under)(?:line|bar)|newline)(?![A-Za-z])")


@lru_cache(maxsize=4_096)
def to_mathml(latex: str, is_block: bool) -> str | None:
    """Return one `math` element, or None if the formula cannot be converted within the limits. Never raises."""
    if not latex or not is_within_limits(latex):
        return None
    if _SHOWN_OTHERWISE.search(latex) is None:
        mathml = _converted(latex, is_block=is_block)
        if mathml is not None:
            return mathml
    source = rewritten(latex, is_block=is_block)
    if source is None or not is_within_limits(source.latex, GROWTH_MAX):
        return None
    mathml = _converted(source.latex, is_block=is_block)
    return with_effects(mathml, source.effects) if mathml is not None and source.effects else mathml


def _converted(latex: str, *, is_block: bool) -> str | None:
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=is_block)
    except (LatexError, UnicodeEncodeError):  # the latter for half of a surrogate pair
        return None


class Formula(NamedTuple):
    """A formula in every form.

    `html` is MathML, or code, delimiters included, if it cannot be converted; `clean` is the same, sanitised. `text` is
    what people would type, its source if it cannot be converted. `loss` is what is told then, None for any other.
    """

    latex: str
    html: str
    clean: str
    text: str
    loss: Loss | None


@lru_cache(maxsize=4_096)
def converted(piece: Piece) -> Formula:
    """Return a formula in every form. Never raises."""
    latex = piece.latex
    mathml = to_mathml.__wrapped__(latex, piece.kind is Kind.BLOCK)  # kept once is enough
    if mathml is not None:
        clean = normal_mathml(mathml)
        if not is_clean_mathml(clean):
            clean = sanitize(mathml)
        return Formula(latex, mathml, clean, readable(mathml), None)
    html = f'<code class="formula">{escaped(piece.text)}</code>'
    reason = "it has a command that is not known, or is not closed"
    sentence = f"The formula {piece.text[:80].strip()} is shown as its source: {reason}."
    return Formula(latex, html, sanitize(html), latex, Loss("FORMULA_AS_SOURCE", sentence, piece.text))
