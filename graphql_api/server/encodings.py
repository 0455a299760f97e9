"""Content codings of responses: which one a client likes best, and how it is made (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import sys
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import brotli  # type: ignore[import-untyped]  # it has no types
from isal import isal_zlib

from graphql_api.server.http_message import HTTPError, HTTPResponse

if sys.version_info >= (3, 14):  # pragma: no cover - one of the two is
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Mapping

IDENTITY: Final = b""
"""No coding."""

MIN_BYTES: Final = 1_024
"""Shorter bodies fit into one packet of the network anyway."""

MAX_BYTES_AT_ONCE: Final = 256 * 1_024
"""Longer ones take more than a millisecond to compress, in which others would have to wait."""

# In the order of preference, where a client has none. An answer of 4.4 KB, in µs and as a part of its length: zstd 1
# 15 and 0.42 (3: 19 and 0.41), gzip by ISA-L 3 20 and 0.41 (by zlib 6: 85 and 0.40), brotli 1 25 and 0.43
# (4: 111 and 0.40).
_CODINGS: Final = (b"zstd", b"gzip", b"br")
_ALIASES: Final = {b"x-gzip": b"gzip"}
_ZSTD_LEVEL: Final = 1
_GZIP_LEVEL: Final = 3
_BROTLI_QUALITY: Final = 1
_THOROUGH_ZSTD_LEVEL: Final = 12
_THOROUGH_GZIP_LEVEL: Final = 9
_THOROUGH_BROTLI_QUALITY: Final = 9
_GZIP_WINDOW: Final = 31
_REMEMBERED_HEADERS: Final = 256
_MAX_HEADER_BYTES: Final = 4_096

_COMPRESSOR: Final = zstd.ZstdCompressor(_ZSTD_LEVEL)
"""Kept, because making one takes as long as compressing an answer."""


class Codings(NamedTuple):
    """What a client likes best for a long body and for a short one; None if it takes nothing that there is."""

    long: bytes | None
    short: bytes | None

    def of(self, size_bytes: int) -> bytes | None:
        """Return the one for a body of this size."""
        return self.long if size_bytes >= MIN_BYTES else self.short

    @property
    def takes_plain(self) -> bool:
        """Whether the client does not forbid what is in no coding."""
        return self.short == IDENTITY


PLAIN: Final = Codings(IDENTITY, IDENTITY)


@lru_cache(maxsize=_REMEMBERED_HEADERS)
def negotiate(accept_encoding: bytes | None) -> Codings:
    """Return what an Accept-Encoding header asks for; without one, or if it is too long, nothing is compressed."""
    if not accept_encoding or len(accept_encoding) > _MAX_HEADER_BYTES:
        return PLAIN
    weights = _weights(accept_encoding)
    anything = weights.get(b"*", 0.0)
    codings = {coding: weights.get(coding, anything) for coding in _CODINGS}
    best = max(codings, key=lambda coding: codings[coding])
    identity = weights.get(b"identity", 0.0 if b"*" in weights and not anything else None)
    if codings[best] <= 0:
        nothing = None if identity is not None and identity <= 0 else IDENTITY
        return Codings(nothing, nothing)
    long = IDENTITY if identity is not None and identity > codings[best] else best
    return Codings(long, best if identity is not None and identity <= 0 else IDENTITY)


def not_acceptable() -> HTTPError:
    """Return the error of a client that takes no coding that there is, and no plain body either."""
    message = "The Accept-Encoding header takes neither identity nor zstd, gzip or br; name one of them."
    return HTTPError(406, "NOT_ACCEPTABLE", message)


def described(response: HTTPResponse, coding: bytes, body: bytes) -> HTTPResponse:
    """Return the response with the headers that it has in a coding, and this body.

    Bytes that differ have tags that differ: a strong one gets the coding's name at its end.
    """
    headers, tag = response.headers, response.etag
    if tag is not None:
        tag = b'%b-%b"' % (tag[:-1], coding)
        headers = tuple((name, tag if name == b"etag" else value) for name, value in headers)
    return HTTPResponse(response.status, (*headers, (b"content-encoding", coding)), body, tag, response.version)


def compressed(body: bytes, coding: bytes) -> bytes:
    """Return the body of an answer in a coding, made fast."""
    if coding == b"zstd":
        if len(body) > MAX_BYTES_AT_ONCE:  # in a thread, which must not hold up the event loop's
            return zstd.compress(body, _ZSTD_LEVEL)
        return _COMPRESSOR.compress(body, zstd.ZstdCompressor.FLUSH_FRAME)
    if coding == b"gzip":
        return bytes(isal_zlib.compress(body, _GZIP_LEVEL, _GZIP_WINDOW))
    return bytes(brotli.compress(body, brotli.MODE_TEXT, _BROTLI_QUALITY))


def thoroughly_compressed(body: bytes, coding: bytes) -> bytes:
    """Return the body of a file in a coding, made once and small; that takes a second for a megabyte."""
    if coding == b"zstd":
        return zstd.compress(body, _THOROUGH_ZSTD_LEVEL)
    if coding == b"gzip":
        return zlib.compress(body, _THOROUGH_GZIP_LEVEL, _GZIP_WINDOW)
    return bytes(brotli.compress(body, brotli.MODE_TEXT, _THOROUGH_BROTLI_QUALITY))


def _weights(accept_encoding: bytes) -> Mapping[bytes, float]:
    """Return the weight of each coding that a header names, the last one if it does so twice."""
    weights: dict[bytes, float] = {}
    for item in accept_encoding.lower().split(b","):
        coding, _, parameter = (part.strip() for part in item.partition(b";"))
        if coding:
            weights[_ALIASES.get(coding, coding)] = _weight(parameter)
    return weights


def _weight(parameter: bytes) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition(b"=")
    try:
        weight = float(value) if name.strip() == b"q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
