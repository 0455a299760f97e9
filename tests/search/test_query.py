"""What is typed, as a query of FTS5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.search.query import MAX_WORDS, fts5_query, searched, title_start, words_asked_for
from graphql_api.store.driver import sqlite3


def found(text: str, *rows: str) -> list[str]:
    """Return the rows that a search for `text` finds."""
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE VIRTUAL TABLE t USING fts5 (a, tokenize = 'porter unicode61 remove_diacritics 2')")
        db.executemany("INSERT INTO t VALUES (?)", [(row,) for row in rows])
        return [row for (row,) in db.execute("SELECT a FROM t WHERE t MATCH ? ORDER BY rowid", (fts5_query(text),))]
    finally:
        db.close()


@pytest.mark.parametrize(
    ("typed", "matching", "other"),
    [
        ("moon tides ", ["tides of the moon"], ["the moon", "tides"]),
        ("moon tid", ["the moon's tides"], ["tides"]),
        ('"moon tides"', ["about moon tides"], ["tides of the moon"]),
        ("moon -tides", ["moon"], ["moon tides"]),
        ('moon -"high tides"', ["moon tides"], ["moon high tides"]),
        ("associativ", ["associativity", "associative"], ["asset"]),
        ("implicatio", ["implications"], ["import"]),
        ("the moon ", ["moon without it"], ["the sun"]),
        ("the ", ["the sun"], ["sun"]),
        ("what is AI", ["AI"], ["air"]),
        ("moon a", ["moon"], ["sun"]),
        ("state-of-the-art", ["state of the art"], ["art of state"]),
        ("e-mail ", ["e-mail", "e mail"], ["mail"]),
        ("CAFÉ ", ["cafe", "Café"], ["coffee"]),
        ("漢", ["漢字"], ["仮名"]),
    ],
)
def test_search_finds_what_a_person_means(typed: str, matching: list[str], other: list[str]) -> None:
    """See the module's docstring for the rules; a blank at the end finishes the last word."""
    assert found(typed, *matching, *other) == matching


@pytest.mark.parametrize("typed", ["", " ", '"', "-", '""', "-moon", '-"a b"', "*", "()", "🙂"])
def test_search_without_a_word_finds_nothing(typed: str) -> None:
    """Nothing to look for is not an error, and not everything."""
    assert found(typed, "moon", "a b") == []


@given(st.text(st.sampled_from("ab*\"()-+^:{}[]~,.' \n\0éNEARANDORT漢🙂"), max_size=60))
def test_whatever_is_typed_is_a_valid_query(typed: str) -> None:
    """Operators and brackets of FTS5 are text."""
    found(typed, "a b")


@pytest.mark.parametrize("typed", ["tide " * 1000, f'"{"tide " * 1000}"', "tide-" * 1000, '"a tide" ' * 1000])
def test_number_of_words_is_bounded(typed: str) -> None:
    """A pasted page is searched for by its first words, in phrases too: each costs the store time and memory."""
    assert 16 <= fts5_query(typed).count("tide") <= MAX_WORDS


def test_length_of_what_is_searched_for_is_bounded() -> None:
    """One word of a megabyte is a word of some characters."""
    assert searched("x" * 1_000_000) == "x" * 1_000
    assert len(fts5_query(searched("x" * 1_000_000))) < 10_000


def test_every_ending_may_be_taken_off() -> None:
    """However long the word is; only so many of its last characters are looked at."""
    assert '"popul"' in fts5_query("population")
    assert f'"{"x" * 900}"' in fts5_query(f"{'x' * 900}ization")


def test_words_to_be_marked_are_those_that_say_something() -> None:
    """The commonest words are marked only where there are no others; excluded ones never."""
    assert words_asked_for('What is the "High Moon" -tides?') == ["high", "moon"]
    assert words_asked_for("what is") == ["what", "is"]


def test_start_of_a_title_is_compared_without_case_on_one_line() -> None:
    """Blanks and case do not count."""
    assert title_start("  What\n is STRASSE ") == title_start("what is straße")
