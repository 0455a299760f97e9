"""The rendering of a whole site's real answers, where a corpus is at hand."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.front_matter import read_front_matter
from graphql_api.rendering.escapes import undo_escapes, undo_escapes_in, undone_pieces
from graphql_api.rendering.formulas import Kind, Piece, split_pieces
from graphql_api.rendering.latex_commands import N_COMMANDS
from graphql_api.rendering.markdown import with_marks
from graphql_api.rendering.mathml import to_mathml
from graphql_api.rendering.prose import render_prose
from graphql_api.rendering.render import render_answer, render_any
from graphql_api.rendering.sanitize import sanitize
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = uncounted

FORMULAS = {Kind.INLINE, Kind.BLOCK}
CODE = {Kind.FENCE, Kind.SPAN}
COMMAND = re.compile(r"\\(n[A-Za-z]*)")
LITERAL = re.compile(r"""(["'])(?:(?!\1)[^\n])*?\\n(?:(?!\1)[^\n])*\1""")


@pytest.fixture(scope="module")
def answers(corpus: Path) -> dict[str, str]:
    """Each article's answer as YAML gives it, by path."""
    found: dict[str, str] = {}
    for path in sorted(corpus.rglob("*.md")):
        fields = read_front_matter(path.read_text(encoding="utf-8")).value
        found[str(path.relative_to(corpus))] = fields["answer"]
    return found


def formulas_of(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.kind in FORMULAS]


def converts(formula: Piece) -> bool:
    return to_mathml(formula.latex, formula.kind is Kind.BLOCK) is not None


def test_commands_that_begin_like_a_line_break_are_whole(answers: dict[str, str]) -> None:
    """Each known n-command of a formula is still there, unless only the line break converts or a line begins there."""
    articles: set[str] = set()
    changed: Counter[str] = Counter()
    for path, source in answers.items():
        pieces = split_pieces(source)
        for written, undone in zip(formulas_of(pieces), formulas_of(undo_escapes_in(pieces)), strict=True):
            commands = [name for name in COMMAND.findall(written.text) if name in N_COMMANDS]
            kept = COMMAND.findall(undone.text)
            if kept:
                articles.add(path)
                assert set(kept) <= N_COMMANDS, (path, undone.text)
                assert converts(undone) or not converts(written), (path, undone.text)
            changed.update(commands)
            changed.subtract(kept)
    assert len(articles) == 123
    assert +changed == Counter({"nu": 3})  # each opens a formula written in lines, of a variable u


def test_no_escape_is_left_outside_commands_and_literals(answers: dict[str, str]) -> None:
    r"""After undoing, `\n` stands only in formulas' commands, in string literals, and in spans that are about it."""
    articles_with_literals: set[str] = set()
    for path, source in answers.items():
        for piece in undo_escapes_in(split_pieces(source)):
            if piece.kind is Kind.TEXT:
                assert "\\n" not in piece.text, path
                assert "\\t" not in piece.text, path
            elif piece.kind in CODE and "\\n" in piece.text:
                assert "\\n" not in LITERAL.sub("", piece.text), (path, piece.text)
                articles_with_literals.add(path)
    assert len(articles_with_literals) == 17


def test_formulas_are_the_same_before_and_after(answers: dict[str, str]) -> None:
    """Looking for formulas in the undone Markdown finds those of the source."""
    for path, source in answers.items():
        undone = formulas_of(undo_escapes_in(split_pieces(source)))
        assert formulas_of(split_pieces(undo_escapes(source))) == undone, path


def test_formulas_convert_and_pass_the_sanitizer_whole(answers: dict[str, str]) -> None:
    """Of 20,146 formulas one has a command that the converter lacks; the allow-list takes nothing from the others."""
    formulas = {
        formula for source in answers.values() for formula in formulas_of(undo_escapes_in(split_pieces(source)))
    }
    refused = [formula for formula in formulas if not converts(formula)]
    assert len(refused) == 1
    for formula in formulas:
        mathml = to_mathml(formula.latex, formula.kind is Kind.BLOCK) or ""
        assert shape(sanitize(mathml)) == shape(mathml), formula.text


def shape(html: str) -> Counter[str]:
    """Count the tags and attributes."""
    return Counter(re.findall(r"</?\w+|\s[a-z]+=", re.sub(r"<(\w+)([^<>]*)/>", r"<\1\2></\1>", html)))


def test_every_answer_renders(answers: dict[str, str]) -> None:
    """Text and HTML are there, headings are the HTML's, and no mark or dollar-sign formula is left over."""
    for path, source in answers.items():
        answer = render_answer(source)
        assert answer.text, path
        anchors = re.findall(r'<h[1-6] id="([^"]*)">', answer.html)
        assert anchors == [heading.anchor for heading in answer.headings], path
        assert "\U000f0000" not in answer.html + answer.text, path
        assert answer.word_count > 10, path


def test_both_ways_render_real_answers_alike(answers: dict[str, str]) -> None:
    """The short way takes nine of ten answers, and HTML, text and headings are those of the general way."""
    taken = 0
    for path, source in answers.items():
        marked, formulas = with_marks(undone_pieces(source))
        short = render_prose(marked, formulas)
        if short is not None:
            taken += 1
            assert short == render_any(marked, formulas), path
    assert taken > 0.9 * len(answers)
