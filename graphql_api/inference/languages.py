"""Languages: folders beside each other that hold the same content, each in another language."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.inference.forms import is_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ANY = "\ue000"
"""Stands for whichever language in a path; no name of a file has this character."""
_CODE = re.compile(r"[a-z]{2}(?:[_-](?:[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}))?")
_DEEPEST = 2
_MANY = 5
"""So many folders beside each other with names of languages are that, whatever the files in them are called."""
_SHARED = 0.5
"""The part of a translation's files that other languages have as well."""


class Languages(NamedTuple):
    """Folders of languages: `names` of those that lie in the folder `parent`, "" for the top one.

    `own` are the folders beside them whose files are translated there.
    """

    parent: str
    names: frozenset[str]
    own: frozenset[str] = frozenset()

    def neutral(self, path: str) -> str:
        """Return a path as it is in whichever language."""
        prefix = f"{self.parent}/" if self.parent else ""
        name, slash, rest = path.removeprefix(prefix).partition("/")
        is_in_one = path.startswith(prefix) and name in self.names
        return f"{prefix}{ANY}{slash}{rest}" if is_in_one else path

    def home(self, folder: str) -> str:
        """Return a folder as it is in whichever language; one whose files are translated lies in one of them too."""
        prefix = f"{self.parent}/" if self.parent else ""
        rest = folder.removeprefix(prefix)
        is_own = folder.startswith(prefix) and rest.partition("/")[0] in self.own
        return f"{prefix}{ANY}/{rest}" if is_own else self.neutral(folder)

    @property
    def like(self) -> str:
        """The pattern that takes the language out of a path."""
        return f"{self.parent}/{{}}/**" if self.parent else "{}/**"


NONE = Languages("", frozenset())


def languages_of(paths: Sequence[str]) -> Languages:
    """Return the folders of languages among the folders of files; `NONE` if there are none."""
    found: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
    for path in paths:
        folders = path.split("/")[:-1]
        for depth, name in enumerate(folders[: _DEEPEST + 1]):
            if _CODE.fullmatch(name):
                rest = path.split("/", depth + 1)[-1]
                found["/".join(folders[:depth])].setdefault(name, set()).add(rest)
    for parent, files_of in sorted(found.items(), key=lambda each: len(each[0])):
        if sum(map(is_language, files_of)) >= _MANY:
            return Languages(parent, frozenset(files_of), _own(paths, parent, files_of))
        counts = Counter(rest for files in files_of.values() for rest in files)
        for name in [each for each in files_of if not is_language(each)]:
            if _shared(files_of[name], counts) < _SHARED:
                del files_of[name]  # two letters that are no language, or one that nothing is translated into
        translations = sorted(files_of.values(), key=len)[:-1]
        alike = sum(1 for files in translations if _shared(files, counts) >= _SHARED)
        if any(map(is_language, files_of)) and translations and alike >= _SHARED * len(translations):
            return Languages(parent, frozenset(files_of), _own(paths, parent, files_of))
    return NONE


def _own(paths: Sequence[str], parent: str, files_of: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the folders beside those of languages of whose files most are there in a language as well."""
    translated = set().union(*files_of.values())
    files: defaultdict[str, list[str]] = defaultdict(list)
    prefix = f"{parent}/" if parent else ""
    for path in paths:
        name, slash, _ = path.removeprefix(prefix).partition("/")
        if path.startswith(prefix) and slash and name not in files_of:
            files[name].append(path.removeprefix(prefix))
    return frozenset(
        name for name, some in files.items() if sum(map(translated.__contains__, some)) >= _SHARED * len(some)
    )


def _shared(files: set[str], counts: Counter[str]) -> float:
    return sum(1 for file in files if counts[file] > 1) / len(files)
