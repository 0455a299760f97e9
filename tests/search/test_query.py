"""What is typed, and what it finds."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.search.query import MAX_WORDS, read_query, searched, title_start
from tests.search.index_of import TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterator


def found(typed: str, *texts: str) -> list[str]:
    """Return the texts that a search finds, in the order in which they were given."""
    with closing(TextIndex(*texts)) as index:
        return sorted(index.found(typed), key=texts.index)


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
        ("what is ", ["what is it"], ["is it what"]),
        ("what is AI", ["AI"], ["air"]),
        ("moon a", ["moon"], ["sun"]),
        ("the a", ["the sun", "a moon"], ["sun"]),
        ("state-of-the-art", ["state of the art"], ["art of state"]),
        ("state-of-the-ar", ["state of the art"], ["art of the state"]),
        ("state-of-t", ["state of the art", "state of mind"], ["of state"]),
        ("e-mail ", ["e-mail", "e mail", "email"], ["mail"]),
        ("CAFÉ ", ["cafe", "Café"], ["coffee"]),
        ("на", ["Наука"], ["сон"]),
    ],
)
def test_search_finds_what_a_person_means(typed: str, matching: list[str], other: list[str]) -> None:
    """See the module's docstring for the rules; a blank at the end finishes the last word."""
    assert found(typed, *matching, *other) == matching


@pytest.mark.parametrize(
    ("typed", "matching", "other"),
    [
        pytest.param("H2O ", ["takes up CO₂ and H₂O"], ["water"], id="subscript digits"),
        pytest.param("comparative ", ["to compare"], ["company"], id="long ending"),
        pytest.param("SO4 ", ["much SO₄²⁻ there"], ["SO₂"], id="index before an exponent"),
        pytest.param("SO42- ", ["much SO₄²⁻ there"], ["SO4"], id="index and exponent typed in one"),
        pytest.param("Fe³⁺ ", ["Fe3+ ions", "Fe³⁺ ions"], ["iron"], id="superscript"),
        pytest.param("ﬁsh ", ["a ﬁsh", "a fish"], ["meat"], id="ligature"),
        pytest.param("ＡＢＣ ", ["abc"], ["abd"], id="full width"),
        pytest.param("fussball ", ["Fußball in Łódź"], ["Fuß"], id="sharp s"),
        pytest.param("lodz ", ["Fußball in Łódź"], ["lot"], id="stroke of an l"),
        pytest.param("oresund ", ["Øresund"], ["sund"], id="stroke of an o"),
        pytest.param("da nang ", ["Đà Nẵng"], ["da"], id="two accents"),
        pytest.param("cœur ", ["coeur", "cœur"], ["cur"], id="joined letters"),
        pytest.param("αθηνα ", ["Αθήνα"], ["Ρώμη"], id="Greek accents"),
        pytest.param("елка ", ["Ёлка"], ["палка"], id="Cyrillic accents"),
        pytest.param("אבא ", ["אַבָּא"], ["אמא"], id="Hebrew points"),
        pytest.param("محمد ", ["مُحَمَّد"], ["حمد"], id="Arabic vowel marks"),
        pytest.param("encyclopedia ", ["an encyclo\u00adpedia"], ["pedia"], id="soft hyphen"),
        pytest.param("zerowidth ", ["zero\u200bwidth"], ["zero width of it, not"], id="zero-width space"),
        pytest.param("भौतिकी ", ["भौतिकी एक विज्ञान है।"], ["भा ता का अलग।"], id="vowel signs"),
        pytest.param("叶绿素", ["植物的光合作用需要叶绿素和阳光。"], ["叶素绿"], id="inner part of Chinese"),
        pytest.param("光", ["植物的光合作用"], ["植物"], id="one character"),
        pytest.param("手机", ["iPhone手机壳"], ["iPhone"], id="Chinese behind Latin"),
        pytest.param("ンピュー", ["コンピューター"], ["コピー"], id="inner part of Japanese"),
        pytest.param("국어", ["한국어 문법"], ["한국"], id="inner part of Korean"),
        pytest.param("ภาษา", ["เรียนภาษาไทย"], ["ไทย"], id="inner part of Thai"),
    ],
)
def test_scripts_are_found_as_they_are_read(typed: str, matching: list[str], other: list[str]) -> None:
    """Ligatures, widths, accents and what nobody sees do not count; vowel signs do, and so does every character."""
    assert found(typed, *matching, *other) == matching


@pytest.mark.parametrize(
    ("typed", "matching", "other"),
    [
        ("xray ", ["an X-ray"], ["ray"]),
        ("x-ray ", ["an X-ray", "x ray", "xray"], ["ray x"]),
        ("obrien ", ["O'Brien", "O’Brien's"], ["brien"]),
        ("dont ", ["They don't know"], ["don"]),
        ("isn't ", ["isnt", "isn’t"], ["is"]),
        ("500 mg ", ["Take 500mg", "500 mg"], ["1500 mg", "500 mgs5"]),
        ("500mg ", ["Take 500mg", "500 mg"], ["mg 500"]),
        ("1000 ", ["of 1,000 units", "1000"], ["1, 000", "10,000"]),
        ("1,000,000 ", ["1000000"], ["1000"]),
        ("5km ", ["5 km"], ["15 km"]),
    ],
)
def test_what_is_written_together_is_found_apart_and_the_other_way_round(
    typed: str, matching: list[str], other: list[str]
) -> None:
    """Hyphens, apostrophes, units behind numbers, commas in numbers."""
    assert found(typed, *matching, *other) == matching


