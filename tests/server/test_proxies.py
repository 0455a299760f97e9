"""Trusted proxies: whose word about a client counts, and which one."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import httpx2
import pytest

from graphql_api.server.proxies import Origin, TrustedProxies
from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import Listening

if TYPE_CHECKING:
    from collections.abc import Iterable

PEER = ("10.0.0.7", 4711)


def lines(**headers: str) -> list[tuple[bytes, bytes]]:
    """Return header lines; `x_forwarded_for` is X-Forwarded-For."""
    return [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ([], PEER, "203.0.113.9", PEER),
        (["192.0.2.1"], PEER, "203.0.113.9", PEER),
        (["10.0.0.7"], PEER, "203.0.113.9", ("203.0.113.9", 0)),
        (["10.0.0.0/8"], PEER, "203.0.113.9", ("203.0.113.9", 0)),
        (["10.0.0.0/8"], ("::ffff:10.0.0.7", 1), "203.0.113.9", ("203.0.113.9", 0)),
        (["10.0.0.0/8"], PEER, "1.1.1.1, 203.0.113.9, 10.1.1.1", ("203.0.113.9", 0)),
        (["10.0.0.0/8"], PEER, "203.0.113.9:5555", ("203.0.113.9", 0)),
        (["10.0.0.0/8"], PEER, "[2001:db8::1]:5555", ("2001:db8::1", 0)),
        (["10.0.0.0/8"], PEER, "2001:db8::1", ("2001:db8::1", 0)),
        (["10.0.0.0/8"], PEER, "203.0.113.9, unknown", PEER),
        (["1"], PEER, "1.1.1.1, 203.0.113.9", ("203.0.113.9", 0)),
        (["2"], PEER, "1.1.1.1, 203.0.113.9, 10.1.1.1", ("203.0.113.9", 0)),
        (["2"], PEER, "203.0.113.9", PEER),
        (["1"], PEER, "unknown", PEER),
        (["10.0.0.0/8"], PEER, "10.2.2.2", ("10.2.2.2", 0)),
        (["10.0.0.0/8"], PEER, "", PEER),
        (["*"], PEER, "203.0.113.9, 198.51.100.4", ("203.0.113.9", 0)),
        (["10.0.0.0/8"], None, "203.0.113.9", None),
        (["unix"], None, "203.0.113.9", ("203.0.113.9", 0)),
        (["unix"], PEER, "203.0.113.9", PEER),
        (["::1", "fe80::/10"], ("fe80::1%eth0", 1), "203.0.113.9", ("203.0.113.9", 0)),
    ],
)
def test_client_is_the_last_address_that_no_trusted_proxy_has(
    trusted: Iterable[str], peer: tuple[str, int] | None, forwarded: str, client: tuple[str, int] | None
) -> None:
    """What stands before it in X-Forwarded-For can be made up; without a trusted peer all of it can."""
    assert TrustedProxies(trusted).origin_of(peer, lines(x_forwarded_for=forwarded)).client == client


def test_scheme_is_what_the_nearest_proxy_says() -> None:
    """Only http and https, and only of one that is trusted."""
    trusted = TrustedProxies(["10.0.0.7"])
    assert trusted.origin_of(PEER, lines(x_forwarded_proto="http, HTTPS")) == Origin(PEER, "https")
    assert trusted.origin_of(PEER, lines(x_forwarded_proto="gopher")).scheme == "http"
    assert TrustedProxies().origin_of(PEER, lines(x_forwarded_proto="https")).scheme == "http"
    assert trusted.origin_of(("not an address", 1), lines(x_forwarded_proto="https")).scheme == "http"


@pytest.mark.parametrize("proxies", [(), ("127.0.0.1",)])
def test_access_log_has_the_client_that_a_trusted_proxy_names(
    way: str, proxies: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """By both ways, and for the probes; of anybody else the address of the connection is logged."""
    engine = SmallEngine()
    listening = Listening(build_app(engine, SmallContentStatus(engine)), way, proxies=proxies, access_log=True)
    caplog.set_level(logging.INFO, "uvicorn.access")
    try:
        with httpx2.Client(base_url=listening.url, headers={"x-forwarded-for": "203.0.113.9"}) as client:
            client.get("/graphql", params={"query": "{__typename}"})
            client.get("/healthz")
    finally:
        listening.close()
    told = [record.getMessage().startswith("203.0.113.9:0 - ") for record in caplog.records]
    assert told == [bool(proxies)] * 2


@pytest.mark.parametrize("names", [("10.0.0.0/8",), ("2",), ("*",)])
def test_addresses_that_a_client_makes_up_take_no_time(names: tuple[str, ...]) -> None:
    """Sixty kilobytes of them: some proxies pass on as much."""
    proxies = TrustedProxies(names)
    line = (b"x-forwarded-for", b"::1,10.0.0.1," * 4_500)
    started = time.process_time()
    for _ in range(5):
        proxies.origin_of(("10.0.0.1", 1), [line])
    assert time.process_time() - started < 5 * 0.02
