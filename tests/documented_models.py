"""The examples of a page of documentation: a model, files, a query and its answer, in blocks of code.

A block's language is followed by what it is: `graphql model`, `md file=posts/a.md`, `graphql query`, `json answer`, and
`graphql guessed` for a model that is guessed from the files. An example ends with its answer, or where the next model
or heading begins.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql_api.inference.infer import infer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PART = re.compile(r"^(#{1,6}) ([^\n]+)$|^```(\w+) (\w+)(?:=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(slots=True)
class Example:
    """One example: `model` is "" where it is guessed; `answer` and `guessed` are the places of their texts."""

    title: str
    model: str = ""
    files: dict[str, str] = field(default_factory=dict)
    query: str = ""
    answer: tuple[int, int] | None = None
    guessed: tuple[int, int] | None = None

    def write(self, folder: Path) -> Path:
        """Write the files and the model, and return their folder."""
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        model = self.model or infer(folder).text
        (folder / "content.graphql").write_text(model, encoding="utf-8")
        return folder


def examples_of(text: str) -> list[Example]:
    """Return the examples of a page, in order; their names are those of the headings above them, with a number."""
    found: list[Example] = []
    example = Example("")
    for match in _PART.finditer(text):
        heading, block, what = match[2], match[6], match[4]
        if heading or (what == "model" and example.model):
            found.append(example)
            example = Example(heading or example.title)
        if what == "model":
            example.model = block
        elif what == "file":
            example.files[match[5]] = block
        elif what == "query":
            example.query = block
        elif what == "answer":
            example.answer = match.span(6)
        elif what == "guessed":
            example.guessed = match.span(6)
    found.append(example)
    return [each for each in found if each.files]


def rewritten(text: str, write: Callable[[Example], Path], ask: Callable[[Path, str], Any]) -> str:
    """Return the page with every answer and every guessed model as they are."""
    changes: list[tuple[tuple[int, int], str]] = []
    for example in examples_of(text):
        folder = write(example)
        if example.guessed:
            changes.append((example.guessed, guessed_text(folder)))
        if example.answer:
            changes.append((example.answer, answer_text(ask(folder, example.query))))
    for (start, end), new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def guessed_text(folder: Path) -> str:
    """Return the model that is guessed for a folder, without what stands at its head."""
    return infer(folder).text.partition("\n\n")[2]


def answer_text(data: Any) -> str:
    """Return an answer as the page shows it: short values on one line."""
    return _shown(data, "") + "\n"


def _shown(value: Any, indent: str) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if len(indent + short) <= 100 or not isinstance(value, (dict, list)):
        return short
    inner = f"{indent}  "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key)}: {_shown(each, inner)}" for key, each in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(f"{inner}{_shown(each, inner)}" for each in value) + f"\n{indent}]"
