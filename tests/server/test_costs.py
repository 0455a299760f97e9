"""What a request gets that would cost too much, or that others leave no room for."""

from __future__ import annotations

import asyncio
import hashlib
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


def test_cost_is_told_on_request(folder: Path) -> None:
    """In the answer's extensions, with its budget and its largest parts; the data are the same."""
    query = "{ questions(first: 9) { totalCount nodes { title } } }"
    requests = [post(query), post(query, extensions={"cost": True}), post(query, extensions={"cost": False})]
    plain, told, other = asked(folder, Limits(cost=5_000), *requests)
    assert other.body == plain.body
    answer = orjson.loads(told.body)
    assert {"data": answer["data"]} == orjson.loads(plain.body)
    cost = answer["extensions"]["cost"]
    assert cost["budget"] == 5_000
    assert sum(part["cost"] for part in cost["largest"]) == cost["total"] > 9
    assert ["questions"] in [part["path"][:1] for part in cost["largest"]]


def test_answer_with_its_cost_is_not_cached(folder: Path) -> None:
    """Neither here nor by others: not every answer to the same query has it."""
    query = b"query=%7Bcontent%7Bversion%7D%7D"
    told, plain = asked(
        folder,
        Limits(),
        HTTPRequest("GET", query + b"&extensions=%7B%22cost%22%3Atrue%7D", None, JSON),
        HTTPRequest("GET", query, None, JSON),
    )
    assert (told.version, told.etag) == (None, None)
    assert (b"cache-control", b"no-store") in told.headers
    assert plain.version
    assert plain.etag
    (posted,) = asked(folder, Limits(), post("{ content { version } }", extensions={"cost": True}))
    assert posted.version is None


def test_persisted_query_is_told_its_cost_too(folder: Path) -> None:
    """The two extensions of a request do not know of each other."""
    query = "{ content { version } }"
    sha256 = hashlib.sha256(query.encode()).hexdigest()
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": sha256}}
    taught, told = asked(
        folder,
        Limits(),
        post(query, extensions=persisted),
        HTTPRequest("POST", orjson.dumps({"extensions": {**persisted, "cost": True}}), JSON, JSON),
    )
    assert "extensions" not in orjson.loads(taught.body)
    assert orjson.loads(told.body)["extensions"]["cost"]["total"] > 0


@pytest.mark.parametrize("accept", [MODERN, JSON])
def test_operation_over_the_budget_is_a_coded_4xx(folder: Path, accept: bytes) -> None:
    """Under both media types, with the numbers."""
    (refused,) = asked(folder, Limits(cost=10), post("{ questions { nodes { title } } }", accept))
    assert refused.status == 400
    extensions = orjson.loads(refused.body)["errors"][0]["extensions"]
    assert (extensions["code"], extensions["budget"]) == ("COST_EXCEEDED", 10)
