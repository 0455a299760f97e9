r"""`\ce` and `\pu` read mhchem's notation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.rendering.mathml import to_mathml
from graphql_api.rendering.readable import readable


def text_of(latex: str) -> str:
    mathml = to_mathml(latex, is_block=False)
    assert mathml is not None, latex
    return readable(mathml)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("H2O", "H₂O"),
        ("Sb2O3", "Sb₂O₃"),
        ("H+", "H⁺"),
        ("CrO4^2-", "CrO₄²⁻"),
        ("[AgCl2]-", "[AgCl₂]⁻"),
        ("Y^{99+}", "Y⁹⁹⁺"),
        ("SO_4^{2-}", "SO₄²⁻"),
        ("2 H2O", "2 H₂O"),
        ("2H2O", "2 H₂O"),
        ("0.5 H2O", "0.5 H₂O"),
        ("1/2 H2O", "1/2 H₂O"),
        ("n H2O", "n H₂O"),
        ("^{227}_{90}Th+", "²²⁷₉₀Th⁺"),
        ("^227_90Th+", "²²⁷₉₀Th⁺"),
        ("^0_-1n-", "⁰₋₁n⁻"),
        ("A -> B", "A → B"),
        ("A <- B", "A ← B"),
        ("A <-> B", "A ↔ B"),
        ("A <--> B", "A ⇄ B"),
        ("A <=> B", "A ⇌ B"),
        ("A ->[H2O] B", "A →(H₂O) B"),
        ("A ->[{above}][{below}] B", "A →(below, above) B"),
        ("(NH4)2S", "(NH₄)₂S"),
        ("H2(aq)", "H₂ (aq)"),
        ("CO3^2-_{(aq)}", "CO₃²⁻_(aq)"),
        ("NO_x", "NOₓ"),
        ("Fe^n+", "Feⁿ⁺"),
        ("x Na(NH4)HPO4 ->[\\Delta] (NaPO3)_x + x NH3 ^", "x Na(NH₄)HPO₄ →(Δ) (NaPO₃)ₓ + x NH₃ ↑"),
        ("\\mu-Cl", "μ−Cl"),
        ("C6H5-CHO", "C₆H₅−CHO"),
        ("A-B=C#D", "A−B=C≡D"),
        ("KCr(SO4)2*12H2O", "KCr(SO₄)₂ ⋅ 12 H₂O"),
        ("KCr(SO4)2 . 12 H2O", "KCr(SO₄)₂ ⋅ 12 H₂O"),
        ("Fe^{II}Fe^{III}2O4", "FeᴵᴵFeᴵᴵᴵ₂O₄"),
        ("OCO^{.-}", "OCO^(∙−)"),
        ("SO4^2- + Ba^2+ -> BaSO4 v", "SO₄²⁻ + Ba²⁺ → BaSO₄ ↓"),
        ("CO2 + C -> 2 CO", "CO₂ + C → 2 CO"),
        ("Cu^2+(aq) + 2e- -> Cu(s)", "Cu²⁺ (aq) + 2 e⁻ → Cu (s)"),
        ("{Gluconic Acid} + H2O2", "Gluconic Acid + H₂O₂"),
        ("X_$i$^$x$", "Xᵢˣ"),
        ("A - B", "A − B"),
        ("CH2=CH2", "CH₂=CH₂"),
        ("Fe2+", "Fe₂⁺"),
    ],
)
def test_chemistry_reads_as_chemists_write(source: str, text: str) -> None:
    r"""Atoms, amounts, charges, isotopes, bonds, states, arrows and their labels."""
    assert text_of(rf"\ce{{{source}}}") == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("123 kJ//mol", "123 kJ/mol"),
        ("123 kJ*mol-1", "123 kJ⋅mol⁻¹"),
        ("1.2e3 kJ", "1.2 × 10³ kJ"),
        ("10 m/s^2", "10 m/s²"),
        ("25 °C", "25 °C"),
        ("50\\%", "50 %"),
        ("+-5 mm", "±5 mm"),
        ("kg", "kg"),
    ],
)
def test_quantities_have_units(source: str, text: str) -> None:
    r"""`\pu` is a number with its unit."""
    assert text_of(rf"\pu{{{source}}}") == text


def test_chemistry_stands_within_formulas() -> None:
    r"""`\ce` is an argument and a part like any other."""
    assert text_of(r"K = \frac{[\ce{Hg^2+}][\ce{Hg}]}{[\ce{Hg2^2+}]}") == "K = [Hg²⁺][Hg]/[Hg₂²⁺]"


@settings(deadline=None)
@given(st.text(alphabet="HeO24+-^_{}[]()$<=>.* vx\\/", max_size=30))
def test_any_chemistry_is_rendered_or_refused(source: str) -> None:
    """Nothing raises, whatever stands between the braces."""
    to_mathml(rf"\ce{{{source}}}", is_block=False)
    to_mathml(rf"\pu{{{source}}}", is_block=False)
