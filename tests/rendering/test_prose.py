"""The short way of rendering gives what the general way gives, or declines."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphql_api.rendering.escapes import undone_pieces
from graphql_api.rendering.latex_limits import LENGTH_MAX
from graphql_api.rendering.markdown import with_marks
from graphql_api.rendering.mathml import to_mathml
from graphql_api.rendering.prose import LISTS_MAX, Rendered, render_prose
from graphql_api.rendering.render import render_answer, render_any
from graphql_api.rendering.sanitize import is_clean_mathml, normal_mathml, sanitize
from graphql_api.rendering.writer import DEPTH_MAX

BLOCKS = (
    "\n",
    "\n\n",
    "\\n\\n",
    "- ",
    "1. ",
    "7) ",
    "> ",
    "# ",
    "### ",
    "  \n",
    "    ",
    "   - ",
    "---\n",
    "===\n",
    "\t",
)
INLINE = (
    "word",
    " ",
    "**",
    "*",
    "_",
    "__",
    "~~",
    "***",
    "a & b",
    "x > y",
    "é",
    '"',
    "'",
    "\\*",
    "\\",
    "\u2003",
    "\x0c",
)
FORMULAS = (
    "$x^2$",
    "$$a\\\\nb$$",
    "\\(y \\neq \\nu\\)",
    "$\\unknown$",
    "$26",
    "$\\text{a < b}$",
    "$\n$",
    "$\\mspace{2em}$",
)
UNUSUAL = (
    "<b>",
    "&amp;",
    "`c`",
    "[l](/u)",
    "\xa0",
    "\r",
    "\x0b",
    "\0",
    "| a |\n|---|\n",
    "www.a.b ",
    "https://a.b/c ",
    "a@b.c ",
    "{#x}",
    "[^a]",
    "> [!NOTE]\n",
    "$5 ",
    "\U000f0000",
    "\U000f00000\U000f0001",
)
answers = st.lists(st.sampled_from((*BLOCKS, *INLINE, *FORMULAS)), max_size=30).map("".join)
odd_answers = st.lists(st.sampled_from((*BLOCKS, *INLINE, *FORMULAS, *UNUSUAL)), max_size=12).map("".join)


def both_ways(source: str) -> tuple[Rendered | None, Rendered]:
    marked, formulas = with_marks(undone_pieces(source))
    return render_prose(marked, formulas), render_any(marked, formulas)


@settings(deadline=None, max_examples=500)
@given(st.one_of(answers, odd_answers, st.text(alphabet='$\\*_~#->+1. \n\tanx&;"|=', max_size=60)))
@example("- a\n  - b\n\n    # c\n\n3. d\n\n   > e  \n   > f **g *h***\n\n***\ni")
@example("> - \n> - a\n- \n")
@example("a\n\x0c")
@example("- a\n  \x0b\n  - b")
def test_both_ways_render_alike(source: str) -> None:
    """HTML, text and headings are equal to the byte, whatever the answer."""
    short, general = both_ways(source)
    assert short is None or short == general


@pytest.mark.parametrize(
    "source",
    [
        "",
        'One.\\n\\n**Two** *three* ~~four~~, "five" & 6 > 5.\\nSix.',
        "1. **One**: a\\n   - b\\n   - c\\n\\n2. **Two**: d\\n\\n> e\\n\\n---\\n\\n3. f  \\ng",
        "## Head *one*\\n\\na\\n\\n## Head one\\n\\n### $x^2$ & more\\n\\nb",
        "Let $x$ be $$\\frac{1}{2}$$ or \\(\\unknown\\), not $5.",
        "**a *b* ***",
        "> - " * (LISTS_MAX // 2) + "a",
    ],
)
def test_ordinary_answers_go_the_short_way(source: str) -> None:
    """Paragraphs, lists, quotes, headings, rules, emphasis and formulas need no general way."""
    short, general = both_ways(source)
    assert short == general


@pytest.mark.parametrize(
    "source",
    [
        "<b>a</b>",
        "&nbsp;",
        "a\xa0b",
        "a\n\x0c",
        "`a`",
        "[a](/b)",
        "see https://example.org/a",
        "see www.example.org",
        "write to a@b.example",
        "## a {#b}",
        "    code",
        "#\\n\\na",
        "a | b\\n--|--\\nc | d",
        "*a **b *c* d** e*",
        "> " * (LISTS_MAX + 1) + "a",
        "- \\n" * 100,
        "$\\n$",
        f"${'x' * (LENGTH_MAX + 1)}$",
    ],
)
def test_unusual_answers_are_declined(source: str) -> None:
    """What the short way was not made for takes the general one."""
    short, general = both_ways(source)
    assert short is None
    answer = render_answer(source)
    assert (answer.html, answer.text, answer.headings) == general[:3]


def test_what_the_short_way_takes_is_never_too_deep() -> None:
    """The deepest answer that it may take loses no element to the limit of the general way."""
    source = "- " * LISTS_MAX + "# **a *b* c**"
    short, general = both_ways(source)
    assert short == general
    assert 2 * LISTS_MAX + 3 <= DEPTH_MAX
    assert general.html.count("<li>") == LISTS_MAX
    assert "<em>b</em>" in general.html


@pytest.mark.parametrize(
    "latex",
    [
        "x",
        "a+b=(c)",
        "\\frac{\\sqrt{a}}{b_1^2}",
        "\\sum_{i=1}^n i",
        "a<b",
        "a\\quad b",
        "\\text{a\u00a0b}",
        "\\hat{a}\\mathrm{b}",
        "\\begin{pmatrix}a & b \\\\ c & d\\end{pmatrix}",
        "\\sin x \\to 0",
        "\\begin{align}a &= b\\end{align}",
        "\\color{red} x",
    ],
)
def test_clean_formulas_are_those_that_the_sanitizer_leaves_alone(latex: str) -> None:
    """A formula said to be clean is one that sanitizing would not change."""
    for is_block in (False, True):
        html = to_mathml(latex, is_block)
        assert html is not None
        assert not is_clean_mathml(normal_mathml(html)) or sanitize(html) == normal_mathml(html)


def test_most_formulas_are_clean() -> None:
    """The check is worth having: letters, numbers, operators and brackets pass it."""
    html = to_mathml("f(x) = \\frac{x^2}{2}", is_block=True)
    assert html is not None
    assert is_clean_mathml(html)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>a</p>",
        "<math><mi>a</mi></math><script>a</script>",
        "<math><mi onclick=a>a</mi></math>",
        "<math><mtext><img src=a></mtext></math>",
        "<math><mi>&#60;</mi></math>",
        "<math><mi>&quot;</mi></math>",
        '<math><mspace width="1em" onclick="a"></math>',
        '<math><mo stretchy="false" onclick="a">a</mo></math>',
        "<math><!-- a --></math>",
        "<math><mi>\0</mi></math>",
    ],
)
def test_nothing_else_is_clean(html: str) -> None:
    """Only MathML of tags and attributes named one by one passes."""
    assert not is_clean_mathml(html)
    assert re.search(r"script|onclick|!--", sanitize(html)) is None
