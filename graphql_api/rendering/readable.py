r"""Readable: a formula as people would type it: `E = mc²`, `(a + b)/2`, `√(x + 1)`, `∑ᵢ₌₁ⁿ xᵢ`.

It is made from the MathML, in which every command is a character already. Indices are Unicode's where they exist,
`x^(a/b)` and `x_(a,b)` where they do not; operators have blanks around them; a matrix is `(a, b; c, d)`.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UPPER: Final = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
_LOWER: Final = dict(
    zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
_AS_THEY_ARE: Final = {"∘": "°", "′": "′", "″": "″", "‴": "‴", "⁗": "⁗", "∗": "*", "*": "*", "†": "†", "‡": "‡"}
_ACCENTS: Final = {
    "ˆ": "\u0302",
    "\u0302": "\u0302",
    "^": "\u0302",
    "¯": "\u0304",
    "\u0332": "\u0332",
    "_": "\u0332",
    "‾": "\u0305",
    "~": "\u0303",
    "˜": "\u0303",
    "\u0303": "\u0303",
    "˙": "\u0307",
    "¨": "\u0308",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "⃗": "\u20d7",
    "→": "\u20d7",
    "´": "\u0301",
    "`": "\u0300",
    "˚": "\u030a",
    "⏞": "",
    "⏟": "",
    "⎴": "",
    "⎵": "",
}
_OPERATORS = frozenset("+-−±∓×÷⋅·*∗∙∘•⊕⊗⊙⊖∪∩∖∧∨∈∉∋⊂⊃⊆⊇⊊⊄⊈=≠≈≡≅∼≃≜≔≐≤≥<>≪≫≲≳≺≻⪯⪰∝∣∤∥⊥⊢⊨→←↔⇒⇐⇔⟹⟸⟺⟶⟵⟷↦⟼⇌⇋⇄↪↠⊎⋆◦≢≰≱≮≯⇀↾:")
_TYPED: Final = {"∣": "|"}
_TIGHT, _NO_ROOM = frozenset("+-−=≡∼⋅"), ' lspace="0" rspace="0"'  # a bond, not an operator
_SIGNS = frozenset("+-−±∓¬")
_BIG = frozenset("∑∏∐∫∬∭∮∯∰⋃⋂⨁⨂⋁⋀⨆")
_OPENING, _CLOSING = frozenset("([{⟨⌊⌈⟦"), frozenset(")]}⟩⌋⌉⟧")
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
_NODE = re.compile(r"<(/?)(\w+)([^<>]*)>([^<]*)")
_FLAT = re.compile(r"<math(?: display=\"block\")?><m[in]>([^<&\U0001d400-\U0001d7ff]+)</m[in]></math>")
_BLANKS = re.compile(r"\s+")
_WIDTH = re.compile(r'width="(-?[\d.]+)')
_SPACE_LEAST = 0.16  # em; what is narrower sets nothing apart
_TABLE_OF_LINES = 'displaystyle="true"'
_THOUSAND = 3


class _Part(NamedTuple):
    """A part of a formula: what it reads as, which element it is, and whether it stands for one thing."""

    text: str
    tag: str
    is_one: bool = True


def readable(mathml: str) -> str:
    """Return a formula's MathML, as math-core writes it, in plain text; linear in its length."""
    if (flat := _FLAT.fullmatch(mathml)) is not None:
        return flat[1]
    stack: list[tuple[str, str, list[_Part]]] = [("", "", [])]
    for closes, tag, attributes, text in _NODE.findall(mathml):
        if closes:
            name, about, parts = stack.pop()
            part = _ELEMENTS.get(name, _row)(parts, about)
            stack[-1][2].append(part._replace(tag=name) if part.tag == "" else part)
        elif tag in {"mi", "mn", "mo"}:
            is_tight = text in _TIGHT and attributes == _NO_ROOM
            stack.append((tag, attributes, [_Part(_plain(text), "mi" if is_tight else tag)]))
            continue
        elif attributes.endswith("/"):
            stack[-1][2].append(_space(attributes))
        else:
            stack.append((tag, attributes, []))
        if text:
            stack[-1][2].append(_Part(_plain(text), "mtext"))
    return stack[0][2][0].text.strip() if stack[0][2] else ""


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
    return _Part(" " if width and float(width[1]) >= _SPACE_LEAST else "", "mspace")


def _token(parts: Sequence[_Part], _about: str) -> _Part:
    return parts[0] if len(parts) == 1 else _Part("".join([part.text for part in parts]), "mtext")


def _text(parts: Sequence[_Part], _about: str) -> _Part:
    return _Part(_BLANKS.sub(" ", "".join([part.text for part in parts])), "mtext")


def _nothing(_parts: Sequence[_Part], _about: str) -> _Part:
    return _Part("", "mspace")


def _row(parts: Sequence[_Part], about: str) -> _Part:
    shown = [part for part in parts if part.text]
    if not any(part.text.strip() for part in shown):
        return _Part("", "mspace")
    if len(shown) == 1:
        one = shown[0]
        return _with_accent(one, "\u0304") if "border-top:" in about and "border-left" not in about else one
    is_one = len(shown) > 1 and shown[0].text in _OPENING and shown[-1].text in _CLOSING
    return _Part(_joined(shown), "", is_one)


