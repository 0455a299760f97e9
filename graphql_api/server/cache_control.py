"""Cache-Control: whether caches in front may keep an answer, and for how long (docs/caching.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphql_api.server.http_message import HTTPRequest

REVALIDATE: Final = b"no-cache"
"""Caches may keep it, and ask each time whether it is still the same."""

DO_NOT_KEEP: Final = (b"cache-control", b"no-store")
"""Said of errors, and of answers that are not the same when they are asked for again."""


def usual(option: str) -> bytes:
    """Return what caches are told of answers by GET, where `option` is what `--cache-control` says, "" for nothing."""
    return option.encode("ascii") or REVALIDATE


def told(request: HTTPRequest, usual: bytes) -> bytes:
    """Return what caches are told of the answer to a GET: the usual, unless it is for one client alone."""
    return REVALIDATE if request.is_private else usual
