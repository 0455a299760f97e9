"""Front matter: where it ends, what it says, and what follows; and files that are data and nothing else.

python-frontmatter takes a file apart through handlers of ours, which read within bounds: YAML (`---`), TOML (`+++`) and
JSON (`{`). Text is the text as written (`No`, `012` and `1:30:00` too); a scalar without quotes that could be more is
`Plain`, for kinds of numbers and Booleans to decide.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, NamedTuple, NoReturn

import frontmatter
from frontmatter.default_handlers import BaseHandler

from graphql_api.reading.data_formats import lines_of_json, lines_of_toml, read_json, read_toml
from graphql_api.reading.events import DATA_FILE, FRONT_MATTER, Bounds, Path, lines_of_events, read_events
from graphql_api.reading.ordinary import lines_of_ordinary, read_ordinary
from graphql_api.reading.problems import Code, SeedError

MAX_FRONT_MATTER_BYTES = 256 * 1024

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdx")

_START = re.compile(r"\s*+(?:(-{3,}[ \t]*+(?:\n|\Z))|(\+{3,}[ \t]*+(?:\n|\Z))|(\{[ \t]*+(?:\n|\Z)))")
_MAX_BYTES_PER_CHARACTER = 4


class Content(NamedTuple):
    """What stands in a file: its value (keys, or a list), and the text below without outer white space.

    `has_front_matter` is False for a Markdown file that begins with text; then `value` has no keys.
    """

    value: Any
    body: str = ""
    has_front_matter: bool = True


class _Handler(BaseHandler):
    """A python-frontmatter handler; both methods raise SeedError, its line counted in the front matter."""

    CLOSING: ClassVar[re.Pattern[str]]

    def split(self, text: str) -> tuple[str, str]:
        """Return the front matter, each of its lines ended, and all that follows its closing line."""
        opening = self.FM_BOUNDARY.match(text) if self.FM_BOUNDARY else None
        start = opening.end() if opening else 0
        closing = self.CLOSING.search(text, max(start - 1, 0))
        if closing is None:
            message = f"The front matter has no end. Put a line {self.END_DELIMITER} below its last key."
            raise SeedError(Code.UNTERMINATED_FRONT_MATTER, message, 0)
        front = text[start : closing.start(1)]
        refuse_large(front, FRONT_MATTER)
        return front, text[closing.end() :]


class YamlHandler(_Handler):
    """Front matter in YAML."""

    FM_BOUNDARY = re.compile(r"-{3,}[ \t]*(?:\n|\Z)")
    CLOSING = re.compile(r"\n(-{3,}[ \t]*(?:\n|\Z))")
    START_DELIMITER = END_DELIMITER = "---"

    def load(self, fm: str) -> dict[str, Any]:
        """Return the keys and values of the front matter."""
        value = read_ordinary(fm) or read_events(fm)
        if isinstance(value, dict):
            return value
        # Nothing but comments: an entry without keys.
        return {} if value is None else _not_a_mapping(value)


class TomlHandler(_Handler):
    """Front matter in TOML."""

    FM_BOUNDARY = re.compile(r"\+{3,}[ \t]*(?:\n|\Z)")
    CLOSING = re.compile(r"\n(\+{3,}[ \t]*(?:\n|\Z))")
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str) -> dict[str, Any]:
        """Return the keys and values of the front matter."""
        values: dict[str, Any] = read_toml(fm, FRONT_MATTER)
        return values


class JsonHandler(_Handler):
    """Front matter in JSON: an object whose braces stand alone on their lines."""

    FM_BOUNDARY = re.compile(r"\{[ \t]*(?:\n|\Z)")
    CLOSING = re.compile(r"\n(\}[ \t]*(?:\n|\Z))")
    START_DELIMITER, END_DELIMITER = "{", "}"

    def load(self, fm: str) -> dict[str, Any]:
        """Return the keys and values of the front matter."""
        try:
            values: dict[str, Any] = read_json(f"{{\n{fm}}}", FRONT_MATTER)
        except SeedError as refusal:
            if refusal.line is not None:
                refusal.line -= 1
            raise
        return values


_YAML, _TOML, _JSON = YamlHandler(), TomlHandler(), JsonHandler()


def read_front_matter(text: str) -> Content:
    r"""Take apart the text of a Markdown file, its line ends "\n". Raises SeedError, its line counted in `text`."""
    start = _START.match(text)
    if start is None:
        return Content({}, text.strip(), has_front_matter=False)
    try:
        values, body = frontmatter.parse(text, handler=_YAML if start[1] else _handler(start))
    except SeedError as refusal:
        if refusal.line is not None:
            refusal.line += _lines_above(text, start)
        raise
    return Content(values, body)


def read_data(text: str, suffix: str, bounds: Bounds) -> Content:
    """Return the value of a data file, whose name ends in `suffix`; None for a file without any.

    Raises SeedError, its line counted in `text`.
    """
    if bounds is DATA_FILE:
        refuse_large(text, bounds)
    if suffix == ".json":
        return Content(read_json(text, bounds) if text.strip() else None)
    if suffix == ".toml":
        return Content(read_toml(text, bounds))
    return Content(read_ordinary(text) or read_events(text, bounds))


def lines_of(text: str, suffix: str) -> dict[Path, int]:
    """Return the line of each key's path in the text of a file that has been read."""
    if suffix == ".json":
        return lines_of_json(text)
    if suffix == ".toml":
        return lines_of_toml(text)
    if suffix not in MARKDOWN_SUFFIXES:
        return _lines_of_yaml(text)
    start = _START.match(text)
    if start is None:
        return {}
    handler = _YAML if start[1] else _handler(start)
    front, _ = handler.split(text.strip())
    above = _lines_above(text, start)
    if handler is _JSON:
        lines, above = lines_of_json(f"{{\n{front}}}"), above - 1
    else:
        lines = lines_of_toml(front) if handler is _TOML else _lines_of_yaml(front)
    return {path: line + above for path, line in lines.items()}


