"""Collection: files of one type, with what tells how alike two of them are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.inference.patterns import globs_of
from graphql_api.inference.shapes import BODY, Presence, presence, shape_of_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.languages import Languages
    from graphql_api.inference.walk import Found

SMALL = 3
"""So many files are a small folder; more are needed to tell that one of them stands alone."""


class Collection(Struct):
    """Files of one type. `folders` are those that they were found in; `has_items` says that each holds several."""

    files: list[Found]
    folders: set[str] = set()
    has_items: bool = False
    is_section: bool = False
    """Whether they are the `_index.md` of their folders."""
    is_odd: bool = False
    """Whether they are like no other file of their folder."""
    shapes: list[frozenset[str]] = []
    presence: Presence = {}
    """The share of the files that have each key."""

    def __post_init__(self) -> None:
        """Work out the shapes."""
        self.shapes = [shape_of_file(file, has_items=self.has_items) for file in self.files]
        self.presence = presence(self.shapes)

    @property
    def paths(self) -> list[str]:
        """The paths of the files."""
        return [file.path for file in self.files]

    def globs(self, paths: Sequence[str], languages: Languages) -> tuple[str, ...]:
        """Return the globs that match these files, and none of the others among `paths`."""
        own = set(self.paths)
        others = [path for path in paths if path not in own]
        return globs_of(self.paths, others, is_section=self.is_section, languages=languages)

    def take_in(self, other: Collection) -> None:
        """Make the files of another collection part of this one."""
        self.files += other.files
        self.shapes += other.shapes
        self.folders |= other.folders
        self.presence = presence(self.shapes)

    @property
    def has_keys(self) -> bool:
        """Whether any file has a key."""
        return any(shape - {BODY} for shape in self.shapes)

    @property
    def is_of_folders(self) -> bool:
        """Whether they are data files of one name, such as _category_.json, that tell of the folders they lie in."""
        return self.files[0].stem.startswith("_") and not self.files[0].is_markdown and len(self.folders) > 1

    @property
    def is_small(self) -> bool:
        """Whether there are few files."""
        return len(self.files) <= SMALL
