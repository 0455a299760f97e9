"""Answers in the codings that clients like best, each made once where there is a response cache."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from graphql_api.server import encodings

if TYPE_CHECKING:
    from graphql_api.server.http_message import HTTPRequest, HTTPResponse
    from graphql_api.server.response_cache import Key, ResponseCache


class CodedAnswers:
    """Plain answers in, answers for clients out: compressed as they ask, or a 304 for what they have.

    What `cache` keeps, None for no cache, it keeps plain, and beside that in each coding that was asked for.
    """

    def __init__(self, cache: ResponseCache | None) -> None:
        """Begin with what `cache` has."""
        self._cache = cache

    def remembered(self, request: HTTPRequest, version: str | None) -> HTTPResponse | None:
        """Return what `version` answered to an equal request, for this client; None if it is not kept.

        What is asked for again is compressed here, once, unless it is too long for the event loop.
        """
        if self._cache is None or version is None:
            return None
        codings = encodings.negotiate(request.accept_encoding)
        if codings.long and (coded := self._cache.get(version, _key(request, codings.long))):
            return coded.for_client(request.if_none_match)
        plain = self._cache.get(version, _key(request))
        if plain is None:
            return None
        coding = codings.of(len(plain.body))
        if coding == encodings.IDENTITY:
            return plain.for_client(request.if_none_match)
        if coding is None or len(plain.body) > encodings.MAX_BYTES_AT_ONCE:
            return None
        body = encodings.compressed(plain.body, coding)
        return self._encoded(request, plain, coding, body).for_client(request.if_none_match)

    def plain(self, request: HTTPRequest, version: str | None) -> HTTPResponse | None:
        """Return what `version` answered to an equal request, in no coding; None if it is not kept."""
        return None if self._cache is None or version is None else self._cache.get(version, _key(request))

    def keep(self, request: HTTPRequest, response: HTTPResponse, coding: bytes = encodings.IDENTITY) -> None:
        """Keep a response, if it is one that others may get, too."""
        if self._cache is not None and response.version is not None and not request.is_private:
            # Not the version that was looked up: another generation may have been published since.
            self._cache.put(response.version, _key(request, coding), response)

    async def for_client(
        self, request: HTTPRequest, plain: HTTPResponse, *, is_in_haste: bool = False
    ) -> HTTPResponse | None:
        """Return a response in the coding that the client likes best, or as a 304 if it has that.

        None if the client takes no coding that there is. Where others wait, so `is_in_haste`, what would hold up the
        event loop is left plain if the client takes that; one that has it compressed gets a 304 all the same.
        """
        at_once = self.at_once(request, plain, is_in_haste=is_in_haste)
        if at_once is not None:
            return at_once
        coding = encodings.negotiate(request.accept_encoding).of(len(plain.body))
        if coding is None:
            return None
        body = await asyncio.to_thread(encodings.compressed, plain.body, coding)
        return self._encoded(request, plain, coding, body)

    def at_once(self, request: HTTPRequest, plain: HTTPResponse, *, is_in_haste: bool) -> HTTPResponse | None:
        """Return the same where that takes only a moment, else None."""
        codings = encodings.negotiate(request.accept_encoding)
        coding = codings.of(len(plain.body))
        if not plain.body or coding == encodings.IDENTITY:
            return plain.for_client(request.if_none_match)
        if coding is None:
            return None
        if request.if_none_match is not None:
            unmodified = encodings.described(plain, coding, plain.body).for_client(request.if_none_match)
            if not unmodified.body:
                return unmodified
        if len(plain.body) > encodings.MAX_BYTES_AT_ONCE:
            return None
        if is_in_haste and codings.takes_plain:
            return plain.for_client(request.if_none_match)
        return self._encoded(request, plain, coding, encodings.compressed(plain.body, coding))

    def _encoded(self, request: HTTPRequest, plain: HTTPResponse, coding: bytes, body: bytes) -> HTTPResponse:
        """Return a response with its body in a coding, and keep that too."""
        encoded = encodings.described(plain, coding, body)
        self.keep(request, encoded, coding)
        return encoded


def _key(request: HTTPRequest, coding: bytes = encodings.IDENTITY) -> Key:
    method = "GET" if request.method == "HEAD" else request.method
    return method, request.payload, request.content_type, request.accept, coding
