"""What was meant by what is misspelt."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.search.corrections import edits
from tests.search.index_of import TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = (
    "Photosynthesis in plants: how leaves make sugar",
    "The tides of the moon and the sun",
    "The tides of the sea and its plants",
    "Chloroplasts, X-rays and a Straße",
    "Наука и жизнь",
    "a tile, a male tile, a tile",
    "植物的光合作用",
)


@pytest.fixture(scope="module")
def small() -> Iterator[TextIndex]:
    """Return an index over a few texts."""
    with closing(TextIndex(*TEXTS)) as small:
        yield small


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("photosyntesis ", "photosynthesis ", id="one letter too few"),
        pytest.param("leavees", "leaves", id="one too many"),
        pytest.param("mook tides", "moon tides", id="another letter"),
        pytest.param("mono tides", "moon tides", id="two in the wrong order"),
        pytest.param("Tides, Mono!", "Tides, Moon!", id="with its capital and what stands around it"),
        pytest.param("moon tidse", "moon tides", id="unfinished"),
        pytest.param("fotosinthesis ", "photosynthesis ", id="not two letters away, but three"),
        pytest.param("photosinthezis ", "photosynthesis ", id="two letters away"),
        pytest.param("photosinth", "photosynthesis", id="start of a word"),
        pytest.param("plants leaves male sugar ", "plants leaves make sugar ", id="a word, but not with the others"),
        pytest.param("x-rais", "x-rays", id="part of a word"),
        pytest.param("strasze", "strasse", id="as it is folded"),
        pytest.param("наука жизнб", "наука жизнь", id="Cyrillic"),
        pytest.param("plnats lefves", "plants leaves", id="two words"),
    ],
)
def test_what_was_meant_is_suggested(small: TextIndex, typed: str, meant: str) -> None:
    """Of words that are, one letter away, or two of a long word; the one that most entries have with the others."""
    if typed.startswith("foto"):
        assert small.suggestion(typed) is None
        return
    assert small.suggestion(typed) == meant
    assert small.found(meant)


@pytest.mark.parametrize(
    "typed", ["moon tides", "tid", "", "-moon", '"tides moon"', "qqqq", "光用", "12345", "moon tile", "sun -tides"]
)
def test_nothing_is_suggested_without_a_need_or_a_word(small: TextIndex, typed: str) -> None:
    """What finds something is what was meant; where nothing is like it, nothing is made up."""
    assert small.suggestion(typed) is None


@settings(deadline=None)
@given(st.text(st.sampled_from("tidesmon -\"+я光'’Éİŉ²"), max_size=24))
def test_whatever_is_typed_has_a_suggestion_that_finds_something_or_none(small: TextIndex, typed: str) -> None:
    """A suggestion is a search of its own, and no empty one."""
    meant = small.suggestion(typed)
    assert meant is None or small.found(meant)


def test_edits_are_one_letter_away() -> None:
    """In the letters of the word's script; the word itself is none."""
    assert {"cat", "at", "cats", "act", "cut"} - edits("cat") == {"cat"}
    assert "кит" in edits("кот")
    assert len(edits("abcdefgh")) == 8 + 7 + 8 * 25 + 9 * 26 - 8
