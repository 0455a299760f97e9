"""Image: a path or url with an alternative text; `reading` measures what lies where it may look."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from graphql_api.kinds.faults import read_text, wrong_type
from graphql_api.kinds.kind import BadValueError, Kind, Storage
from graphql_api.kinds.plain import Plain, plain_value

IMAGE_KEYS = frozenset(("src", "alt", "width", "height"))


class Image(NamedTuple):
    """One image; `width` and `height` are in pixels, None where nobody knows."""

    src: str
    alt: str | None = None
    width: int | None = None
    height: int | None = None


def _read(value: Any) -> Image | None:  # noqa: ANN401 - whatever stands in a file
    if isinstance(value, str):
        return Image(read_text(value))
    if not isinstance(value, dict):
        raise wrong_type(value, "a path or url, or a mapping with src and alt")
    src, alt = value.get("src"), value.get("alt")
    if src is None or (isinstance(src, str) and not src.strip()):
        if any(value.values()):
            raise BadValueError("MISSING_KEY", "has no src. Add the image's path or url.")
        return None  # an editor leaves the keys behind when an image is taken out
    return Image(
        read_text(src), None if alt is None else read_text(alt), _pixels(value, "width"), _pixels(value, "height")
    )


def _pixels(value: dict[str, Any], key: str) -> int | None:
    found = value.get(key)
    if type(found) is Plain:
        found = plain_value(found)
    if found is None:
        return None
    if type(found) is not int or not 0 < found < 1 << 31:
        raise BadValueError("WRONG_TYPE", f"has a {key} that is no number of pixels. Mend it or leave it out.")
    return found


def _column(value: Image) -> str:
    return orjson.dumps(list(value)).decode()


IMAGE = Kind(name="Image", storage=Storage.JSON, read=_read, dump=list, column=_column)
