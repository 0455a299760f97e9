"""`docs/rendering.md` says what is so: each of its sentences has an example here, or the tests of it are named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.rendering.mathml import to_mathml
from graphql_api.rendering.render import render_answers

if TYPE_CHECKING:
    from graphql_api.records import Answer

MANUAL = Path(__file__).parents[2] / "docs" / "rendering.md"


def body(text: str, origin: str | None = None) -> Answer:
    """Return a text in which nothing is escaped, rendered."""
    [answer] = render_answers([text], [False], origin)
    return answer


def line(text: str) -> Answer:
    """Return a text on one line of YAML, rendered."""
    [answer] = render_answers([text])
    return answer


def count(text: str) -> int:
    """Return how many formulas there are in a text."""
    return body(text).html.count("<math")


def codes(text: str) -> list[str]:
    """Return the kinds of what is lost in a text."""
    return [loss.code for loss in body(text).losses]


def is_text(*texts: str) -> bool:
    """Return whether each text stays as it is."""
    return all(body(text).text == text and not count(text) for text in texts)


def converts(*formulas: str) -> bool:
    """Return whether each formula becomes MathML."""
    return all(to_mathml(formula, is_block=True) for formula in formulas)


# What a sentence begins with, and whether it is so.
EXAMPLES = {
    "An answer is Markdown with LaTeX": line(r"*a*\n$b$").html == "<p><em>a</em>\n<math><mi>b</mi></math></p>\n",
    "Formulas are `$…$`": [count(each) for each in ("$a$", "$$ a $$", r"\(a\)", r"\[ a \]")] == [1] * 4,
    "Code comes first": not count("`$a$`"),
    "A single dollar sign opens": count("$a+b$") == 1 and is_text("$a\n\nb$", "$5 and $6"),
    "The rules are pandoc's": is_text("$a$5", "a$b$c"),
    "ROW `$ R $`": [count(each) for each in ("$ R $", "$5x$", "$100$", "$1, 2, 3$", "the $n$th", r"2$\pi$")] == [1] * 6,
    "ROW `$26,000": is_text("$26,000 to $30,000", "5$/month or 10$/year", "5 $ to 10 $"),
    "ROW `$5, $x$`": body("$5, $x$").text == "$5, x",
    "ROW `$5 to 10$`": is_text("$5 to 10$"),
    "ROW `US$ 4.8": is_text("US$ 4.8 billion and US$ 5 billion"),
    "ROW `$a = 1": is_text("$a = 1 and $b = 2", "$HOME/bin:$PATH"),
    "ROW `${name}": is_text("${name} and ${value}", "{{$a}} {{$b}}"),
    "ROW `^abc$": is_text("^abc$ and ^def$"),
    "ROW `($)": is_text("($) and ($)", '"$" and "$"'),
    "ROW `\\$5`": body(r"\$5 and \$6").text == "$5 and $6",
    "A formula never goes": count("| $a | b$ |\n|---|---|\n| c | d |") == 0,
    "A row with more borders": count("| a |\n|---|\n| $|x|$ |") == 1,
    "`$|x|$`": count("$|x|$") == 1,
    "A dollar sign within the braces": count(r"$\text{if $x$} + y$") == 1,
    "A formula over several lines of a quote": body("> $$\n> a\n> $$").text == "a",
    "What math-core does not know": converts(r"a \cr b"),
    "`\\\\`, `\\cr`": [body(each).text for each in (r"$$a \\ b$$", r"$$a \newline b$$", r"$$a \\$$")]
    == ["a\nb", "a\nb", "a"]
    and "2" in body(r"$$a \\[2em] b$$").html,
    "`\\tag`, `\\substack`": converts(
        r"a \tag{1}", r"\sum_{\substack{a\\b}}", r"{\large a}", r"\begin{split}a\end{split}",
        r"\begin{alignat}{2}a&b\end{alignat}", r"\begin{alignedat}{2}a&b\end{alignedat}",
        r"\begin{smallmatrix}a\end{smallmatrix}", r"\begin{pmatrix*}[r]a\end{pmatrix*}", r"\text{a $b$}",
        r"\color{#f00} a", r"\colorbox{red}{a}", r"\rule{1em}{1em}", r"{a \above{1pt} b}", r"\char`a", r"\verb|a|",
        r"\mathop{a}\limits_b",
    ),
    "`\\overline`": "border-top" in body(r"$\overline{AB}$").html and "border-bottom" in body(r"$\underline{a}$").html,
    "A star behind a command": body(r"$\pi*r$").text == "π * r",
    "`\\pi*r`": converts(r"\pi*r"),
    "`\\ce` and `\\pu`": converts(r"\ce{H2O}", r"\pu{5 m}"),
    "`\\llap`": [body(f"${each}$").text for each in (r"\llap{a}", r"\rlap{a}", r"\clap{a}")] == ["a"] * 3
    and body(r"$\href{/x}{a} \htmlId{x}{b}$").text.replace(" ", "") == "ab",
    "The others: definitions": not any(
        to_mathml(each, is_block=True)
        for each in (r"\def\a{b}", r"\newcommand\a{b}", r"\includegraphics{a}", r"\textcircled{a}")
    ),
    "ROW text": line(r"a\nb\tc").markdown == "a\nb\tc",
    "ROW fenced code": line(r"```\na\nb = 'c\nd'\n```").markdown == "```\na\nb = 'c\\nd'\n```",
    "ROW formula": line(r"$a \neq b$").markdown == r"$a \neq b$",
    "Where the command makes": line(r"$$a\not\nb$$").markdown.count("\n") <= 1,
    "`\\nu`, `\\ni`": line(r"$$\nu(r) = 2r\n$$").markdown == "$$\nu(r) = 2r\n$$",
    "A text of a file's body": body(r"a\nb").markdown == r"a\nb",
    "CommonMark with GitHub's": "<table>" in body("|a|\n|-|\n|b|").html and "<del>" in body("~~a~~").html
    and "☑" in body("- [x] a").html and "fn-1" in body("a[^1]\n\n[^1]: b").html,
    "A link within the page": [body(f"{each}\n\n[b](#x)").html.count('href="#h-x"') for each in (
        "## X", '<a name="x"></a>', '<i id="x">a</i>', "## Title {#x}")] == [1] * 4,
    "Ids and links get": body("# location").headings[0].anchor == "h-location",
    "An id is there once": body('# A\n\n<i id="a">b</i>').html.count('id="h-a"') == 1,
    "Raw headings": body("<h2>A</h2>").headings[0].anchor == "h-a",
    "Footnotes stand at the end": body("B[^b] A[^a]\n\n[^a]: x\n[^b]: y").text == "B A\n\ny\n\nx",
    "A note that nothing": body("a\n\n[^b]: c").text == "a",
    "Bare addresses": all("<a href=" in body(each).html for each in (
        "https://a.b", "http://a.b", "www.a.b", "a@b.example")),
    "`> [!NOTE]`": all(f'<aside class="{each.lower()}">' in body(f"> [!{each}]\n> a").html for each in (
        "NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")),
    "Code of the language": count("```math\na\n```") == 1,
    "Each formula leaves": count("*$a*b*c$*") == 1,
    "One that cannot": body(r"$\nope{a}$").html == '<p><code class="formula">$\\nope{a}$</code></p>\n',
    "`rendering/latex_limits.py`": not converts("{" * 5_000 + "}" * 5_000) and not converts("(" * 50),
    "Headings get an id": [each.anchor for each in body("# A B!\n\n# A B\n\n# $x_1$").headings]
    == ["h-a-b", "h-a-b-1", "h-x_1"],
    "In the short way": "<script>" not in body("a <script>b</script>").html,
    "The sanitizer is an allow-list": codes(
        '<figure dir="rtl" lang="he">a</figure> <picture></picture> <video></video> <aside>b</aside>'
        ' [a](http:b) [c](mailto:d) [e](tel:1)') == [],
    "It keeps no id": "own" not in body("<math id='own'></math>").html,
    "A link that leaves": [each in body("[a](https://a.example/b) [c](d)", "https://a.example").html for each in (
        '<a href="https://a.example/b">', '<a href="d">')] == [True, True]
    and 'rel="nofollow noopener"' in body("[a](https://b.example)", "https://a.example").html,
    "ROW `[[#part]]`": body("[[#My part]]\n\n# My part").html.startswith('<p><a href="#h-my-part">'),
    "What an author wrote": [codes(each) for each in (
        "<font>a</font>", "<b onclick='a()'>b</b>", "<b class='x'>b</b>", "[a](javascript:b)", r"$\nope$", "[a](#b)",
        "a\n\n[^b]: c", "<b>" * 1_001)] == [
        ["HTML_LEFT_OUT"], ["HTML_LEFT_OUT"], ["HTML_LEFT_OUT"], ["ADDRESS_LEFT_OUT"], ["FORMULA_AS_SOURCE"],
        ["LINK_DANGLING"], ["NOTE_LEFT_OUT"], ["HTML_AS_TEXT"]],
    "Plain text has no markup": [body(each).text for each in (
        "[[B|shown]]", "a\n\nb", "- a\n- b", "<p>a</p><p>b</p>", "a<br>b", "|a|b|\n|-|-|\n|c|d|", "`*a*`")] == [
        "shown", "a\n\nb", "a\nb", "a\nb", "a\nb", "a | b\nc | d", "*a*"],
    "`E = mc²`": [body(f"$${each}$$").text for each in (
        "E=mc^2", r"\frac{a+b}{2}", r"\sum_{i=1}^n x_i", "x_{a,b}",
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", r"\nope a")]
    == ["E = mc²", "(a + b)/2", "∑ᵢ₌₁ⁿ xᵢ", "x_(a,b)", "(a, b; c, d)", r"\nope a"],
    "A word of the word count": body("one two-three 4 …").word_count == 4,
    "In scripts without spaces": body("花" * 500).word_count == 200,
    "Nothing raises": "<li>" in body("- " * 61 + "a").html and "&lt;b&gt;" in body("<b>a</b>" * 15_000).html,
}  # fmt: skip

# Sentences that others hold: what a sentence begins with, and the tests.
HELD = {
    "When a seed is loaded": "tests/loading/test_rows.py",
    "A query renders nothing": "tests/engine/test_sql.py",
    "An ordinary answer": "tests/rendering/test_rendering_of_corpus.py",
    "`rendering/prose.py` renders": "tests/rendering/test_prose.py",
    "Tests hold that both ways": "tests/rendering/test_prose.py",
    "`rendering/formulas.py` is": "tests/rendering/test_formulas.py",
    "Of the 989 examples": "tests/rendering/test_latex.py",
    "Two exceptions": "tests/rendering/test_escapes.py",
    "`\\n` is there": "tests/rendering/test_author_markdown.py",
    "Which texts have some": "tests/reading/test_sources.py",
    "The sanitizer comes last": "tests/rendering/test_prose.py",
    "A link to another file": "tests/loading/test_links.py",
    "ROW `[x](../b.md)`": "tests/loading/test_links.py",
    "ROW `[x](../b)`": "tests/loading/test_links.py",
    "ROW `[[B]]`": "tests/loading/test_links.py",
    "ROW `![x](b.png)`": "tests/loading/test_links.py",
    "An image or file is looked up": "tests/loading/test_links.py",
    "Where it is not": "tests/loading/test_links.py",
    "What lies below": "tests/loading/test_links.py",
    "`![[b.png|200]]`": "tests/rendering/test_entry_links.py",
    "Without `--public`": "tests/loading/test_links.py",
    "A link that leads nowhere": "tests/loading/test_links.py",
    "A file of several entries": "tests/loading/test_links.py",
    "Links to entries of a type without urls": "tests/loading/test_links.py",
    "Every load resolves": "tests/loading/test_links.py",
    "When an entry comes": "tests/loading/test_links.py",
    "Files are looked up": "tests/reading/test_places.py",
    "Rendering knows one text": "tests/rendering/test_entry_links.py",
    "`rendering/entry_links.py` finds": "tests/rendering/test_entry_links.py",
    "`check` and `load` tell": "tests/reading/test_told_texts.py",
    "A formula is what": "tests/rendering/test_reports.py",
    "An excerpt ends": "tests/search/test_snippets.py",
}


def sentences() -> list[str]:
    """Return the manual's sentences, and the rows of its tables."""
    text = re.sub(r"```.*?```", "", MANUAL.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = []
    for block in re.split(r"\n\s*\n", text):
        if block.lstrip().startswith("|"):
            found += [f"ROW {row[2:]}" for row in block.strip().splitlines()[2:]]
        elif not block.startswith("#"):
            for item in re.split(r"\n(?=- )", block):
                words = " ".join(item.split()).removeprefix("- ")
                found += [each for each in re.split(r"(?<=[.:])\s+(?=[A-Z`\\(])", words) if each]
    return found


@pytest.mark.parametrize("sentence", [*EXAMPLES])
def test_what_the_manual_says_is_so(sentence: str) -> None:
    """By the example beside it."""
    assert EXAMPLES[sentence]


@pytest.mark.parametrize("sentence", sentences())
def test_every_sentence_has_a_test(sentence: str) -> None:
    """An example, or the tests that hold it."""
    [begins] = [each for each in (*EXAMPLES, *HELD) if sentence.startswith(each)]
    assert begins in EXAMPLES or (MANUAL.parents[1] / HELD[begins]).is_file()


def test_no_example_is_of_a_sentence_that_is_gone() -> None:
    """What is said here is said there."""
    said = sentences()
    assert [each for each in (*EXAMPLES, *HELD) if not any(one.startswith(each) for one in said)] == []
