"""Readable signs: which characters of formulas are operators, brackets and accents, and what is written for them."""

from __future__ import annotations

from typing import Final

UPPER: Final = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
LOWER: Final = dict(
    zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
AS_THEY_ARE: Final = {"∘": "°", "′": "′", "″": "″", "‴": "‴", "⁗": "⁗", "∗": "*", "*": "*", "†": "†", "‡": "‡"}
ACCENTS: Final = {
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
OPERATORS = frozenset("+-−±∓×÷⋅·*∗∙∘•⊕⊗⊙⊖∪∩∖∧∨∈∉∋⊂⊃⊆⊇⊊⊄⊈=≠≈≡≅∼≃≜≔≐≤≥<>≪≫≲≳≺≻⪯⪰∝∣∤∥⊥⊢⊨→←↔⇒⇐⇔⟹⟸⟺⟶⟵⟷↦⟼⇌⇋⇄↪↠⊎⋆◦≢≰≱≮≯⇀↾:")
TYPED: Final = {"∣": "|"}
TIGHT = frozenset("+-−=≡∼⋅")
"""Bonds where they have no room, not operators."""
SIGNS = frozenset("+-−±∓¬")
SPACED = OPERATORS - SIGNS - {":"}
"""Operators that have a blank on both sides wherever they stand."""
BIG = frozenset("∑∏∐∫∬∭∮∯∰⋃⋂⨁⨂⋁⋀⨆")
OPENING, CLOSING = frozenset("([{⟨⌊⌈⟦"), frozenset(")]}⟩⌋⌉⟧")
BEFORE_SIGN = OPERATORS | OPENING | {",", ";", "|"}
WHITE = frozenset((" ", "\n"))
INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
