"""Trusted proxies: who a client is, and how it came, as those in front of the server say (`X-Forwarded-*`)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Address = tuple[str, int]

_MAX_HOPS: Final = 100
"""Proxies that are looked at, from the last one on: a client can write thousands of addresses."""

_SCHEMES: Final = frozenset({"http", "https"})


class Origin(NamedTuple):
    """Whom a request comes from, "" and 0 where nobody says, and by which scheme."""

    client: Address | None
    scheme: str


class TrustedProxies:
    """Whose headers count. `names` are addresses, networks, `*` for everybody, `unix` for Unix sockets.

    Or the one name is a number: so many proxies are in front, each of which adds an address, whoever they are.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Trust these; without any, nobody."""
        given = frozenset(names)
        self._count = next((int(name) for name in given if name.isdecimal()), 0)
        given = frozenset(name for name in given if not name.isdecimal())
        self._is_any = bool(given)
        self._is_everybody = "*" in given
        self._is_unix_trusted = self._is_everybody or "unix" in given
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(each) for each in given - {"*", "unix"}]

    def origin_of(self, peer: Address | None, lines: Sequence[tuple[bytes, bytes]]) -> Origin:
        """Return whom a request of `peer` comes from, by its header lines; of one that is not trusted they say nothing.

        The client is the last address of `X-Forwarded-For` that is no trusted proxy's: those before it can be made up.
        """
        if self._count:
            return self._counted(peer, lines)
        if not self._is_any or not (self._is_trusted(peer[0]) if peer else self._is_unix_trusted):
            return Origin(peer, "http")
        hops = _values(lines, b"x-forwarded-for")
        client = peer
        for hop in reversed(hops[-_MAX_HOPS:]):
            host = _address(hop)
            if not host:
                break
            client = (host, 0)
            if not self._is_trusted(host):
                break
        return Origin(client, _scheme(lines))

    def _counted(self, peer: Address | None, lines: Sequence[tuple[bytes, bytes]]) -> Origin:
        """Return the same where so many proxies are in front; the last of them is the peer."""
        hops = _values(lines, b"x-forwarded-for")
        client = _address(hops[-self._count]) if len(hops) >= self._count else ""
        return Origin((client, 0), _scheme(lines)) if client else Origin(peer, "http")

    def _is_trusted(self, host: str) -> bool:
        if self._is_everybody:
            return True
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network or address in network for network in self._networks)


def _scheme(lines: Sequence[tuple[bytes, bytes]]) -> str:
    schemes = _values(lines, b"x-forwarded-proto")
    scheme = schemes[-1].lower() if schemes else "http"
    return scheme if scheme in _SCHEMES else "http"


def _values(lines: Sequence[tuple[bytes, bytes]], name: bytes) -> list[str]:
    texts = [value.decode("latin-1") for each, value in lines if each == name]
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _address(text: str) -> str:
    """Return the address of a hop, which can have a port; "" for what is none."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ip_address(host))
    except ValueError:
        return ""
