"""What each client may ask for in a minute, in units of cost (docs/limits.md): a token bucket for each address."""

from __future__ import annotations

import time
from collections import OrderedDict
from ipaddress import ip_address, ip_network
from math import ceil
from typing import TYPE_CHECKING, Final

from graphql_api.errors import ClientBudgetError

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS_A_REQUEST: Final = 400
"""What a request costs beside what it reads; one that a cache answers costs nothing."""

_MAX_CLIENTS: Final = 10_000
_SECONDS: Final = 60.0
_IPV6_NETWORK: Final = 64


class ClientBudgets:
    """The buckets of one worker, those of the clients that were seen last; a new client's is full."""

    def __init__(self, units_a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Give each client so many units a minute, all of them at once if it has been quiet for long enough."""
        self._most = float(units_a_minute)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of clients that are remembered."""
        return len(self._left)

    def spend(self, client: str, cost: int) -> None:
        """Take the cost of a request from a client's bucket. Raises ClientBudgetError if there is not as much left.

        What costs more than a whole bucket needs a full one, and leaves it empty.
        """
        key = _key(client)
        left = self._now_left(key)
        needed = min(float(cost + UNITS_A_REQUEST), self._most)
        is_enough = left >= needed
        self._keep(key, left - needed if is_enough else left)
        if not is_enough:
            raise ClientBudgetError(ceil((needed - left) * _SECONDS / self._most))

    def take(self, client: str, cost: int) -> None:
        """Take the cost of what has been done already, as far as it is there."""
        key = _key(client)
        self._keep(key, max(0.0, self._now_left(key) - cost))

    def _now_left(self, key: str) -> float:
        now = self._clock()
        left, seen = self._left.get(key, (self._most, now))
        return min(self._most, left + (now - seen) * self._most / _SECONDS)

    def _keep(self, key: str, left: float) -> None:
        self._left[key] = (left, self._clock())
        self._left.move_to_end(key)
        if len(self._left) > _MAX_CLIENTS:
            self._left.popitem(last=False)


def _key(client: str) -> str:
    """Return the client that an address counts for: an IPv4 address, or the IPv6 network of 64 bits."""
    if ":" not in client:
        return client
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped) if mapped else str(ip_network((address, _IPV6_NETWORK), strict=False))
