r"""Readable: a formula as people would type it: `E = mc²`, `(a + b)/2`, `√(x + 1)`, `∑ᵢ₌₁ⁿ xᵢ`.

It is made from the MathML, in which every command is a character already. Indices are Unicode's where they exist,
`x^(a/b)` and `x_(a,b)` where they do not; operators have blanks around them; a matrix is `(a, b; c, d)`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Final, TypeAlias

from graphql_api.rendering.readable_signs import (
    ACCENTS,
    AS_THEY_ARE,
    BEFORE_SIGN,
    BIG,
    CLOSING,
    INVISIBLE,
    LOWER,
    OPENING,
    OPERATORS,
    SIGNS,
    SPACED,
    TIGHT,
    TYPED,
    UPPER,
    WHITE,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NO_ROOM = ' lspace="0" rspace="0"'
_LEAVES = frozenset(("mi>", "mn>", "mo>", "mi ", "mn ", "mo "))
_FLAT = re.compile(r"<math(?: display=\"block\")?><m[in]>([^<&\U0001d400-\U0001d7ff]+)</m[in]></math>")
_BLANK = re.compile(r"(?<![^\W\d_]) | (?![^\W\d_])")  # but between two letters
_BLANKS = re.compile(r"\s+")
_WIDTH = re.compile(r'width="(-?[\d.]+)')
_SPACE_LEAST = 0.16  # em; what is narrower sets nothing apart
_RELATION = re.compile(r"\t([=<>≠≤≥≈≡∼≅∝∈→⇒⇔])\t")  # of which a column is
_TABLE_OF_LINES = 'displaystyle="true"'
_THOUSAND = 3


_Part: TypeAlias = tuple[str, str, bool]
"""A part of a formula: what it reads as, which element it is, and whether it stands for one thing."""


def readable(mathml: str) -> str:
    """Return a formula's MathML, as math-core writes it, in plain text; linear in its length."""
    if (flat := _FLAT.fullmatch(mathml)) is not None:
        return flat[1]
    stack: list[tuple[str, str, list[_Part]]] = [("", "", [])]
    parts = stack[0][2]
    # An element a step, whose own end says nothing if it holds text alone; a pattern takes twice as long.
    for node in mathml.replace("</mi>", "").replace("</mn>", "").replace("</mo>", "").split("<")[1:]:
        if node[:3] in _LEAVES:
            parts.append(_leaf(node))
            continue
        head, _, text = node.partition(">")
        if head[0] == "/":
            name, about, _ = stack.pop()
            text_of, tag_of, is_one = _ELEMENTS.get(name, _row)(parts, about)
            parts = stack[-1][2]
            parts.append((text_of, tag_of or name, is_one))
        elif head[-1] == "/":
            parts.append(_space(head))
        else:
            parts = []
            tag, _, attributes = head.partition(" ")
            stack.append((tag, attributes, parts))
        if text:
            parts.append((_plain(text), "mtext", True))
    return parts[0][0].strip() if parts else ""


@lru_cache(maxsize=4_096)
def _leaf(node: str) -> _Part:
    """Return a name, number or operator, with its attributes."""
    head, _, text = node.partition(">")
    is_tight = head[2:] == _NO_ROOM and text in TIGHT
    return (_plain(text), "mi" if is_tight else head[:2], True)


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    """Return a token's text: references resolved, letters of mathematical alphabets as letters."""
    if "&" in text:
        text = unescape(text)
    if text.isascii():
        return text
    text = text.replace("∗", "*")
    return "".join([unicodedata.normalize("NFKC", char) if char >= "\U0001d400" else char for char in text])


def _space(attributes: str) -> _Part:
    width = _WIDTH.search(attributes)
    return (" " if width and float(width[1]) >= _SPACE_LEAST else "", "mspace", True)


def _text(parts: Sequence[_Part], _about: str) -> _Part:
    return (_BLANKS.sub(" ", "".join([part[0] for part in parts])), "mtext", True)


def _nothing(_parts: Sequence[_Part], _about: str) -> _Part:
    return ("", "mspace", True)


