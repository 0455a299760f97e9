"""Mending: whatever the rules of models find wrong with a guess is taken out of it, line by line."""

from __future__ import annotations

import re

from graphql_api.model.language import read_model
from graphql_api.model.problems import ModelError
from graphql_api.records import Severity

MAX_ROUNDS = 40

_PROMISES = re.compile(r" @(?:filter|order|facet|search|key|ref|aliases)\b(?:\([^)]*\))?")


def mended(text: str) -> str:
    """Return the text as a model that can be read.

    Where a line has a problem, first its promises go (@filter, @order, @facet, @search), then the line itself, as a
    comment that says why. What is still no model after that is returned as it is: a person sees the problem.
    """
    for _ in range(MAX_ROUNDS):
        try:
            read_model(text)
        except ModelError as error:
            lines = text.split("\n")
            for problem in error.problems:
                if problem.severity is Severity.ERROR:
                    _mend(lines, problem.line - 1, problem.message)
            text = "\n".join(lines)
        else:
            break
    return text


def _mend(lines: list[str], index: int, reason: str) -> None:
    line = lines[index]
    if line == "}" and all(each.lstrip().startswith("#") for each in _inner(lines, index)):
        lines[index] = '  value: JSON @from(key: ".")\n}'  # there is no type without fields
    if line.lstrip().startswith("#") or not line.startswith("  "):
        return
    plain = _PROMISES.sub("", line)
    lines[index] = plain if plain != line else f"  # {reason} {line.strip()}"


def _inner(lines: list[str], end: int) -> list[str]:
    """Return the lines of a type that ends on a line."""
    start = next((index for index in range(end - 1, -1, -1) if lines[index].endswith("{")), end)
    return lines[start + 1 : end]
