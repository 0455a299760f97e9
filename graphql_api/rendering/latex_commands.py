r"""Commands: LaTeX commands that start like an escape, and which of two readings of `\n…` a formula has.

Within a formula `\neq` is a command and `\nx` is a line break and an `x`; `\nu` may be either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql_api.rendering.mathml import to_mathml

if TYPE_CHECKING:
    from collections.abc import Collection

# Commands that the converter does not have, or only in some places: that it refuses them says nothing.
_CERTAIN = frozenset(
    """
    nVtwoheadrightarrow napprox nasymp ndownarrow neswarrow newcommand newenvironment newline newpage nisd nlessgtr
    nobreak nobreakspace nocite noindent nolimits nonscript nonumber nopagebreak norm normalfont normalsize notag
    nprecsim nshortmid nshortparallel nsime nsimeq nsqsubseteq nsqsupseteq nsuccsim null numberwithin nuparrow nvinfty
    nwsearrow
    """.split(),  # noqa: SIM905 - a word list reads best as words
)
N_COMMANDS = _CERTAIN | frozenset(
    """
    nLeftarrow nLeftrightarrow nRightarrow nVDash nVdash nabla natnums natural ncong ne nearrow neg negmedspace
    negthickspace negthinspace neq nequiv nexists ngeq ngeqq ngeqslant ngtr ngtrless ngtrsim ni nleftarrow
    nleftrightarrow nleq nleqq nleqslant nless nlesssim nmid not notin notni nparallel nprec npreceq nrightarrow nsim
    nsubset nsubseteq nsubseteqq nsucc nsucceq nsupset nsupseteq nsupseteqq ntriangleleft ntrianglelefteq ntriangleright
    ntrianglerighteq nu nvDash nvdash nwarrow
    """.split(),  # noqa: SIM905 - as above
)

# A line break and what is left of one of these, a variable, make sense together.
_AMBIGUOUS = frozenset({"ne", "ni", "nu"})
_ESCAPE = re.compile(r"\\\\|\\(?P<word>[nt][A-Za-z]*)|\\.", re.DOTALL)
_LINE_START = re.compile(r"(?:\\\\|\\begin\{[a-z]+\*?\})[ \t]*\Z")
_LINE_START_LENGTH = 40
_CLOSED_ON_OWN_LINE = re.compile(r"(?:\\n|\n)[ \t]*\Z")
_READINGS_MAX = 8


def undo_escapes_in_formula(body: str, *, is_block: bool) -> str:
    r"""Return a formula's source (without delimiters) with its line breaks undone and its commands kept."""
    if "\\n" not in body and "\\t" not in body:
        return body
    breaks = {match.start() for match in _ESCAPE.finditer(body) if _is_break(match)}
    commands = [match for match in _ESCAPE.finditer(body) if match["word"] in N_COMMANDS]
    breaks |= {match.start() for match in commands if _starts_line(match, breaks)}
    doubtful = [match.start() for match in commands if match.start() not in breaks and match["word"] not in _CERTAIN]
    return _first_that_converts(body, breaks, doubtful, is_block=is_block)


def _is_break(match: re.Match[str]) -> bool:
    word = match["word"]
    return word is not None and word[0] == "n" and word not in N_COMMANDS


def _starts_line(match: re.Match[str], breaks: Collection[int]) -> bool:
    r"""Say whether an ambiguous command is a line break: its formula is written in lines, and it would start one."""
    if match["word"] not in _AMBIGUOUS:
        return False
    body, start = match.string, match.start()
    if not body[:start].strip(" \t"):
        return _CLOSED_ON_OWN_LINE.search(body, max(len(body) - _LINE_START_LENGTH, 0)) is not None
    return bool(breaks) and _LINE_START.search(body, max(start - _LINE_START_LENGTH, 0), start) is not None


def _first_that_converts(body: str, breaks: set[int], doubtful: list[int], *, is_block: bool) -> str:
    """Return the reading with every doubtful command; if it does not convert, the first with line breaks that does."""
    plain = _read(body, breaks)
    if not doubtful or to_mathml(plain.strip(), is_block) is not None:
        return plain
    for chosen in [*({start} for start in doubtful[:_READINGS_MAX]), set(doubtful)]:
        reading = _read(body, breaks | chosen)
        if to_mathml(reading.strip(), is_block) is not None:
            return reading
    return plain


def _read(body: str, breaks: Collection[int]) -> str:
    def undone(match: re.Match[str]) -> str:
        word = match["word"]
        if match.start() in breaks:
            return "\n" + match[0][2:]
        return "\t" if word == "t" else match[0]

    return _ESCAPE.sub(undone, body)
