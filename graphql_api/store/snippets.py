"""Parts of a text: its start, and the part that shows best why a search found it, with its words marked.

SQLite calls these functions for the rows of a page. FTS5 has a function of its own for this, which splits and stems
the whole text again for every row (some 200 µs for 3 KB); looking for a few words in it takes a fraction of that.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from graphql_api.store.search_query import words_asked_for

MAX_CHARACTERS = 200
_CHARACTERS_BEFORE = 60
_MATCHES_OF_A_WORD = 40
_ELLIPSIS = "…"
# A word also matches with another ending, as its stem does in the index; a shorter one only as it is, or in the plural.
_SHORTEST_STEM, _LONGEST_ENDING = 4, 3
_REST_OF_WORD = re.compile(r"\w*")
_BLANK = re.compile(r"\s+")
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_ACCENT = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")

_Match = tuple[int, int, int]  # start, end, and the number of the word


def excerpt(lead: str, length: int) -> str:
    """Return the start of `lead`, cut at a blank; with its ellipsis at most `length` characters long, at least 1."""
    if len(lead) <= length:
        return lead
    words, _, _ = lead[:length].rpartition(" ")
    return (words.rstrip(" ") or lead[: length - 1]) + _ELLIPSIS


def snippet_text(text: str, asked: str) -> str:
    """Return the part of `text` around the words of the search `asked`, on one line, at most 202 characters long."""
    return _window(text, words_asked_for(asked))


def snippet_html(text: str, asked: str) -> str:
    """Return the same part escaped for HTML, with each of the words in a mark element."""
    words = words_asked_for(asked)
    shown = _window(text, words)
    parts: list[str] = []
    done = 0
    for start, end, _ in _matches(shown, words):
        if start >= done:
            parts += [html.escape(shown[done:start]), "<mark>", html.escape(shown[start:end]), "</mark>"]
            done = end
    return "".join([*parts, html.escape(shown[done:])])


def _window(text: str, words: list[str]) -> str:
    """Return the stretch of `text` that holds the most different words, cut at blanks, with an ellipsis where cut."""
    start = _best_start(text, words) if len(text) > MAX_CHARACTERS else 0
    if start:
        blank = _BLANK.search(text, start)
        start = blank.end() if blank else start
    # Twice as much as is shown: line breaks and indentation become single blanks.
    reach = start + 2 * MAX_CHARACTERS
    line = " ".join(text[start:reach].split())
    is_cut = len(line) > MAX_CHARACTERS or reach < len(text)
    if len(line) > MAX_CHARACTERS:
        line = line[: MAX_CHARACTERS + 1].rpartition(" ")[0] or line[:MAX_CHARACTERS]
    return (_ELLIPSIS if start else "") + line + (_ELLIPSIS if is_cut else "")


def _best_start(text: str, words: list[str]) -> int:
    """Return where to begin: shortly before the stretch with the most different words, the first of those."""
    matches = _matches(text, words)
    best, best_count = 0, 0
    first = 0
    for last, (_, end, _) in enumerate(matches):
        while first < last and end - matches[first][0] > MAX_CHARACTERS - _CHARACTERS_BEFORE:
            first += 1
        count = len({word for _, _, word in matches[first : last + 1]})
        if count > best_count:
            best, best_count = matches[first][0], count
    return max(0, min(best - _CHARACTERS_BEFORE, len(text) - MAX_CHARACTERS))


def _matches(text: str, words: list[str]) -> list[_Match]:
    """Return where `words` stand in `text`, whatever their case, accents and endings, in order."""
    plain = _plain(text)
    matches: list[_Match] = []
    for number, word in enumerate(words):
        matches += _matches_of(plain, _plain(word), number)
    return sorted(matches)


def _matches_of(plain: str, word: str, number: int) -> list[_Match]:
    stem = word[: max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING)]
    found: list[_Match] = []
    at = plain.find(stem)
    while at >= 0 and len(found) < _MATCHES_OF_A_WORD:
        end = _REST_OF_WORD.match(plain, at).end()  # type: ignore[union-attr] # it matches at every place
        starts_a_word = at == 0 or not plain[at - 1].isalnum()
        if starts_a_word and (len(word) >= _SHORTEST_STEM or plain[at:end] in (word, f"{word}s")):
            found.append((at, end, number))
        at = plain.find(stem, end)
    return found


def _plain(text: str) -> str:
    """Return `text` in lower case without accents, each character in its place."""
    return (text.translate(_without_accents()) if _ACCENT.search(text) else text).lower()


@lru_cache(maxsize=1)
def _without_accents() -> dict[int, str]:
    """Return the Latin letters with accents, and for each the letter without."""
    plain = {code: unicodedata.normalize("NFD", chr(code))[0] for code in _LATIN}
    return {code: letter for code, letter in plain.items() if letter != chr(code)}
