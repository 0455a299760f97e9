"""Request ids, by option: each answer and each line of the log has the id that the client gave, or a new one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.server.http_message import HTTPResponse

HEADER: Final = b"x-request-id"
_WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9._:+/=-]{1,128}")


def id_of(lines: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the id in a request's headers; a new one without it, or if it could break a line of a log."""
    for name, value in lines:
        if name == HEADER and _WELL_FORMED.fullmatch(value):
            return value.decode("ascii")
    return uuid4().hex


def with_id(response: HTTPResponse, request_id: str | None) -> HTTPResponse:
    """Return a response with the id of its request, unless it has that already or there is none."""
    if request_id is None or any(name == HEADER for name, _ in response.headers):
        return response
    return replace(response, headers=(*response.headers, (HEADER, request_id.encode("ascii"))))
