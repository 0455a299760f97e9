"""Large requests take turns, so that small ones are answered between them."""

from __future__ import annotations

import asyncio

import orjson

from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import HTTPError, HTTPRequest
from graphql_api.server.large_requests import LARGE_BYTES, Turns
from tests.server.small_engine import SmallEngine

JSON = b"application/json"


def test_large_request_is_answered_and_small_ones_before_it() -> None:
    """They wait for no turn."""
    small = HTTPRequest("POST", b'{"query": "{ content { version } }"}', JSON, JSON)
    large = small._replace(payload=small.payload + b" " * LARGE_BYTES)

    async def order() -> list[str]:
        http = GraphQLOverHTTP(SmallEngine(), HTTPLimits())
        ended: list[str] = []

        async def ask(name: str, request: HTTPRequest) -> None:
            answer = await http.answer(request)
            assert orjson.loads(answer.body) == {"data": {"content": {"version": "v1"}}}
            ended.append(name)

        named = {"large": large, "larger": large, "small": small, "smaller": small}
        await asyncio.gather(*[ask(name, request) for name, request in named.items()])
        return ended

    assert asyncio.run(order()) == ["small", "smaller", "large", "larger"]


def test_more_large_requests_than_can_wait_are_told_to_come_again() -> None:
    """A hundred wait; those beyond get a 503, and whoever leaves makes room."""

    async def codes() -> list[str]:
        turns = Turns(0.001)
        results = await asyncio.gather(*[turns.wait() for _ in range(103)], return_exceptions=True)
        leaving = asyncio.ensure_future(turns.wait())
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait([leaving])
        await turns.wait()
        return [result.code for result in results if isinstance(result, HTTPError)]

    assert asyncio.run(codes()) == ["TOO_BUSY"] * 3
