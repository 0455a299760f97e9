"""Walk: every file of a folder as the keys and values that stand in it. All are read, never a sample."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.inference.items import has_items
from graphql_api.inference.tools import is_of_a_tool, is_project
from graphql_api.reading.content import Refusal, read_text
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.reading.events import DATA_FILE, DATA_FILE_OF_ITEMS
from graphql_api.reading.seed_bytes import read_source
from graphql_api.records import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.records import SeedFile

MARKDOWN = frozenset((".md", ".markdown", ".mdx"))
_JSON_SCHEMA = "json-schema.org/"
_SURELY_READ_BYTES = 10_000
"""No more than so many values stand in them."""


class Found(NamedTuple):
    """One file: its path below the folder, what its keys and values are, and whether text follows them.

    `value` is a mapping, or whatever else a data file holds.
    """

    path: str
    value: Any
    has_body: bool = False

    @property
    def folder(self) -> str:
        """The path of its folder, "" for the top one."""
        return self.path.rpartition("/")[0]

    @property
    def stem(self) -> str:
        """Its name without its ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]

    @property
    def suffix(self) -> str:
        """Its ending, with the dot."""
        return self.path[self.path.rfind(".") :]

    @property
    def is_markdown(self) -> bool:
        """Whether a text can follow its keys."""
        return self.suffix in MARKDOWN


class LeftOut(NamedTuple):
    """A file that the model says nothing of, and why."""

    path: str
    reason: str


class Walked(NamedTuple):
    """What a folder holds."""

    files: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]


def walk(seeds: Path) -> Walked:
    """Return every file below `seeds` that has keys or text. Raises ContentError where there is no such folder."""
    discovery = discover(seeds, SUFFIXES)
    files: list[Found] = []
    left_out = [LeftOut(problem.path, problem.message) for problem in discovery.problems]
    in_project = is_project(file.path for file in discovery.files)
    for file in discovery.files:
        reason = is_of_a_tool(file.path, in_project=in_project)
        found = LeftOut(file.path, reason) if reason else _read(os.fspath(seeds), file)
        if isinstance(found, Found):
            files.append(found)
        else:
            left_out.append(found)
    return Walked(tuple(files), tuple(left_out))


def _read(root: str, file: SeedFile) -> Found | LeftOut:
    source = read_source(root, file)
    if isinstance(source, Problem):
        return LeftOut(file.path, source.message)
    text = read_text(source, DATA_FILE_OF_ITEMS)
    if isinstance(text, Refusal):
        return LeftOut(file.path, text.problem.message)
    value, body = text.content.value, text.content.body
    has_body = bool(body.replace("&nbsp;", "").strip())
    if not value and not has_body:
        return LeftOut(file.path, "It has neither keys nor text.")
    if not isinstance(value, dict) and value is not None and not isinstance(value, list):
        return LeftOut(file.path, "It is a single value.")
    if isinstance(value, dict) and _JSON_SCHEMA in str(value.get("$schema", "")):
        return LeftOut(file.path, "It is a JSON Schema.")
    found = Found(file.path, {} if value is None else value, has_body)
    if not found.is_markdown and file.size_bytes > _SURELY_READ_BYTES and not has_items(found):
        text = read_text(source, DATA_FILE)  # less is read of one entry than of many
    return LeftOut(file.path, text.problem.message) if isinstance(text, Refusal) else found
