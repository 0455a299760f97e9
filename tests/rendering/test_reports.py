"""What people have reported of renderers, one by one, each with others of its kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graphql_api.rendering.render import render_answers

if TYPE_CHECKING:
    from graphql_api.records import Answer


def rendered(body: str) -> Answer:
    """Return a body, in which nothing is escaped, rendered."""
    [answer] = render_answers([body], [False])
    return answer


def formulas(html: str) -> int:
    """Return how many formulas are in HTML, all of them converted."""
    assert 'class="formula"' not in html
    return html.count("<math")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("$$3 + 4 = 7 \\\\\n8 - 2 = 6$$", "3 + 4 = 7\n8 − 2 = 6", id="row-break"),
        pytest.param(r"$$a \\[1em] b \\ c$$", "a\nb\nc", id="distances"),
        pytest.param(r"$$a \cr b \newline c$$", "a\nb\nc", id="other-commands"),
        pytest.param(r"$$\begin{cases} a \\ b \end{cases} \\ c$$", "{a; b\nc", id="beside-an-environment"),
        pytest.param(r"$a \\ b$", "a; b", id="within-a-line"),
        pytest.param(r"$$\left( a \\ b \right)$$", "(a; b)", id="within-brackets"),
        pytest.param(r"$$a \\$$", "a", id="nothing-behind-it"),
        pytest.param("$" + r"\left(y\right)" * 7 + "$", "(y)" * 7, id="left-right-seven"),
        pytest.param("$" + r"\left[y\right]" * 9 + "$", "[y]" * 9, id="square-brackets"),
        pytest.param("$" + r"\left<y\right>" * 3 + "$", "⟨y⟩" * 3, id="angles"),
        pytest.param("$" + r"\bigl(y\bigr)" * 9 + "$", "(y)" * 9, id="sizes"),
        pytest.param("$" + r"\left(" * 7 + "y" + r"\right)" * 7 + "$", "(" * 7 + "y" + ")" * 7, id="nested"),
        pytest.param(r"$\frac{a+b}{2}$ $\frac{-1}{2}$ $\frac{x}{a-b}$", "(a+b)/2 −1/2 x/(a−b)", id="fractions"),
        pytest.param(r"$\left.y\right|_0^1$", "y|₀¹", id="one-side"),
        pytest.param(r"Length $\tau*s^2$.", "Length τ * s².", id="star-behind-a-command"),
        pytest.param(r"$\alpha* \times*2$", "α * × * 2", id="others"),
        pytest.param(r"$\operatorname*{argmax}_x f$", "argmaxₓ f", id="a-star-of-the-command"),
        pytest.param(r"$$y = 7 \tag{4}$$", "y = 7 (4)", id="tag"),
        pytest.param(r"$$y \tag*{A}$$", "y A", id="tag-without-brackets"),
        pytest.param(r"$$\begin{align}a&=b\tag{7}\end{align}$$", "a = b (7)", id="tag-in-an-environment"),
        pytest.param(r"$y \tag{1}$", "y (1)", id="tag-within-a-line"),
        pytest.param(r"$$\sum_{\substack{j<m \\ j \ne p}} u_j$$", "∑_(j<m;j≠p) uⱼ", id="substack"),
        pytest.param(r"$\max_{\substack{a\\b}}$", "max_(a;b)", id="of-a-function"),
        pytest.param(r"$\prod_{p\text{ prime}}$", "∏_(p prime)", id="words"),
        pytest.param(r"$$\begin{split}p&=q\\r&=s\end{split}$$", "p = q\nr = s", id="split"),
        pytest.param(r"$$\begin{alignat*}{2}p&=q\\r&=s\end{alignat*}$$", "p = q\nr = s", id="alignat"),
        pytest.param(r"$\begin{smallmatrix}p&q\\r&s\end{smallmatrix}$", "p, q; r, s", id="smallmatrix"),
        pytest.param(r"$$\begin{gather*}p\\q\end{gather*}$$", "p\nq", id="gather"),
        pytest.param(r"$$\begin{eqnarray*}p&=&q\end{eqnarray*}$$", "p = q", id="eqnarray"),
        pytest.param(r"$$\begin{array}{c|c}p&q\\\hline r&s\end{array}$$", "p, q; r, s", id="lines-of-an-array"),
        pytest.param(r"$\ce{CO2}$", "CO₂", id="ce"),
        pytest.param(r"$\ce{SO4^2-}$ and $\ce{^{14}_6C}$", "SO₄²⁻ and ¹⁴₆C", id="charges-and-isotopes"),
        pytest.param(r"$\ce{2H2 + O2 -> 2H2O}$", "2 H₂ + O₂ → 2 H₂O", id="reactions"),
        pytest.param(r"$\pu{5 m s-2}$", "5 m s⁻²", id="units"),
        pytest.param("> Take\n>\n> $$\n> u^2 = 1\n> $$\n>\n> now.", "Take\n\nu² = 1\n\nnow.", id="quote-math"),
        pytest.param("> > $$\n> > u\n> > $$", "u", id="quote-in-a-quote"),
        pytest.param("- $$\n  u\n  $$", "u", id="in-a-list"),
        pytest.param("> $u\n> +v$", "u + v", id="within-a-line"),
        pytest.param("> $u >\n> v$", "u > v", id="a-relation-stays"),
    ],
)  # fmt: skip
def test_formulas_read_as_they_are_meant(body: str, text: str) -> None:
    """Rows, brackets, stars, tags, environments, chemistry, quotes: converted, and readable as plain text."""
    answer = rendered(body)
    assert formulas(answer.html)
    assert answer.text == text
    assert answer.losses == ()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("It costs 7$/week or 70$/year.", id="suffix-dollar"),
        pytest.param("It costs 7 $ a week or 70 $ a year.", id="with-a-blank"),
        pytest.param("Between 7$ and 9$.", id="range"),
        pytest.param("Let $x = 4 and $y = 5 at first.", id="php-vars"),
        pytest.param("Both $_GET and $_POST, $this->a and $that->b", id="others-of-php"),
        pytest.param("Say $HOME/bin:$PATH; then $FOO=$BAR", id="shell"),
        pytest.param('Join "$a" . "$b" now.', id="in-quotes"),
        pytest.param("Put ${first} and ${last} here.", id="template"),
        pytest.param("Put {{ $first }} and {{ $last }} here.", id="others"),
        pytest.param("Put #{$first} and #{$last} here.", id="sass"),
        pytest.param(r"Match ^\d+$ and ^\w+$ only.", id="regular-expressions"),
        pytest.param("Cost ($) and gain ($)", id="signs-in-brackets"),
        pytest.param("US$ 5 and A$ 7, $5m and $6bn, $1,000.50 to $2,000", id="money"),
    ],
)
def test_dollar_signs_that_open_nothing_stay(body: str) -> None:
    """Prices behind and before the amount, variables, templates, regular expressions."""
    answer = rendered(body)
    assert formulas(answer.html) == 0
    assert answer.text == body


@pytest.mark.parametrize(
    ("body", "cells"),
    [
        pytest.param("| In ($) | Out ($) |\n|---|---|\n| 1 | 2 |", ["In ($)", "Out ($)", "1", "2"], id="paren-dollar"),
        pytest.param("| Name | Is |\n|---|---|\n| $USER | $SHELL |", ["Name", "Is", "$USER", "$SHELL"], id="var-table"),
        pytest.param("| a | b |\n|---|---|\n| $5 | $6 |", ["a", "b", "$5", "$6"], id="money"),
        pytest.param("a $ | b $\n--|--\n1 | 2", ["a $", "b $", "1", "2"], id="without-outer-borders"),
    ],
)  # fmt: skip
def test_no_formula_crosses_a_cell(body: str, cells: list[str]) -> None:
    """The table keeps its cells, and what is in them."""
    assert re.findall(r"<t[dh]>([^<]*)</t[dh]>", rendered(body).html) == cells


@pytest.mark.parametrize(
    ("body", "text", "count"),
    [
        pytest.param("It is $7, $y$ of them.", "It is $7, y of them.", 1, id="number-comma"),
        pytest.param("It is $7 and $y$ and $8.", "It is $7 and y and $8.", 1, id="on-both-sides"),
        pytest.param("A $20 bill, $x=3$, and $30.", "A $20 bill, x = 3, and $30.", 1, id="with-a-relation"),
        pytest.param("$n$-th, ($m$), $k$'s", "n-th, (m), k's", 3, id="signs-at-formulas"),
        pytest.param(r"$\$5$ and $10\%$", "$5 and 10%", 2, id="amounts-as-formulas"),
    ],
)
def test_formulas_stand_beside_prices(body: str, text: str, count: int) -> None:
    """What has a blank before it and a word behind it opens."""
    answer = rendered(body)
    assert (answer.text, formulas(answer.html)) == (text, count)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        pytest.param("It prints `Bye\\nthen`.", "<code>Bye\\nthen</code>", id="body-escape"),
        pytest.param("It prints ``a\\tb``.", "<code>a\\tb</code>", id="tab"),
        pytest.param("<pre>a\\nb</pre>", "<pre>a\\nb</pre>", id="raw-code"),
        pytest.param('```\nprint("a\\nb")\n```', 'print("a\\nb")', id="fence"),
        pytest.param("C:\\new\\table", "C:\\new\\table", id="text"),
    ],
)
def test_a_body_has_no_escapes(body: str, html: str) -> None:
    """Its line breaks are real, so a backslash and an n are what its author typed."""
    assert html in rendered(body).html


@pytest.mark.parametrize(
    ("body", "target"),
    [
        pytest.param("[go](#salt--pepper)\n\n## Salt & Pepper", "h-salt--pepper", id="inpage-heading"),
        pytest.param("[go](#Salt)\n\n## Salt", "h-salt", id="in-capitals"),
        pytest.param("[go](#salt-1)\n\n## Salt\n\n## Salt", "h-salt-1", id="the-second-one"),
        pytest.param("[go](#%C3%B6l)\n\n## Öl", "h-öl", id="encoded"),
        pytest.param("<a href='#salt'>go</a>\n\n## Salt", "h-salt", id="raw-link"),
        pytest.param("[go](#salt)\n\n<h2>Salt</h2>", "h-salt", id="raw-heading"),
        pytest.param('<a name="here"></a>Text [go](#here)', "h-here", id="inpage-a-name"),
        pytest.param('<span id="here">Text</span> [go](#here)', "h-here", id="id-of-any-element"),
        pytest.param("<a name=here>Text</a> [go](#here)", "h-here", id="without-quotes"),
        pytest.param("[go](#own)\n\n## Salt {#own}", "h-own", id="link-to-it"),
    ],
)
def test_links_within_the_page_arrive(body: str, target: str) -> None:
    """At the one place with that id; nothing of it is told as lost."""
    answer = rendered(body)
    assert f'href="#{target}"' in answer.html
    assert answer.html.count(f'id="{target}"') == 1
    assert answer.losses == ()


@pytest.mark.parametrize(
    ("body", "text", "words"),
    [
        pytest.param("gamma<br>delta", "gamma\ndelta", 2, id="br-text"),
        pytest.param("gamma<BR/>delta", "gamma\ndelta", 2, id="in-capitals"),
        pytest.param("gamma\\\ndelta", "gamma\ndelta", 2, id="markdown"),
        pytest.param("gam<wbr>ma", "gamma", 1, id="no-break"),
        pytest.param("<ul><li>Red</li><li>Blue</li></ul>", "Red\nBlue", 2, id="raw-list-text"),
        pytest.param("<table><tr><td>Red</td><td>Blue</td></tr></table>", "Red | Blue", 3, id="cells"),
        pytest.param("<dl><dt>Red</dt><dd>Blue</dd></dl>", "Red\nBlue", 2, id="definitions"),
        pytest.param("<p>Red</p><p>Blue</p>", "Red\nBlue", 2, id="paragraphs"),
        pytest.param("<details><summary>Red</summary>Blue</details>", "Red\nBlue", 2, id="details"),
        pytest.param("H<sub>2</sub>O", "H2O", 1, id="no-block"),
    ],
)
def test_words_are_kept_apart_in_plain_text(body: str, text: str, words: int) -> None:
    """And so in excerpts, word counts and search."""
    answer = rendered(body)
    assert (answer.text, answer.word_count) == (text, words)


@pytest.mark.parametrize(
    ("body", "text", "anchor"),
    [
        pytest.param("## North<br>South", "North South", "h-north-south", id="heading-br"),
        pytest.param("North<br/>South\n---", "North South", "h-north-south", id="underlined"),
        pytest.param("<h2>North<br>South</h2>", "North South", "h-north-south", id="raw"),
        pytest.param("## Place {#my-id}", "Place", "h-my-id", id="heading-attr"),
        pytest.param("Place {#my-id}\n===", "Place", "h-my-id", id="underlined"),
        pytest.param("## Place {#my-id .wide}", "Place", "h-my-id", id="with-a-class"),
        pytest.param("## Place{#my-id}", "Place", "h-my-id", id="without-a-blank"),
        pytest.param("## Place {.wide}", "Place {.wide}", "h-place-wide", id="only-a-class"),
    ],
)
def test_headings_have_their_text_and_their_anchor(body: str, text: str, anchor: str) -> None:
    """Without what is only there to lay out or to name."""
    [heading] = rendered(body).headings
    assert (heading.text, heading.anchor) == (text, anchor)


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        pytest.param("X[^x] Y[^y].\n\n[^y]: second\n[^x]: first", ["first", "second"], id="footnote-order"),
        pytest.param("X[^1].\n\n[^1]: first\n\nLater.", ["first"], id="footnote-in-place"),
        pytest.param("X[^1].\n\n[^1]: see[^2]\n\n[^2]: second", ["see", "second"], id="of-a-note"),
        pytest.param("> X[^1]\n\n[^1]: first", ["first"], id="in-a-quote"),
        pytest.param("| X[^1] |\n|---|\n| a |\n\n[^1]: first", ["first"], id="in-a-table"),
        pytest.param("X[^1].\n\n[^1]: first\n[^2]: unused", ["first"], id="unused"),
    ],
)
def test_footnotes_are_at_the_end_in_order(body: str, notes: list[str]) -> None:
    """With a way back from each; those that nothing refers to are not shown."""
    html = rendered(body).html
    main, _, section = html.partition('<section class="footnotes">')
    assert re.findall(r'<li id="fn-\d+"><p>([a-z]+)', section) == notes
    assert "first" not in main
    assert section.count("↩") == len(notes)
    assert section.rstrip().endswith("</section>")


@pytest.mark.parametrize("address", ["next-one", "../a/b", "?page=2", "./c", "/d", "#e"])
def test_links_that_stay_say_nothing(address: str) -> None:
    """Relative in any way."""
    assert f'<a href="{address}">' in rendered(f"[x]({address})").html


@pytest.mark.parametrize("body", ["<b>y</b> " * 501, "<i>y</i> " * 501, "<span>y</span><br>" * 501, "a &amp; " * 501])
def test_a_thousand_tags_are_shown(body: str) -> None:
    """Half of them opening, none told as lost."""
    answer = rendered(body)
    assert "&lt;" not in answer.html
    assert answer.word_count >= 501
    assert answer.losses == ()


@pytest.mark.parametrize(
    ("body", "address", "text"),
    [
        pytest.param("Read https://a.example/b.", "https://a.example/b", "Read https://a.example/b.", id="bare-url"),
        pytest.param("(http://a.example/_(c))", "http://a.example/_(c)", "(http://a.example/_(c))", id="in-brackets"),
        pytest.param("www.a.example, then", "https://www.a.example", "www.a.example, then", id="www"),
        pytest.param("_https://a.example_", "https://a.example", "https://a.example", id="emphasised"),
        pytest.param("x@a.example", "mailto:x@a.example", "x@a.example", id="mail"),
    ],
)  # fmt: skip
def test_bare_addresses_lead_there(body: str, address: str, text: str) -> None:
    """Without what ends the sentence around them; the text stays."""
    answer = rendered(body)
    assert f'<a href="{address}"' in answer.html
    assert answer.text == text


@pytest.mark.parametrize("kind", ["NOTE", "tip", "Important", "WARNING", "CAUTION"])
def test_an_alert_shows_no_mark(kind: str) -> None:
    """In no form."""
    answer = rendered(f"> [!{kind}]\n> Mind the gap.")
    assert f'<aside class="{kind.lower()}">' in answer.html
    assert answer.text == answer.lead == "Mind the gap."
    assert "[!" not in answer.html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("春天的花园里开满了各种颜色的花。" * 100, 600, id="word-count-cjk"),
        pytest.param("ฉันรักสวนดอกไม้" * 100, 480, id="thai"),
        pytest.param("봄의 정원에 꽃이 피었다", 4, id="korean-has-blanks"),
        pytest.param("In 春天 we plant", 4, id="mixed"),
    ],
)
def test_scripts_without_blanks_are_counted_by_characters(text: str, words: int) -> None:
    """Five characters are two words, so that 1,500 of them take about three minutes."""
    assert rendered(text).word_count == words
