"""Snippets: which part of a text is shown, and what is marked in it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.search.snippets import MAX_CHARACTERS, snippet_html, snippet_text
from tests.growth import is_linear

FILLER = "Nothing of interest stands here, line after line. " * 10


def test_short_text_is_shown_whole_on_one_line() -> None:
    """A text that fits is not cut; its line breaks become blanks."""
    assert snippet_text("One\n\n  two", "two") == "One two"


def test_stretch_with_the_most_different_words_is_shown() -> None:
    """A place where both words stand beats an earlier one with one of them."""
    text = f"{FILLER}Only tides here. {FILLER}Both moon and tides here. {FILLER}"
    shown = snippet_text(text, "moon tides")
    assert "Both moon and tides" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_first_of_equal_stretches_is_shown() -> None:
    """And of its words only those that stand close together."""
    text = f"Moon. {FILLER}The moon first, with tides. {FILLER}Moon and tides again. {FILLER}"
    assert "The moon first, with tides." in snippet_text(text, "tides moon")


def test_rare_word_is_found_behind_many_of_another() -> None:
    """Only the first few dozen places of a word are looked at, yet all of the text for each."""
    text = f"{'moon ' * 500}{FILLER}tides {FILLER}"
    assert "<mark>tides</mark>" in snippet_html(text, "tides")
    assert snippet_text(text, "moon tides").startswith("moon moon")


def test_text_without_the_words_is_shown_from_its_start() -> None:
    """A match can be in the title alone."""
    assert snippet_text(FILLER, "absent").startswith("Nothing of interest")


def test_stretch_ends_with_whole_words() -> None:
    """Nothing is cut within a word, where there are blanks."""
    shown = snippet_text(FILLER + "target " + FILLER, "target")
    assert set(shown.strip("…").split()) <= set((FILLER + "target").split())
    assert len(shown) <= MAX_CHARACTERS + 2


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("A moon, two moons, a moonlit night.", "moons", ["moon", "moons", "moonlit"]),
        ("Café and CAFE", "café", ["Café", "CAFE"]),
        ("Café and CAFE", "cafe", ["Café", "CAFE"]),
        ("An ant is not an antelope, ants are.", "ant", ["ant", "ants"]),
        ("nonsense makes sense", "sense", ["sense"]),
        ("Smørrebrød, Ærø", "ærø", ["Ærø"]),
        ("Ǆ İstanbul ſ", "istanbul", ["İstanbul"]),
        ("said -and not- this", "said -this", ["said"]),
        ("Line\r\nbreaks", "line breaks", ["Line", "breaks"]),
        ("Café", "cafe café", ["Café"]),
        ("Moons rise", "moons moon", ["Moons"]),
    ],
)
def test_words_are_marked_whatever_their_case_accents_and_endings(text: str, asked: str, marked: list[str]) -> None:
    """A mark covers a whole word of the text, that begins as a word that was asked for; short ones must be equal."""
    assert re.findall("<mark>(.*?)</mark>", snippet_html(text, asked)) == marked


def test_html_is_escaped() -> None:
    """What looks like markup in a text, or in a word, is text."""
    shown = snippet_html('<b onclick="x">bold</b> & <script>', "bold script")
    assert shown == "&lt;b onclick=&quot;x&quot;&gt;<mark>bold</mark>&lt;/b&gt; &amp; &lt;<mark>script</mark>&gt;"


def test_word_longer_than_a_snippet_is_shown_in_part() -> None:
    """A sequence of thousands of letters has no blank to be cut at."""
    shown = snippet_text("acgt" * 1000 + " end", "acgtacgt")
    assert shown == "acgt" * (MAX_CHARACTERS // 4) + "…"


@given(
    st.text(st.sampled_from("ab éÉßİ\n\t<&>'\"…𝕏"), max_size=900), st.text(st.sampled_from('ab éÉß "-'), max_size=30)
)
def test_html_and_text_of_any_text_agree(text: str, asked: str) -> None:
    """Without its marks and escapes the HTML is the text, which is short and part of the line."""
    shown = snippet_text(text, asked)
    assert html.unescape(re.sub("</?mark>", "", snippet_html(text, asked))) == shown
    assert len(shown) <= MAX_CHARACTERS + 2
    assert "\n" not in shown


@pytest.mark.parametrize("unit", ["x1", "1a", "a1b2", "0x"])
def test_word_within_a_run_without_an_end_is_looked_for_in_linear_time(unit: str) -> None:
    """A hundred kilobytes of hexadecimal without a blank took nine seconds."""

    def work(count: int) -> None:
        text = "First. " + unit * count + " last"
        for asked in (unit, f"{unit}{unit[0]} zz", f"{unit}x"):
            snippet_text(text, asked)
            snippet_html(text, asked)

    assert is_linear(work, 10_000)
