"""Globs: which files below the seeds folder are meant.

`*` is anything within a name, `?` one character, `**` any number of folders; a glob with `!` in front takes files out
again, wherever it stands. What starts with a dot, or lies in a folder that does, is never meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql_api.model.wildcards import MAX_LENGTH, TAKEN, PatternError, segment

if TYPE_CHECKING:
    from collections.abc import Iterable


class Globs:
    """A list of globs, compiled."""

    __slots__ = ("_excluded", "_included")

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile the globs. Raises PatternError for one that is malformed."""
        globs = list(patterns)
        self._included = _compiled([glob for glob in globs if not glob.startswith("!")])
        self._excluded = _compiled([glob.removeprefix("!") for glob in globs if glob.startswith("!")])

    def matches(self, path: str) -> bool:
        """Return whether the file at `path` (POSIX, relative to the seeds folder) is meant."""
        if path.startswith(".") or "/." in path or self._included is None:
            return False
        return bool(self._included.match(path)) and not (self._excluded and self._excluded.match(path))


def is_literal(glob: str) -> bool:
    """Return whether a glob names one file."""
    return not any(char in glob for char in "*?!")


def _compiled(globs: list[str]) -> re.Pattern[str] | None:
    if not globs:
        return None
    return re.compile("|".join(f"(?:{_expression(glob)})" for glob in globs), re.DOTALL)


def _expression(glob: str) -> str:
    """Return the expression of whole paths that a glob means."""
    check_glob(glob)
    blocks: list[list[str]] = [[]]
    for name in glob.split("/"):
        if name == "**":
            blocks.append([])
        else:
            blocks[-1].append(segment(name))
    if len(blocks) == 1:
        return "/".join(blocks[0]) + r"\Z"
    first, *middle, last = blocks
    start = "".join(f"{name}/" for name in first)
    # A block of names has no star for folders: where it is found first, the most is left for what follows.
    found = "".join("(?>(?:[^/]+/)*?" + "".join(f"{name}/" for name in block) + ")" for block in middle if block)
    end = "/".join(last) or r"[^/]+"
    return f"{start}{found}(?:[^/]+/)*?{end}\\Z"


def check_glob(glob: str) -> None:
    """Raise PatternError if a glob, without the `!`, is malformed."""
    names = glob.split("/")
    if not glob:
        raise PatternError("The glob is empty. Name files below the seeds folder: posts/**/*.md")
    if len(glob) > MAX_LENGTH:
        raise PatternError(f"The glob has {len(glob):,} characters; {MAX_LENGTH} are the most. Shorten it.")
    if TAKEN in glob:
        raise PatternError("The glob has a null character. Take it out.")
    if "\\" in glob:
        raise PatternError("The glob has a backslash. Write / between folders.")
    if any(char in glob for char in "{}[]"):
        raise PatternError("The glob has brackets or braces. Write one glob for each of what they stand for.")
    if glob.startswith("/") or glob.endswith("/") or "" in names:
        raise PatternError("The glob has a / too many. Write it from the seeds folder on, to files: posts/**/*.md")
    if any(name.startswith(".") for name in names):
        raise PatternError("The glob names what starts with a dot, and that is never read. Take it out.")
    if any("**" in name and name != "**" for name in names):
        raise PatternError("** stands beside other characters. It is a whole name between slashes: posts/**/*.md")
