"""What a person types into a search field, as a query of SQLite's FTS5.

Words must all occur; the last one may be unfinished; "a phrase" occurs as it is; -word and -"a phrase" must not occur.
The commonest English words are left out where others are left, because they say little and cost much; alone they are a
phrase. Everything else that a person types (operators, brackets, quotes without an end) is text. The result is always
valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_CHARACTERS, MAX_WORDS = 1_000, 32
"""What counts of a text: a person types less, and a phrase costs what its words cost."""
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
# Words are indexed by their stems, which can be shorter than what was typed of them: "relativit" begins no stem, and
# "rel" is that of relativity. So what may be the start of an ending is taken off, too.
_ENDING = re.compile(
    r"(?:i|in|ing|io|ion|at|ati|atio|ation|iv|ive|ivi|ivit|ivity|ativ|ativi|ativit|ativity|al|ali|alit|ic|ica|ical"
    r"|ically|icat|icati|icatio|ication|me|men|ment|ne|nes|ness|ab|abi|abil|abili|abilit|abl|iz|iza|izat|izati|izatio"
    r"|ization|ist|ism|anc|enc|ant|ent|fu|ful|ou|ous|er|l|ly|e|es)"
)
_SHORTEST_STEM, _MOST_STEMS, _LONGEST_ENDING = 3, 4, 7
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


def searched(text: str) -> str:
    """Return what counts of a text that was typed; all else here expects that."""
    return text[:MAX_CHARACTERS]


def title_start(text: str) -> str:
    """Return `text` as a title begins that is being typed: on one line, case folded."""
    return " ".join(text.split()).casefold()


def _terms(text: str) -> list[_Term]:
    """Return the terms; a word such as "state-of-the-art" is the phrase of its parts, as it is when it is indexed."""
    terms: list[_Term] = []
    left = MAX_WORDS
    for match in _TERM.finditer(text):
        words = _WORD.findall(match["phrase"] or match["word"] or "")[:left]
        left -= len(words)
        if words:
            is_last = match["word"] is not None and match.end() == len(text) and text.endswith(words[-1])
            is_phrase = match["phrase"] is not None or len(words) > 1
            terms.append(_Term(" ".join(words), match["minus"] is not None, is_phrase, is_last and not match["minus"]))
    return terms


def _all_of(terms: list[_Term]) -> str:
    """Return the query for all of `terms`, the last of which may be unfinished."""
    last = terms[-1].text if terms[-1].is_unfinished else ""
    finished = [term for term in terms if not term.is_unfinished]
    telling = [_phrase(term.text) for term in finished if not term.is_common]
    if last and len(last) <= _TOO_SHORT_TO_COMPLETE:
        return _with_short_word(last, telling, [_phrase(term.text) for term in finished])
    if all(term.is_common for term in terms):
        return _phrase(" ".join(term.text for term in terms))
    if not last or terms[-1].is_common:
        return " AND ".join(telling)
    return " AND ".join([*telling, f"({' OR '.join(_completions(last))})"])


def _with_short_word(last: str, telling: list[str], finished: list[str]) -> str:
    """Return the query for a last word of a letter or two, after words that may all be among the commonest.

    So short a start is that of nearly everything: it raises what has it as a word, and rules nothing out.
    """
    if telling:
        query = " AND ".join(telling)
        return f"({query}) OR ({query} AND {_phrase(last)})"
    if finished:
        return f"({' AND '.join(finished)}) OR {_phrase(last)}"
    # A Han character, though, is a good start of a word.
    return _phrase(last) if last.isascii() else f"({' OR '.join(_completions(last))})"


def _completions(start: str) -> list[str]:
    """Return the queries for the words that `start` may be the start of."""
    forms = [_phrase(start), f"{_phrase(start)} *"]
    if " " in start:
        return forms
    cuts = range(max(_SHORTEST_STEM, len(start) - _LONGEST_ENDING), len(start))
    stems = [start[:cut] for cut in cuts if _ENDING.fullmatch(start[cut:].casefold())]
    return [*forms, *map(_phrase, stems[:_MOST_STEMS])]


def _phrase(text: str) -> str:
    return f'"{text}"'
