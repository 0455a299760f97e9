"""Spelling: values as YAML, JSON, TOML and Markdown write them, in many ways, and what is wrong with whole files."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.oracle.documents import Plain
from tests.oracle.scalars import plain_value

if TYPE_CHECKING:
    from collections.abc import Callable

_SAFE = re.compile(r"[A-Za-z](?:[A-Za-z0-9_/]| (?=[A-Za-z0-9]))*")


class FileText(NamedTuple):
    """The text of a file."""

    text: str

    def data(self, fault: int | None) -> bytes:
        """Return its bytes, with the fault of that number if there is one."""
        if fault is None:
            return self.text.encode()
        return _FAULTS[fault % len(_FAULTS)](self.text)


_FAULTS: tuple[Callable[[str], bytes], ...] = (
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.encode() + b"\xff",
    lambda text: text.encode() + b"\0",
    lambda _: b"",
    lambda text: text[:3].encode(),
    lambda text: text.replace("\n---\n", "\n").encode(),
    lambda _: b"---\n# nothing but comments\n---\ntext\n",
    lambda _: b"---\n---\n",
    lambda _: b"Just text.\n",
    lambda text: _within(text, "title: &a b\n"),
    lambda text: _within(text, "zz: *a\n"),
    lambda text: _within(text, "zz: !x b\n"),
    lambda text: _within(text, "<<: {a: b}\n"),
    lambda text: _within(text, "zz: 1\nzz: 2\n"),
    lambda text: _within(text, "zz: [\n"),
    lambda text: _within(text, "zz: 'open\n"),
    lambda text: _within(text, "zz: " + "[" * 40 + "]" * 40 + "\n"),
    lambda _: b"---\n- a\n- b\n---\n",
    lambda _: b"---\njust text\n---\n",
)


def _within(text: str, line: str) -> bytes:
    """Return the text with one more line of YAML where it begins."""
    start = "---\n" if text.startswith("---\n") else ""
    return (start + line + text[len(start) :]).encode()


def markdown_text(values: dict[str, Any], body: str, style: int) -> FileText:
    """Return a Markdown file with its front matter in one of three languages."""
    match style % 8:
        case 0:
            front = f"+++\n{toml_text(values)}+++\n"
        case 1 if values:
            front = "{\n" + json_text(values)[1:-1] + "\n}\n"
        case _:
            front = f"---\n{yaml_text(values, style) if values else ''}---\n"
    return FileText(f"{front}\n{body}\n")


def json_text(value: Any) -> str:
    """Return a value as JSON; what YAML would take for a number is one."""
    return json.dumps(_known(value), ensure_ascii=False, indent=1)


def _known(value: Any) -> Any:
    if isinstance(value, Plain):
        found = plain_value(value)
        return str(value) if isinstance(found, float) and found == float("inf") else found
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items()}
    return [_known(inner) for inner in value] if isinstance(value, list) else value


def toml_text(values: Any) -> str:
    """Return the keys of a mapping as TOML; it has no null."""
    if not isinstance(values, dict):
        return f"value = {_toml(values)}\n"
    return "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in values.items() if value is not None)


def _toml(value: Any) -> str:
    if isinstance(value, Plain):
        if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?", value):
            return value if _is_date(value) else json.dumps(value)
        found = plain_value(value)
        return json.dumps(found) if found is not None and found != float("inf") else json.dumps(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items() if inner is not None)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value if inner is not None) + "]"
    return json.dumps(value, ensure_ascii=False)


def _is_date(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    return bool(year) and 0 < month < 13 and 0 < day < 29 and "25:" not in text and "99:" not in text


def yaml_text(value: Any, style: int) -> str:
    """Return a value as YAML; `style` says how it is spelt."""
    if not value:
        return "{}\n" if isinstance(value, dict) else "[]\n"
    return _Yaml(random.Random(style)).block(value, "")


class _Yaml:
    def __init__(self, draw: random.Random) -> None:
        self._draw = draw

    def block(self, value: Any, indent: str) -> str:
        """Return the lines of a mapping or a list that is not empty."""
        if isinstance(value, dict):
            return "".join(f"{indent}{self._key(key)}:{self._after(inner, indent)}" for key, inner in value.items())
        return "".join(f"{indent}-{self._after(inner, indent)}" for inner in value)

    def _key(self, key: str) -> str:
        return key if _SAFE.fullmatch(key) and self._draw.random() < 0.95 else json.dumps(key)

    def _after(self, value: Any, indent: str) -> str:
        if isinstance(value, dict | list) and value and self._draw.random() < 0.7:
            return "\n" + self.block(value, indent + "  ")
        if value is None and self._draw.random() < 0.5:
            return "\n"
        if isinstance(value, str) and not isinstance(value, Plain) and self._is_fit_for_block(value):
            sign = self._draw.choice((">-", "|-")) if "\n" not in value else "|-"
            lines = "".join(f"{indent}    {line}\n" if line else "\n" for line in value.split("\n"))
            return f" {sign}\n{lines}"
        return f" {self._flow(value)}{self._draw.choice(('', '', '', ' # said'))}\n"

    def _is_fit_for_block(self, text: str) -> bool:
        lines = text.split("\n")
        return (
            self._draw.random() < 0.3 and all(line == line.strip() for line in lines) and bool(lines[0] and lines[-1])
        )

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{json.dumps(key)}: {self._flow(inner)}" for key, inner in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._flow(inner) for inner in value) + "]"
        if isinstance(value, Plain):
            return value
        if not isinstance(value, str):
            return self._draw.choice(('""', "null", "~", "NULL")) if value is None else json.dumps(value)
        if _SAFE.fullmatch(value) and self._draw.random() < 0.5:
            return value
        if "\n" not in value and self._draw.random() < 0.3:
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value, ensure_ascii=False)
