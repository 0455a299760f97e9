"""Parts of a text: its start, and the part that shows best why a search found it, with its words marked.

SQLite calls these functions for the rows of a page. They look for a few words in a text, which takes a fraction of what
it takes to analyse the text as the index does.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.search.analysis import is_unspaced, is_word, pattern_of_word
from graphql_api.search.folding import fold_in_place
from graphql_api.search.graphemes import cut
from graphql_api.search.query import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 200
DEFAULT_EXCERPT_CHARACTERS = 200
_CHARACTERS_BEFORE = 60
_MATCHES_OF_A_WORD = 40
_ELLIPSIS = "…"
_LONGEST_WORD = 40  # characters
# What is longer is no word, but a number in hexadecimal or the like: a word in it is not followed to its end.
_LONGEST_RUN = 200
# What is shown is one line, so line breaks can stand for the marks until it is escaped.
_MARK, _END_OF_MARK = "\n\r"
# A word also matches with another ending, as its stem does in the index; a shorter one only as it is, or in the plural.
_SHORTEST_STEM, _LONGEST_ENDING = 4, 3
_BLANK = re.compile(r"\s+")


class _Wanted(NamedTuple):
    """A word that is looked for, and what a word of the text begins with that is it.

    An exact one is found anywhere: characters of scripts without blanks, or a word with its sign.
    """

    word: str
    start: str
    is_exact: bool


_Place = tuple[int, int]


def excerpt(lead: str, length: int) -> str:
    """Return the start of `lead`, cut at a blank; with its ellipsis at most `length` characters long, at least 1.

    A run that is longer than a word, as scripts without blanks have them, is cut between two grapheme clusters.
    """
    if len(lead) <= length:
        return lead
    words, _, begun = lead[:length].rpartition(" ")
    if words and len(begun) <= _LONGEST_WORD:
        return words.rstrip(" ") + _ELLIPSIS
    return cut(lead, length - 1).rstrip(" ") + _ELLIPSIS


def snippet_text(text: str, asked: str) -> str:
    """Return the part of `text` around the words of the search `asked`, on one line, at most 202 characters long."""
    return "".join(_window(text, _wanted(asked)))


def snippet_html(text: str, asked: str) -> str:
    """Return the same part escaped for HTML, with each of the words in a mark element."""
    wanted = _wanted(asked)
    before, shown, after = _window(text, wanted)
    plain, places = fold_in_place(shown)
    found = {place for each in wanted for place in _places(plain, each)}
    parts: list[str] = []
    done = 0
    for start, end in sorted(found, key=_longest_first):
        at, to = (start, end) if places is None else (places[start], places[end - 1] + 1)
        if at >= done:
            to = _with_marks(shown, to)
            parts += [shown[done:at], _MARK, shown[at:to], _END_OF_MARK]
            done = to
    escaped = html.escape("".join([before, *parts, shown[done:], after]))
    return escaped.replace(_MARK, "<mark>").replace(_END_OF_MARK, "</mark>")


def _longest_first(place: _Place) -> _Place:
    return place[0], -place[1]


def _with_marks(shown: str, end: int) -> int:
    """Return the end of a word with the accents that follow it: the folded text has none."""
    while end < len(shown) and not shown[end].isascii() and not shown[end].isalnum() and is_word(shown[end]):
        end += 1
    return end


@lru_cache(maxsize=64)  # The rows of a page are asked for the same.
def _wanted(asked: str) -> tuple[_Wanted, ...]:
    words: dict[str, bool] = {}
    for term in read_query(asked).wanted:
        unspaced = ""
        for part in (*term.parts, ""):
            if part and is_unspaced(part):
                unspaced += part
                continue
            words |= {word: is_exact for word, is_exact in ((unspaced, True), (part, False)) if word}
            unspaced = ""
        words |= {word: is_exact for word, is_exact in ((term.signed, True), (term.joined, False)) if word}
    return tuple([_wanted_word(word, is_exact=is_exact) for word, is_exact in words.items()])


def _wanted_word(word: str, *, is_exact: bool) -> _Wanted:
    is_whole = is_exact or not word.isascii()
    stem = word[:_SHORTEST_STEM] if len(word) < _SHORTEST_STEM + _LONGEST_ENDING else word[:-_LONGEST_ENDING]
    return _Wanted(word, word if is_whole else stem, is_exact)


def _window(text: str, wanted: tuple[_Wanted, ...]) -> tuple[str, str, str]:
    """Return the stretch of `text` that holds the most different words, cut at blanks, between its ellipses."""
    start = _best_start(text, wanted) if len(text) > MAX_CHARACTERS else 0
    if start:
        blank = _BLANK.search(text, start, start + _LONGEST_WORD)
        start = blank.end() if blank else start
    # Twice as much as is shown: line breaks and indentation become single blanks.
    reach = start + 2 * MAX_CHARACTERS
    line = " ".join(text[start:reach].split())
    is_cut = len(line) > MAX_CHARACTERS or reach < len(text)
    if len(line) > MAX_CHARACTERS:
        words, _, begun = line[: MAX_CHARACTERS + 1].rpartition(" ")
        line = words if words and len(begun) <= _LONGEST_WORD else cut(line, MAX_CHARACTERS)
    return _ELLIPSIS if start else "", line, _ELLIPSIS if is_cut else ""


def _best_start(text: str, wanted: tuple[_Wanted, ...]) -> int:
    """Return where to begin: shortly before the stretch with the most different words, the first of those."""
    plain, places = fold_in_place(text)
    nowhere = len(plain)
    # Places are looked for as far as they are needed: mostly all words stand together soon.
    further = [_places(plain, each) for each in wanted]
    ahead = [next(each, (nowhere, 0))[0] for each in further]
    latest = [-nowhere] * len(wanted)
    best, best_count = 0, 0
    while best_count < len(wanted) and (start := min(ahead)) < nowhere:
        number = ahead.index(start)
        ahead[number] = next(further[number], (nowhere, 0))[0]
        latest[number] = start
        first = max(0, start + len(wanted[number].word) - MAX_CHARACTERS + _CHARACTERS_BEFORE)
        near = [at for at in latest if at >= first]
        if len(near) > best_count:
            best, best_count = min(near), len(near)
    best = best if places is None else places[best]
    return max(0, min(best - _CHARACTERS_BEFORE, len(text) - MAX_CHARACTERS))


def _places(plain: str, wanted: _Wanted) -> Iterator[_Place]:
    """Yield where a word stands in a folded text, whatever its ending: the first few dozen places."""
    count = 0
    start, word = wanted.start, wanted.word
    pattern = None if wanted.is_exact else pattern_of_word(plain, is_number=word.isdigit())
    is_short = len(word) < _SHORTEST_STEM
    at = plain.find(start)
    while at >= 0 and count < _MATCHES_OF_A_WORD:
        end = at + len(word)
        if pattern:
            match = None if _is_within(plain, at, word) else pattern.match(plain, at, at + _LONGEST_RUN)
            end = match.end() if match else 0
            if is_short and plain[at:end] not in {word, f"{word}s"}:
                end = 0
        if end:
            yield at, end
            count += 1
        at = plain.find(start, end or at + 1)
    if not count and pattern and not is_short:
        for match in _linked(word).finditer(plain):
            if _end_of_linked(plain, *match.span()):
                yield match.span()


def _is_within(plain: str, at: int, word: str) -> bool:
    """Return whether what stands `at` there is within a word; of `500mg`, mg is not."""
    before = plain[at - 1 : at]
    if before.isalnum():
        return not (before.isdigit() and word[0].isalpha())
    return not before.isascii() and is_word(before)


@lru_cache(maxsize=64)
def _linked(word: str) -> re.Pattern[str]:
    """Return the pattern of a word with links in it."""
    return re.compile("[-',]?".join(map(re.escape, word)))


def _end_of_linked(plain: str, start: int, end: int) -> int:
    return end if not plain[start - 1 : start].isalnum() and not plain[end : end + 1].isalnum() else 0
