"""Content: from the bytes of a file to what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphql_api.reading.front_matter import MARKDOWN_SUFFIXES, Content, read_data, read_front_matter
from graphql_api.reading.problems import SeedError
from graphql_api.reading.seed_bytes import Source, decode

if TYPE_CHECKING:
    from graphql_api.reading.events import Bounds
    from graphql_api.records import Problem, SeedFile


class Text(NamedTuple):
    """What stands in a file, with its stat and the digest of its bytes; `data` are those bytes, to look up lines."""

    file: SeedFile
    sha256: bytes
    data: bytes
    suffix: str
    content: Content

    @property
    def is_mdx(self) -> bool:
        """Whether the file may have JSX in its Markdown."""
        return self.suffix == ".mdx"

    @property
    def has_merge_mark(self) -> bool:
        """Whether the text of a Markdown file may have both sides of a merge."""
        return b"<<<<<<<" in self.data and self.suffix in MARKDOWN_SUFFIXES


class Refusal(NamedTuple):
    """A file that gives no entry at all, and why."""

    file: SeedFile
    sha256: bytes | None
    problem: Problem


def read_text(source: Source, bounds: Bounds) -> Text | Refusal:
    """Return what stands in a file, by the format that its name ends in; `bounds` are for files of data."""
    suffix = source.file.path[source.file.path.rfind(".") :]
    try:
        text = decode(source.data)
        content = read_front_matter(text) if suffix in MARKDOWN_SUFFIXES else read_data(text, suffix, bounds)
    except SeedError as refusal:
        return Refusal(source.file, source.sha256, refusal.problem(source.file.path))
    return Text(source.file, source.sha256, source.data, suffix, content)