def _row(parts: Sequence[_Part], about: str) -> _Part:
    shown = [part for part in parts if part[0]]
    if len(shown) == 1:
        one = shown[0]
        return _with_accent(one, "\u0304") if "border-top:" in about and "border-left" not in about else one
    text = _joined(shown)
    if not text or text.isspace():
        return ("", "mspace", True)
    return (text, "", text[0] in OPENING and shown[-1][0] in CLOSING and len(shown[0][0]) == 1)


def _joined(parts: Sequence[_Part]) -> str:
    """Return parts in a row, with blanks where people read them."""
    line = before = lead = ""  # `before` is the last part that is no space, `lead` stands for one that begins the row
    last = len(parts) - 1
    for i, (text, tag, _) in enumerate(parts):
        if tag == "mo":
            if text in SPACED:
                gap = "" if not (line or lead) or line[-1:] in WHITE else " "
                line += f"{gap}{TYPED.get(text, text)} " if i < last else gap + TYPED.get(text, text)
                before = text
                continue
            line += _operator(text, line or lead, before, parts[i + 1] if i < last else None)
            if text in INVISIBLE:
                continue
        elif tag == "mspace":
            if not line:
                lead = "|"
            elif line[-1] not in WHITE:
                line += " "
            continue
        elif (len(text) == 1 and len(before) == 1 and before not in BIG) or not line or line[-1] in WHITE:
            line += text
        else:
            line += f" {text}" if _is_apart(before, text, tag, parts[i - 1][1]) else text
        before = text
    return line


def _operator(text: str, line: str, before: str, after: _Part | None) -> str:
    """Return an operator as it is written behind `line`, whose last part is `before`."""
    if text in INVISIBLE:
        is_name = text == "\u2061" and line[-1:] not in WHITE and after is not None
        return " " if is_name and after and not (after[2] and after[0][0] in OPENING) else ""
    if text in {",", ";"}:
        is_thousand = after and after[1] == "mn" and len(after[0]) == _THOUSAND and before.isdigit()
        return text if is_thousand or not after else f"{text} "
    if text == ":":
        return ": " if after and after[1] != "mn" else text
    if text[0] not in OPERATORS:
        is_apart = before[:1] in BIG if before else False
        return f" {text}" if is_apart and line[-1] not in WHITE else text
    if text in SIGNS and (not before or before in BEFORE_SIGN):
        return text
    gap = " " if line and line[-1] not in WHITE else ""
    return f"{gap}{TYPED.get(text, text)}{' ' if after else ''}"


def _is_apart(before: str, text: str, tag: str, tag_before: str) -> bool:
    """Say whether a blank stands between two parts that are no operators: a name, and what follows it."""
    if before and before[0] in BIG:
        return True
    if not before or tag == "mtext" or tag_before == "mtext":
        return False
    is_name = (_is_name(text) and tag == "mi") or (_is_name(before) and tag_before == "mi")
    return is_name and before[-1].isalnum() and text[0].isalnum()


def _is_name(text: str) -> bool:
    return len(text) > 1 and text.isalpha() and text.islower()


def _fraction(parts: Sequence[_Part], about: str) -> _Part:
    if len(parts) != 2:  # noqa: PLR2004 - what is above and what is below
        return _row(parts, about)
    above, below = parts
    if 'linethickness="0"' in about:
        return (f"{above[0]} choose {below[0]}", "mfrac", False)
    is_step = len(below[0]) <= 3 and below[0][:1] in {"d", "∂"} and " " not in below[0]  # noqa: PLR2004 - as `dx`
    over = _grouped(above) if _has_operator(above[0]) else above[0]
    return (f"{over}/{below[0] if is_step else _grouped(below)}", "mfrac", False)


def _has_operator(text: str) -> bool:
    return " " in text or "/" in text or not TIGHT.isdisjoint(text[1:])  # a sign that begins it is none


def _grouped(part: _Part) -> str:
    """Return a part in brackets, if it is of several."""
    is_short = len(part[0]) == 1 or part[0].isdigit() or part[2]
    return part[0] if is_short else f"({part[0]})"


