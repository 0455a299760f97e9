"""Redirect files: old urls and the new ones, in a data file of their own beside the seeds.

In the seeds folder they are found by their names; another one can be named. A mapping of old to new urls, a list of
pairs, a table in CSV, or lines of two urls, as `_redirects` of Netlify and Cloudflare has them.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.errors import ContentError
from graphql_api.reading.problems import Code, SeedError, error, warning
from graphql_api.records import Problem, SeedFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from graphql_api.reading.discover import Discovery

NAMES: Final = (
    "_redirects", "redirects.csv", "redirects.json", "redirects.toml", "redirects.yaml", "redirects.yml",
)  # fmt: skip
_PAIRS: Final = (("from", "to"), ("old", "new"), ("source", "destination"), ("source", "target"))
_LISTED_UNDER: Final = "redirects"
_ADDRESS: Final = re.compile(r"(?:https?://|/)[^\s\x00-\x1f\x7f]*")
_PATTERN: Final = re.compile(r"\*|/:[A-Za-z]")
_MAX_URL_CHARACTERS: Final = 2_048
_WORDS: Final = 2
_OF_A_SERVER: Final = "_redirects"
"""The web server's own file: what is meant for that alone is no error here."""
_LEAVE_IT: Final = "Leave it to the web server."
_TEMPLATE: Final = (
    "The file begins with front matter: it is a generator's template, and holds no redirects. Write them into"
    " redirects.yml, or name the finished file with --redirects."
)
_REWRITE: Final = "200"
"""The status of a line that shows one page under another's url, and redirects nobody."""
_Place = tuple[str | int, ...]


class Move(NamedTuple):
    """One old url and the new one; `place` is where in the file they stand: a line, or keys within each other."""

    old: str
    new: str
    place: _Place


class RedirectFile(Struct, frozen=True):
    """What one file says. `path` is its name as problems have it; without `is_read` nothing could be had from it."""

    path: str
    moves: tuple[Move, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_read: bool = True
    text: str = ""

    def line_of(self, place: _Place) -> int | None:
        """Return the line of a place, from 1; None if that cannot be said."""
        return line_of(self.text, self.path, place) if place and self.text else None


class Found(Struct, frozen=True):
    """The redirect files of a load: each a folder, the name in it, and the path that problems have."""

    files: tuple[tuple[str, str, str], ...]

    @property
    def paths(self) -> frozenset[str]:
        """The paths of those in the seeds folder."""
        return frozenset(path for _, _, path in self.files)

    def count_unclaimed(self, discovery: Discovery, claimed: Collection[SeedFile]) -> int:
        """Return how many of the files that were discovered nobody reads: no type, and these are none of them."""
        paths = self.without(claimed).paths
        return len(discovery.files) - len(claimed) - sum(file.path in paths for file in discovery.files)

    def without(self, claimed: Collection[SeedFile]) -> Found:
        """Return those that hold no entries: of which no type claims the file."""
        others = {file.path for file in claimed}
        return Found(tuple(each for each in self.files if each[2] not in others))

    def fingerprint(self) -> str:
        """Return 16 hex digits that change with what the files hold; "" without any."""
        if not self.files:
            return ""
        digest = hashlib.sha256()
        for folder, name, path in self.files:
            try:
                with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            except OSError as cause:
                digest.update(str(cause.errno).encode())
            digest.update(path.encode() + b"\0")
        return digest.hexdigest()[:16]

    def read(self) -> list[RedirectFile]:
        """Return what each file says."""
        return [_read(folder, name, path) for folder, name, path in self.files]


def find_redirects(seeds: Path, named: Path | None = None) -> Found:
    """Return the files of the folder `seeds` that are called as redirect files are, or the one that is named.

    Raises ContentError if that is no file.
    """
    if named is None:
        root = os.fspath(seeds)
        names = [name for name in NAMES if os.path.isfile(f"{root}/{name}")]  # noqa: PTH113 - as `open` below
        return Found(tuple((root, name, name) for name in names))
    if not named.is_file():
        raise ContentError(f"There is no file of redirects at {named}. Name another one with --redirects.")
    return Found(((os.fspath(named.parent), named.name, str(named)),))


def line_of(text: str, path: str, place: _Place) -> int | None:
    """Return the line of a place in a redirect file, from 1; None if that cannot be said."""
    from graphql_api.reading.front_matter import lines_of  # noqa: PLC0415 - 30 ms that good files can spare

    suffix = path[path.rfind(".") :]
    if suffix not in {".json", ".toml", ".yaml", ".yml"}:
        return int(place[0]) if place else None
    lines = lines_of(text, suffix)
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), None)


