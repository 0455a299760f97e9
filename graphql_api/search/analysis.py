"""Analysis: the words of a text, as they are indexed and as they are asked for.

A text is cut at white space; each piece becomes groups of words. Most pieces are one word. What is written together
(`x-ray`, `O'Brien`, `500mg`) is one group: its parts, and the joined word, which whoever writes it as one finds. What
has a sign (`C++`, `.NET`, `F-16`, `3D`) has a word of its own with it. In scripts that put no blanks between words
every character is a part, so that any stretch of a text is found as a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from graphql_api.search.folding import fold

LONGEST_WORD = 200
"""Characters of a word that count: a sequence of thousands of letters is found by its start."""
_LONGEST_JOINED, _MOST_JOINED, _LONGEST_SIGNED = 32, 3, 8
SEPARATORS = '!"$%&()*/:;<=>?@[\\]^_`{|}~'
"""Signs that part words and never hold them together; `WIDE_SEPARATORS` have three bytes in UTF-8, E2 the first."""
WIDE_SEPARATORS = "–—“”…"
AROUND = ".,'"
"""What may surround a word within a piece."""
_BLANKS = str.maketrans(SEPARATORS + WIDE_SEPARATORS, " " * len(SEPARATORS + WIDE_SEPARATORS))
UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
)
"""Ranges of scripts without blanks between words, and Hangul, whose blanks are put in different ways."""
_RAISED = re.compile("(?<=[₀-₉])(?=[⁰¹²³⁴-⁹])")
"""Between an index and an exponent: SO₄²⁻ is SO4 with a charge."""
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)")
_NUMBER_FIRST = re.compile(r"([0-9]+)([^\W\d_].*)", re.DOTALL)
_DIGITS, _ASCII_WORD = re.compile("[0-9]+"), re.compile("[a-z0-9]+")
_SIGNS = re.compile(r"\+{1,2}|#")
_NO_WORDS = re.compile(r"\W")
_LINKS = frozenset("-'")


class Group(NamedTuple):
    """Words that are written together.

    `parts` stand side by side. `joined` is the group as one word, `signed` the word with its sign; "" where the group
    has none.
    """

    parts: tuple[str, ...]
    joined: str = ""
    signed: str = ""


def is_unspaced(word: str) -> bool:
    """Return whether a word is a character of a script without blanks."""
    return not word.isascii() and _any_unspaced().match(word) is not None


def is_word(character: str) -> bool:
    """Return whether a character belongs to a word."""
    return character.isalnum() or _runs().match(character) is not None


def pattern_of_word(text: str, *, is_number: bool) -> re.Pattern[str]:
    """Return the pattern of a word from its start in a folded text to its end; a number ends before letters."""
    return _DIGITS if is_number else _ASCII_WORD if text.isascii() else _runs()


def pieces(text: str) -> list[str]:
    """Return the pieces of a text, in order: what stands between blanks and signs that hold no words together."""
    return text.translate(_BLANKS).split()


def plain_word(piece: str) -> str:
    """Return the word of a piece that is one word in ASCII with at most points around it, as most are; else ""."""
    plain = piece.rstrip(AROUND).lstrip("'")
    return plain.lower()[:LONGEST_WORD] if plain.isascii() and plain.isalpha() else ""


def groups(piece: str) -> tuple[Group, ...]:
    """Return the groups of a piece of text, in order."""
    if word := plain_word(piece):
        return (Group((word,)),)
    if piece.isascii():
        match piece.rstrip(AROUND).lower().split("-"):
            case [first, second] if first.isalpha() and second.isalpha():
                return (_hyphened(first, second),)
    folded = fold(_RAISED.sub("-", piece))
    if "," in folded:
        folded = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), folded)
    return tuple(_groups(folded))


def _hyphened(first: str, second: str) -> Group:
    """Return the group of two words of letters, as most are that have a hyphen."""
    joined = first + second
    return Group((first[:LONGEST_WORD], second[:LONGEST_WORD]), joined if len(joined) <= _LONGEST_JOINED else "")


def _groups(folded: str) -> list[Group]:
    found: list[Group] = []
    linked: list[str] = []
    start = end = 0
    for match in _runs().finditer(folded):
        if linked and folded[end : match.start()] not in _LINKS:
            found.append(_group(linked, folded, start, end))
            linked = []
        if not linked:
            start = match.start()
        end = match.end()
        run = match[0]
        if not run.isascii() and _any_unspaced().search(run):
            found += [_group(linked, folded, start, match.start())] if linked else []
            found += _unspaced(run)
            linked = []
        else:
            linked.append(run)
    if linked:
        found.append(_group(linked, folded, start, end))
    return found


def _unspaced(run: str) -> list[Group]:
    """Return a group for each stretch of characters that are words, and for each word between them."""
    found: list[Group] = []
    parts: list[str] = []
    for piece in _unspaced_and_others().findall(run):
        if is_unspaced(piece):
            parts.append(piece)
            continue
        found += [Group(tuple(parts)), Group((piece[:LONGEST_WORD],))] if parts else [Group((piece[:LONGEST_WORD],))]
        parts = []
    return [*found, Group(tuple(parts))] if parts else found


def _group(runs: list[str], folded: str, start: int, end: int) -> Group:
    """Return the group of `runs`, which links hold together from `start` to `end`."""
    parts: list[str] = []
    for run in runs:
        match = _NUMBER_FIRST.fullmatch(run)
        parts += match.groups() if match else (run,)
    joined = "".join(parts)
    is_joined = 1 < len(parts) <= _MOST_JOINED and len(joined) <= _LONGEST_JOINED and not joined.isdigit()
    signed = _signed(joined, parts, folded, start, end) if len(joined) <= _LONGEST_SIGNED else ""
    return Group(tuple([part[:LONGEST_WORD] for part in parts]), joined if is_joined else "", signed)


def _signed(joined: str, parts: list[str], folded: str, start: int, end: int) -> str:
    """Return the word with its sign: what tells C++ from C, .NET from net, F-16 from "F 16", and 3D from "3 d"."""
    signs = _SIGNS.match(folded, end)
    if signs and not folded[signs.end() : signs.end() + 1].isalnum():
        return joined + signs[0]
    if len(parts) == 1:
        has_point = start and folded[start - 1] == "." and folded[start - 2 : start - 1] in {"", "'"}
        return f".{joined}" if has_point and joined.isalpha() else ""
    written = folded[start:end]
    if "-" in written:
        return written if any(map(str.isdigit, joined)) and not joined.isdigit() else ""
    return joined if written == joined and len(parts[-1]) == 1 else ""


@cache  # to compile these takes a server's start longer than most of its imports
def _any_unspaced() -> re.Pattern[str]:
    """Return the pattern of a character of a script without blanks."""
    return re.compile(f"[{UNSPACED}]")


@cache
def _unspaced_and_others() -> re.Pattern[str]:
    """Return the pattern of such a character, or of a stretch without any."""
    return re.compile(f"[{UNSPACED}]|[^{UNSPACED}]+")


@cache
def _runs() -> re.Pattern[str]:
    """Return the pattern of a run of letters, digits and the marks that belong to them."""
    return re.compile(f"(?:[^\\W_]|[{marks()}])+")


@cache
def marks() -> str:
    """Return the ranges of the marks that a word can hold; Python's patterns know letters and digits alone."""
    signs = _NO_WORDS.findall("".join(map(chr, range(0x300, 0x1F000))))  # asking for all categories takes long
    codes = [ord(sign) for sign in signs if unicodedata.category(sign)[0] == "M"]
    starts = [code for code, before in zip(codes, [0, *codes], strict=False) if code != before + 1]
    ends = [code for code, after in zip(codes, [*codes[1:], 0], strict=True) if code != after - 1]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(starts, ends, strict=True))
