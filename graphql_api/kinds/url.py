"""Url: absolute (`https://…`, `mailto:…`), or from the site's root (`/about`); never a script."""

from __future__ import annotations

import re
from typing import Any

from graphql_api.kinds.faults import read_text, shown
from graphql_api.kinds.kind import BadValueError, Kind, Storage
from graphql_api.kinds.orders import TEXT_ORDER
from graphql_api.kinds.text import TEXT_OPERATORS

# A scheme of RFC 3986, section 3.1, or a path; also a place in the same page.
_URL = re.compile(r"(?!(?:javascript|vbscript):)(?:[a-z][a-z0-9+.-]*:|[/#?])\S*", re.ASCII | re.IGNORECASE)


def _read(value: Any) -> str:  # noqa: ANN401 - whatever stands in a file
    text = read_text(value)
    if text and not _URL.fullmatch(text):
        reason = f"is {shown(text)}. Write a url with its scheme (https://…), or a path from the site's root (/…)."
        raise BadValueError("INVALID_URL", reason)
    return text


URL = Kind(
    name="Url",
    storage=Storage.TEXT,
    read=_read,
    dump=str,
    column=str,
    filter_name="StringFilter",
    operators=TEXT_OPERATORS,
    order=TEXT_ORDER,
)
