r"""Quantities: numbers with their units, as `\pu` of mhchem (version 4) writes them, as LaTeX."""

from __future__ import annotations

import re

_EXPONENT = re.compile(r"(?:e|E|\s*(?:x|\*|\\times)\s*10\^)\s*\{?([+-]?\d+)\}?")
_QUANTITY = re.compile(r"\s*(?P<sign>[+-]{1,2}|\\pm|±)?\s*(?P<number>\d+(?:[.,]\d+)*)?")
_UNIT = re.compile(r"(\\[A-Za-z]+|[^\W\d_]+|[°%µ]+)|\^?\{?([+-]?\d+)\}?|(//?)|([*.\s]+)|(.)")


def quantity_latex(source: str) -> str:
    r"""Return the argument of `\pu`, a number with its unit, as LaTeX."""
    source = source.replace("\\%", "%")
    match = _QUANTITY.match(source)
    end = match.end() if match else 0
    sign, number = (match["sign"] or "", match["number"] or "") if match else ("", "")
    written = {"+-": "\\pm ", "-+": "\\mp ", "±": "\\pm ", "\\pm": "\\pm "}.get(sign, sign) + number.replace(",", "{,}")
    if number and (exponent := _EXPONENT.match(source, end)):
        written += rf"\times 10^{{{exponent[1]}}}"
        end = exponent.end()
    upper, slashes, lower = source[end:].strip().partition("//")
    unit = rf"\frac{{{_unit(upper)}}}{{{_unit(lower)}}}" if slashes else _unit(upper)
    return written + ("\\," if written and unit else "") + unit


def _unit(source: str) -> str:
    parts: list[str] = []
    for name, power, slash, product, other in _UNIT.findall(source.strip()):
        if name:
            parts.append(name + " " if name[0] == "\\" else rf"\mathrm{{{name}}}")
        elif power:
            parts.append(f"^{{{power}}}" if parts else power)
        elif product:
            parts.append("{\\cdot}" if product.strip() else "\\,")
        else:
            parts.append(slash or other)
    return "".join(parts).replace("%", "\\%")
