"""Data formats: JSON and TOML, within the same bounds as YAML; both readers raise SeedError."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, NoReturn

from graphql_api.kinds.plain import Plain, plain_value
from graphql_api.reading.events import MAX_DEPTH, Bounds, Path, duplicate_key, lines_of_events, too_deep, too_many
from graphql_api.reading.problems import Code, SeedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ERROR_LINE = re.compile(r" \(at line ([0-9]+), column ([0-9]+)\)| \(at end of document\)")
_JSON_HINT = "Mend it; no comma may stand behind the last item, and texts need double quotes."
_TOML_HINT = "Mend it; a text needs quotes, and a list its brackets."
_TWICE = re.compile("overwrite|twice|[Dd]uplicate")
_TWICE_HINT = "Mend it; the key is there twice: keep one."
# tomllib takes quadratic time for a key of many parts. No word is tried from within.
_KEY_PART = r"""(?:(?<![A-Za-z0-9_-])[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(rf"(?:{_KEY_PART}\.[ \t]*+){{{MAX_DEPTH}}}")
_TOML_LINE = re.compile(
    r"""
    ^[ \t]* (?:
      (\[{1,2}) [ \t]* ([^\]\n\#]+?) [ \t]* \]{1,2}                                                # 1, 2: a table
    | ((?:[A-Za-z0-9_-]+ | "[^"\n]*" | '[^'\n]*') (?: [ \t]*\.[^=\n]* )?) [ \t]* =               # 3: a key
    )
    """,
    re.MULTILINE | re.VERBOSE,
)


def read_json(text: str, bounds: Bounds) -> Any:  # noqa: ANN401 - what stands in JSON
    """Return the value of a JSON text; its line is counted in `text`."""
    try:
        value = json.loads(text, object_pairs_hook=_mapping, parse_int=plain_value, parse_constant=_refuse_constant)
    except json.JSONDecodeError as cause:
        message = f"{bounds.name} is not valid JSON: {cause.msg}, at column {cause.colno}. {_JSON_HINT}"
        raise SeedError(Code.INVALID_JSON, message, cause.lineno) from cause
    except RecursionError as cause:
        raise too_deep(bounds, None) from cause
    _check_bounds(value, bounds)
    if "\\u" in text and any(_LONE_SURROGATE.search(each) for each in _texts(value)):
        message = f"{bounds.name} is not valid JSON: an escape is half of a surrogate pair. Mend it."
        raise SeedError(Code.INVALID_JSON, message)
    return value


def lines_of_json(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key and item: to all that matters here, JSON is YAML."""
    return lines_of_events(text)


def read_toml(text: str, bounds: Bounds) -> Any:  # noqa: ANN401 - what stands in TOML
    """Return the value of a TOML text; dates and times are their text."""
    long_key = _LONG_KEY.search(text)
    if long_key:
        raise too_deep(bounds, text.count("\n", 0, long_key.start()) + 1)
    try:
        value = tomllib.loads(text)
    except RecursionError as cause:
        raise too_deep(bounds, None) from cause
    except ValueError as cause:  # also an integer of too many digits
        reason = str(cause)
        found = _ERROR_LINE.search(reason)
        line = int(found[1]) if found and found[1] else text.count("\n") + 1 if found else None
        place = f", at column {found[2]}" if found and found[2] else ""
        hint = _TWICE_HINT if _TWICE.search(reason) else _TOML_HINT
        message = f"{bounds.name} is not valid TOML: {_ERROR_LINE.sub('', reason)}{place}. {hint}"
        raise SeedError(Code.INVALID_TOML, message, line) from cause
    _check_bounds(value, bounds)
    return _with_texts(value)


def lines_of_toml(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each table and of each key that stands at the start of a line."""
    lines: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for match in _TOML_LINE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match[1]:
            table = _parts(match[2])
            if len(match[1]) > 1:
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, line)
                table = (*table, counts[table])
            lines[table] = line
        else:
            lines.setdefault((*table, *_parts(match[3])), line)
    return lines


def _parts(key: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise duplicate_key(key, None)
            seen.add(key)
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise SeedError(Code.INVALID_JSON, f"{name} is no number of JSON. Write a number, or put it in quotes.")


def _check_bounds(value: Any, bounds: Bounds) -> None:  # noqa: ANN401 - any value
    """Raise SeedError for a value that nests too deep or has too many parts; without recursion."""
    level: list[Any] = [value]
    depth = count = 0
    while level:
        count += len(level)
        if count > bounds.max_values:
            raise too_many(bounds, None)
        containers = [each for each in level if isinstance(each, (dict, list))]
        if containers and depth >= MAX_DEPTH:
            raise too_deep(bounds, None)
        depth += 1
        level = [inner for each in containers for inner in _parts_of(each)]


def _parts_of(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any value
    """Yield the keys and texts of a value, which nests at most `MAX_DEPTH` levels."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _with_texts(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value of TOML with its dates and times as text; it nests at most `MAX_DEPTH` levels."""
    if isinstance(value, dict):
        return {key: _with_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_texts(inner) for inner in value]
    if isinstance(value, (dt.date, dt.time)):  # a datetime is a date
        return Plain(value.isoformat())
    return value
