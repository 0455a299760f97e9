"""Folding in place: each character by itself, and where it stood."""

from __future__ import annotations

import string
import sys

import pytest

from graphql_api.search.folding import fold, fold_in_place
from tests.uncounted import uncounted

MANY = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ"


@pytest.mark.parametrize(
    ("text", "folded", "places"),
    [
        ("Plain ASCII", "plain ascii", None),
        ("Ångström, Éclair", "angstrom, eclair", None),
        ("“Smart” — quotes…", "“smart” — quotes…", None),
        (f"{MANY} Many", "aaaaaaceeeeiiiinooooouuuuy many", None),
        ("Æ, Ǣ", "ae, ae", [0, 0, 1, 2, 3, 3, 4]),
        ("Straße", "strasse", [0, 1, 2, 3, 4, 4, 5, 6]),
        ("co\u00adop", "coop", [0, 1, 3, 4, 5]),
        (f"ß{MANY}ß", f"ss{'aaaaaaceeeeiiiinooooouuuuy'}ss", [0, 0, *range(1, 27), 27, 27, 28]),
        ("ꭰ Ꭰ", "Ꭰ Ꭰ", None),
    ],
)
def test_each_character_is_folded_and_knows_its_place(text: str, folded: str, places: list[int] | None) -> None:
    """Whether few or many different ones change; the places end with that of the end."""
    assert fold_in_place(text) == (folded, places)


@uncounted
def test_what_is_folded_folds_to_itself() -> None:
    """Every character there is, so also ǽ, which is æ with an accent."""
    characters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert not [each for each in characters if fold(fold(each)) != fold(each)]


def test_of_a_text_with_other_letters_the_ascii_ones_become_small_alone() -> None:
    """Lowering everything would undo the folding of scripts whose folded letters are the great ones."""
    assert fold_in_place(f"{string.ascii_uppercase}Ꭰ")[0] == f"{string.ascii_lowercase}Ꭰ"
