"""What a person types into a search field, as a query of SQLite's FTS5.

Words must all occur; the last one may be unfinished; "a phrase" occurs as it is; -word and -"a phrase" must not occur.
The commonest English words are left out where others are left, because they say little and cost much. Everything else
that a person types (operators, brackets, quotes without an end) is text. The result is always valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TERMS = 32
_NOTHING = '""'
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    (
        *("t", "a", "an", "and", "are", "as", "at", "be", "by", "can", "did", "do"),
        *("does", "for", "from", "has", "have", "how", "in", "is", "it", "its", "of", "on"),
        *("or", "that", "the", "their", "these", "this", "to", "was", "were", "what", "when", "where"),
        *("which", "who", "why", "will", "with"),
    )
)
# Words are indexed by their stems, which can be shorter than what has been typed of them ("relativit" and "rel").
_SHORTEST_START, _LONGEST_ENDING = 4, 4
_TOO_SHORT_TO_COMPLETE = 2


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    is_excluded: bool
    is_phrase: bool
    is_unfinished: bool

    @property
    def is_common(self) -> bool:
        return not self.is_phrase and self.text.casefold() in _COMMON


def fts5_query(text: str) -> str:
    """Return the FTS5 query for `text`; one that matches nothing if there is no word in it that must occur."""
    terms = _terms(text)
    wanted = [term for term in terms if not term.is_excluded]
    excluded = [_phrase(term.text) for term in terms if term.is_excluded]
    if not wanted:
        return _NOTHING
    query = _all_of(wanted)
    return f"({query}) NOT ({' OR '.join(excluded)})" if excluded else query


def words_asked_for(text: str) -> list[str]:
    """Return the different words that a search for `text` looks for, without the commonest where there are others."""
    wanted = [term for term in _terms(text) if not term.is_excluded]
    said = [term for term in wanted if not term.is_common] or wanted
    return list(dict.fromkeys(word.casefold() for term in said for word in term.text.split()))


def title_start(text: str) -> str:
    """Return `text` as a title begins that is being typed: on one line, case folded."""
    return " ".join(text.split()).casefold()


def _terms(text: str) -> list[_Term]:
    """Return the terms; a word such as "state-of-the-art" is the phrase of its parts, as it is when it is indexed."""
    terms = []
    for match in _TERM.finditer(text):
        words = _WORD.findall(match["phrase"] or match["word"] or "")
        if words:
            is_last = match["word"] is not None and match.end() == len(text) and text.endswith(words[-1])
            is_phrase = match["phrase"] is not None or len(words) > 1
            terms.append(_Term(" ".join(words), match["minus"] is not None, is_phrase, is_last and not match["minus"]))
    return terms[:MAX_TERMS]


def _all_of(terms: list[_Term]) -> str:
    """Return the query for all of `terms`, the last of which may be unfinished."""
    last = terms[-1].text if terms[-1].is_unfinished else ""
    says_much = [term for term in terms if not term.is_unfinished and not term.is_common]
    if not says_much and len(last) <= _TOO_SHORT_TO_COMPLETE:
        says_much = [term for term in terms if not term.is_unfinished]
    finished = [_phrase(term.text) for term in says_much]
    if not last:
        return " AND ".join(finished)
    if finished and len(last) <= _TOO_SHORT_TO_COMPLETE:
        # So short a start is that of nearly everything: it may raise what has it as a word, and rules nothing out.
        query = " AND ".join(finished)
        return f"({query}) OR ({query} AND {_phrase(last)})"
    if len(last) <= _TOO_SHORT_TO_COMPLETE and last.isascii():
        # A letter or two alone count as a word. (A Han character is a good start of one.)
        return _phrase(last)
    return " AND ".join([*finished, f"({' OR '.join(_completions(last))})"])


def _completions(start: str) -> list[str]:
    """Return the queries for the words that `start` may be the start of."""
    forms = [_phrase(start), f"{_phrase(start)} *"]
    stem = start[: max(_SHORTEST_START, len(start) - _LONGEST_ENDING)]
    return forms if stem == start or " " in start else [*forms, f"{_phrase(stem)} *"]


def _phrase(text: str) -> str:
    return f'"{text}"'