def _root(parts: Sequence[_Part], about: str) -> _Part:
    return ("√" + _grouped(_row(parts, about)), "msqrt", True)


def _nth_root(parts: Sequence[_Part], about: str) -> _Part:
    if len(parts) != 2:  # noqa: PLR2004 - what is under the root, and its index
        return _row(parts, about)
    index = "".join([UPPER.get(char, char) for char in parts[1][0]])
    return (f"{index}√{_grouped(parts[0])}", "mroot", True)


def _script(part: _Part, characters: dict[str, str], mark: str) -> str:
    """Return an index in Unicode's characters, or behind its mark."""
    compact = _BLANK.sub("", part[0])
    if not compact:
        return ""
    if compact in AS_THEY_ARE or compact[0] in "′″‴⁗":
        return AS_THEY_ARE.get(compact, compact)
    if all(char in characters for char in compact):
        return "".join([characters[char] for char in compact])
    return mark + (compact if len(compact) == 1 or compact.isdigit() or part[2] else f"({compact})")


def _scripts(order: str) -> Callable[[Sequence[_Part], str], _Part]:
    """Return what writes a base with its indices, which stand in this `order`: "_" below, "^" above."""

    def written(parts: Sequence[_Part], about: str) -> _Part:
        if len(parts) != len(order) + 1:
            return _row(parts, about)
        base, *scripts = parts
        if len(scripts) == 1 and len(base[0]) == 1 and base[1] in {"mi", "mn"} and "accent" not in about:
            script = scripts[0]
            characters = LOWER if order == "_" else UPPER
            return (base[0] + (characters.get(script[0]) or _script(script, characters, order)), "", True)
        if not any(part[0].strip() for part in scripts):
            return (base[0].strip(), base[1], base[2])
        if base[1] == "mo" and base[0] and base[0][0] in OPERATORS:
            labels = [part[0].strip() for part in scripts if part[0].strip()]
            return (base[0] + (f"({', '.join(labels)})" if labels else ""), "mo", True)
        if "accent" in about and len(scripts) == 1 and scripts[0][0] in ACCENTS:
            return _with_accent(base, ACCENTS[scripts[0][0]])
        text = base[0] if base[2] or not _has_operator(base[0]) else f"({base[0]})"
        pairs = list(zip(order, scripts, strict=True))
        for mark, part in pairs if text else pairs[::-1]:  # an isotope's numbers: the upper one first
            if part[0] not in ACCENTS or part[0] in AS_THEY_ARE:
                text += _script(part, LOWER if mark == "_" else UPPER, mark)
        return (text, "mi" if base[0].isalpha() and len(base[0]) > 1 else "", True)

    return written


def _with_accent(base: _Part, accent: str) -> _Part:
    return (base[0] + accent, base[1], base[2]) if len(base[0]) == 1 else base


def _table_cell(parts: Sequence[_Part], _about: str) -> _Part:
    return _row(parts, "")  # a line above it is the table's, no accent


def _table(parts: Sequence[_Part], about: str) -> _Part:
    rows = [part[0] for part in parts if part[0]]
    if _TABLE_OF_LINES in about:
        return ("\n".join([row.replace("\t", " ") for row in rows]), "mtable", len(rows) > 1)
    rows = [_RELATION.sub(r" \1 ", row).replace("\t", ", ") for row in rows]
    return ("; ".join(rows), "mtable", len(rows) == 1)


def _table_row(parts: Sequence[_Part], _about: str) -> _Part:
    return ("\t".join([part[0].strip() for part in parts if part[0].strip()]), "mtr", True)


_ELEMENTS: Final[dict[str, Callable[[Sequence[_Part], str], _Part]]] = {
    "mtext": _text,
    "mphantom": _nothing,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _nth_root,
    "msub": _scripts("_"),
    "msup": _scripts("^"),
    "msubsup": _scripts("_^"),
    "munder": _scripts("_"),
    "mover": _scripts("^"),
    "munderover": _scripts("_^"),
    "mtable": _table,
    "mtr": _table_row,
    "mtd": _table_cell,
}
