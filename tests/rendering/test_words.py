"""Words are counted where a script has no blanks, too."""

from __future__ import annotations

import pytest

from graphql_api.kinds.rich_text import reading_minutes
from graphql_api.rendering.render import render_answers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two-three, four", 3),
        ("Ünïcode wörds — hére", 4),
        ("한국어 문장 입니다", 3),
        ("植物的光合作用需要叶绿素和阳光。", 6),
        ("我用 Python 写程序,3 天。", 5),
        ("これはペンです。", 3),
        ("ภาษาไทยไม่มีช่องว่าง", 7),
        ("光合作用photosynthesis", 3),
        ("", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    """A run of characters other than white space is a word; five characters without blanks are two."""
    [answer] = render_answers([text], [False])
    assert answer.word_count == words


def test_reading_time_of_a_script_without_blanks() -> None:
    """500 characters are read in a minute."""
    [answer] = render_answers(["植物的光合作用需要叶绿素和阳光。" * 94], [False])
    assert 3 <= reading_minutes(answer.word_count) <= 6
