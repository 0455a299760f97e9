"""What leaves the server: a small frozen response, and the JSON form of an error."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines as ASGI has them: lower-case names, bytes on both sides."""


@dataclass(frozen=True, slots=True)
class HTTPResponse:
    """One whole response. `headers` leave out content-length, which `respond` takes from the body."""

    status: int
    headers: Headers
    body: bytes


class HTTPError(Exception):
    """A request that gets no GraphQL answer: a status of 4xx or 5xx, a stable code, a sentence that says what to do."""

    def __init__(self, status: int, code: str, message: str, headers: Headers = ()) -> None:
        """Keep what the response needs; `headers` come on top of the content type."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def body(self) -> bytes:
        """Return the error as JSON in the form of a GraphQL request error: no `data`, one entry in `errors`."""
        return error_body(self.code, self.message)


def error_body(code: str, message: str) -> bytes:
    """Return `{"errors": [{"message": …, "extensions": {"code": …}}]}` in UTF-8."""
    return orjson.dumps({"errors": [error_entry(code, message)]})


def error_entry(code: str, message: str) -> dict[str, object]:
    """Return one entry of `errors`, as a dictionary."""
    return {"message": message, "extensions": {"code": code}}
