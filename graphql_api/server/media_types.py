"""Which media type a response has, and which one a request body has: RFC 9110, sections 8.3 and 12.5.1.

An Accept header is a list of media ranges with weights. The most specific range that covers a media type gives its
weight; the media type with the greatest weight is chosen; 0 means "not this one".
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

GRAPHQL_RESPONSE = b"application/graphql-response+json"
JSON = b"application/json"
HTML = b"text/html"
EVENT_STREAM = b"text/event-stream"

_REMEMBERED_HEADERS = 256
"""Clients of one kind send the same few header values; this bounds what hostile ones can make us keep."""


MAX_BYTES = 4_096
"""Of an Accept header: a longer one takes long to read, and is taken for none; the endpoint refuses it."""


class _Specificity(IntEnum):
    """How closely a media range names a media type (RFC 9110, section 12.5.1: the most specific one counts)."""

    NONE = 0
    ANY = 1
    TYPE = 2
    EXACT = 3


class _Range(NamedTuple):
    """One media range of an Accept header: "text/*;q=0.5" is (b"text", b"*", 0.5)."""

    type: bytes
    subtype: bytes
    weight: float


class _Match(NamedTuple):
    """How well an Accept header likes one media type; compares by weight, then by specificity."""

    weight: float
    specificity: _Specificity


@lru_cache(maxsize=_REMEMBERED_HEADERS)
def negotiate(accept: bytes | None) -> bytes | None:
    """Return the media type of a GraphQL response, or None when the client takes neither of the two.

    Without a preference it is application/json (GraphQL over HTTP, section "Accept"); where both are named with the
    same weight it is application/graphql-response+json, whose status codes say more.
    """
    if not accept or len(accept) > MAX_BYTES:
        return JSON
    ranges = _parse_accept(accept)
    modern, legacy = _match(ranges, GRAPHQL_RESPONSE), _match(ranges, JSON)
    if modern.weight <= 0 and legacy.weight <= 0:
        return None
    named = modern.specificity is _Specificity.EXACT
    return GRAPHQL_RESPONSE if (named and modern >= legacy) or modern.weight > legacy.weight else JSON


@lru_cache(maxsize=_REMEMBERED_HEADERS)
def prefers_html(accept: bytes | None) -> bool:
    """Return whether the client likes HTML better than either GraphQL media type, as browsers do."""
    if not accept or len(accept) > MAX_BYTES:
        return False
    ranges = _parse_accept(accept)
    best = max(_match(ranges, GRAPHQL_RESPONSE).weight, _match(ranges, JSON).weight)
    return _match(ranges, HTML).weight > best


@lru_cache(maxsize=_REMEMBERED_HEADERS)
def wants_event_stream(accept: bytes | None) -> bool:
    """Return whether the client asks for a stream of events; one that names JSON as well has a use for that."""
    if not accept or len(accept) > MAX_BYTES or EVENT_STREAM not in accept.lower():
        return False
    ranges = _parse_accept(accept)
    stream = _match(ranges, EVENT_STREAM)
    named = [
        match
        for match in (_match(ranges, GRAPHQL_RESPONSE), _match(ranges, JSON))
        if match.specificity is _Specificity.EXACT
    ]
    return stream.weight > 0 and not any(match.weight > 0 for match in named)


@lru_cache(maxsize=_REMEMBERED_HEADERS)
def is_json_utf8(content_type: bytes | None) -> bool:
    """Return whether a request's Content-Type is application/json in UTF-8 (said, or left out)."""
    if content_type is None:
        return False
    media_type, *parameters = content_type.lower().split(b";")
    return media_type.strip() == JSON and all(_is_utf8_or_no_charset(parameter) for parameter in parameters)


def _is_utf8_or_no_charset(parameter: bytes) -> bool:
    name, _, value = parameter.strip().partition(b"=")
    return name.strip() != b"charset" or value.strip().strip(b'"') in {b"utf-8", b"utf8"}


def _parse_accept(accept: bytes) -> tuple[_Range, ...]:
    """Return the ranges in the header's order; what is no media range is skipped."""
    ranges = (_parse_range(text) for text in accept.lower().split(b","))
    return tuple(media_range for media_range in ranges if media_range is not None)


def _parse_range(text: bytes) -> _Range | None:
    media_range, *parameters = text.split(b";")
    main, slash, sub = media_range.strip().partition(b"/")
    if not (main and slash and sub and all(_is_utf8_or_no_charset(parameter) for parameter in parameters)):
        return None
    return _Range(main, sub, _weight(parameters))


def _weight(parameters: list[bytes]) -> float:
    """Return the weight among a range's parameters; 1 without one, 0 for one that is no number from 0 to 1."""
    for parameter in parameters:
        name, _, value = parameter.strip().partition(b"=")
        if name.strip() == b"q":
            return _parse_weight(value.strip())
    return 1.0


def _parse_weight(text: bytes) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def _match(ranges: tuple[_Range, ...], media_type: bytes) -> _Match:
    """Return the weight that the most specific range gives to a media type; 0 when none covers it."""
    best = _Match(0.0, _Specificity.NONE)
    for media_range in ranges:
        specificity = _specificity(media_range, media_type)
        if specificity > best.specificity:
            best = _Match(media_range.weight, specificity)
    return best


def _specificity(media_range: _Range, media_type: bytes) -> _Specificity:
    main, _, sub = media_type.partition(b"/")
    if (media_range.type, media_range.subtype) == (main, sub):
        return _Specificity.EXACT
    if (media_range.type, media_range.subtype) == (main, b"*"):
        return _Specificity.TYPE
    if (media_range.type, media_range.subtype) == (b"*", b"*"):
        return _Specificity.ANY
    return _Specificity.NONE