def line_of_body(text: str) -> int:
    """Return the line, from 1, on which the body of a Markdown file that has been read begins."""
    start = _START.match(text)
    _, body = (_YAML if start[1] else _handler(start)).split(text.strip()) if start else ("", text)
    body_start = len(text.rstrip()) - len(body.strip())
    return text.count("\n", 0, body_start) + 1


def refuse_large(text: str, bounds: Bounds) -> None:
    """Raise SeedError for front matter, or a file of one entry, that is over `MAX_FRONT_MATTER_BYTES`."""
    if len(text) * _MAX_BYTES_PER_CHARACTER <= MAX_FRONT_MATTER_BYTES:
        return
    size_bytes = len(text.encode())
    if size_bytes > MAX_FRONT_MATTER_BYTES:
        remedy = "Move the long text below it, or shorten it." if bounds is FRONT_MATTER else "Shorten it."
        message = f"{bounds.name} has {size_bytes} bytes; at most {MAX_FRONT_MATTER_BYTES} are read. {remedy}"
        raise SeedError(Code.FRONT_MATTER_TOO_LARGE, message, 0 if bounds is FRONT_MATTER else None)


def _lines_of_yaml(text: str) -> dict[Path, int]:
    return lines_of_ordinary(text) if read_ordinary(text) is not None else lines_of_events(text)


def _handler(start: re.Match[str]) -> _Handler:
    return _YAML if start[1] else _TOML if start[2] else _JSON


def _not_a_mapping(value: object) -> NoReturn:
    kind = "a list" if isinstance(value, list) else "a single value"
    remedy = "Write it as keys with values, one `key: value` a line, with a space behind the colon."
    message = f"The front matter is {kind}. {remedy}"
    raise SeedError(Code.FRONT_MATTER_NOT_A_MAPPING, message, 1)


def _lines_above(text: str, start: re.Match[str]) -> int:
    """Return how many lines come before the front matter's first: blank ones, and the opening one."""
    return text.count("\n", 0, start.start(1 if start[1] else 2 if start[2] else 3)) + 1
