"""Places: a row's values for each order, in a cursor's text."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from graphql_api.store.places import place, place_check, values_of

ANYTHING = "."
PADDING = bytes(6)  # as long as the digest of a place
VALUES = ["/learn/a/questions/b", "2024-02-29", "Élan 😀", -7, None, 0.1]


@pytest.mark.parametrize("values", [[], [None], VALUES, ["x" * 10_000], [1e308, -0.0, 2**53]])
def test_place_gives_its_values_back(values: list[object]) -> None:
    """What a place was made from is what it says."""
    assert values_of(place(values)) == values


def test_place_is_url_safe_text() -> None:
    """A cursor can stand in a url as it is."""
    assert all(character.isalnum() or character in "-_" for character in place(VALUES))


def test_equal_values_have_equal_places() -> None:
    """A place is a function of its values, so that pages can be cached."""
    assert place(VALUES) == place(list(VALUES))
    assert place(VALUES) != place([*VALUES, 1])


@pytest.mark.parametrize("at", range(0, len(place(VALUES)), 3))
def test_changed_character_is_noticed(at: int) -> None:
    """A place that was tampered with is none."""
    text = place(VALUES)
    other = "A" if text[at] != "A" else "B"
    with pytest.raises(ValueError, match=ANYTHING):
        values_of(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "A", "AAAA", "ä", "=", "!!!!", place(VALUES) + "=", place(VALUES)[:-1], place(VALUES) + "AAAA", "\ud800"],
)
def test_other_text_is_no_place(text: str) -> None:
    """Text that `place` did not make is refused, whatever it is."""
    with pytest.raises(ValueError, match=ANYTHING):
        values_of(text)


@pytest.mark.parametrize("values", [{"a": 1}, [["a"]], ["a", {}], [1] * 17, 5, None], ids=str)
def test_values_that_no_row_has_are_refused(values: Any) -> None:
    """Their digest is right, for it needs no secret; they would only cost time and memory."""
    with pytest.raises(ValueError, match="forged"):
        values_of(place(values))


def test_overlong_text_is_not_looked_at() -> None:
    """A client cannot have megabytes decoded."""
    with pytest.raises(ValueError, match="too long"):
        values_of("A" * 70_000)


def test_payload_that_is_no_json_is_refused() -> None:
    """The digest alone makes no place."""
    digest = hashlib.blake2b(b"abc", digest_size=len(PADDING)).digest()
    with pytest.raises(ValueError, match=ANYTHING):
        values_of(base64.urlsafe_b64encode(digest + b"abc").rstrip(b"=").decode())


def test_check_goes_with_the_place() -> None:
    """The check is a small number that differs with the text."""
    assert 0 <= place_check(place(VALUES)) < 2**31
    assert place_check("a") != place_check("b")
