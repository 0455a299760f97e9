"""Corrections: what was meant by a search that finds nothing, in words that there are.

A word that no entry has is one letter away from the one that was meant: one too many, one too few, another one, or two
in the wrong order; a long word may be two away. Where every word is somewhere, but no entry has all of them, each may
be the wrong one. Of the words that could be meant, that is taken which most entries have together with the others.
"""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.structs import replace

from graphql_api.search.folding import fold_in_place
from graphql_api.search.query import read_query
from graphql_api.search.ranking import entries_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.search.index import Index
    from graphql_api.search.pieces import Numbers
    from graphql_api.search.query import Query, Term

_SHORTEST, _LONG, _LONGEST = 3, 8, 40
"""Letters of a word that may be misspelt, of one that may be two letters away, and of the longest that is looked at."""
_MOST_MEANT = 12
_MOST_WRONG = 3
_ENOUGH_TO_TELL = 4
"""So many words, each of which is somewhere, tell which of them is the wrong one; fewer are what was meant."""
_LETTERS = {
    "a": string.ascii_lowercase,
    "α": "αβγδεζηθικλμνξοπρστυφχψω",
    "а": "абвгдежзиклмнопрстуфхцчшщъыьэюяієґђјљњћџ",
    "א": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "ا": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءپچژگ",
}
"""The letters of a script, folded, by one of them."""


class _Place(NamedTuple):
    """A word that may be misspelt: its term, and the number of the part of it."""

    term: Term
    at: int

    @property
    def word(self) -> str:
        return self.term.parts[self.at]


class _Choice(NamedTuple):
    """What could be meant in a place: how many entries have it with all other words, how often it occurs, the word."""

    together: int
    times: int
    word: str
    place: _Place


def corrected(indexes: Sequence[Index], text: str) -> str:
    """Return what is to be searched for in place of a text that finds nothing; the same where nothing is like it."""
    asked = text
    for _ in range(_MOST_WRONG):
        choice = _best(indexes, read_query(asked))
        if choice is None:
            return text
        asked = _replaced(asked, choice)
        if choice.together:
            return asked
    return text


def _best(indexes: Sequence[Index], query: Query) -> _Choice | None:
    if len(query.ways) != 1:
        return None
    terms = query.ways[0]
    found = {term: [entries_with(index, term) for index in indexes] for term in terms}
    unknown = [term for term in terms if not any(len(each) for each in found[term])]
    if not unknown and len(terms) < _ENOUGH_TO_TELL:
        return None
    places = [
        _Place(term, at) for term in unknown or terms for at, part in enumerate(term.parts) if _may_be_wrong(part)
    ]
    choices: list[_Choice] = []
    for place in places:
        others = [each for term, each in found.items() if term not in (place.term, *unknown)]
        rest = [_all_of([each[at] for each in others]) for at in range(len(indexes))]
        is_last_unknown = len(unknown) <= 1
        for count, word in _meant(indexes, place):
            term = replace(place.term, parts=_with(place, word), joined="", signed="", is_unfinished=False)
            together = [entries_with(index, term) for index in indexes] if is_last_unknown else []
            both = sum(_size(there, have) for there, have in zip(rest, together, strict=False))
            choices.append(_Choice(both, count, word, place))
    return max(choices, key=lambda choice: (choice.together, choice.times, choice.word), default=None)


def _may_be_wrong(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha()


def _with(place: _Place, word: str) -> tuple[str, ...]:
    return (*place.term.parts[: place.at], word, *place.term.parts[place.at + 1 :])


def _all_of(sets: Sequence[Numbers]) -> Numbers | None:
    """Return what is in all of the sets; None if there is none."""
    common: Numbers | None = None
    for each in sets:
        common = each if common is None else np.intersect1d(common, each, assume_unique=True)
    return common


def _size(there: Numbers | None, have: Numbers) -> int:
    return len(have) if there is None else len(np.intersect1d(there, have, assume_unique=True))


def _meant(indexes: Sequence[Index], place: _Place) -> list[tuple[int, str]]:
    """Return the commonest words (how often they occur, word) that could be meant."""
    word = place.word
    edited = json.dumps(sorted(edits(word)))
    counts: dict[str, int] = {}
    for index in indexes:
        found = index.spelled(edited)
        if not found and place.term.is_unfinished:
            found = index.spelled_from(edited)
        if not found and len(word) >= _LONG:
            found = [
                each for each in index.spelled_alike(word[:2], len(word) - 2, len(word) + 2) if _are_near(word, each[0])
            ]
        for one, count in found:
            counts[one] = counts.get(one, 0) + count
    return sorted(((count, one) for one, count in counts.items()), reverse=True)[:_MOST_MEANT]


def edits(word: str) -> set[str]:
    """Return every word that is one letter away."""
    letters = "".join(some for first, some in _LETTERS.items() if any(each in some for each in word)) or "".join(
        set(word)
    )
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {before + after[1:] for before, after in cuts if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    found |= {before + letter + after[1:] for before, after in cuts if after for letter in letters}
    found |= {before + letter + after for before, after in cuts for letter in letters}
    return found - {word, ""}


def _are_near(one: str, other: str) -> bool:
    """Return whether two words are two letters apart at the most; letters in the wrong order count as one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row, older = row, [at], before
        for place, there in enumerate(other, 1):
            cost = min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != there))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == there:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        before = above
    return row[-1] <= 2  # noqa: PLR2004 - two letters


def _replaced(text: str, choice: _Choice) -> str:
    """Return the text with the word in place of the misspelt one, with its capital and what stands around it."""
    term, wrong = choice.place.term, choice.place.word
    said = text[term.start : term.end]
    plain, places = fold_in_place(said)
    at = plain.find(wrong)
    start, end = _letters_of(said) if at < 0 else (at, at + len(wrong))
    if at >= 0 and places is not None:
        start, end = places[at], places[end - 1] + 1
    word = choice.word.capitalize() if said[start : start + 1].isupper() else choice.word
    return text[: term.start] + said[:start] + word + said[end:] + text[term.end :]


def _letters_of(said: str) -> tuple[int, int]:
    """Return where the letters of a word begin and end that is folded to another one."""
    letters = [at for at, character in enumerate(said) if character.isalpha()]
    return (letters[0], letters[-1] + 1) if letters else (0, len(said))
