"""Lines: where in its file a reference stands; looked up once it is known that something is wrong with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from graphql_api.model.types import From
from graphql_api.reading.problems import SeedError
from graphql_api.reading.seed_bytes import decode, read_source
from graphql_api.records import Problem, SeedFile
from graphql_api.store.sites import SiteShape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphql_api.loading.unmet import Unmet
    from graphql_api.model.types import Field

_MAX_FILES = 200
"""Of so many files the lines are looked up: who has more to mend begins with these."""

_Path = tuple[str | int, ...]


class LineFinder:
    """Finds lines in the files below `seeds`, each of which is read once."""

    def __init__(self, seeds: Path) -> None:
        """Read nothing yet."""
        self._root = os.fspath(seeds)
        self._lines: dict[str, Mapping[_Path, int]] = {}

    def line_of(self, unmet: Unmet) -> int | None:
        """Return the line of a reference, or of what is around it; None if that cannot be said."""
        return self.line_at(unmet.id.path, unmet.id.item, list(_paths(unmet)))

    def line_at(self, file: str, item: str, places: Sequence[_Path]) -> int | None:
        """Return the line of the first of several places in an entry that is there, or of what is around it."""
        lines = self._lines_in(file)
        for root in _roots(item):
            for path in places:
                for end in range(len(path), 0, -1):
                    if line := lines.get((*root, *path[:end])):
                        return line
        return None

    def _lines_in(self, path: str) -> Mapping[_Path, int]:
        if path not in self._lines:
            self._lines[path] = self._read(path) if len(self._lines) < _MAX_FILES else {}
        return self._lines[path]

    def _read(self, path: str) -> Mapping[_Path, int]:
        from graphql_api.reading.front_matter import lines_of  # noqa: PLC0415 - 30 ms that good seeds can spare

        source = read_source(self._root, SeedFile(path, 0, 0))
        if isinstance(source, Problem):
            return {}
        try:
            return lines_of(decode(source.data), path[path.rfind(".") :])
        except SeedError:  # what it says now is another load's
            return {}


def _roots(item: str) -> Iterator[_Path]:
    """Yield where an entry may stand in its file."""
    if not item:
        yield ()
        return
    yield (item,)
    if item.isdecimal():
        yield (int(item) - 1,)


def _paths(unmet: Unmet) -> Iterator[_Path]:
    """Yield where the reference may stand in its entry."""
    site = unmet.site
    top = unmet.top
    for source in top.sources:
        place = () if unmet.position is None else (unmet.position - 1,)
        if source.keys is not None:
            yield (source.keys.replace("{position}", str(unmet.position)),)
        elif source.key is not None and site.shape is SiteShape.CHILD:
            for inner in places_of(site.field):
                yield (*source.key, *place, *inner)
        elif source.key is not None:
            yield (*source.key, *place)


def places_of(field: Field) -> Iterator[_Path]:
    """Yield where the value of a field may stand in its entry or group."""
    for source in field.sources or (From(key=()),):
        if source.key is not None:
            yield source.key
