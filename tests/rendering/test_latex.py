r"""LaTeX is read as KaTeX reads it, also where the converter has no word for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.rendering.latex_limits import is_within_limits
from graphql_api.rendering.latex_rewrite import rewritten
from graphql_api.rendering.mathml import to_mathml
from graphql_api.rendering.mathml_effects import Effect, with_effects
from graphql_api.rendering.readable import readable
from graphql_api.rendering.sanitize import sanitize

FUNCTIONS = Path(__file__).with_name("katex_functions.txt")
DOCUMENTED = Path(__file__).parents[2] / "docs" / "rendering.md"


def text_of(latex: str, *, is_block: bool = True) -> str:
    mathml = to_mathml(latex, is_block)
    assert mathml is not None, latex
    return readable(mathml)


def rows_of(latex: str, *, is_block: bool = True) -> int:
    mathml = to_mathml(latex, is_block)
    assert mathml is not None, latex
    return mathml.count("<mtr>")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("7 - 1 = 6 \\\\\n28 - 10 = 18", "7 − 1 = 6\n28 − 10 = 18"),
        (r"a = b \cr c = d", "a = b\nc = d"),
        (r"a = b \newline c = d", "a = b\nc = d"),
        (r"a = b \\* c = d", "a = b\nc = d"),
        (r"a = b \\[2pt] c = d", "a = b\nc = d"),
        (r"a = b \\[-0.5em] c = d \\", "a = b\nc = d"),
        (r"a &= b \\ &= c", "a = b\n= c"),
        (r"a = b \\ \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "a = b\n(1, 2; 3, 4)"),
        (r"x \\ [y]", "x\n[y]"),
        (r"x \\[y] z", "x\n[y]z"),
        (r"a \\", "a"),
        (r"\\ a", "a"),
        (r"\begin{aligned} a &= b \\[3mm] c &= d \\ \end{aligned}", "a = b\nc = d"),
    ],
)
def test_a_row_break_breaks_the_row(latex: str, text: str) -> None:
    r"""`\\`, `\cr` and `\newline` break the line outside an environment too; a distance behind one is no content."""
    assert text_of(latex) == text


@pytest.mark.parametrize(
    ("latex", "rows"),
    [
        (r"a \\ b", 2),
        (r"\left( a \\ b \right)", 2),
        (r"{a \\ b}", 2),
        (r"\begin{pmatrix} a \\ b \\ \end{pmatrix}", 2),
        (r"\begin{cases} a & b \cr c & d \end{cases}", 2),
        (r"\begin{array}{l} a \\ \hline b \\ \hline \end{array}", 3),
        (r"a \\", 0),
    ],
)
def test_rows_are_counted_as_written(latex: str, rows: int) -> None:
    """A last row with nothing in it is none; in inline formulas rows break as well."""
    assert rows_of(latex) == rows
    assert rows_of(latex, is_block=False) == rows


def test_distances_are_room() -> None:
    r"""`\\[1em]` sets the rows so far apart; nested tables have their own distances."""
    mathml = to_mathml(r"a \\[1em] \begin{matrix} b \\[2em] c \end{matrix} \\ d", is_block=True)
    assert mathml is not None
    assert re.findall(r"padding-top: ([\d.]+)em", mathml) == ["1.25", "2.25"]
    assert sanitize(mathml).count("padding-top") == 2


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\pi*r^2", "π * r²"),
        (r"\alpha *\beta", "α * β"),
        (r"\operatorname*{argmax}_x f", "argmaxₓ f"),
        (r"x = 5 \tag{1}", "x = 5 (1)"),
        (r"x = 5 \tag*{A}", "x = 5 A"),
        (r"\begin{align} a &= b \tag{2} \\ c &= d \notag \end{align}", "a = b (2)\nc = d"),
        (r"a = b \label{x} \nonumber", "a = b"),
        (r"\sum_{\substack{i<n \\ i \ne k}} d_i", "∑_(i<n;i≠k) dᵢ"),
        (r"\begin{split} a &= b \\ c &= d \end{split}", "a = b\nc = d"),
        (r"\begin{alignat}{2} a &= b \notag \\ c &= d \notag \end{alignat}", "a = b\nc = d"),
        (r"\begin{alignedat}{2} a &= b \\ c &= d \end{alignedat}", "a = b\nc = d"),
        (r"\left( \begin{smallmatrix} a & b \\ c & d \end{smallmatrix} \right)", "(a, b; c, d)"),
        (r"\begin{bmatrix*}[r] 0 & -1 \\ -1 & 0 \end{bmatrix*}", "[0, −1; −1, 0]"),
        (r"\text{if $x > 0$ and \(y\), then}", "if x > 0 and y, then"),
        (r"\textbf{a $x$}", "a x"),
        (r"\mbox{a b}\hbox{c}", "a bc"),
        (r"\large x + {\tiny y} z", "x + yz"),
        (r"\color{#00f} x \textcolor{#ff0000}{y}", "xy"),
        (r"\colorbox{red}{a $x$} \fcolorbox{red}{#fff}{b}", "a xb"),
        (r"{a \above{2pt} b}", "a/b"),
        (r"\mathop{x}\limits_a^b + \operatorname{y}\limits_c", "xₐᵇ + y_c"),
        (r"\char`a \char98 \char'143 \char" + '"64', "abcd"),
        (r"\verb|a_b|", "a_b"),
        (r"\href{https://example.org}{x} + \url{a_b}", "x + a_b"),
        (r"\smash[b]{x} \mathrlap{y}", "xy"),
        (r"a\hspace7ex b\mskip{18mu}c", "a b c"),
        ("a % a comment\n + b \\\\ c", "a + b\nc"),
        (r"\pmatrix{a & b \cr c & d}", "(a, b; c, d)"),
        (r"a \smallsetminus b \thickapprox c", "a ∖ b ≈ c"),
    ],
)
def test_what_katex_renders_is_rendered(latex: str, text: str) -> None:
    """Commands and environments that the converter lacks are said in its own."""
    assert text_of(latex) == text


def test_lines_reach_over_all_that_they_cover() -> None:
    r"""`\overline` and `\underline` are borders, which need no math font to be as wide as what they cover."""
    for latex, side in ((r"\overline{AB}", "top"), (r"\underline{a + b}", "bottom")):
        html = sanitize(to_mathml(latex, is_block=False) or "")
        assert re.search(rf'<mrow style="border-{side}:[\d.]+em solid;?\s*padding-{side}:[\d.]+em', html), html
        assert "\u0332" not in html


def test_sizes_are_katexs() -> None:
    """A size holds to the end of its group, in em."""
    mathml = to_mathml(r"{\Large a} b \tiny c", is_block=False) or ""
    assert re.findall(r'font-size:([\d.]+)em">(?:<mi>)(\w)', mathml) == [("1.44", "a"), ("0.5", "c")]


def test_small_tables_are_of_an_index_size() -> None:
    r"""`\substack` and `smallmatrix` are smaller than what stands around them."""
    for latex in (r"\sum_{\substack{a \\ b}}", r"\begin{smallmatrix} a \\ b \end{smallmatrix}"):
        assert 'scriptlevel="1"' in (to_mathml(latex, is_block=True) or "")


@pytest.mark.parametrize(
    "latex",
    [
        " + ".join([r"\left(x\right)"] * 20),
        " + ".join([r"\left[x\right)"] * 20),
        " + ".join([r"\left\{x\right."] * 20),
        r"\llbracket x \rrbracket" * 20,
        r"\lBrace x \rBrace \lparen y \rparen" * 10,
        r"\left. x \right|" * 20,
        r"\LARGE x" * 20,
        "]0,1[ " * 20,
    ],
)
def test_closed_brackets_count_for_nothing(latex: str) -> None:
    r"""The bound of open brackets counts none that `\right` or its own partner closes."""
    assert is_within_limits(latex)


@pytest.mark.parametrize("latex", [r"\left( ( \right)" * 7, "( " * 7, r"\left[ \langle \right]" * 7])
def test_open_brackets_within_others_still_count(latex: str) -> None:
    r"""`\right` closes its own bracket and no other."""
    assert not is_within_limits(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{pmatrix*}[x] a \end{pmatrix*}",
        r"\begin{split} a \end{aligned}",
        r"\left( a",
        r"a } \\ b",
        r"\text{$x}",
        r"\colorbox{url(x)}{a}",
        r"\rule{1}{2}",
        r"\hspace{",
        r"\char" + '"110000',
        r"\verb|x",
        r"\above",
        r"\ce{A",
        r"\tag",
    ],
)
def test_what_is_not_well_formed_stays_source(latex: str) -> None:
    """Whatever is missing, nothing raises and there is no half a formula."""
    assert to_mathml(latex, is_block=True) is None


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"{}[]()$&^_*%ab1 \n", *FUNCTIONS.read_text(encoding="utf-8").split()[::7], r"\\", r"\left(", r"\right)"]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_latex_is_rewritten_or_refused(latex: str) -> None:
    """Nothing raises; what is rewritten has its groups closed."""
    source = rewritten(latex, is_block=True)
    if source is not None:
        to_mathml(latex, is_block=True)
        assert all(isinstance(effect, Effect) for effect in source.effects)


def test_an_authors_own_colour_is_no_effect() -> None:
    """A colour that no effect has is a colour."""
    assert with_effects('<mrow style="color:#01FE05;">', [Effect("a")]) == '<mrow style="color:#01FE05;">'


def test_katexs_documented_functions_are_rendered() -> None:
    """Of the examples in KaTeX's table of functions at least 97 in 100 convert; the docs name the others."""
    examples = FUNCTIONS.read_text(encoding="utf-8").splitlines()
    refused = [latex for latex in examples if to_mathml(latex, is_block=True) is None]
    assert len(refused) <= 0.03 * len(examples)
    documented = DOCUMENTED.read_text(encoding="utf-8")
    for latex in refused:
        names = re.findall(
            r"\\(?:[egx]?def|global|(?:new|provide|renew)command|includegraphics|textcircled)\b|\{CD\}", latex
        )
        assert names, latex
        assert all(f"`{name}`" in documented for name in names), names
