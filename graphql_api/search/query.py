"""What a person types into a search field, as terms that an entry must have, may have, or must not have.

Words must all occur; the last one may be unfinished; "a phrase" occurs as it is; -word and -"a phrase" must not occur.
The commonest English words are left out where others are left, because they say little; alone they are a phrase.
Everything else that a person types (operators, brackets, quotes without an end) is text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.search.analysis import groups, is_unspaced, is_word, pieces

MAX_CHARACTERS, MAX_WORDS = 1_000, 32
"""What counts of a text: a person types less, and a phrase costs what its words cost."""
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_COMMON = frozenset(
    (
        *("t", "a", "an", "and", "are", "as", "at", "be", "by", "can", "did", "do"),
        *("does", "for", "from", "has", "have", "how", "in", "is", "it", "its", "of", "on"),
        *("or", "that", "the", "their", "these", "this", "to", "was", "were", "what", "when", "where"),
        *("which", "who", "why", "will", "with"),
    )
)
_TOO_SHORT_TO_COMPLETE = 2


class Term(Struct, frozen=True):
    """Folded words that stand side by side, or the one word that they are when they are written together.

    `signed` is the word with its sign: what has it comes first. The last word of an unfinished term may go on. `start`
    and `end` say where in the typed text it stands.
    """

    parts: tuple[str, ...]
    joined: str = ""
    signed: str = ""
    is_phrase: bool = False
    is_excluded: bool = False
    is_unfinished: bool = False
    start: int = 0
    end: int = 0

    @property
    def is_common(self) -> bool:
        """Whether it says so little that it is passed over beside others."""
        return not self.is_phrase and not self.signed and len(self.parts) == 1 and self.parts[0] in _COMMON

    @property
    def begun(self) -> tuple[str, ...]:
        """The words that it begins with: without a last one that is too short to say how it goes on."""
        return self.parts[:-1] if len(self.parts) > 1 and _is_short(self.parts[-1]) else self.parts

    @property
    def _is_too_short(self) -> bool:
        """Whether so short a start is that of nearly everything."""
        return len(self.parts) == 1 and _is_short(self.parts[0])


class Query(NamedTuple):
    """What matches has all terms of one of the `ways`, and none of `excluded`; `raising` ones add to its score."""

    ways: tuple[tuple[Term, ...], ...] = ()
    raising: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def wanted(self) -> list[Term]:
        """Every term that is looked for, each once."""
        return list(dict.fromkeys(term for way in (*self.ways, self.raising) for term in way))


@lru_cache(maxsize=64)
def read_query(text: str) -> Query:
    """Return the query that `text` is; without ways, and so without matches, if no word in it must occur."""
    terms = _terms(text)
    wanted = [term for term in terms if not term.is_excluded]
    excluded = tuple(term for term in terms if term.is_excluded)
    if not wanted:
        return Query()
    last = wanted[-1] if wanted[-1].is_unfinished else None
    finished = [term for term in wanted if not term.is_unfinished]
    telling = tuple(term for term in finished if not term.is_common)
    if last and last._is_too_short:  # noqa: SLF001 - the query decides what follows from it
        whole = replace(last, is_unfinished=False)
        if telling:
            return Query((telling,), (whole,), excluded)
        if finished:
            return Query((tuple(finished), (whole,)), (), excluded)
        return Query(((whole if whole.parts[0].isascii() else last,),), (), excluded)
    if all(term.is_common for term in wanted):
        words = tuple(part for term in wanted for part in term.parts)
        return Query(((Term(words, is_phrase=True),),), (), excluded)
    if not last or last.is_common:
        return Query((telling,), (), excluded)
    return Query(((*telling, last),), (), excluded)


def searched(text: str) -> str:
    """Return what counts of a text that was typed; all else here expects that."""
    return text[:MAX_CHARACTERS]


def title_start(text: str) -> str:
    """Return `text` as a title begins that is being typed: on one line, case folded."""
    return " ".join(text.split()).casefold()


def _is_short(word: str) -> bool:
    return len(word) <= _TOO_SHORT_TO_COMPLETE and not is_unspaced(word)


def _terms(text: str) -> list[Term]:
    """Return the terms; a word such as "state-of-the-art" is the phrase of its parts, as it is when it is indexed."""
    terms: list[Term] = []
    left = MAX_WORDS
    for match in _TERM.finditer(text):
        said = match["phrase"] if match["word"] is None else match["word"]
        found = [group for piece in pieces(said) for group in groups(piece)]
        parts = tuple(part for group in found for part in group.parts)[:left]
        left -= len(parts)
        if not parts:
            continue
        is_one = match["word"] is not None and len(found) == 1 and parts == found[0].parts
        is_last = match["word"] is not None and match.end() == len(text) and is_word(text[-1])
        terms.append(
            Term(
                parts,
                found[0].joined if is_one else "",
                found[0].signed if is_one else "",
                is_phrase=match["phrase"] is not None or len(parts) > 1,
                is_excluded=match["minus"] is not None,
                is_unfinished=is_last and match["minus"] is None,
                start=match.start(),
                end=match.end(),
            )
        )
    return terms
