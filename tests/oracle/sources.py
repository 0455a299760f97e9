"""Sources: where the values of fields come from (`@from`), and what is made of what is found."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tests.oracle.declarations import Field, Model, Type, spellings
from tests.oracle.documents import Plain
from tests.oracle.drafts import FAILED, At, Draft, Reference
from tests.oracle.patterns import slug, take
from tests.oracle.scalars import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_EMPTY_BODY = re.compile(r"(?:&nbsp;|\s)*")
_NUMBER_AT_END = re.compile(r"\d+$")


class Sources:
    """Finds what an entry's file, and the entry itself, say of a field."""

    def __init__(self, model: Model, folder: Path, draft: Draft, type_: Type) -> None:
        self._model = model
        self._folder = folder
        self._draft = draft
        self._type = type_

    def _found(self, owner: Type, source: dict[str, Any], raw: Any, get: Callable[[str], Any]) -> Any:
        if "key" in source:
            value = raw
            for key in source["key"].split(".") if source["key"] != "." else ():
                value = value.get(key) if isinstance(value, dict) else None
            return value
        if "field" in source:
            return get(source["field"])
        return self._templated(owner, source["template"], get) if "template" in source else self._part(source["file"])

    def _part(self, part: str) -> Any:
        path = PurePosixPath(self._draft.path)
        is_index = path.stem in {"index", "_index"}
        match part:
            case "NAME":
                return path.parent.name if is_index and path.parent.name else path.stem
            case "FOLDER":
                return path.parent.name or None
            case "PATH":
                return str(path)
            case "ROUTE":
                route = path.parent if is_index else path.with_suffix("")
                return "" if str(route) == "." else str(route)
            case "KEY":
                return self._draft.item or None
            case _:
                body = self._draft.document.body
                return None if _EMPTY_BODY.fullmatch(body) else body

    def _templated(self, owner: Type, template: str, get: Callable[[str], Any]) -> Any:
        text = ""
        for literal, path in re.findall(r"([^{]*)(?:\{([^}]*)\})?", template):
            text += literal
            if path:
                value = self._placed(owner, path, get)
                if value is None or value is FAILED:
                    return value
                text += str(value)
        return text

    def _placed(self, owner: Type, path: str, get: Callable[[str], Any]) -> Any:
        name, _, inner = path.partition(".")
        value = get(name)
        if isinstance(value, Reference):
            return value.key
        if inner and isinstance(value, str):
            assert owner.fields[name].named in {"Date", "DateTime"}
            return value[{"year": slice(4), "month": slice(5, 7), "day": slice(8, 10)}[inner]]
        return value.get(inner) if inner and isinstance(value, dict) else value


def keys_of(by: Field) -> list[str]:
    """Return the keys by which a mapping gives the key of what it names."""
    own = [source["key"] for source in by.sources if "key" in source and "." not in source["key"]]
    return list(dict.fromkeys((*own, *spellings(by.name))))


def changed(source: dict[str, Any], raw: Any, *, is_rich: bool = False) -> Any:
    """Return what @from makes of what was found: a part of it, unescaped, split, as a slug; in this order."""
    if not any(name in source for name in ("like", "split", "slug", "escapes")):
        return raw
    if isinstance(raw, list):
        parts = [changed(source, item, is_rich=is_rich) for item in raw]
        return [item for part in parts for item in (part if isinstance(part, list) else [part])]
    # Escapes of Markdown are the renderer's to undo: a number there is no text, and stays a number.
    is_text_made = not is_rich or any(name in source for name in ("like", "split", "slug"))
    if type(raw) in {int, float} and is_text_made:
        raw = str(raw)
    if not isinstance(raw, str):
        return raw
    text: str | None = str(raw) if is_rich and "like" not in source else raw.strip()
    if "like" in source:
        text = take(source["like"], text or "")
    if text is None:
        return None
    if not is_rich and not any(source.get(name) for name in ("split", "slug", "escapes")):
        return Plain(text) if text else None  # what a part looks like, it is: 35 of "35 min" is a number
    if source.get("escapes") and not is_rich:
        text = text.replace("\\n", "\n").replace("\\t", "\t")
    if "split" in source:
        parts = [part for piece in text.split(source["split"]) if (part := piece.strip())]
        return [slug(part) for part in parts] if source.get("slug") else parts
    return slug(text) if source.get("slug") else text


def fault(check: dict[str, Any], value: Any) -> str | None:
    """Return the code of what is wrong with a value by @check."""
    text = value.source if isinstance(value, Text) else value
    size = len(text) if isinstance(text, str) else text
    if isinstance(size, int | float) and not check.get("min", size) <= size <= check.get("max", size):
        return "INVALID_VALUE"
    like = check.get("like")
    if like is None or take(like, str(text)) is not None:
        return None
    return "INVALID_URL" if like.startswith("/") or "://" in like else "INVALID_VALUE"


def is_null(raw: Any) -> bool:
    """Return whether there is a null without quotes."""
    return isinstance(raw, Plain) and raw in {"null", "Null", "NULL", "~"}


def is_blank(raw: Any) -> bool:
    """Return whether there is nothing, or a null without quotes."""
    if isinstance(raw, str):
        return is_null(raw) or not raw.strip()
    return raw is None or (isinstance(raw, list | dict) and not raw)


def key_pattern(pattern: str, *, is_number: bool) -> re.Pattern[str]:
    """Return the expression of the keys that a pattern means."""
    before, _, after = re.sub(r"\{.*\}", "\0", pattern).partition("\0")
    one = r"([1-9]\d{0,8})" if is_number else "(.+)"
    return re.compile(re.escape(before) + one + re.escape(after), re.DOTALL | re.ASCII)


def general_name(at: At) -> str:
    """Return the name of a key without the numbers of items."""
    *above, last = at
    parts = [_NUMBER_AT_END.sub("N", part) for part in above if isinstance(part, str)]
    return ".".join((*parts, str(last)))
