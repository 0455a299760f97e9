"""What a request gets that would cost too much, or that others leave no room for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson
import pytest

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.errors import TooBusyError
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import HTTPRequest, HTTPResponse
from graphql_api.server.routes import build_app
from graphql_api.settings import Limits, Settings
from tests.engine.conftest import SEEDS
from tests.engine.product import Product
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx2

    from graphql_api.engine.requests import Request, Response
    from graphql_api.server.routes import Application

MODERN = b"application/graphql-response+json"
JSON = b"application/json"


class BusyEngine(SmallEngine):
    """Has no turn for anybody."""

    async def execute(self, request: Request) -> Response:
        raise TooBusyError(request.document)


def asked(folder: Path, limits: Limits, *requests: HTTPRequest) -> list[HTTPResponse]:
    """Return what the whole product over the seeds in `folder` answers."""

    async def answers() -> list[HTTPResponse]:
        async with open_store(Settings(folder, limits=limits)) as store:
            http = GraphQLOverHTTP(Executor(store), HTTPLimits())
            return [await http.answer(request) for request in requests]

    return asyncio.run(answers())


def post(query: str, accept: bytes = JSON, **more: object) -> HTTPRequest:
    """Return a request by POST."""
    return HTTPRequest("POST", orjson.dumps({"query": query, **more}), JSON, accept)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the seeds."""
    folder = tmp_path_factory.mktemp("store")
    with Product(folder) as product:
        product.load(SEEDS)
    return folder


def test_request_that_has_no_turn_is_told_to_come_again(connect: Callable[[Application], httpx2.Client]) -> None:
    """With a code of its own and the time to wait, because there is nothing wrong with it."""
    engine = BusyEngine()
    client = connect(build_app(engine, SmallContentStatus(engine)))
    answer = client.post("/graphql", json={"query": "{ content { version } }"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_BUSY"


@pytest.mark.parametrize("accept", [MODERN, JSON])
def test_answer_that_is_too_large_is_refused(folder: Path, accept: bytes) -> None:
    """With a 4xx under both media types; one byte less is answered."""
    query = "{ questions(first: 9) { nodes { title url } } }"
    (whole,) = asked(folder, Limits(), post(query))
    fits, refused = (
        asked(folder, Limits(answer_bytes=size), post(query, accept))[0]
        for size in (len(whole.body), len(whole.body) - 1)
    )
    assert (fits.status, fits.body) == (200, whole.body)
    assert refused.status == 400
    error = orjson.loads(refused.body)["errors"][0]
    assert error["extensions"]["code"] == "ANSWER_TOO_LARGE"
    assert f"{len(whole.body) - 1:,} bytes" in error["message"]
