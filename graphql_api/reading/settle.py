"""Settle: the problems of one file, from the faults of its entries; lines are looked up once there is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graphql_api.reading.front_matter import MARKDOWN_SUFFIXES, line_of_body, lines_of
from graphql_api.reading.problems import Code, error, warning
from graphql_api.reading.seed_bytes import decode
from graphql_api.records import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphql_api.reading.content import Text
    from graphql_api.reading.draft import Draft, Fault
    from graphql_api.reading.events import Path

# What no Markdown has: imports, components, fragments, and expressions on a line of their own.
_JSX = re.compile(r"^(?:import\s|export\s|\{|.*<(?:[A-Z>]|/[A-Z>]))", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"[ -]*+[^\s:#]++:[ ]++#\S")
_CODE_SPAN = re.compile(r"`[^`\n]+`")


def settle(text: Text, drafts: Sequence[Draft]) -> tuple[Problem, ...]:
    """Return the problems of a file, by line; those that have none come last."""
    spelt = decode(text.data)
    faults = [fault for draft in drafts for fault in draft.faults]
    problems = _without_keys(text, spelt, faults)
    if problems is None:
        lines = lines_of(spelt, text.suffix)
        problems = [_with_comment(_problem(fault, text.file.path, lines), spelt) for fault in faults]
    if text.is_mdx:
        problems += _jsx(text, spelt)
    if text.has_merge_mark:
        problems += _merge_marks(text, spelt)
    return tuple(sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0)))


def _problem(fault: Fault, path: str, lines: Mapping[Path, int]) -> Problem:
    line = 1 if fault.code == Code.FRONT_MATTER_NOT_A_MAPPING else _line(fault.path, lines)
    make = error if fault.severity is Severity.ERROR else warning
    return make(Code(fault.code), path, fault.message, line)


def _with_comment(problem: Problem, spelt: str) -> Problem:
    """Return a problem of a key without a value, with a word more where YAML takes what was written for a comment."""
    if problem.code != Code.MISSING_KEY or not problem.line:
        return problem
    if not _COMMENT.match(spelt.split("\n")[problem.line - 1]):
        return problem
    return replace(problem, message=f"{problem.message} What follows a # is a comment: put the text in quotes.")


def _line(path: Path, lines: Mapping[Path, int]) -> int | None:
    """Return the line of a path, else of the nearest mapping or list around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _without_keys(text: Text, spelt: str, faults: Iterable[Fault]) -> list[Problem] | None:
    """Return the one problem of a file without keys whose type wants some; else None."""
    missing = [fault.message for fault in faults if fault.code == Code.MISSING_KEY]
    if text.content.value or not missing:
        return None
    keys = ", ".join(dict.fromkeys(message.split("`")[1] for message in missing))
    if text.suffix not in MARKDOWN_SUFFIXES:
        message = f"The file is empty, and needs {keys}. Write them as keys with values."
        return [error(Code.FRONT_MATTER_NOT_A_MAPPING, text.file.path, message, 1)]
    if not spelt.strip():
        message = f"The file is empty, and needs {keys}. Write the keys between two lines ---, and the text below."
        return [error(Code.NO_FRONT_MATTER, text.file.path, message, 1)]
    if not text.content.has_front_matter:
        is_json = spelt.lstrip().startswith("{")
        remedy = "Put the { and the } on lines of their own" if is_json else "Put a line --- first, then the keys"
        message = f"The file does not begin with front matter, and needs {keys}. {remedy}."
        return [error(Code.NO_FRONT_MATTER, text.file.path, message, 1)]
    above = len(spelt) - len(spelt.lstrip())
    message = f"The front matter is empty, and needs {keys}. Write them as keys with values, one `key: value` a line."
    return [error(Code.FRONT_MATTER_NOT_A_MAPPING, text.file.path, message, spelt.count("\n", 0, above) + 2)]


def _merge_marks(text: Text, spelt: str) -> list[Problem]:
    """Return a warning of the first merge in a Markdown file that has left both sides in its text, if there is any."""
    body = _FENCED.sub(lambda match: "\n" * match[0].count("\n"), text.content.body)
    marks = [re.compile(f"^{sign * 7}(?= |$)", re.MULTILINE) for sign in "<=>"]
    first = found = marks[0].search(body)
    for mark in marks[1:]:
        found = mark.search(body, found.end()) if found else None
    if first is None or found is None:
        return []
    line = line_of_body(spelt) + body.count("\n", 0, first.start())
    message = "A merge has left both sides in the text. Keep one, and take its marks (<<<<<<<, =======, >>>>>>>) out."
    return [warning(Code.MERGE_MARKS, text.file.path, message, line)]


def _jsx(text: Text, spelt: str) -> list[Problem]:
    """Return a warning of the first line of JSX in an MDX file, if there is any."""
    hidden = _FENCED.sub(lambda match: "\n" * match[0].count("\n"), text.content.body)
    hidden = _CODE_SPAN.sub("", hidden)
    found = _JSX.search(hidden)
    if found is None:
        return []
    line = line_of_body(spelt) + hidden.count("\n", 0, found.start())
    message = "JSX is not run: this file is read as Markdown. Write it in Markdown, or leave it to the front end."
    return [warning(Code.JSX_NOT_RUN, text.file.path, message, line)]
