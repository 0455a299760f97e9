"""Scalars: what stands in a file as a value of a kind, or why it is none."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, NamedTuple

from tests.oracle.documents import Plain, RefusedError

_WORDS = {"true": True, "false": False}
_NOTHING = ("", "~", "null", "Null", "NULL")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:(?:[Tt]|[ \t]+)(\d?\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"[ \t]*(?:(Z|z|UTC|GMT)|([-+])(\d?\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)
_URL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#?])\S*", re.ASCII)
_LARGEST = 2**31


class Text(NamedTuple):
    """Markdown as it stands in a file; `escapes` says that its line breaks are written out."""

    source: str
    escapes: bool = False


def scalar(kind: str, raw: Any, spellings: dict[str, str] | None = None) -> Any:
    """Return the value of a kind, or of the enum whose values have these spellings; None if it counts as absent.

    A null without quotes is absent where it is no good text. Raises RefusedError for anything else.
    """
    try:
        return _READERS[kind](raw) if spellings is None else _choice(_text(raw), spellings)
    except RefusedError:
        if isinstance(raw, Plain) and raw in _NOTHING:
            return None
        raise


def plain_value(text: str) -> Any:
    """Return what YAML 1.2 takes a scalar without quotes for."""
    if text in _NOTHING:
        return None
    if text in {word for each in _WORDS for word in (each, each.title(), each.upper())}:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text, 10 if text[:2] not in {"0x", "0o"} else 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if re.fullmatch(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", text):
        return math.inf
    return text


def moment(text: str) -> dt.datetime:
    """Return the moment that a DateTime of the API names."""
    return dt.datetime.fromisoformat(text)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise RefusedError("WRONG_TYPE")
    if "\0" in raw:
        raise RefusedError("NUL_CHARACTER")
    return str(raw).strip()


def _choice(text: str, spellings: dict[str, str]) -> str | None:
    def loose(spelling: str) -> str:
        return spelling.casefold().replace("-", "_").replace(" ", "_")

    for name, spelling in spellings.items():
        if spelling == text:
            return name
    for name, spelling in spellings.items():
        if text and loose(spelling) == loose(text):
            return name
    if text:
        raise RefusedError("INVALID_VALUE")
    return None


def _number(raw: Any) -> Any:
    return plain_value(raw) if isinstance(raw, Plain) else raw


def _integer(raw: Any) -> int | None:
    value = _number(raw)
    if value is not None and type(value) is not int:
        raise RefusedError("WRONG_TYPE")
    if value is not None and not -_LARGEST <= value < _LARGEST:
        raise RefusedError("ID_OUT_OF_RANGE")
    return value


def _float(raw: Any) -> float | None:
    value = _number(raw)
    if value is None:
        return None
    if type(value) not in {int, float} or not math.isfinite(value):
        raise RefusedError("WRONG_TYPE")
    return float(value)


def _boolean(raw: Any) -> bool | None:
    value = _number(raw)
    if value is not None and type(value) is not bool:
        raise RefusedError("WRONG_TYPE")
    return value


def _date(raw: Any) -> str | None:
    text = _text(raw)
    if text and (not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) or _day(text) is None):
        raise RefusedError("INVALID_DATE")
    return text or None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _date_time(raw: Any) -> str | None:
    text = _text(raw)
    if not text:
        return None
    match = _MOMENT.fullmatch(text)
    value = None
    # A time without a zone is no moment.
    if match and (not match[2] or match[6] or match[7]) and int(match[9] or 0) < 60:
        value = _moment_of(match)
    if value is None:
        raise RefusedError("INVALID_DATE")
    return value.isoformat().replace("+00:00", "Z")


def _moment_of(match: re.Match[str]) -> dt.datetime | None:
    date, hour, minute, second, fraction, _, sign, hours, minutes = match.groups()
    offset = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    microsecond = int((fraction or "").ljust(6, "0")[:6])
    try:
        zone = dt.timezone(-offset if sign == "-" else offset)
        time = dt.time(int(hour or 0), int(minute or 0), int(second or 0), microsecond, zone)
        return dt.datetime.combine(dt.date.fromisoformat(date), time).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _url(raw: Any) -> str | None:
    text = _text(raw)
    if text and not _URL.fullmatch(text):
        raise RefusedError("INVALID_URL")
    return text or None


def _id(raw: Any) -> str | None:
    return str(raw) if type(raw) is int else _text(raw) or None


def _json(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {str(key): _json(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_json(value) for value in raw]
    value = _number(raw)
    if isinstance(raw, Plain) and value == math.inf:
        return str(raw)
    if type(value) is int and not -(2**63) <= value < 2**64:
        raise RefusedError("WRONG_TYPE")
    if type(value) is float and not math.isfinite(value):
        raise RefusedError("WRONG_TYPE")
    return str(value) if isinstance(value, str) else value


def _rich_text(raw: Any) -> Text | None:
    if _text(raw):
        return Text(str(raw))
    return None


def _image(raw: Any) -> dict[str, Any] | None:
    if isinstance(raw, str):
        return _source(raw, alt=None, width=None, height=None)
    if not isinstance(raw, dict):
        raise RefusedError("WRONG_TYPE")
    src, alt = raw.get("src"), raw.get("alt")
    if src is None or (isinstance(src, str) and not src.strip()):
        if any(raw.values()):
            raise RefusedError("MISSING_KEY")
        return None
    sizes = {side: _number(raw.get(side)) for side in ("width", "height")}
    found = _source(src, alt=None if alt is None else _text(alt), **sizes)
    if any(size is not None and (type(size) is not int or not 0 < size < _LARGEST) for size in sizes.values()):
        raise RefusedError("WRONG_TYPE")
    return found


def _file(raw: Any) -> dict[str, Any] | None:
    return _source(raw, size=None)


def _source(raw: Any, **others: Any) -> dict[str, Any] | None:
    src = _text(raw)
    return {"src": src, **others} if src else None


_READERS = {
    "String": _text,
    "ID": _id,
    "Int": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "Date": _date,
    "DateTime": _date_time,
    "Url": _url,
    "JSON": _json,
    "RichText": _rich_text,
    "Image": _image,
    "File": _file,
}
