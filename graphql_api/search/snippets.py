"""Parts of a text: its start, and the part that shows best why a search found it, with its words marked.

SQLite calls these functions for the rows of a page. FTS5 has a function of its own for this, which splits and stems
the whole text again for every row (some 200 µs for 3 KB); looking for a few words in it takes a fraction of that.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from graphql_api.search.graphemes import cut
from graphql_api.search.query import words_asked_for

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 200
_CHARACTERS_BEFORE = 60
_MATCHES_OF_A_WORD = 40
_ELLIPSIS = "…"
_LONGEST_WORD = 40  # characters
# What is shown is one line, so line breaks can stand for the marks until it is escaped.
_MARK, _END_OF_MARK = "\n\r"
# A word also matches with another ending, as its stem does in the index; a shorter one only as it is, or in the plural.
_SHORTEST_STEM, _LONGEST_ENDING = 4, 3
_REST_OF_WORD = re.compile(r"\w*")
_BLANK = re.compile(r"\s+")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")

_Match = tuple[int, str]  # where a word of the text begins, and the word that was asked for
_Words = tuple[str, ...]


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
    return "".join(_window(text, _plain_words(asked)))


def snippet_html(text: str, asked: str) -> str:
    """Return the same part escaped for HTML, with each of the words in a mark element."""
    words = _plain_words(asked)
    before, shown, after = _window(text, words)
    plain = _plain(shown)
    parts: list[str] = []
    done = 0
    for start, _ in _matches(plain, words):
        if start >= done:
            end = _end_of_word(plain, start)
            parts += [shown[done:start], _MARK, shown[start:end], _END_OF_MARK]
            done = end
    escaped = html.escape("".join([before, *parts, shown[done:], after]))
    return escaped.replace(_MARK, "<mark>").replace(_END_OF_MARK, "</mark>")


@lru_cache(maxsize=64)  # The rows of a page are asked for the same.
def _plain_words(asked: str) -> _Words:
    return tuple(dict.fromkeys(map(_plain, words_asked_for(asked))))


def _window(text: str, words: _Words) -> tuple[str, str, str]:
    """Return the stretch of `text` that holds the most different words, cut at blanks, between its ellipses."""
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
    return _ELLIPSIS if start else "", line, _ELLIPSIS if is_cut else ""


def _best_start(text: str, words: _Words) -> int:
    """Return where to begin: shortly before the stretch with the most different words, the first of those."""
    best, best_count = 0, 0
    latest: dict[str, int] = {}
    for start, word in _matches(_plain(text), words):
        latest[word] = start
        reach = start + len(word) - (MAX_CHARACTERS - _CHARACTERS_BEFORE)
        near = [at for at in latest.values() if at >= reach]
        if len(near) > best_count:
            best, best_count = min(near), len(near)
            if best_count == len(words):
                break
    return max(0, min(best - _CHARACTERS_BEFORE, len(text) - MAX_CHARACTERS))


def _matches(plain: str, words: _Words) -> Iterator[_Match]:
    """Yield where `words` stand in a text, whatever their endings, in order; it looks no further than it is asked."""
    ahead = [(at, word) for word in words if (at := _next(plain, word, 0)) >= 0]
    left = dict.fromkeys(words, _MATCHES_OF_A_WORD)
    while ahead:
        match = start, word = min(ahead)
        yield match
        ahead.remove(match)
        left[word] -= 1
        if left[word] and (at := _next(plain, word, start + 1)) >= 0:
            ahead.append((at, word))


def _next(plain: str, word: str, start: int) -> int:
    """Return where a word begins that is like `word`, from `start` on; -1 if nowhere."""
    stem = word[:_SHORTEST_STEM] if len(word) < _SHORTEST_STEM + _LONGEST_ENDING else word[:-_LONGEST_ENDING]
    while (at := plain.find(stem, start)) >= 0:
        starts_a_word = at == 0 or not plain[at - 1].isalnum()
        if starts_a_word and (len(word) >= _SHORTEST_STEM or _is_whole(plain, word, at)):
            return at
        start = at + 1
    return -1


def _is_whole(plain: str, word: str, at: int) -> bool:
    """Return whether `word` or its plural stands `at` there, and not the beginning of a longer word."""
    return plain[at : _end_of_word(plain, at)] in (word, f"{word}s")


def _end_of_word(plain: str, start: int) -> int:
    return _REST_OF_WORD.match(plain, start).end()  # type: ignore[union-attr] # it matches at every place


def _plain(text: str) -> str:
    """Return `text` in lower case without accents, each character in its place."""
    return (text if text.isascii() else _ACCENTED.sub(_without_accent, text)).lower()


def _without_accent(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", match[0])[0]
