r"""Functions: commands of KaTeX whose arguments are read in a way of their own, rewritten for the converter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphql_api.rendering import latex_words as words
from graphql_api.rendering.chemistry import chemistry_latex
from graphql_api.rendering.latex_tokens import UnbalancedError
from graphql_api.rendering.mathml_effects import Effect
from graphql_api.rendering.quantities import quantity_latex

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.rendering.latex_tables import Rewriting

_COLOUR = re.compile(r"[A-Za-z]+|#[0-9A-Fa-f]{3}|#?[0-9A-Fa-f]{6}")
_LENGTH = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)\s*[a-z]{2}")
_LENGTH_LONGEST = 12
_BRACED = frozenset((r"\hspace", r"\vspace"))
_BASES = {"": 10, "'": 8, '"': 16}


def text(rewriter: Rewriting, command: str) -> str:
    r"""Read the argument of `\text`, in which formulas may stand between dollar signs."""
    raw = rewriter.reader.argument()
    if "$" not in raw and r"\(" not in raw:
        return f"{command}{{{_plain_text(raw)}}}"
    parts = re.split(r"((?:\\[^(]|[^\\$])+)|\$([^$]*)\$|\\\((.*?)\\\)", raw, flags=re.DOTALL)
    written: list[str] = []
    for between, text, *formulas in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=False):
        if between:
            raise UnbalancedError
        formula = "".join(filter(None, formulas))
        written.append(f"{command}{{{_plain_text(text)}}}" if text else rewriter.nested(formula))
    if parts[-1]:
        raise UnbalancedError
    return "{" + "".join(written) + "}"


def small_rows(rewriter: Rewriting, _name: str) -> str:
    r"""Read `\substack`: rows in the size of an index."""
    rewriter.reader.skip_blanks()
    if rewriter.reader.take() != "{":
        raise UnbalancedError
    return rewriter.environment("array", "{c}", rewriter.table("}"), is_small=True)


def read_tag(rewriter: Rewriting, name: str) -> str:
    r"""Read `\tag`; outside an environment with numbers it is the whole formula's."""
    star = rewriter.reader.take() if rewriter.reader.next == "*" else ""
    tag = f"{name}{star}{{{rewriter.reader.argument()}}}"
    if rewriter.numbered[-1]:
        return tag
    rewriter.tag = tag
    return ""


def colour(rewriter: Rewriting, name: str) -> str:
    r"""Read `\color` and `\textcolor`, also with a colour as CSS writes it."""
    model, colour = rewriter.reader.option(), rewriter.reader.argument().strip()
    if model is not None or not colour.startswith("#"):
        written = f"{name}{{{colour}}}" if model is None else f"{name}[{model}]{{{colour}}}"
        return written if name == r"\color" else written + group(rewriter)
    digits = colour[1:] if len(colour) > 4 else "".join(2 * digit for digit in colour[1:])  # noqa: PLR2004 - "#abc"
    switch = rf"\color[HTML]{{{digits.upper()}}}"
    return switch if name == r"\color" else f"{{{switch}{group(rewriter)}}}"


def colour_box(rewriter: Rewriting, name: str) -> str:
    r"""Read `\colorbox` and `\fcolorbox`: text on a colour, in a frame."""
    frame = rewriter.reader.argument() if name == r"\fcolorbox" else None
    ground = rewriter.reader.argument()
    if not _COLOUR.fullmatch(ground) or (frame and not _COLOUR.fullmatch(frame)):
        raise UnbalancedError
    lines = "".join(f"border-{side}:0.04em solid {frame};" for side in ("top", "right", "bottom", "left"))
    return (
        rewriter.opened(Effect(f"{lines if frame else ''}background-color:{ground}")) + text(rewriter, r"\text") + "}"
    )


def rule(rewriter: Rewriting, _name: str) -> str:
    r"""Read `\rule`: a bar as wide and high as it says."""
    rewriter.reader.option()
    width, height = rewriter.reader.argument(), rewriter.reader.argument()
    if not _LENGTH.fullmatch(width) or not _LENGTH.fullmatch(height):
        raise UnbalancedError
    return rewriter.opened(Effect(f"border-bottom:{height} solid")) + rf"\hspace{{{width}}}}}"


def space(rewriter: Rewriting, name: str) -> str:
    """Read a space, also with a length without braces."""
    if rewriter.reader.next == "*":
        rewriter.reader.take()
    rewriter.reader.skip_blanks()
    if rewriter.reader.next == "{":
        length = rewriter.reader.argument().strip()
        return f"{name}{{{length}}}" if name in _BRACED else f"{name} {length} "
    length = ""
    while rewriter.reader.next and len(length) < _LENGTH_LONGEST and not _LENGTH.fullmatch(length):
        length += rewriter.reader.take().strip()
    if not _LENGTH.fullmatch(length):
        raise UnbalancedError
    return f"{name}{{{length}}}" if name in _BRACED else f"{name} {length} "


def fraction(rewriter: Rewriting, above: str) -> str:
    r"""Read `\above` and what stands below: a fraction with a line as thick as it says."""
    thickness = space(rewriter, "").strip()
    return rf"\genfrac{{}}{{}}{{{thickness}}}{{}}{{{above}}}{{{rewriter.cell()}}}"


def group(rewriter: Rewriting) -> str:
    """Read an argument, and return it as a group."""
    return "{" + rewriter.nested(rewriter.reader.argument()) + "}"


