"""What a request for a page says of itself, and how it is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphql_api.server.http_message import HTTPError

if TYPE_CHECKING:
    from starlette.requests import Request

    from graphql_api.errors import RequestError

RETRY_AFTER_SECONDS: Final = 5
_RETRY: Final = ((b"retry-after", b"%d" % RETRY_AFTER_SECONDS),)
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def header(request: Request, name: bytes) -> bytes | None:
    """Return the value of a header; lines of one name are one list."""
    return b",".join(value for each, value in request.scope["headers"] if each == name) or None


def origin_of(request: Request) -> str:
    """Return the origin by which a request has come; a Host that is none is taken for this machine."""
    host = (header(request, b"host") or b"").decode("latin-1")
    return f"{request.scope['scheme']}://{host.lower() if _HOST.fullmatch(host) else 'localhost'}"


def busy(error: RequestError) -> HTTPError:
    """Return the error of a page that had no turn, or took too long."""
    return HTTPError(503, "TOO_BUSY", f"{error} Try again in a moment.", _RETRY)


def unreadable() -> HTTPError:
    """Return the error of a store that cannot be read."""
    message = "The content cannot be read; the server's log says why. Load the seeds again."
    return HTTPError(503, "STORE_UNREADABLE", message, _RETRY)
