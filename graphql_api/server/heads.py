"""The head of a request: what it must look like, and heads that were seen before (RFC 9110 and 9112).

The parser refuses what has another meaning to other parsers (bad lengths, Content-Length beside Transfer-Encoding,
folded lines); this module refuses what it lets pass.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from graphql_api.server.http_message import HTTPError, bad_request

if TYPE_CHECKING:
    from graphql_api.server.http_message import HTTPRequest

Lines = list[tuple[bytes, bytes]]
"""Header lines with lower-case names, values without white space around them."""

MAX_LINES: Final = 256
"""Header lines of a request, trailers included: each costs memory beside its bytes."""

_HOST: Final = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
_SPACES: Final = b" \t"
_VERSIONS: Final = frozenset({"1.0", "1.1"})
_MAX_KNOWN_BYTES: Final = 4_096
_KEPT_HEADS: Final = 256


class Head(NamedTuple):
    """The head of a request, as far as its bytes are concerned.

    `is_plain` says that the rest of the message is as long as its Content-Length says, or empty, and that the head
    holds no secrets, so that it may be remembered.
    """

    method: str
    target: bytes
    version: str
    lines: Lines
    expects_continue: bool
    is_plain: bool


def read_head(method: str, target: bytes, version: str, lines: Lines) -> Head:
    """Return the head of a request with these header lines, as they were sent. Raises HTTPError."""
    if version not in _VERSIONS:
        raise bad_request(f"HTTP/{version} is not spoken here; use HTTP/1.1.")
    if method == "CONNECT":
        raise bad_request("This is no proxy; send the path of a resource.")
    lines = [(name.lower(), value.rstrip(_SPACES)) for name, value in lines]
    seen: dict[bytes, bytes] = {}
    is_plain = True
    for name, value in lines:
        check = _CHECKS.get(name)
        if check is not None:
            if name in seen and name in _ONCE:
                raise bad_request(f"The header `{name.decode().title()}` stands there more than once; send it once.")
            seen[name] = value
            is_plain = check(value, version) and is_plain
    if version == "1.1" and b"host" not in seen:
        raise bad_request("The Host header is missing; send it once.")
    expects_continue = version == "1.1" and seen.get(b"expect", b"").lower() == b"100-continue"
    return Head(method, target, version, lines, expects_continue, is_plain)


def head_too_large(max_bytes: int, target: bytes) -> HTTPError:
    """Return the error of a head over the limit: 414 if that is because of its URL, else 431."""
    if len(target) * 2 > max_bytes:
        message = f"The URL is too long; send at most {max_bytes:,} bytes with the headers, or use POST."
        return HTTPError(414, "URI_TOO_LONG", message)
    message = f"URL and headers are too long; send at most {max_bytes:,} bytes and {MAX_LINES} headers."
    return HTTPError(431, "HEADERS_TOO_LARGE", message)


def head_bytes(target: bytes, lines: Lines) -> int:
    """Return the length of a head: its URL, and its header lines with `: ` and CR LF."""
    return len(target) + sum(len(name) + len(value) + 4 for name, value in lines)


def head_text(head: Head) -> bytes:
    """Return the head as it could have come over the wire."""
    lines = [b"%b: %b\r\n" % line for line in head.lines]
    return b"%b %b HTTP/%b\r\n%b\r\n" % (head.method.encode(), head.target, head.version.encode(), b"".join(lines))


def framing_too_large(max_bytes: int) -> HTTPError:
    """Return the error of a body in chunks that are too many, or have extensions or trailers that are too long."""
    return bad_request(
        f"The body's chunk sizes, extensions and trailers are too long beside the headers; "
        f"send at most {max_bytes:,} bytes of all these, in larger chunks."
    )


class KnownHead(NamedTuple):
    """What the head of an earlier request said; `length_bytes` is that of the body. `request` has no body."""

    request: HTTPRequest
    length_bytes: int
    keep_alive: bool
    head: Head


class KnownHeads:
    """Heads of requests that were read before, by their bytes: clients send the same few again and again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._heads: OrderedDict[bytes, KnownHead] = OrderedDict()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._heads)

    def get(self, head: bytes) -> KnownHead | None:
        """Return what is known of a head, None for another one."""
        return self._heads.get(head)

    def remember(self, data: bytes, body_bytes: int, head: Head, request: HTTPRequest, *, keep_alive: bool) -> None:
        """Keep the head of `data`, if that is one whole request with a plain head and a body of so many bytes."""
        end = data.find(b"\r\n\r\n") + 4
        if not head.is_plain or end > _MAX_KNOWN_BYTES or end + body_bytes != len(data):
            return
        if len(self._heads) >= _KEPT_HEADS:
            self._heads.popitem(last=False)
        self._heads[data[:end]] = KnownHead(request, body_bytes, keep_alive, head)


def _check_host(value: bytes, _version: str) -> bool:
    if not _HOST.fullmatch(value):
        raise bad_request("The Host header is no name or address of a host.")
    return True


def _check_transfer_encoding(value: bytes, version: str) -> bool:
    if version != "1.1" or value.lower() != b"chunked":
        raise bad_request("The header `Transfer-Encoding` can only be `chunked`, in HTTP/1.1.")
    return False


def _check_connection(value: bytes, _version: str) -> bool:
    return value.lower() in {b"keep-alive", b"close"}


def _is_never_plain(_value: bytes, _version: str) -> bool:
    return False


def _is_plain(_value: bytes, _version: str) -> bool:
    return True


_CHECKS: Final = {
    b"host": _check_host,
    b"content-type": _is_plain,
    b"content-length": _is_plain,
    b"transfer-encoding": _check_transfer_encoding,
    b"connection": _check_connection,
    b"expect": _is_never_plain,
    b"authorization": _is_never_plain,
    b"cookie": _is_never_plain,
}

_ONCE: Final = frozenset({b"host", b"content-type", b"content-length", b"transfer-encoding"})
