"""Front matter: where it ends, and what it says.

python-frontmatter takes a seed apart through `SeedHandler`, which reads ordinary front matter with `yaml-rs`. That
parser overflows the stack on deep block sequences and aborts when an alias bomb takes its memory, so it sees only
what `outline` vouches for; the rest, and whatever `yaml-rs` refuses, goes to `events`. Both ways give the same:
text is the text as written (`No`, `012` and `1:30:00` too), and only `TYPED_KEYS` hold numbers and Booleans.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, cast

import frontmatter
import yaml_rs
from frontmatter.default_handlers import BaseHandler

from graphql_api.reading.events import read_events
from graphql_api.reading.ordinary import TYPED_KEYS, read_ordinary
from graphql_api.reading.outline import Path, entries, is_plain
from graphql_api.reading.problems import Code, SeedError

MAX_FRONT_MATTER_BYTES = 256 * 1024

_OPENING = re.compile(r"-{3,}[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"\n(-{3,}[ \t]*(?:\n|\Z))")
_MAX_BYTES_PER_CHARACTER = 4


class FrontMatter(NamedTuple):
    """What stands in a seed: the front matter's keys, and the text below it without outer white space."""

    values: dict[str, Any]
    body: str


class SeedHandler(BaseHandler):
    """A python-frontmatter handler for seeds; both methods raise SeedError, its line counted in the front matter."""

    FM_BOUNDARY = _OPENING
    START_DELIMITER = END_DELIMITER = "---"

    def split(self, text: str) -> tuple[str, str]:
        """Return the front matter, each of its lines ended, and all that follows its closing line."""
        opening = _OPENING.match(text)
        if opening is None:
            message = "The file does not begin with front matter. Put a line --- first, then the keys."
            raise SeedError(Code.NO_FRONT_MATTER, message, 0)
        start = opening.end()
        closing = _CLOSING.search(text, max(start - 1, 0))
        if closing is None:
            message = "The front matter has no end. Put a line --- below its last key."
            raise SeedError(Code.UNTERMINATED_FRONT_MATTER, message, 0)
        front = text[start : closing.start(1)]
        _refuse_large(front)
        return front, text[closing.end() :]

    def load(self, fm: str) -> dict[str, Any]:
        """Return the keys and values of the front matter."""
        ordinary = read_ordinary(fm)
        if ordinary is not None:
            return ordinary
        value = _fast(fm) if is_plain(fm) else read_events(fm).value
        if not isinstance(value, dict):
            kind = "empty" if value is None else "a list" if isinstance(value, list) else "a single value"
            message = f"The front matter is {kind}. Write it as keys with values, one `key: value` a line."
            raise SeedError(Code.FRONT_MATTER_NOT_A_MAPPING, message, 1)
        return value


_HANDLER = SeedHandler()


def read_front_matter(text: str) -> FrontMatter:
    r"""Take apart the text of a seed, its line ends "\n". Raises SeedError, its line counted in `text`."""
    try:
        values, body = frontmatter.parse(text, handler=_HANDLER)
    except SeedError as refusal:
        if refusal.line is not None:
            refusal.line += _lines_above(text)
        raise
    return FrontMatter(values, body)


def lines_of_keys(text: str) -> dict[Path, int]:
    """Return the line of each key's path in the text of a seed that `read_front_matter` has read."""
    front, _ = _HANDLER.split(text.strip())
    lines = {entry.path: entry.line for entry in entries(front)} if is_plain(front) else read_events(front).lines
    above = _lines_above(text)
    return {path: line + above for path, line in lines.items()}


def _lines_above(text: str) -> int:
    """Return how many lines come before the front matter's first: blank ones, and the opening one."""
    return text[: len(text) - len(text.lstrip())].count("\n") + 1


def _refuse_large(front: str) -> None:
    if len(front) * _MAX_BYTES_PER_CHARACTER <= MAX_FRONT_MATTER_BYTES:
        return
    size_bytes = len(front.encode())
    if size_bytes > MAX_FRONT_MATTER_BYTES:
        message = (
            f"The front matter has {size_bytes} bytes; at most {MAX_FRONT_MATTER_BYTES} are read. "
            "Move the answer below it, or shorten it."
        )
        raise SeedError(Code.FRONT_MATTER_TOO_LARGE, message, 0)


def _fast(front: str) -> object:
    """Read front matter of the ordinary shape."""
    try:
        value = yaml_rs.loads(front, parse_datetime=False)
        if isinstance(value, dict):
            _restore(front, cast(dict[Any, Any], value))
    except (ValueError, TypeError):
        # The careful way names what is wrong, and where.
        return read_events(front).value
    return value


def _restore(front: str, values: dict[Any, Any]) -> None:
    """Put the text as written where yaml-rs made something else of it. Raises TypeError for a key that is no text."""
    converted = list(_converted(values, ()))
    if not converted:
        return
    written = {entry.path: entry.plain for entry in entries(front)}
    for holder, path in converted:
        holder[path[-1]] = written[path] or None


def _converted(values: dict[Any, Any], path: Path) -> list[tuple[dict[Any, Any], Path]]:
    """Return each text that is not text any more: the mapping that holds it, and its path."""
    found: list[tuple[dict[Any, Any], Path]] = []
    for key, value in values.items():
        if not isinstance(key, str):
            raise TypeError(key)
        if isinstance(value, dict):
            found += _converted(value, (*path, key))
        elif not isinstance(value, str) and key not in TYPED_KEYS:
            found.append((values, (*path, key)))
    return found
