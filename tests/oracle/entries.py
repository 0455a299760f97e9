"""Entries: the files of a folder as a model's entries, and all that is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.oracle.documents import Document, RefusedError, read_document
from tests.oracle.drafts import FAILED, At, Draft, Entry, Problem
from tests.oracle.mappings import Values
from tests.oracle.patterns import is_meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.oracle.declarations import Model, Type


@dataclass
class Seeds:
    """All that was read: entries, problems, and how many entries are hidden."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hidden: int = 0


def read_folder(model: Model, folder: Path) -> Seeds:
    """Return the entries of all files below a folder, in the order of their paths."""
    seeds = Seeds()
    paths = sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())
    if "content.graphql" in paths:
        lacking = [each for each in model.entries if _wants_file(each) and not _has_file(each, paths)]
        seeds.problems += [Problem("WARNING", "NO_FILES", "content.graphql") for _ in lacking]
    for path in paths:
        claims = [each for each in model.entries if is_meant(each.globs, path)]
        if len(claims) > 1:
            seeds.problems.append(Problem("ERROR", "CLAIMED_TWICE", path))
        elif claims:
            _FileReader(model, folder, path, claims[0]).read_into(seeds)
    return seeds


def _wants_file(type_: Type) -> bool:
    """Return whether a type should have files; for one that references name too, only those that a glob names."""
    return any(not set(glob) & set("*?!") or not type_.is_grouped for glob in type_.globs)


def _has_file(type_: Type, paths: list[str]) -> bool:
    return any(is_meant(type_.globs, path) for path in paths)


class _FileReader:
    """Reads one file of a type."""

    def __init__(self, model: Model, folder: Path, path: str, type_: Type) -> None:
        self._model = model
        self._folder = folder
        self._path = path
        self._type = type_

    def read_into(self, seeds: Seeds) -> None:
        try:
            document = read_document(self._path, (self._folder / self._path).read_bytes())
        except RefusedError as refused:
            seeds.problems.append(Problem("ERROR", refused.code, self._path))
            return
        drafts = list(self._drafts(document))
        for draft in drafts:
            values = Values(self._model, self._folder, draft, self._type).entry() if draft.top is not FAILED else {}
            if values is None:
                seeds.hidden += 1
                draft.faults.clear()
            elif not draft.has_errors:
                seeds.entries.append(Entry(self._type, self._path, values, draft.references))
        seeds.problems += self._problems(document, drafts) + self._jsx(document)

    def _drafts(self, document: Document) -> Iterator[Draft]:
        value = document.value
        if not self._type.has_items:
            yield self._draft(document, "", (), value)
        elif isinstance(value, dict | list):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in pairs:
                yield self._draft(document, str(key if isinstance(value, dict) else key + 1), (key,), item)
        elif value is not None:
            draft = Draft(document, self._path, "", (), FAILED)
            draft.refuse("WRONG_TYPE", ())
            yield draft

    def _draft(self, document: Document, item: str, at: At, value: Any) -> Draft:
        draft = Draft(document, self._path, item, at, {} if value is None else value)
        is_whole = any(each.get("key") == "." for one in self._type.fields.values() for each in one.sources)
        if not isinstance(draft.top, dict) and not is_whole:
            draft.refuse("WRONG_TYPE" if at else "FRONT_MATTER_NOT_A_MAPPING", at)
            draft.top = FAILED
        return draft

    def _problems(self, document: Document, drafts: list[Draft]) -> list[Problem]:
        faults = [fault for draft in drafts for fault in draft.faults]
        if not document.value and any(code == "MISSING_KEY" for _, code, *_ in faults):
            code = "NO_FRONT_MATTER" if not document.front else "FRONT_MATTER_NOT_A_MAPPING"
            return [Problem("ERROR", code, self._path)]
        return [Problem(severity, code, self._path, said) for severity, code, _, said in faults]

    def _jsx(self, document: Document) -> list[Problem]:
        """Return the warning of an MDX file with lines that Markdown does not have; what is in code is not meant."""
        bare = re.sub(r"```.*?```|`[^`\n]+`", "", document.body, flags=re.DOTALL)
        is_jsx = any(re.match(r"(?:import|export)\s|\{|.*</?[A-Z>]", line) for line in bare.split("\n"))
        return [Problem("WARNING", "JSX_NOT_RUN", self._path)] if self._path.endswith(".mdx") and is_jsx else []
