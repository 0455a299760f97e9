"""Events: the careful way to read front matter, for all that `outline` does not vouch for.

PyYAML's pure Python parser yields one event at a time, without recursion, so that reading can stop at the first
anchor, alias, tag, merge key or level too deep, before any of them costs memory. It is some fifty times slower than
the fast way, which few files notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml
import yaml_rs

from graphql_api.reading.ordinary import TYPED_KEYS
from graphql_api.reading.problems import Code, SeedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.reading.outline import Path

MAX_DEPTH = 32
MAX_VALUES = 10_000
"""An article has some fifty values. Reading takes about 25 µs for each, so this keeps a file of brackets cheap."""

_NUMBER_OR_WORD = re.compile(r"[A-Za-z0-9.+_~-]+")
# YAML 1.1, which PyYAML reads, ends lines at these; YAML 1.2 does not. Noncharacters stand in for them.
_HIDE = str.maketrans("\x85\u2028\u2029", "\ufdd0\ufdd1\ufdd2")
_SHOW = str.maketrans("\ufdd0\ufdd1\ufdd2", "\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Reading:
    """Front matter read with care: its value, and the line (from 1 in the front matter) of each key's path."""

    value: object
    lines: dict[Path, int]


def read_events(text: str) -> Reading:
    """Return front matter's value: mappings, lists, text, and None where nothing is written.

    Plain values of `TYPED_KEYS` are numbers and Booleans by YAML 1.2. Raises SeedError, its line counted in `text`.
    """
    try:
        return _Reader(text.translate(_HIDE)).read()
    except yaml.MarkedYAMLError as cause:
        mark = cause.problem_mark or cause.context_mark
        reason = (cause.problem or cause.context or "").translate(_SHOW)
        raise invalid_yaml(reason, mark.line + 1 if mark else None) from cause
    except (ValueError, OverflowError) as cause:  # an escape for no character: "\UFFFFFFFF"
        raise invalid_yaml(str(cause), None) from cause


def invalid_yaml(reason: str, line: int | None) -> SeedError:
    """Return the error for text that is not YAML, with the parser's reason."""
    message = f"The front matter is not valid YAML: {reason}. Mend it; a text with a colon in it needs quotes."
    return SeedError(Code.INVALID_YAML, message, line)


def too_deep(line: int) -> SeedError:
    """Return the error for front matter that nests deeper than `MAX_DEPTH`."""
    message = f"The front matter nests deeper than {MAX_DEPTH} levels. Make it flatter."
    return SeedError(Code.NESTING_TOO_DEEP, message, line)


class _Loader(yaml.SafeLoader):
    """PyYAML's scanner and parser, for text that is already known to be free of NUL."""

    def check_printable(self, data: str) -> None:
        """Let control characters pass, as YAML 1.2 parsers do."""

    def fetch_flow_collection_start(self, TokenClass: type) -> None:  # noqa: N803
        """Stop at a bracket too deep; the scanner, which looks far ahead, is quadratic in open ones."""
        if self.flow_level >= MAX_DEPTH:
            raise too_deep(self.line + 1)
        super().fetch_flow_collection_start(TokenClass)


@dataclass(slots=True)
class _Reader:
    """Builds one value from events; recursion ends at `MAX_DEPTH`."""

    text: str
    lines: dict[Path, int] = field(default_factory=dict)
    count: int = 0

    def read(self) -> Reading:
        events: Iterator[yaml.Event] = yaml.parse(self.text, Loader=_Loader)
        next(events)  # the stream's start
        if isinstance(next(events), yaml.StreamEndEvent):
            return Reading(None, {})
        value = self._value(next(events), events, ())
        next(events)  # the document's end
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise invalid_yaml("there is more than one document", _line(after))
        return Reading(value, self.lines)

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> object:
        _refuse_indirection(event)
        self.count += 1
        if self.count > MAX_VALUES:
            message = f"The front matter has more than {MAX_VALUES} values. Leave out what is no part of the article."
            raise SeedError(Code.FRONT_MATTER_TOO_LARGE, message, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, path)
        if len(path) >= MAX_DEPTH:
            raise too_deep(_line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self._value(event, events, (*path, "[]")))
        return values

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = _key(event)
            if key in values:
                message = f"The key {key!r} is there twice. Keep one of them."
                raise SeedError(Code.DUPLICATE_KEY, message, _line(event))
            here = (*path, key)
            self.lines.setdefault(here, _line(event))
            values[key] = self._value(next(events), events, here)
        return values


def _key(event: yaml.Event) -> str:
    _refuse_indirection(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise invalid_yaml("a key is a list or a mapping", _line(event))
    if event.value == "<<" and event.style is None:
        message = "The front matter has a merge key (<<). Write the keys out."
        raise SeedError(Code.MERGE_KEY_REFUSED, message, _line(event))
    return _shown(event)


def _scalar(event: yaml.ScalarEvent, path: Path) -> object:
    text = _shown(event)
    if event.style is not None:
        return text
    if not text:
        return None
    if path and path[-1] in TYPED_KEYS and _NUMBER_OR_WORD.fullmatch(text):
        return yaml_rs.loads(f"value: {text}\n", parse_datetime=False)["value"]  # type: ignore[call-overload]
    return text


def _shown(event: yaml.ScalarEvent) -> str:
    """Return a scalar's text. Raises SeedError for half of a surrogate pair, which is no character."""
    try:
        text: str = event.value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as cause:
        raise invalid_yaml("an escape is half of a surrogate pair", _line(event)) from cause
    return text.translate(_SHOW)


def _refuse_indirection(event: yaml.Event) -> None:
    anchor: str | None = getattr(event, "anchor", None)
    tag: str | None = getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        message = f"The front matter has an alias (*{anchor}). Write the value out, or put the text in quotes."
        raise SeedError(Code.ALIAS_REFUSED, message, _line(event))
    if anchor is not None:
        message = f"The front matter has an anchor (&{anchor}). Remove it, or put the text in quotes."
        raise SeedError(Code.ANCHOR_REFUSED, message, _line(event))
    if tag is not None:
        message = f"The front matter has a tag ({tag}). Remove it, or put the text in quotes."
        raise SeedError(Code.TAG_REFUSED, message, _line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0
