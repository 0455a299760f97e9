"""File: a path or url; `reading` looks up the size of what lies where it may look."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from graphql_api.kinds.faults import read_text
from graphql_api.kinds.kind import Kind, Storage


class File(NamedTuple):
    """One file; `size` is in bytes, None where nobody knows."""

    src: str
    size: int | None = None


def _read(value: Any) -> File:  # noqa: ANN401 - whatever stands in a file
    return File(read_text(value))


def _column(value: File) -> str:
    return orjson.dumps(list(value)).decode()


FILE = Kind(name="File", storage=Storage.JSON, read=_read, dump=list, column=_column)
