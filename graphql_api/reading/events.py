"""Events: the careful way to read YAML, for all that `ordinary` does not vouch for.

libyaml's parser yields one event at a time, without recursion, so that reading can stop at the first anchor, alias,
tag, merge key or level too deep, before any of them costs memory. Its loader, which we do not use, recurses.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from graphql_api.kinds.plain import written
from graphql_api.reading.hidden import Hidden, hide
from graphql_api.reading.problems import Code, SeedError
from graphql_api.reading.yaml_hints import COLON, ONE_DOCUMENT, START, hint

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 32

Path = tuple[str | int, ...]
"""Where a value is: the keys, and places in lists (from 0), that lead to it, outermost first."""


class Bounds(NamedTuple):
    """How much is read, and what it is called in messages."""

    name: str
    max_values: int


FRONT_MATTER = Bounds("The front matter", 10_000)
"""An article has some fifty values; this keeps a file of brackets cheap."""
DATA_FILE = Bounds("The file", 10_000)
DATA_FILE_OF_ITEMS = Bounds("The file", 100_000)


def read_events(text: str, bounds: Bounds = FRONT_MATTER) -> Any:  # noqa: ANN401 - what stands in YAML
    """Return the value of a YAML text: mappings, lists, text, and None where nothing is written.

    Plain scalars that could be more than text are `Plain`. Raises SeedError, its line counted in `text`.
    """
    return _read(_Reader(hide(text), bounds))


def lines_of_events(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key and of each item of a list; of as much as can be read."""
    reader = _Reader(hide(text), DATA_FILE_OF_ITEMS, lines={})
    with contextlib.suppress(SeedError):
        _read(reader)
    return reader.lines or {}


def _read(reader: _Reader) -> Any:  # noqa: ANN401 - what stands in YAML
    bounds, shown = reader.bounds, reader.hidden.shown
    try:
        return reader.read()
    except yaml.MarkedYAMLError as cause:
        reason = shown(cause.problem or cause.context or "")
        found = hint(reader.hidden.text, reason, cause)
        place = (found.line + 1, found.remedy) if found else (None, COLON)
        raise invalid_yaml(bounds, reason, *place) from cause
    except yaml.YAMLError as cause:
        raise invalid_yaml(bounds, shown(str(cause).splitlines()[0]), None) from cause


def invalid_yaml(bounds: Bounds, reason: str, line: int | None, remedy: str = COLON) -> SeedError:
    """Return the error for text that is not YAML, with the parser's reason, and what it mostly comes of."""
    message = f"{bounds.name} is not valid YAML: {reason}. {remedy}"
    return SeedError(Code.INVALID_YAML, message, line)


def too_deep(bounds: Bounds, line: int | None) -> SeedError:
    """Return the error for what nests deeper than `MAX_DEPTH`."""
    message = f"{bounds.name} nests deeper than {MAX_DEPTH} levels. Make it flatter."
    return SeedError(Code.NESTING_TOO_DEEP, message, line)


def too_many(bounds: Bounds, line: int | None) -> SeedError:
    """Return the error for more values than `bounds` allows."""
    message = f"{bounds.name} has more than {bounds.max_values} values. Leave out what is no part of the content."
    return SeedError(Code.FRONT_MATTER_TOO_LARGE, message, line)


def duplicate_key(key: str, line: int | None) -> SeedError:
    """Return the error for a mapping with one key twice."""
    return SeedError(Code.DUPLICATE_KEY, f"The key {key[:200]!r} is there twice. Keep one of them.", line)


class _Reader:
    """Builds one value from events; recursion ends at `MAX_DEPTH`. `lines` is filled if there is one."""

    def __init__(self, hidden: Hidden, bounds: Bounds, lines: dict[Path, int] | None = None) -> None:
        self.hidden = hidden
        self.bounds = bounds
        self.lines = lines
        self._left = bounds.max_values
        self._next: Callable[[], Any] = CParser(hidden.text).get_event

    def read(self) -> Any:  # noqa: ANN401 - what stands in YAML
        self._next()  # the stream's start
        if type(self._next()) is yaml.StreamEndEvent:
            return None
        value = self._value(self._next(), 0, ())
        self._next()  # the document's end
        after = self._next()
        if type(after) is not yaml.StreamEndEvent:
            raise invalid_yaml(self.bounds, "there is more than one document", _line(after), ONE_DOCUMENT)
        return value

    def _value(self, event: Any, depth: int, path: Path) -> Any:  # noqa: ANN401 - what stands in YAML
        self._left -= 1
        if self._left < 0:
            raise too_many(self.bounds, _line(event))
        kind = type(event)
        if kind is yaml.AliasEvent or event.anchor is not None or event.tag is not None:
            self._refuse_indirection(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if depth >= MAX_DEPTH:
            raise too_deep(self.bounds, _line(event))
        if kind is yaml.SequenceStartEvent:
            return self._sequence(depth + 1, path)
        return self._mapping(depth + 1, path)

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        if not event.style:
            return written(self.hidden.shown(event.value))
        return self.hidden.shown(event.value, is_quoted=event.style == '"')

    def _sequence(self, depth: int, path: Path) -> list[Any]:
        values: list[Any] = []
        here = path
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            if self.lines is not None:
                here = (*path, len(values))
                self.lines[here] = _line(event)
            values.append(self._value(event, depth, here))
        return values

    def _mapping(self, depth: int, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        here = path
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._key(event)
            if key in values:
                raise duplicate_key(key, _line(event))
            if self.lines is not None:
                here = (*path, key)
                self.lines[here] = _line(event)
            values[key] = self._value(self._next(), depth, here)
        return values

    def _key(self, event: Any) -> str:  # noqa: ANN401 - any event
        self._refuse_indirection(event)
        if type(event) is not yaml.ScalarEvent:
            remedy = START.format("[" if type(event) is yaml.SequenceStartEvent else "{")
            raise invalid_yaml(self.bounds, "a key is a list or a mapping", _line(event), remedy)
        if event.value == "<<" and not event.style:
            message = f"{self.bounds.name} has a merge key (<<). Write the keys out."
            raise SeedError(Code.MERGE_KEY_REFUSED, message, _line(event))
        return self.hidden.shown(event.value, is_quoted=event.style == '"')

    def _refuse_indirection(self, event: Any) -> None:  # noqa: ANN401 - any event
        name, anchor, tag = self.bounds.name, event.anchor, getattr(event, "tag", None)
        if type(event) is yaml.AliasEvent:
            message = f"{name} has an alias (*{anchor[:200]}). Write the value out, or put the text in quotes."
            raise SeedError(Code.ALIAS_REFUSED, message, _line(event))
        if anchor is not None:
            message = f"{name} has an anchor (&{anchor[:200]}). Remove it, or put the text in quotes."
            raise SeedError(Code.ANCHOR_REFUSED, message, _line(event))
        if tag is not None:
            message = f"{name} has a tag ({tag[:200]}). Remove it, or put the text in quotes."
            raise SeedError(Code.TAG_REFUSED, message, _line(event))


def _line(event: Any) -> int:  # noqa: ANN401 - any event
    return int(event.start_mark.line) + 1
