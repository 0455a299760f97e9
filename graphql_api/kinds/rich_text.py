"""RichText: Markdown, which `rendering` turns into every form that the API shows."""

from __future__ import annotations

import math
from typing import Any

import orjson

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.kind import BadValueError, Kind, Storage

WORDS_A_MINUTE = 200


def _read(value: Any) -> str:  # noqa: ANN401 - whatever stands in a file
    if not isinstance(value, str):
        raise wrong_type(value, "text")
    if "\0" in value:
        raise BadValueError("NUL_CHARACTER", "holds an escaped NUL. Remove it.")
    # White space at the start of Markdown has a meaning.
    return "" if value.isspace() else value


def reading_minutes(word_count: int) -> int:
    """Return how long it takes to read so many words, rounded up, at least 1."""
    return max(1, math.ceil(word_count / WORDS_A_MINUTE))


def _dump(value: Any) -> list[Any]:  # noqa: ANN401 - a RichText of `reading`, rendered
    form = value.rendered
    headings = [list(heading) for heading in form.headings]
    minutes = reading_minutes(form.word_count)
    return [form.markdown, form.html, form.text, headings, form.lead, form.word_count, minutes]


def _column(value: Any) -> str:  # noqa: ANN401 - as above
    return orjson.dumps(_dump(value)).decode()


RICH_TEXT = Kind(name="RichText", storage=Storage.JSON, read=_read, dump=_dump, column=_column)
