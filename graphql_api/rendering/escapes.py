r"""Escapes: `\n` and `\t` in an answer, undone by where they stand.

In text they are a line feed and a tab; in a formula they may start a command; in a string literal they are code.
"""

from __future__ import annotations

import re

from graphql_api.rendering.formulas import Kind, Piece, split_pieces
from graphql_api.rendering.latex_commands import undo_escapes_in_formula
from graphql_api.rendering.literals import undo_breaks_in_code, undo_breaks_in_span

_ESCAPED = "\\n"
_MATH = re.compile(r"[ \t]*math[ \t]*(?:\\n|\n)")  # a formula fenced as code


def undo_escapes(source: str) -> str:
    r"""Return the answer as its author meant it: Markdown with real line breaks and LaTeX untouched.

    `source` is the answer as YAML gives it. Never raises; linear in the length of the source.
    """
    return "".join([piece.text for piece in undone_pieces(source)])


def undone_pieces(source: str) -> list[Piece]:
    """Return the pieces of an answer with their escapes undone."""
    if "$" not in source and "`" not in source and "~" not in source:
        text = _undone_text(source)
        if "\\" not in text:
            # What begins with a backslash would still be there, so it is all text: half of the time.
            return [Piece(Kind.TEXT, text)] if text else []
    return undo_escapes_in(split_pieces(source))


def pieces_of(source: str) -> list[Piece]:
    """Return the pieces of a text in which nothing is escaped: a backslash is what its author typed."""
    if "$" not in source and "`" not in source and "~" not in source and "\\" not in source:
        return [Piece(Kind.TEXT, source)] if source else []
    return split_pieces(source, escapes=False)


def undo_escapes_in(pieces: list[Piece]) -> list[Piece]:
    """Return the same pieces with their escapes undone."""
    return [
        Piece(piece.kind, _undone(piece)) if "\\n" in piece.text or "\\t" in piece.text else piece for piece in pieces
    ]


def _undone(piece: Piece) -> str:
    text = piece.text
    if piece.kind is Kind.TEXT:
        return _undone_text(text)
    if piece.kind is Kind.FENCE:
        return _undone_fence(text)
    if piece.kind is Kind.SPAN:
        width = (len(text) - len(text.strip("`"))) // 2
        return text[:width] + undo_breaks_in_span(text[width:-width]) + text[-width:]
    width = piece.delimiter_width
    is_block = piece.kind is Kind.BLOCK
    return text[:width] + undo_escapes_in_formula(text[width:-width], is_block=is_block) + text[-width:]


def _undone_text(text: str) -> str:
    # Taking it apart and joining it needs less time than `replace`, which counts first.
    text = "\n".join(text.split("\\n"))
    return text.replace("\\t", "\t") if "\\" in text else text


def _undone_fence(text: str) -> str:
    """Keep the fences away from the code: their backticks would look like quotes."""
    code = text.lstrip(text[0])
    opening = text[: len(text) - len(code)]
    end = code.rstrip(text[0])
    if (math := _MATH.match(end)) is not None:
        latex = undo_escapes_in_formula(end[math.end() :], is_block=True)
        return (
            f"{opening}{math[0].removesuffix(_ESCAPED)}" + "\n" * math[0].endswith(_ESCAPED) + latex + code[len(end) :]
        )
    return opening + undo_breaks_in_code(end) + code[len(end) :]
