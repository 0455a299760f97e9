"""A dollar sign opens a formula where pandoc and GitHub say so, and never goes from one cell of a table to another."""

from __future__ import annotations

import pytest

from graphql_api.rendering.formulas import Kind, split_pieces
from graphql_api.rendering.render import render_answers

MONEY = [
    "It costs 5$/month or 10$/year.",
    "US$5 or US$10",
    "C$5 and A$10",
    "AU$ and US$",
    "from 5 $ to 10 $",
    "about 5 $ – 10 $",
    "5 $, 6 $, 7 $",
    "5$ or 10$",
    "10$-20$",
    "5$,10$",
    "1,000$ – 2,000$",
    "$5 or €5 or 5$",
    "It is $5–$10",
    "$100k/$200k",
    "$10 (about 10 $)",
    "cost $5, $10, or $15",
    "price: 5$; was: 7$",
    "$n items at $5 each",
    "Price: $$ – $$$",
    "$$5 and $$6",
    "save $$ and time $$ today",
]
SIGNS = [
    "in $ or in $/kg",
    "price in $, weight in $/kg",
    "($/kg) vs ($/lb)",
    "Money ($) and ($)",
    'a "$" sign and another "$"',
    "the $ sign and the $ symbol",
    "a$b$c",
]
VARIABLES = [
    "Set $a = 1 and $b = 2 before.",
    "Use $HOME and $PATH",
    "export PATH=$HOME/bin:$PATH",
    "$HOME$PATH",
    "$foo, $bar",
    "$a,$b",
    "$foo.$bar",
    "$x+$y",
    "$foo->bar and $baz->qux",
    "$user->name = $other->name",
    "$x = $y + $z;",
    "$total = $price * $quantity",
    "echo $i; echo $j",
    "for $i in $(seq 1 5)",
    "$(pwd)/$(whoami)",
    "$env:PATH and $env:HOME",
    '$_GET["a"] and $_POST["b"]',
    "$1 and $2",
    "$@ and $#",
    "kill $$ and $$",
    'echo "$USER@$HOST"',
    "'$a' '$b'",
]
TEMPLATES = [
    "Use ${name} and ${value} in it.",
    "${name}-${value}",
    '"${a}" "${b}"',
    "{{$name}} and {{$value}}",
    "<%= $a %> and <%= $b %>",
]
REGULAR_EXPRESSIONS = [
    "^abc$ and ^def$",
    "[a-z]+$ or \\d+$",
    "a*$ and b*$",
    "/foo$/ and /bar$/",
    "^\\d+$ and ^\\w+$",
    "\\.js$|\\.ts$",
    "^a$|^b$",
]
TABLES = [
    "| Cost ($) | Revenue ($) |\n|---|---|\n| 5 | 6 |",
    "| Variable | Default |\n|---|---|\n| $HOME | $PATH |",
    "| $a | b | $c |\n|--|--|--|\n| $x | y | $z |",
    "| Expression | Meaning |\n|---|---|\n| ^a$ | starts |\n| b$ | ends |",
    "a | b\n--|--\n$x | y\nz | w$",
    "> | $a | $b |\n> |---|---|\n> | 1 | 2 |",
    "| a | b |\n|---|---|\n| $$ | $$ |",
    "| a | b |\n|---|---|\n| \\( | \\) |",
]


def formulas_of(source: str, *, escapes: bool = True) -> list[str]:
    pieces = split_pieces(source, escapes=escapes)
    return [piece.text for piece in pieces if piece.kind in {Kind.INLINE, Kind.BLOCK}]


@pytest.mark.parametrize("source", [*MONEY, *SIGNS, *VARIABLES, *TEMPLATES, *REGULAR_EXPRESSIONS, *TABLES])
def test_dollar_signs_that_open_no_formula_stay_text(source: str) -> None:
    """Prices on either side, variables, templates, regular expressions and signs alone are shown as they are."""
    assert formulas_of(source) == []
    assert formulas_of(source.replace("\n", "\\n")) == []


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        ("The price is $5, $x$ is the number sold.", ["$x$"]),
        ("It costs $5 (or $x$ in general)", ["$x$"]),
        ("where $x_1$ and $x_2$, or $y$.", ["$x_1$", "$x_2$", "$y$"]),
        ("the $n$th, $k$-means, $x$s", ["$n$", "$k$", "$x$"]),
        ("2$\\pi$ and H$_2$O and x$^2$ and 10$^{-3}$", ["$\\pi$", "$_2$", "$^2$", "$^{-3}$"]),
        ('($x$) "$x$" **$a+b$** –$x$–', ["$x$", "$x$", "$a+b$", "$x$"]),
        ("$f$($x$) and $x$/$y$ and $a$:$b$", ["$f$", "$x$", "$x$", "$y$", "$a$", "$b$"]),
        ("$]0,1[$ and $\\{a\\}$ and $5$ and $20\\%$", ["$]0,1[$", "$\\{a\\}$", "$5$", "$20\\%$"]),
        ("$ xRy $ and $ ! $ and $ \\neg p $", ["$ xRy $", "$ ! $", "$ \\neg p $"]),
        ("$a \\text{ if $b$ and $c$}$.", ["$a \\text{ if $b$ and $c$}$"]),
        ("$\\ce{NO_$x$}$ and $y$", ["$\\ce{NO_$x$}$", "$y$"]),
        ("| $|x|$ | b |\n|---|---|\n| $a$ | $|b|$ |", ["$|x|$", "$a$", "$|b|$"]),
        ("| $ \\neg p $ | $x$ |\n|---|---|\n| $a$ | b |", ["$ \\neg p $", "$x$", "$a$"]),
        ("| a | b |\n|---|---|\n\n$x | y$", ["$x | y$"]),
        ("cost in $\n\n$x$", ["$x$"]),
    ],
)
def test_formulas_beside_other_dollar_signs_are_found(source: str, formulas: list[str]) -> None:
    """What touches its dollar signs from inside, and no word from outside, is a formula; so is a padded one."""
    assert formulas_of(source) == formulas


def test_tables_keep_their_cells() -> None:
    """A table with dollar signs in its cells is a table."""
    [answer] = render_answers(["| Cost ($) | Revenue ($) |\n|---|---|\n| $HOME | $PATH |"], [False])
    assert answer.text == "Cost ($) | Revenue ($)\n$HOME | $PATH"


@pytest.mark.parametrize(
    ("source", "mathml", "text"),
    [
        ("> a\n>\n> $$\n> x > 9\n> $$\n>\n> b", "<mi>x</mi><mo>&gt;</mo><mn>9</mn>", "a\n\nx > 9\n\nb"),
        ("> - a $x +\n>   y$", "<mi>x</mi><mo>+</mo><mi>y</mi>", "a x + y"),
        ("> > \\[\n> > a\n> > \\]", "<mi>a</mi>", "a"),
        ("> $$x\n> > y$$", "<mi>x</mi><mo>&gt;</mo><mi>y</mi>", "x > y"),
        ("- a\n\n  $$\n  b +\n  c\n  $$", "<mi>b</mi><mo>+</mo><mi>c</mi>", "a\n\nb + c"),
    ],
)
def test_marks_of_quotes_and_lists_are_no_part_of_a_formula(source: str, mathml: str, text: str) -> None:
    """A formula over several lines of a quote or a list item has neither the ">" nor the indentation."""
    for answer in render_answers([source, source.replace("\n", "\\n")], [False, True]):
        assert f">{mathml}</math>" in answer.html
        assert answer.text == text