@pytest.mark.parametrize(
    ("typed", "signed", "other"),
    [
        ("C++", "it is made in C++ by hand", "C"),
        ("c#", "it is made in C# by hand", "C"),
        (".NET ", "it is made in .NET by hand", "net"),
        ("F-16 ", "it is an F-16 of theirs", "f 16"),
        ("3D ", "it is made in 3D by hand", "3 d"),
        ("5G", "they have 5G by now", "5 g"),
        ("Fe3+ ", "there is some Fe³⁺ in it", "fe3"),
    ],
)
def test_what_has_the_sign_comes_first(typed: str, signed: str, other: str) -> None:
    """However short, and so good, a match the word without its sign is; that one is found as well."""
    with closing(TextIndex(other, signed)) as index:
        assert index.found(typed) == [signed, other]


@pytest.mark.parametrize(
    ("typed", "matching", "other"),
    [
        ("US ", ["us"], ["use", "used", "uses"]),
        ("uses ", ["use", "used"], ["us"]),
        ("notation", ["notation", "notations", "notational"], ["not", "note", "no"]),
        ("relativit", ["relativity"], ["rely", "rel"]),
        ("happ", ["happy", "happiness", "happen"], ["hat"]),
        ("happy", ["happy", "happiness"], ["happen"]),
    ],
)
def test_endings(typed: str, matching: list[str], other: list[str]) -> None:
    """Words of up to three letters have none; an unfinished word is never cut to a shorter one."""
    assert found(typed, *matching, *other) == matching


@pytest.mark.parametrize("typed", ["", " ", '"', "-", '""', "-moon", '-"a b"', "*", "()", "🙂", "\u0301", "\u200b"])
def test_search_without_a_word_finds_nothing(typed: str) -> None:
    """Nothing to look for is not an error, and not everything."""
    assert found(typed, "moon", "a b") == []


@pytest.fixture(scope="module")
def small() -> Iterator[TextIndex]:
    with closing(TextIndex("a b", "é 漢字", "near and 5b's")) as index:
        yield index


@settings(deadline=None)
@given(st.text(st.sampled_from("ab*\"()-+^:{}[]~,.' \n\0éNEARANDORT漢🙂्ा5#"), max_size=60))
def test_whatever_is_typed_is_a_valid_query(small: TextIndex, typed: str) -> None:
    """Operators and brackets are text."""
    small.found(typed)


@pytest.mark.parametrize(
    "typed", ["tide " * 1000, f'"{"tide " * 1000}"', "tide-" * 1000, '"a tide" ' * 1000, "潮" * 99]
)
def test_number_of_words_is_bounded(typed: str) -> None:
    """A pasted page is searched for by its first words, in phrases too: each costs the store time and memory."""
    wanted = read_query(typed).ways[0]
    assert 16 <= sum(len(term.parts) for term in wanted) <= MAX_WORDS


def test_length_of_what_is_searched_for_is_bounded() -> None:
    """One word of a megabyte is a word of some characters, and found by them."""
    assert searched("x" * 1_000_000) == "x" * 1_000
    assert found("x" * 1_000, "x" * 5_000, "x" * 100) == ["x" * 5_000]


def test_words_that_are_looked_for_are_those_that_say_something() -> None:
    """The commonest words are looked for only where there are no others; excluded ones never."""
    wanted = read_query('What is the "High Moon" -tides?').wanted
    assert [part for term in wanted for part in term.parts] == ["high", "moon"]
    assert [term.parts for term in read_query("what is ").wanted] == [("what", "is")]


def test_start_of_a_title_is_compared_without_case_on_one_line() -> None:
    """Blanks and case do not count."""
    assert title_start("  What\n is STRASSE ") == title_start("what is straße")


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["ab", "abc", "ba", "b-a", "c"]), max_size=6).map(" ".join), max_size=9),
    st.sampled_from(["ab", "a", "ab ", '"ab ba"', "b-a", "ab -c", "ba ab", "abc ba ", '"b a"', "ba b-"]),
    st.integers(2, 4),
)
def test_blocks_change_nothing(texts: list[str], typed: str, blocks: int) -> None:
    """However the entries are divided: the same ones, with the same scores to the last digit."""
    with closing(TextIndex(*texts)) as one, closing(TextIndex(*texts, blocks=blocks)) as several:
        assert one.found(typed) == several.found(typed)
        assert one.scores(typed) == several.scores(typed)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["ab", "cd", "ef"]), max_size=8), min_size=1, max_size=6),
    st.lists(st.sampled_from(["ab", "cd", "ef"]), min_size=2, max_size=4),
)
def test_phrase_is_found_exactly_where_it_stands(texts: list[list[str]], phrase: list[str]) -> None:
    """As who reads the texts one by one finds it; a phrase never goes over from one field into the next."""
    entries = [(" ".join(words[:4]), " ".join(words[4:])) for words in texts]
    expected = [
        entry[0] for entry in entries if any(f" {' '.join(phrase)} " in f" {field} " for field in entry)
    ]  # fmt: skip
    with closing(TextIndex(*entries, weights=(2, 1))) as index:
        assert sorted(index.found(f'"{" ".join(phrase)}"')) == sorted(expected)
