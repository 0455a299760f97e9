"""One module says where text, code and formulas begin and end, and which formulas are converted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.rendering.formulas import Kind, split_pieces
from graphql_api.rendering.latex_limits import is_within_limits
from graphql_api.rendering.mathml import to_mathml


def kinds_and_texts(source: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in split_pieces(source) if piece.kind is not Kind.TEXT]


@pytest.mark.parametrize(
    ("source", "kind", "latex"),
    [
        ("a $x$ b", "INLINE", "x"),
        ("a $ R $ b", "INLINE", "R"),
        (r"a \( x + 1 \) b", "INLINE", "x + 1"),
        ("a $$x$$ b", "BLOCK", "x"),
        (r"a\n\[\nx\n\]", "BLOCK", r"\nx\n"),
        ("$5x$ apples", "INLINE", "5x"),
        ("$100$ apples", "INLINE", "100"),
        ("$1, 2, 3$", "INLINE", "1, 2, 3"),
        (r"$4x^2 \text{ for all } x$", "INLINE", r"4x^2 \text{ for all } x"),
        ("the $n$th", "INLINE", "n"),
        (r"\$5 and $x$", "INLINE", "x"),
        (r"\( a \( b \)", "INLINE", "b"),
        ("$$a $ b$$", "BLOCK", "a $ b"),
    ],
)
def test_formulas_are_found(source: str, kind: str, latex: str) -> None:
    """`$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`, padded or not."""
    formulas = [piece for piece in split_pieces(source) if piece.kind in {Kind.INLINE, Kind.BLOCK}]
    assert [(piece.kind.value, piece.latex) for piece in formulas] == [(kind, latex)]


@pytest.mark.parametrize(
    "source",
    [
        "It costs $26,000 here and $30,000 there.",
        "From $5 to 10$ or so.",
        "US$ 4.8 billion and US$ 5 billion",
        "about $5 million, and the rest in $ as well",
        "$5/month, or $50/year",
        "one $ alone",
        "$ $",
        "$$ $$",
        "$x\\n\\ny$",
        "$x $$ y",
        r"$a\n- item with $",
        "$home is where all these words stand$",
        r"\( never closed",
        r"$$ many words that stand here\n\nand some more of these words $$",
        "$x `code` y$ `z`",
    ],
)
def test_money_and_prose_stay_text(source: str) -> None:
    """A dollar sign is no delimiter where an amount, a sentence or nothing follows."""
    assert [kind for kind, _ in kinds_and_texts(source) if kind in {"INLINE", "BLOCK"}] == []


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("`$x$`", [("SPAN", "`$x$`")]),
        ("``a ` b`` c", [("SPAN", "``a ` b``")]),
        (r"a ` b\n\nc ` d", []),
        (r"\`a` b", []),
        (r"\\`a`", [("SPAN", "`a`")]),
        (r"```\n$x$\n```\n$y$", [("FENCE", r"```\n$x$\n```"), ("INLINE", "$y$")]),
        (r"- ```\n  a\n  ```", [("FENCE", r"```\n  a\n  ```")]),
        (r"````\n```\na\n````", [("FENCE", r"````\n```\na\n````")]),
        ("``` a ``` b", [("SPAN", "``` a ```")]),
        ("~~~ a ~~~\n$x$\n~~~", [("FENCE", "~~~ a ~~~\n$x$\n~~~")]),
        ("word ~~~ $x$", [("INLINE", "$x$")]),
        (r"```\nnever closed $x$", [("FENCE", r"```\nnever closed $x$")]),
        (" " * 80 + "```\na\n```", [("SPAN", "```\na\n```")]),
    ],
)
def test_code_comes_before_formulas(source: str, pieces: list[tuple[str, str]]) -> None:
    """CommonMark 4.5 and 6.1: a dollar sign in code is code."""
    assert kinds_and_texts(source) == pieces


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="$`~\\()[]{} n\n-1ax", max_size=60)))
def test_pieces_join_to_the_source(source: str) -> None:
    """Nothing is lost between the pieces, whatever the source."""
    assert "".join(piece.text for piece in split_pieces(source)) == source


@pytest.mark.parametrize(
    "latex",
    [
        "{" * 3_000 + "}" * 3_000,
        r"\frac{1}{" * 50 + "x" + "}" * 50,
        r"\sqrt" * 201,
        "x" * 4_001,
        "(" * 7,
        r"\langle x " * 7,
        r"\lfloor " * 7,
        "(&" * 7,
        r"({(}" * 7,
        r"\newcommand{\a}{x}\a",
        r"\def\a{\a\a}\a",
    ],
)
def test_formulas_over_a_limit_are_not_converted(latex: str) -> None:
    """What would cost the converter its stack or exponential time does not reach it."""
    assert not is_within_limits(latex)
    assert to_mathml(latex, is_block=False) is None


@pytest.mark.parametrize(
    "latex",
    [
        r"\left( \frac{(a+b)}{[c]} \right)",
        r"[0, 1) \cup (2, 3]",
        "}" * 5,
        r"\lim_{x \to \infty} \left\{ (x) \right\} \leq \ldots",
        r"\lambda \ll \ln x \lt 5 \land \lor \ltimes",
    ],
)
def test_ordinary_formulas_are_within_limits(latex: str) -> None:
    """Matched brackets and ordinary commands count for nothing."""
    assert is_within_limits(latex)
