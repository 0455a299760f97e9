"""Documents: from the bytes of a file to its value and its body; text stays the text that it is."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKDOWN = (".md", ".markdown", ".mdx")
DEEPEST = 32
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FENCES = {"-": ("---", "---+[ \t]*"), "+": ("+++", r"\+\+\++[ \t]*"), "{": ("{", r"\}[ \t]*")}
_START = re.compile(r"\s*(?:-{3,}|\+{3,}|\{)[ \t]*(?:\n|\Z)")


class RefusedError(Exception):
    """A file, or a value in it, cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code of the problem."""
        super().__init__(code)
        self.code = code


class Plain(str):
    """A scalar that YAML has without quotes: text, unless a number or a Boolean is wanted."""

    __slots__ = ()


class Document(NamedTuple):
    """What stands in a file. `front` is how its front matter begins, "" if there is none."""

    value: Any
    body: str
    front: str


def read_document(path: str, data: bytes) -> Document:
    """Return what stands in a file. Raises RefusedError."""
    text = _decoded(data)
    suffix = path[path.rindex(".") :]
    if suffix not in MARKDOWN:
        return Document(_data(text, suffix), "", suffix)
    start = _START.match(text)
    if start is None:
        return Document({}, text.strip(), "")
    sign = start[0].strip()[0]
    front, body = _split(text, start.end(), _FENCES[sign][1])
    if sign == "-":
        value = _yaml(front)
    elif sign == "+":
        value = _toml(front)
    else:
        value = _json("{" + front + "}")
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise RefusedError("FRONT_MATTER_NOT_A_MAPPING")
    return Document(value, body.strip(), sign)


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise RefusedError("INVALID_UTF8") from None
    if "\0" in text:
        raise RefusedError("NUL_CHARACTER")
    return text


def _split(text: str, start: int, closing: str) -> tuple[str, str]:
    # The opening line's end may be the closing line's beginning: then there are no keys.
    end = re.compile(rf"\n{closing}(?:\n|\Z)").search(text, max(start - 1, 0))
    if end is None:
        raise RefusedError("UNTERMINATED_FRONT_MATTER")
    return text[start : end.start() + 1], text[end.end() :]


def _data(text: str, suffix: str) -> Any:
    if suffix == ".json":
        return _json(text) if text.strip() else None
    return _toml(text) if suffix == ".toml" else _yaml(text)


def _json(text: str) -> Any:
    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise RefusedError("DUPLICATE_KEY")
        return dict(pairs)

    def constant(_: str) -> Any:
        raise RefusedError("INVALID_JSON")

    try:
        value = json.loads(text, object_pairs_hook=mapping, parse_constant=constant)
    except ValueError:
        raise RefusedError("INVALID_JSON") from None
    _refuse_deep(value, DEEPEST)
    return value


def _toml(text: str) -> Any:
    try:
        value = tomllib.loads(text)
    except ValueError:
        raise RefusedError("INVALID_TOML") from None
    _refuse_deep(value, DEEPEST)
    return _texts(value)


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return Plain(value.isoformat()) if isinstance(value, dt.date | dt.time) else value


def _refuse_deep(value: Any, left: int) -> None:
    if isinstance(value, dict | list):
        if not left:
            raise RefusedError("NESTING_TOO_DEEP")
        for inner in value.values() if isinstance(value, dict) else value:
            _refuse_deep(inner, left - 1)


def _yaml(text: str) -> Any:
    try:
        return _Events(yaml.parse(text, _LOADER)).document()
    except yaml.YAMLError:
        raise RefusedError("INVALID_YAML") from None


class _Events:
    """Reads a value from YAML's events, text for each scalar; what comes first is told."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events

    def document(self) -> Any:
        """Return the value of the only document, None without any."""
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        value = self._value(next(self._events), DEEPEST)
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise RefusedError("INVALID_YAML")
        return value

    def _value(self, event: Any, left: int) -> Any:
        self._refuse(event)
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else Plain(event.value) if event.value else None
        if not left:
            raise RefusedError("NESTING_TOO_DEEP")
        return self._list(left - 1) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(left - 1)

    def _list(self, left: int) -> list[Any]:
        values = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, left))
        return values

    def _mapping(self, left: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise RefusedError("INVALID_YAML")
            if event.value == "<<" and not event.style:
                raise RefusedError("MERGE_KEY_REFUSED")
            if event.value in values:
                raise RefusedError("DUPLICATE_KEY")
            values[event.value] = self._value(next(self._events), left)
        return values

    @staticmethod
    def _refuse(event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise RefusedError("ALIAS_REFUSED")
        if event.anchor is not None:
            raise RefusedError("ANCHOR_REFUSED")
        if event.tag is not None:
            raise RefusedError("TAG_REFUSED")