def _read(folder: str, name: str, path: str) -> RedirectFile:
    import csv  # noqa: PLC0415 - only where there is such a file

    from graphql_api.reading.seed_bytes import decode, read_source  # noqa: PLC0415 - only where there is such a file

    source = read_source(folder, SeedFile(name, 0, 0))
    if isinstance(source, Problem):
        return RedirectFile(path, problems=(replace(source, path=path),), is_read=False)
    is_of_a_server = name == _OF_A_SERVER
    try:
        text = decode(source.data)
        if is_of_a_server and text.partition("\n")[0].rstrip() == "---":
            return RedirectFile(path, problems=(warning(Code.INVALID_VALUE, path, _TEMPLATE, 1),), text=text)
        rows = list(_rows(text, name))
    except SeedError as refusal:
        return RedirectFile(path, problems=(refusal.problem(path),), is_read=False)
    except csv.Error as cause:
        problem = error(Code.INVALID_VALUE, path, f"The file is no table in CSV: {cause}. Mend it.")
        return RedirectFile(path, problems=(problem,), is_read=False)
    moves = tuple(row for row in rows if isinstance(row, Move) and not _fault(row))
    faults = [(row.place, _fault(row)) if isinstance(row, Move) else row for row in rows]
    problems = tuple(
        (warning if is_of_a_server and reason.endswith(_LEAVE_IT) else error)(
            Code.INVALID_VALUE, path, reason, line_of(text, path, place)
        )
        for place, reason in faults
        if reason
    )
    return RedirectFile(path, moves, problems, text=text)


def _rows(text: str, name: str) -> Iterator[Move | tuple[_Place, str]]:
    """Yield what stands in each row: a move, or a place with what is wrong there. Raises SeedError and csv.Error."""
    suffix = name[name.rfind(".") :] if "." in name else ""
    if suffix == ".csv":
        yield from _of_table(text)
    elif suffix in {".json", ".toml", ".yaml", ".yml"}:
        from graphql_api.reading.events import DATA_FILE_OF_ITEMS  # noqa: PLC0415 - only where there is such a file
        from graphql_api.reading.front_matter import read_data  # noqa: PLC0415 - as above

        yield from _of_value(read_data(text, suffix, DATA_FILE_OF_ITEMS).value)
    else:
        yield from _of_lines(text)


def _of_table(text: str) -> Iterator[Move | tuple[_Place, str]]:
    import csv  # noqa: PLC0415 - as above

    reader = csv.reader(text.splitlines(), strict=True)
    for number, cells in enumerate(reader):
        row = [cell.strip() for cell in cells]
        if not any(row) or (number == 0 and not any(_ADDRESS.fullmatch(cell) for cell in row)):
            continue  # what the columns are called
        place = (reader.line_num,)
        if len(row) < _WORDS or not row[1]:
            yield place, "This row has no new url. Write the old url and the new one."
        else:
            yield Move(row[0], row[1], place)


def _of_lines(text: str) -> Iterator[Move | tuple[_Place, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#") or (len(words) > _WORDS and words[2].startswith(_REWRITE)):
            continue
        if len(words) < _WORDS:
            yield (number,), "This line has no new url. Write the old url and the new one."
        else:
            yield Move(words[0], words[1], (number,))


def _of_value(value: Any) -> Iterator[Move | tuple[_Place, str]]:  # noqa: ANN401 - whatever stands in the file
    place: _Place = ()
    if isinstance(value, dict) and set(value) == {_LISTED_UNDER}:
        value, place = value[_LISTED_UNDER], (_LISTED_UNDER,)
    if isinstance(value, dict):
        for old, new in value.items():
            yield _move(old, new, (*place, old))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield _of_item(item, (*place, at))
    elif value is not None:
        yield place, "The file is a single value. Write a mapping of old urls to new ones, or a list of both."


def _of_item(item: Any, place: _Place) -> Move | tuple[_Place, str]:  # noqa: ANN401 - as above
    if isinstance(item, dict):
        for old, new in _PAIRS:
            if old in item and new in item:
                return _move(item[old], item[new], place)
    if isinstance(item, list) and len(item) == _WORDS:
        return _move(item[0], item[1], place)
    return place, "This item is no pair of urls. Write {from: /old, to: /new}."


def _move(old: Any, new: Any, place: _Place) -> Move | tuple[_Place, str]:  # noqa: ANN401 - as above
    if isinstance(old, str) and isinstance(new, str):
        return Move(old.strip(), new.strip(), place)
    return place, "This is no pair of urls. Write the old url and the new one as text."


def _fault(move: Move) -> str:
    """Return what is wrong with a move's urls, "" for nothing."""
    for url in (move.old, move.new):
        shown = url if len(url) <= 100 else f"{url[:100]}…"  # noqa: PLR2004 - what a line can show
        if _PATTERN.search(url.partition("?")[0].partition("://")[2] or url.partition("?")[0]):
            return f"{shown!r} is a pattern, and only whole urls redirect here. {_LEAVE_IT}"
        if not _ADDRESS.fullmatch(url) or len(url) > _MAX_URL_CHARACTERS:
            return f"{shown!r} is no url. Write a path from the site's root (/…), or an address (https://…)."
    return ""
