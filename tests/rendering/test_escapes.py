"""Escapes are undone by where they stand: in text, in formulas, in code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.rendering.escapes import undo_escapes


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        (r"One.\nTwo.", "One.\nTwo."),
        (r"One.\n\nTwo.", "One.\n\nTwo."),
        (r"1. One\n   - Two", "1. One\n   - Two"),
        (r"Salts:\nc) Iron", "Salts:\nc) Iron"),
        (r"the rest\neq is text", "the rest\neq is text"),
        (r"a\tb", "a\tb"),
        (r"hard\\nbreak", "hard\\\nbreak"),
        ("already\nbroken", "already\nbroken"),
        ("", ""),
    ],
)
def test_escapes_in_text_are_line_feeds_and_tabs(source: str, markdown: str) -> None:
    r"""Outside formulas and code `\n` is a line feed and `\t` a tab, whatever follows."""
    assert undo_escapes(source) == markdown


@pytest.mark.parametrize(
    "formula",
    [
        r"$a \neq b$",
        r"$\nabla f$",
        r"$\nu$",
        r"\(x \notin A\)",
        r"$ \neg P $",
        r"$P \not\equiv Q$",
        r"$$a \nmid b$$",
        r"\[\nu = \frac{c}{\lambda}\]",
        r"$F^{\mu\nu}$",
        r"$x \nonumber$",
        r"$a \napprox b$",
    ],
)
def test_commands_in_formulas_stay(formula: str) -> None:
    r"""Within a formula, a known LaTeX command that begins with n is that command."""
    assert undo_escapes(f"Here: {formula}.") == f"Here: {formula}."


@pytest.mark.parametrize(
    ("formula", "undone"),
    [
        (r"$$\nx = 1\n$$", "$$\nx = 1\n$$"),
        (r"$$\n   \neg P\n   $$", "$$\n   \\neg P\n   $$"),
        (r"$$\nu(r) = 2r\n$$", "$$\nu(r) = 2r\n$$"),
        (r"$$\nabla f = 0\n$$", "$$\\nabla f = 0\n$$"),
        (r"$$\nint x$$", "$$\nint x$$"),
        (
            r"$$\begin{pmatrix}\na & b \\\nc & d\n\end{pmatrix}$$",
            "$$\\begin{pmatrix}\na & b \\\\\nc & d\n\\end{pmatrix}$$",
        ),
        (r"$$\begin{cases}\nx & a \\\nu & b\n\end{cases}$$", "$$\\begin{cases}\nx & a \\\\\nu & b\n\\end{cases}$$"),
        (r"\[\ni = 1\n\]", "\\[\ni = 1\n\\]"),
    ],
)
def test_line_breaks_in_formulas_are_undone(formula: str, undone: str) -> None:
    r"""Within a formula `\n` is a line break when no command begins there, or where the formula's own lines begin."""
    assert undo_escapes(formula) == undone


@pytest.mark.parametrize(
    ("formula", "undone"),
    [
        (r"$$x \text{ for all\nu}$$", "$$x \\text{ for all\nu}$$"),
        (r"$$x \ne y \text{ for\ni}$$", "$$x \\ne y \\text{ for\ni}$$"),
        (r"$$\text{a\ne} \text{b\ni}$$", "$$\\text{a\ne} \\text{b\ni}$$"),
        (r"$$\unknowncommand \neq x$$", r"$$\unknowncommand \neq x$$"),
    ],
)
def test_a_command_that_does_not_parse_gives_way(formula: str, undone: str) -> None:
    """The line break is read only where the command makes the formula fail and the line break does not."""
    assert undo_escapes(formula) == undone


@pytest.mark.parametrize("command", [r"\text{if }", r"\theta", r"\times", r"\tau", r"\to", r"\tilde{a}"])
def test_commands_with_t_stay(command: str) -> None:
    r"""Within a formula `\t` begins a command."""
    assert undo_escapes(f"$x {command} y$") == f"$x {command} y$"


def test_a_tab_alone_in_a_formula_is_a_tab() -> None:
    r"""`\t` before no letter is no command."""
    assert undo_escapes(r"$$\n\t= 1\n$$") == "$$\n\t= 1\n$$"


@pytest.mark.parametrize(
    ("code", "undone"),
    [
        (r'```c\nprintf("%d\n", x);\nreturn;\n```', '```c\nprintf("%d\\n", x);\nreturn;\n```'),
        (r"```\nsed 's/\n/ /'\n```", "```\nsed 's/\\n/ /'\n```"),
        (r"```py\nx = f'\n{y}'\n```", "```py\nx = f'\\n{y}'\n```"),
        (r"```\n# don't\n# it's\n```", "```\n# don't\n# it's\n```"),
        (r'```py\n"""Doc.\n\nMore."""\n```', '```py\n"""Doc.\n\nMore."""\n```'),
        (r"~~~\na\n~~~\nb", "~~~\na\n~~~\nb"),
        (r"```\nsay \"a\n```", '```\nsay \\"a\n```'),
        (r"```\nno end\nat all", "```\nno end\nat all"),
        (r"```cmd\nmove a b\\n```\nNext.", "```cmd\nmove a b\\\n```\nNext."),
        (r"```\n\to stays\n```", "```\n\\to stays\n```"),
    ],
)
def test_line_breaks_in_fences(code: str, undone: str) -> None:
    r"""In fenced code `\n` ends a line, save within a string literal on one line; `\t` is code."""
    assert undo_escapes(code) == undone


@pytest.mark.parametrize(
    ("span", "undone"),
    [
        (r'`print("a\n")`', r'`print("a\n")`'),
        (r"`\n`", r"`\n`"),
        (r"`a\nb`", "`a\nb`"),
        (r"``x\n`y``", "``x\n`y``"),
        (r"`\` and \n`b`", "`\\` and \n`b`"),
    ],
)
def test_line_breaks_in_code_spans(span: str, undone: str) -> None:
    r"""In a code span `\n` is a line break, save within a literal, or when the span is about `\n` itself."""
    assert undo_escapes(span) == undone


@settings(deadline=None)
@given(st.text())
def test_text_without_backslashes_stays(source: str) -> None:
    """Where nothing is escaped nothing changes."""
    source = source.replace("\\", "")
    assert undo_escapes(source) == source
