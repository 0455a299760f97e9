"""What one client may ask for in a minute, by whatever way and through whatever proxies it comes."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.testclient import TestClient

from graphql_api.app import create_app, open_store
from graphql_api.engine.executor import Executor
from graphql_api.errors import ClientBudgetError
from graphql_api.server.client_budgets import UNITS_A_REQUEST, ClientBudgets
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import HTTPRequest
from graphql_api.server.proxies import TrustedProxies
from graphql_api.server.response_cache import ResponseCache
from graphql_api.server.routes import build_app
from graphql_api.settings import Settings
from tests.engine.conftest import SEEDS
from tests.engine.product import Product
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import Listening

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.engine.requests import Request, Response

JSON = b"application/json"
MINUTE = 60.0


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class SpendingEngine(SmallEngine):
    """Each request costs it nothing but being one."""

    async def execute(self, request: Request) -> Response:
        assert request.spend
        request.spend(0)
        return await super().execute(request)


def test_client_gets_its_units_back_within_a_minute() -> None:
    """All of them after a minute of quiet, half of them after half of one; others have theirs."""
    budgets = ClientBudgets(10_000, clock := Clock())
    budgets.spend("a", 9_600 - UNITS_A_REQUEST)
    with pytest.raises(ClientBudgetError, match="30 s") as refused:
        budgets.spend("a", 5_400 - UNITS_A_REQUEST)
    assert refused.value.retry_after_seconds == 30
    budgets.spend("b", 9_000)
    clock.now += MINUTE / 2
    budgets.spend("a", 5_400 - UNITS_A_REQUEST)
    with pytest.raises(ClientBudgetError):
        budgets.spend("a", 0)
    clock.now += 10 * MINUTE
    budgets.spend("a", 10_000 - UNITS_A_REQUEST)


def test_operation_that_costs_more_than_a_minute_needs_all_of_it() -> None:
    """It is not refused for ever."""
    budgets = ClientBudgets(10_000, clock := Clock())
    budgets.spend("a", 1_000_000)
    with pytest.raises(ClientBudgetError, match="60 s"):
        budgets.spend("a", 1_000_000)
    clock.now += MINUTE
    budgets.spend("a", 1_000_000)


def test_addresses_of_one_network_are_one_client() -> None:
    """Whoever has an address of IPv6 has a whole network; IPv4 within IPv6 is what it is without."""
    budgets = ClientBudgets(10_000, Clock())
    for client in (
        "2001:db8:1:2::1",
        "2001:db8:1:2:ffff::9",
        "::ffff:192.0.2.1",
        "192.0.2.1",
        "192.0.2.2",
        "fe80::1%eth0",
        "x:y",
        "",
    ):
        budgets.spend(client, 0)
    assert len(budgets) == 6


def test_clients_that_are_remembered_are_bounded() -> None:
    """Whatever addresses there are, the last of them are remembered."""
    budgets = ClientBudgets(10_000, Clock())
    for number in range(10_050):
        budgets.spend(f"10.0.{number // 256}.{number % 256}", 0)
    assert len(budgets) == 10_000


@pytest.mark.parametrize(("proxies", "is_told"), [((), False), (("1",), True), (("127.0.0.1",), True)])
def test_client_is_told_to_wait(way: str, proxies: tuple[str, ...], *, is_told: bool) -> None:
    """With 429 and the time; behind proxies that are trusted each client has a budget of its own."""
    engine = SpendingEngine()
    app = build_app(engine, SmallContentStatus(engine), budgets=ClientBudgets(3 * UNITS_A_REQUEST))
    with closing(Listening(app, way)) as listening, httpx2.Client(base_url=listening.url) as client:
        listening.protocol.proxies = TrustedProxies(proxies)

        def ask(address: str) -> httpx2.Response:
            forwarded = {"x-forwarded-for": f"1.1.1.1, {address}"}
            return client.post("/graphql", json={"query": "{ content { version } }"}, headers=forwarded)

        assert [ask("203.0.113.1").status_code for _ in range(3)] == [200] * 3
        refused = ask("203.0.113.1")
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (
            429,
            "CLIENT_BUDGET_EXCEEDED",
        )
        assert 0 < int(refused.headers["retry-after"]) <= 20
        assert ask("203.0.113.2").status_code == (200 if is_told else 429)


def test_cost_is_spent_and_what_a_cache_answers_is_free(tmp_path: Path) -> None:
    """An operation costs what it reads; one that is refused costs nothing but the reading of its document, once."""
    with Product(tmp_path) as product:
        product.load(SEEDS)
    cheap, dear = (
        HTTPRequest("POST", b'{"query":"{ questions(first: %d) { nodes { title } } }"}' % size, JSON, JSON, client="a")
        for size in (1, 60)
    )

    async def statuses() -> list[int]:
        async with open_store(Settings(tmp_path)) as store:
            read = sum(10 * len(json.loads(request.payload)["query"]) + UNITS_A_REQUEST for request in (cheap, dear))
            budgets = ClientBudgets(read + 2 * UNITS_A_REQUEST + 150, Clock())
            http = GraphQLOverHTTP(Executor(store), HTTPLimits(), cache=ResponseCache(1 << 20), budgets=budgets)
            await store.current()
            return [
                (await http.answer(request)).status
                for request in (cheap, dear, cheap, cheap, dear, cheap._replace(client="b"))
            ]

    assert asyncio.run(statuses()) == [200, 429, 200, 200, 429, 200]


def test_documents_that_are_refused_are_read_no_more_than_a_budget_has(tmp_path: Path) -> None:
    """Each new one costs ten units a character, before it is read; an old one has its refusal without that."""
    with Product(tmp_path) as product:
        product.load(SEEDS)

    def asking(number: int) -> HTTPRequest:
        body = json.dumps({"query": "{ a%d %s }" % (number, "b " * 2_000)}).encode()  # noqa: UP031 - it has braces
        return HTTPRequest("POST", body, JSON, b"application/graphql-response+json", client="a")

    async def statuses() -> list[int]:
        async with open_store(Settings(tmp_path)) as store:
            http = GraphQLOverHTTP(Executor(store), HTTPLimits(), budgets=ClientBudgets(100_000, Clock()))
            return [(await http.answer(asking(number))).status for number in (1, 2, 3, 4, 2)]

    assert asyncio.run(statuses()) == [400, 400, 429, 429, 400]


def test_pages_cost_what_is_made_of_them(tmp_path: Path) -> None:
    """A unit a character beside being a request, also of one that is sent as it is made; a cache's cost nothing."""
    with Product(tmp_path) as product:
        product.load(SEEDS)

    def statuses(*hosts: str) -> list[int]:
        with TestClient(create_app(Settings(tmp_path, client_budget=10_000))) as client:
            return [client.get("/sitemap.xml", headers={"host": host}).status_code for host in hosts]

    assert statuses("a", "b", "a") == [200, 429, 200]