def second(rewriter: Rewriting, _name: str) -> str:
    r"""Read a command about a page, not a formula (`\href`): what it is said of stays."""
    rewriter.reader.argument()
    return group(rewriter)


def without_option(rewriter: Rewriting, _name: str) -> str:
    r"""Read `\smash`, whose argument is shown as it is."""
    rewriter.reader.option()
    return group(rewriter)


def wide_limits(rewriter: Rewriting, name: str) -> str:
    r"""Read an operator of the author's own, whose limits stand under and over it if `\limits` says so."""
    star = rewriter.reader.take() if rewriter.reader.next == "*" else ""
    argument = group(rewriter)
    rewriter.reader.skip_blanks()
    if rewriter.reader.next != r"\limits":
        return name + star + argument
    rewriter.reader.take()
    if name == r"\operatorname":
        return rf"\operatorname*{argument}"
    written = argument
    for _ in range(2):
        rewriter.reader.skip_blanks()
        if rewriter.reader.next in {"_", "^"}:
            where = r"\underset" if rewriter.reader.take() == "_" else r"\overset"
            written = f"{where}{group(rewriter)}{{{written}}}"
    return written


def character(rewriter: Rewriting, _name: str) -> str:
    r"""Read `\char` and a number: decimal, `'` octal, `"` hexadecimal, or a backtick and the character."""
    mark = rewriter.reader.take() if rewriter.reader.next in {"'", '"', "`"} else ""
    if mark == "`":
        return rf"\text{{{rewriter.reader.take()}}}"
    digits = ""
    while rewriter.reader.next and rewriter.reader.next in "0123456789abcdefABCDEF" and len(digits) < 6:  # noqa: PLR2004
        digits += rewriter.reader.take()
    try:
        written = chr(int(digits, _BASES[mark]))
    except ValueError:
        raise UnbalancedError from None
    return rf"\text{{{written}}}"


def verbatim(rewriter: Rewriting, _name: str) -> str:
    r"""Read `\verb`: code up to the next character like the one behind it."""
    mark, parts = rewriter.reader.take(), []
    while rewriter.reader.next != mark:
        if not rewriter.reader.next:
            raise UnbalancedError
        parts.append(rewriter.reader.take())
    rewriter.reader.take()
    return rf"\texttt{{{_quoted(''.join(parts))}}}"


def chemistry(rewriter: Rewriting, name: str) -> str:
    r"""Read `\ce` or `\pu` (mhchem)."""
    raw = rewriter.reader.argument()
    latex = chemistry_latex(raw) if name == r"\ce" else quantity_latex(raw)
    return "{" + rewriter.nested(latex) + "}"


def dropped(rewriter: Rewriting, _name: str) -> str:
    r"""Read `\label`, which names a formula for references that there are none of."""
    rewriter.reader.argument()
    return ""


def unnumbered(rewriter: Rewriting, name: str) -> str:
    r"""Read `\notag`, which says nothing where nothing is numbered."""
    return name + " " if rewriter.numbered[-1] else ""


def _limit(rewriter: Rewriting, line: str) -> str:
    return "\\mathop{" + rewriter.nested(line + r"{\lim}") + "}"


def tag_as_text(match: re.Match[str]) -> str:
    """Return a tag as text, for a formula within a line."""
    return rf"\text{{{match[2]}}}" if match[1] else rf"\text{{({match[2]})}}"


def _plain_text(text: str) -> str:
    """Return a text's source with commands of text that the converter has."""
    if "\\" not in text:
        return text
    return re.sub(r"\\[A-Za-z]+|\\\\", lambda match: _TEXT_RENAMED.get(match[0], match[0]), text)


_TEXT_RENAMED = {**words.TEXT, r"\\": " ", r"\newline": " ", r"\TeX": "TeX", r"\LaTeX": "LaTeX", r"\KaTeX": "KaTeX"}


def _quoted(text: str) -> str:
    """Return code as the source of a text."""
    return re.sub(r"[\\{}$&#^_%~]", lambda match: _QUOTES.get(match[0], "\\" + match[0]), text)


_QUOTES = {"\\": r"\textbackslash ", "^": r"\textasciicircum ", "~": r"\textasciitilde "}


FUNCTIONS: Final[dict[str, Callable[[Rewriting, str], str]]] = {
    r"\ce": chemistry,
    r"\pu": chemistry,
    r"\char": character,
    r"\color": colour,
    r"\textcolor": colour,
    r"\colorbox": colour_box,
    r"\fcolorbox": colour_box,
    r"\href": second,
    r"\htmlClass": second,
    r"\htmlData": second,
    r"\htmlId": second,
    r"\htmlStyle": second,
    r"\hspace": space,
    r"\kern": space,
    r"\mkern": space,
    r"\mskip": space,
    r"\hskip": space,
    r"\label": dropped,
    r"\mathop": wide_limits,
    r"\operatorname": wide_limits,
    r"\nonumber": unnumbered,
    r"\notag": unnumbered,
    r"\rule": rule,
    r"\smash": without_option,
    r"\substack": small_rows,
    r"\tag": read_tag,
    r"\url": lambda rewriter, _name: rf"\texttt{{{_quoted(rewriter.reader.argument())}}}",
    r"\utilde": lambda rewriter, _name: rf"\underset{{\sim}}{group(rewriter)}",
    r"\varliminf": lambda rewriter, _name: _limit(rewriter, r"\underline"),
    r"\varlimsup": lambda rewriter, _name: _limit(rewriter, r"\overline"),
    r"\verb": verbatim,
}