def _joined(parts: Sequence[_Part]) -> str:
    """Return parts in a row, with blanks where people read them."""
    written: list[str] = []
    before = ""  # the last part that is no space
    for i, (text, tag, _) in enumerate(parts):
        after = parts[i + 1] if i + 1 < len(parts) else None
        gap = bool(written) and not written[-1].endswith((" ", "\n"))
        if text in _INVISIBLE:
            if text == "\u2061" and gap and after and not (after.is_one and after.text[0] in _OPENING):
                written.append(" ")
            continue
        if tag == "mspace":
            written.append(" " if gap else "")
            continue
        if tag == "mo" and (text in _OPERATORS or text[0] in _OPERATORS) and text != ":":
            is_sign = text in _SIGNS and (
                not before or before in _OPERATORS or before in _OPENING or before in {",", ";", "|"}
            )
            written.append(text if is_sign else f"{' ' if gap else ''}{_TYPED.get(text, text)}{' ' if after else ''}")
        elif tag == "mo" and text == ":" and after and after.tag != "mn":
            written.append(": ")
        elif tag == "mo" and text in {",", ";"}:
            is_thousand = after and after.tag == "mn" and len(after.text) == _THOUSAND and before.isdigit()
            written.append(text if is_thousand or not after else f"{text} ")
        elif gap and _is_apart(before, text, tag, parts[i - 1].tag):
            written.append(f" {text}")
        else:
            written.append(text)
        before = text
    return "".join(written)


def _is_apart(before: str, text: str, tag: str, tag_before: str) -> bool:
    """Say whether a blank stands between two parts that are no operators: a name, and what follows it."""
    if before and before[0] in _BIG:
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
        return _Part(f"{above.text} choose {below.text}", "mfrac", is_one=False)
    is_step = len(below.text) <= 3 and below.text[:1] in {"d", "∂"} and " " not in below.text  # noqa: PLR2004 - as `dx`
    over = _grouped(above) if _has_operator(above.text) else above.text
    return _Part(f"{over}/{below.text if is_step else _grouped(below)}", "mfrac", is_one=False)


def _has_operator(text: str) -> bool:
    return " " in text or "/" in text


def _grouped(part: _Part) -> str:
    """Return a part in brackets, if it is of several."""
    is_short = len(part.text) == 1 or part.text.isdigit() or part.is_one
    return part.text if is_short else f"({part.text})"


def _root(parts: Sequence[_Part], about: str) -> _Part:
    return _Part("√" + _grouped(_row(parts, about)), "msqrt")


def _nth_root(parts: Sequence[_Part], about: str) -> _Part:
    if len(parts) != 2:  # noqa: PLR2004 - what is under the root, and its index
        return _row(parts, about)
    index = "".join([_UPPER.get(char, char) for char in parts[1].text])
    return _Part(f"{index}√{_grouped(parts[0])}", "mroot")


def _script(part: _Part, characters: dict[str, str], mark: str) -> str:
    """Return an index in Unicode's characters, or behind its mark."""
    compact = part.text.replace(" ", "")
    if not compact:
        return ""
    if compact in _AS_THEY_ARE or compact[0] in "′″‴⁗":
        return _AS_THEY_ARE.get(compact, compact)
    if all(char in characters for char in compact):
        return "".join([characters[char] for char in compact])
    return mark + (compact if len(compact) == 1 or compact.isdigit() or part.is_one else f"({compact})")


def _scripts(order: str) -> Callable[[Sequence[_Part], str], _Part]:
    """Return what writes a base with its indices, which stand in this `order`: "_" below, "^" above."""

    def written(parts: Sequence[_Part], about: str) -> _Part:
        if len(parts) != len(order) + 1:
            return _row(parts, about)
        base, *scripts = parts
        if not any(part.text.strip() for part in scripts):
            return base._replace(text=base.text.strip())
        if base.tag == "mo" and base.text and base.text[0] in _OPERATORS:
            labels = [part.text.strip() for part in scripts if part.text.strip()]
            return _Part(base.text + (f"({', '.join(labels)})" if labels else ""), "mo")
        if "accent" in about and len(scripts) == 1 and scripts[0].text in _ACCENTS:
            return _with_accent(base, _ACCENTS[scripts[0].text])
        text = base.text if base.is_one or not _has_operator(base.text) else f"({base.text})"
        pairs = list(zip(order, scripts, strict=True))
        for mark, part in pairs if text else pairs[::-1]:  # an isotope's numbers: the upper one first
            if part.text not in _ACCENTS or part.text in _AS_THEY_ARE:
                text += _script(part, _LOWER if mark == "_" else _UPPER, mark)
        return _Part(text, "mi" if base.text.isalpha() and len(base.text) > 1 else "")

    return written


def _with_accent(base: _Part, accent: str) -> _Part:
    return _Part(base.text + accent, base.tag, base.is_one) if len(base.text) == 1 else base


def _table(parts: Sequence[_Part], about: str) -> _Part:
    rows = [part.text for part in parts if part.text]
    if _TABLE_OF_LINES in about:
        return _Part("\n".join([row.replace("\t", " ") for row in rows]), "mtable", is_one=len(rows) > 1)
    return _Part("; ".join([row.replace("\t", ", ") for row in rows]), "mtable", is_one=len(rows) == 1)


def _table_row(parts: Sequence[_Part], _about: str) -> _Part:
    return _Part("\t".join([part.text.strip() for part in parts if part.text.strip()]), "mtr")


_ELEMENTS: Final[dict[str, Callable[[Sequence[_Part], str], _Part]]] = {
    "mi": _token,
    "mn": _token,
    "mo": _token,
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
}
