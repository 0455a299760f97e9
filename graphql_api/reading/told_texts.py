"""Told texts: what is told of texts in Markdown once they are rendered, and the urls of the files that they show.

What readers will not see as it was meant is told once for each kind and file, at its first place; a file that is not
there is told at each link to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.reading.content import Refusal
from graphql_api.reading.front_matter import line_of_body, lines_of
from graphql_api.reading.problems import Code, warning
from graphql_api.reading.seed_bytes import decode
from graphql_api.rendering.entry_links import is_file, with_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql_api.reading.content import Text
    from graphql_api.reading.entry import Entry, RichText, SeedEntries
    from graphql_api.reading.events import Path
    from graphql_api.reading.places import Places
    from graphql_api.records import Loss, Problem

_REMEDIES = {
    Code.HTML_LEFT_OUT: "Write it in Markdown, or in HTML that is shown.",
    Code.HTML_AS_TEXT: "Close what is open, or use less of it.",
    Code.ADDRESS_LEFT_OUT: "Link to https, http, mailto or tel.",
    Code.FORMULA_AS_SOURCE: "Mend it, or write it in other commands.",
    Code.NOTE_LEFT_OUT: "Refer to it, or take it out.",
    Code.LINK_DANGLING: "Mend it, or name the place: {#name} behind a heading.",
}
_SHOWN_CHARACTERS = 200


def with_told(seed: SeedEntries, text: Text | Refusal | None, places: Places) -> SeedEntries:
    """Return a file's entries with the urls of the files that their texts show, and with what is told of the texts.

    What else the texts link to stays in their `links`, each with its line in the file.
    """
    if text is None or isinstance(text, Refusal) or not any(_is_told(each) for each in _texts(seed.entries)):
        return seed
    lines = _Lines(text)
    told = [*_losses(seed, lines)]
    for entry in seed.entries:
        for each in entry.texts:
            told += _with_files(each, entry.path, places, lines)
    problems = sorted([*seed.problems, *told], key=lambda problem: (problem.line is None, problem.line or 0))
    return seed._replace(problems=tuple(problems))


def _texts(entries: tuple[Entry, ...]) -> Iterator[RichText]:
    for entry in entries:
        yield from entry.texts


def _is_told(text: RichText) -> bool:
    return bool(text.rendered.losses or text.rendered.links)


def _losses(seed: SeedEntries, lines: _Lines) -> Iterator[Problem]:
    """Yield one problem for each kind of what is lost in a file."""
    found: dict[str, dict[Loss, RichText]] = {}
    for text in _texts(seed.entries):
        for loss in text.rendered.losses:
            found.setdefault(loss.code, {}).setdefault(loss, text)
    for code, some in found.items():
        loss, text = next(iter(some.items()))
        more = {1: "", 2: " So is 1 more of its kind."}.get(len(some), f" So are {len(some) - 1} more of its kind.")
        message = f"{loss.sentence}{more} {_REMEDIES[Code(code)]}"
        yield warning(Code(code), seed.file.path, message, lines.of(text, loss.written))


def _with_files(text: RichText, path: str, places: Places, lines: _Lines) -> Iterator[Problem]:
    """Put the urls of files into a text, and yield a problem for each file that is not there."""
    urls: dict[str, str] = {}
    others = []
    for link in text.rendered.links:
        line = lines.of(text, link.address, link.line)
        if not is_file(link.address):
            others.append(link._replace(line=line or 0))
        elif (url := places.served(link.address, path)) is not None:
            urls[link.key] = url
        else:
            shown = link.address[:_SHOWN_CHARACTERS]
            message = f"There is no file {shown!r}, which a text shows. Mend the path, or add the file."
            yield warning(Code.FILE_MISSING, path, message, line)
    html = with_addresses(text.rendered.html, urls) if urls else text.rendered.html
    text.rendered = text.rendered._replace(html=html, links=tuple(others))


class _Lines:
    """Finds lines in a file that has been read."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._spelt = decode(text.data)
        self._body: int | None = None
        self._keys: Mapping[Path, int] | None = None

    def of(self, text: RichText, written: str, line: int | None = None) -> int | None:
        """Return the line of what is `written` in a text, on that line of it; of the text where it cannot be found."""
        if text.at is not None:
            return self._below_key(text.at, written)
        if line is None:
            markdown = text.rendered.markdown
            line = markdown.count("\n", 0, max(markdown.find(written), 0)) + 1
        if self._body is None:
            self._body = line_of_body(self._spelt)
        return self._body + line - 1

    def _below_key(self, at: Path, written: str) -> int | None:
        if self._keys is None:
            self._keys = lines_of(self._spelt, self._text.suffix)
        while at and at not in self._keys:
            at = at[:-1]
        line = self._keys.get(at)
        if line is None or not written:
            return line
        start = _start_of(self._spelt, line)
        return line + self._spelt.count("\n", start, max(self._spelt.find(written, start), start))


def _start_of(text: str, line: int) -> int:
    """Return where a line of a text begins; lines count from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start
