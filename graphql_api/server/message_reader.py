"""From the bytes of a connection to messages: httptools' parser, with bounds on what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import httptools

from graphql_api.server.heads import MAX_LINES, framing_too_large, head_bytes, head_too_large, read_head
from graphql_api.server.http_message import HTTPError, bad_request

if TYPE_CHECKING:
    from graphql_api.server.heads import Head

SLICE_BYTES: Final = 16_384
"""What the reader may be given at once. The parser tells of a header line at its end only: so much goes unseen."""


class Listener(Protocol):
    """Is told of messages, in their order."""

    def message_began(self, head: Head, *, keep_alive: bool) -> None:
        """Take the head of a request; another one may follow if `keep_alive`. Raises HTTPError to refuse it."""
        ...

    def is_taken_over(self, head: Head, rest: bytes) -> bool:
        """Return whether the protocol that a request asks for is spoken from now on; `rest` came behind its head."""
        ...

    def message_went_on(self, body: bytes) -> None:
        """Take a piece of its body."""
        ...

    def message_ended(self) -> None:
        """Note that it is whole."""
        ...


class MessageReader:
    """Reads requests, and tells a listener of them.

    Everything but bodies counts as head: URL, headers, chunk sizes and extensions, trailers. What is kept of it, and
    the time that takes, is bounded by `max_head_bytes` and a slice more, whatever is sent.
    """

    def __init__(self, listener: Listener, max_head_bytes: int) -> None:
        """Begin before the first request."""
        self._listener = listener
        self._max_head_bytes = max_head_bytes
        self._refusal: HTTPError | None = None
        self._is_open = self._is_upgrade = False
        self.has_head = False
        """Whether the headers of the current message are whole."""
        self._head_bytes = self._body_bytes = self._boundaries = 0
        self._url = b""
        self._lines: list[tuple[bytes, bytes]] = []
        self._trailer_lines = 0
        self._begin_parsing()

    def _begin_parsing(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        # A client that asks for the end of the connection may have sent more; that is not read.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)

    @property
    def is_within(self) -> bool:
        """Whether something has come that is no whole message yet, empty lines included."""
        return self._is_open or self._head_bytes > 0

    @property
    def lines(self) -> list[tuple[bytes, bytes]]:
        """The header lines of a message that has begun, as far as they have been read, with lower-case names."""
        return [(name.lower(), value.strip()) for name, value in self._lines] if self._is_open else []

    def feed(self, data: bytes) -> HTTPError | None:
        """Read at most SLICE_BYTES; return why nothing more can be read, None if it can."""
        self._body_bytes = self._boundaries = 0
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            return self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            return self._refusal or bad_request(f"The request is not HTTP: {error}.")
        # Where in the slice a message began is not known, so what follows in it does not count.
        self._head_bytes = 0 if self._boundaries else self._head_bytes + len(data) - self._body_bytes
        if self._head_bytes <= self._max_head_bytes:
            return None
        if self.has_head:
            return framing_too_large(self._max_head_bytes)
        return head_too_large(self._max_head_bytes, self._url)

    def _go_on_without_upgrade(self, rest: bytes) -> HTTPError | None:
        """Read the message again as if it asked for no other protocol, which a server may ignore (RFC 9110, 7.8)."""
        method = self._parser.get_method()
        if self._is_taken_over(method, rest):
            return None
        lines = [b"%b: %b\r\n" % line for line in self._lines if line[0].lower() not in {b"upgrade", b"connection"}]
        head = b"%b %b HTTP/1.1\r\n%b\r\n" % (method, self._url, b"".join(lines))
        self._begin_parsing()
        for start in range(0, len(head), SLICE_BYTES):
            if refusal := self.feed(head[start : start + SLICE_BYTES]):
                return refusal
        return self.feed(rest) if rest else None

    def _is_taken_over(self, method: bytes, rest: bytes) -> bool:
        try:
            head = read_head(method.decode("ascii"), self._url, self._parser.get_http_version(), self._lines)
        except HTTPError:
            return False  # it is read again, and refused
        return self._listener.is_taken_over(head, rest)

    # What the parser calls

    def on_message_begin(self) -> None:
        """Forget the message before."""
        self._boundaries += 1
        self._is_open = True
        self.has_head = self._is_upgrade = False
        self._url = b""
        self._lines = []
        self._trailer_lines = 0

    def on_url(self, piece: bytes) -> None:
        """Take a piece of the URL."""
        self._url += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, and count a trailer."""
        if self.has_head:
            self._trailer_lines += 1
        else:
            self._lines.append((name, value))
        if len(self._lines) + self._trailer_lines > MAX_LINES:
            self._refuse(head_too_large(self._max_head_bytes, self._url))

    def on_headers_complete(self) -> None:
        """Tell of the message, unless it will be read again."""
        self.has_head = True
        # A head within one slice, or two, is no longer than they are.
        is_long = self._head_bytes > 0 or self._max_head_bytes < 2 * SLICE_BYTES
        if is_long and head_bytes(self._url, self._lines) > self._max_head_bytes:
            self._refuse(head_too_large(self._max_head_bytes, self._url))
        method = self._parser.get_method().decode("ascii")
        if self._parser.should_upgrade() and method != "CONNECT":
            self._is_upgrade = True
            return
        version = self._parser.get_http_version()
        keep_alive = version != "1.0" and self._parser.should_keep_alive()
        try:
            head = read_head(method, self._url, version, self._lines)
            self._listener.message_began(head, keep_alive=keep_alive)
        except HTTPError as error:
            self._refuse(error)

    def on_body(self, piece: bytes) -> None:
        """Pass on a piece of the body."""
        self._body_bytes += len(piece)
        self._listener.message_went_on(piece)

    def on_message_complete(self) -> None:
        """Tell that the message is whole."""
        self._boundaries += 1
        self._is_open = False
        if not self._is_upgrade:
            self._listener.message_ended()

    def _refuse(self, error: HTTPError) -> None:
        """Make the parser stop."""
        self._refusal = error
        raise error
