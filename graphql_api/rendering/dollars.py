r"""Dollars: whether what stands between two dollar signs is a formula.

A dollar sign is also money, a variable of a shell, of PHP or of a template, and the end of a regular expression. The
rules are pandoc's (a formula touches its dollar signs, and no digit follows the second one) and GitHub's (no word
touches them from outside), each with what real answers need beyond it: padded formulas (`$ R $`), `$n$th`, `2$\pi$`.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\s*-?\d[\d.,]*(?:\s*\\?%)?\s*")
_LATEX_TEXT = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?")
_LATEX_SIGN = re.compile(r"[\\^_={}]")
_RELATION = re.compile(r"[\\^_={}<>+*/|]")
_SMALL_WORD = re.compile(r"\b(?:an|and|as|at|but|by|for|from|if|in|is|it|nor|of|on|or|per|so|the|than|to|we)\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_PROSE_WORDS = 4
_PROSE_LENGTH_MIN = 5 * _PROSE_WORDS - 1  # so many letters, and blanks between them
_ITEM = re.compile(r"(?:\\n|\n)[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")

_BREAK_START = re.compile(r"\\n(?![A-Za-z])")
# What may follow a formula whose second dollar sign has a blank before it: otherwise that sign opens the next one.
_CLOSED_BEFORE = re.compile(r"[\s.,;:!?)\]}'\"”’|*~\\–—-]?\Z")
# A formula right behind a word or number: one or two letters, perhaps with an index, or a command.
_BEHIND_WORD = re.compile(
    r"[_^].+ | [A-Za-z](?:[A-Za-z]?'*|[_^].+) | [\w({\\][^\n]*\\[A-Za-z]{2,}.* | \\[A-Za-z]{2,}.*",
    re.VERBOSE | re.DOTALL,
)
_AMOUNT = re.compile(r"\d[ \t]+\Z")
_ENDS_IN_AMOUNT = re.compile(r"\s*\D*\s\d[\d.,]*\s+|\s*[–—].*", re.DOTALL)
_TURNED_BRACKETS = re.compile(r"[^(]*\).*\([^)]*", re.DOTALL)
_BETWEEN_QUOTES = re.compile(r"([\"'])\s+\1")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w{2,}")
_OPEN_ENDS = frozenset("/:=+,;&|<>.@%~([{–—-")
_OPERATORS = frozenset("+?)]}^$")  # what a regular expression may have before its end
_ALONE = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "“": "”", "‘": "’", "|": "|", "«": "»"}
_FUNCTION = re.compile(
    r"\b(?:arg|cos|cosh|cot|csc|det|dim|exp|gcd|inf|ker|lim|log|max|min|mod|sec|sin|sinh|sup|tan|tanh)\b"
)
_PUNCTUATION = re.compile(r"[\s.,;:&–—-]*")
_NAME = re.compile(r"\s*[a-z]*[A-Z][A-Za-z]*\s*")


def is_formula(before: str, body: str, after: str) -> bool:
    """Say whether what stands between two single dollar signs is a formula.

    `before` has the last few characters before the first one, `after` is the character after the second; "" at an end
    and a line feed at a line's.
    """
    nearest = before[-1:]
    if nearest == '"' and '"' in body:
        return False  # the second sign is in another quotation
    if not body.strip() or after.isdigit() or _is_alone(nearest, body, after):
        return False
    if ("\n" in body or "\\n" in body) and _ITEM.search(body):
        return False
    opens_padded = body[0].isspace() or (body[0] == "\\" and _BREAK_START.match(body) is not None)
    closes_padded = body[-1].isspace() or body.endswith("\\n")
    if closes_padded and not opens_padded and not _CLOSED_BEFORE.match(after):
        return False
    if (nearest.isalnum() or nearest in _OPERATORS) and (opens_padded or not _BEHIND_WORD.fullmatch(body)):
        return False
    if nearest == "*" and opens_padded and after != "*":
        return False
    if nearest.isalpha() and after.isalpha() and body[0] not in "_^":
        return False
    if opens_padded and _AMOUNT.search(before) and _ENDS_IN_AMOUNT.fullmatch(body):
        return False
    if not closes_padded and _continues(after) and (body[-1] in _OPEN_ENDS or _IDENTIFIER.fullmatch(body)):
        return False
    return not _is_torn(body) and _reads_as_formula(body, opens_padded=opens_padded, closes_padded=closes_padded)


def _continues(after: str) -> bool:
    """Say whether what follows belongs to a name or a bracket that the dollar sign begins."""
    return after.isalpha() or after in {"{", "_", "("}


def _reads_as_formula(body: str, *, opens_padded: bool, closes_padded: bool) -> bool:
    """Say whether the text itself is no money and no prose."""
    if _NUMBER.fullmatch(body):
        return True
    if opens_padded != closes_padded and not _RELATION.search(body):
        return False
    words = _LATEX_TEXT.sub("", body) if "\\" in body else body
    if opens_padded and closes_padded and not _RELATION.search(body) and _has_words(words):
        return False
    if not body[0].isdigit():
        return not is_prose(body)
    return not _SMALL_WORD.search(words) and bool(_LATEX_SIGN.search(body) or not _WORD.search(words))


def _has_words(text: str) -> bool:
    """Say whether a text has words that are no functions and no single name (`xRy`), or nothing but punctuation."""
    words = "" if _NAME.fullmatch(text) else _FUNCTION.sub("", text)
    return bool(_SMALL_WORD.search(words) or _WORD.search(words) or _PUNCTUATION.fullmatch(text))


def _is_alone(before: str, body: str, after: str) -> bool:
    """Say whether one of the signs stands alone in brackets or quotes, as in `($)`."""
    return (before != "" and _ALONE.get(before) == body[0]) or (after != "" and _ALONE.get(body[-1]) == after)


def _is_torn(body: str) -> bool:
    """Say whether brackets or quotes belong to what stands around the signs."""
    if not _is_balanced(body) or (")" in body and _TURNED_BRACKETS.fullmatch(body)):
        return True
    return ("'" in body or '"' in body) and _BETWEEN_QUOTES.search(body) is not None


def _is_balanced(body: str) -> bool:
    """Say whether no brace is closed before it is opened: `{{$a}} and {{$b}}`."""
    if "}" not in body:
        return True
    depth = 0
    for brace in re.findall(r"\\.|[{}]", body, re.DOTALL):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return False
    return True


def is_block_formula(body: str, after: str) -> bool:
    """Say whether what stands between two double dollar signs is a formula, not price ranges or process numbers."""
    if after == "$" or after.isdigit() or not body.strip():
        return False
    is_padded = body[0].isspace() and body[-1].isspace() and "\n" not in body and "\\n" not in body
    return not (is_padded and not _RELATION.search(body) and _has_words(body))


def is_prose(body: str) -> bool:
    """Say whether words outside LaTeX's own text commands make this a sentence."""
    if len(body) < _PROSE_LENGTH_MIN:
        return False
    return len(_LONG_WORD.findall(_LATEX_TEXT.sub("", body))) >= _PROSE_WORDS
