"""What a person types into a search field, as a query of SQLite's FTS5.

Words must all occur; the last one may be unfinished; "a phrase" occurs as it is; -word and -"a phrase" must not occur.
Everything else that a person types (operators, brackets, quotes without an end) is text. The result is always valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TERMS = 64
_NOTHING = '""'
_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    excluded: bool
    unfinished: bool


def fts5_query(text: str) -> str:
    """Return the FTS5 query for `text`; one that matches nothing if there is no word in it that must occur."""
    terms = list(_terms(text))[:MAX_TERMS]
    wanted = [_wanted(term) for term in terms if not term.excluded]
    excluded = [_phrase(term.text) for term in terms if term.excluded]
    if not wanted:
        return _NOTHING
    query = " AND ".join(wanted)
    return f"({query}) NOT ({' OR '.join(excluded)})" if excluded else query


def _terms(text: str) -> list[_Term]:
    """Return the terms; a word such as "state-of-the-art" is the phrase of its parts, as it is when it is indexed."""
    terms = []
    for match in _TERM.finditer(text):
        words = " ".join(_WORD.findall(match["phrase"] or match["word"] or ""))
        if words:
            unfinished = match["word"] is not None and match.end() == len(text) and not match["minus"]
            terms.append(_Term(words, match["minus"] is not None, unfinished))
    return terms


def _wanted(term: _Term) -> str:
    """Return one condition. An unfinished word is looked for as it stands and as a beginning.

    Both, because words are indexed by their stems: "relativity" would be no beginning of its own stem "rel".
    """
    phrase = _phrase(term.text)
    return f"({phrase} OR {phrase} *)" if term.unfinished else phrase


def _phrase(text: str) -> str:
    return f'"{text}"'
