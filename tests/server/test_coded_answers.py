"""What is compressed when: at rest all that is asked for so, in haste what cannot be left plain or is asked again."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.test_encodings import DECODERS, raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2

    from graphql_api.engine.requests import Request, Response
    from graphql_api.server.routes import Application

SLOW = "{ slow: __typename }"
BACKLOG, SECONDS = 6, 0.6
CODINGS = ["zstd", "br", "gzip"]


class WaitingEngine(SmallEngine):
    """One whose answers to `SLOW` wait for `is_over`."""

    def __init__(self) -> None:
        """Begin with an answer of 5 KB."""
        super().__init__()
        self.is_over = threading.Event()
        assert self.content is not None
        self.content["question"]["answer"]["markdown"] = "word " * 1_000

    async def execute(self, request: Request) -> Response:
        """Answer as any other, `SLOW` late."""
        while request.document == SLOW and not self.is_over.is_set():  # noqa: ASYNC110 - it is set in another thread
            await asyncio.sleep(0.01)
        return await super().execute(request)


@pytest.fixture
def engine() -> WaitingEngine:
    """Return the engine that answers."""
    return WaitingEngine()


@pytest.fixture(params=[0, 100_000_000], ids=["no cache", "cache"])
def hurried(
    request: pytest.FixtureRequest, connect: Callable[[Application], httpx2.Client], engine: WaitingEngine
) -> Iterator[httpx2.Client]:
    """Return a client of a server that has had a backlog for a while."""
    client = connect(build_app(engine, SmallContentStatus(engine), response_cache_bytes=request.param))
    waiting: list[threading.Thread] = []
    for _ in range(BACKLOG):
        waiting.append(threading.Thread(target=client.post, args=["/graphql"], kwargs={"json": {"query": SLOW}}))
        waiting[-1].start()
    try:
        time.sleep(SECONDS)
        yield client
    finally:
        engine.is_over.set()
        for each in waiting:
            each.join()


def test_in_haste_a_new_answer_is_plain_and_says_so(hurried: httpx2.Client, engine: WaitingEngine) -> None:
    """Its tag is that of the plain form, and caches are told that there are others."""
    for method in ("GET", "POST"):
        plain, plain_body = raw(hurried, method, "identity")
        for coding in CODINGS:
            engine.version += "'"  # nothing is kept of what was before
            response, body = raw(hurried, method, coding)
            assert "content-encoding" not in response.headers
            assert body == plain_body
            assert response.headers.get("etag") == plain.headers.get("etag")
            assert response.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("hurried", [100_000_000], indirect=True)
def test_in_haste_what_is_asked_again_is_compressed_and_kept(hurried: httpx2.Client, engine: WaitingEngine) -> None:
    """That is made once for all who ask."""
    body = raw(hurried, "GET", "gzip")[1]
    made = len(engine.requests)
    for coding in CODINGS:
        again, compressed = raw(hurried, "GET", coding)
        assert again.headers["content-encoding"] == coding
        assert DECODERS[coding](compressed) == body
    assert len(engine.requests) == made


def test_large_requests_that_wait_for_their_turn_are_no_haste(
    connect: Callable[[Application], httpx2.Client], engine: WaitingEngine
) -> None:
    """Nothing is made for them meanwhile; who sends them takes the compression from nobody."""
    client = connect(build_app(engine, SmallContentStatus(engine)))
    large = b'{"query": "' + b" " * 200_000
    sending = [threading.Thread(target=client.post, args=["/graphql"], kwargs={"content": large}) for _ in range(60)]
    for each in sending:
        each.start()
    time.sleep(0.7)
    assert raw(client, "POST", "gzip")[0].headers.get("content-encoding") == "gzip"
    for each in sending:
        each.join()


def test_in_haste_who_forbids_plain_bodies_gets_none(hurried: httpx2.Client, engine: WaitingEngine) -> None:
    """The client's word counts more than the server's haste."""
    for accept_encoding in ("gzip, identity;q=0", "gzip, *;q=0"):
        engine.version += "'"
        assert raw(hurried, "GET", accept_encoding)[0].headers["content-encoding"] == "gzip"


def test_in_haste_what_is_compressed_in_a_thread_is(hurried: httpx2.Client, engine: WaitingEngine) -> None:
    """Nobody waits for that, and it is long."""
    assert engine.content is not None
    engine.content["question"]["answer"]["markdown"] = "word " * 200_000
    assert raw(hurried, "GET", "gzip")[0].headers["content-encoding"] == "gzip"


def test_in_haste_either_tag_gets_a_304(hurried: httpx2.Client, engine: WaitingEngine) -> None:
    """That of the answer at rest, and that of the plain one that would be sent now."""
    engine.is_over.set()
    plain_tag = raw(hurried, "GET", "identity")[0].headers["etag"]
    coded_tag = f'{plain_tag[:-1]}-gzip"'
    for tag in (coded_tag, plain_tag):
        engine.version += "'"  # nothing is kept of what was before
        response, body = raw(hurried, "GET", "gzip", **{"if-none-match": tag})
        assert (response.status_code, body, response.headers["etag"]) == (304, b"", tag)


def test_at_rest_again_answers_are_compressed(hurried: httpx2.Client, engine: WaitingEngine) -> None:
    """Soon after the backlog has gone."""
    assert "content-encoding" not in raw(hurried, "POST", "gzip")[0].headers
    engine.is_over.set()
    time.sleep(SECONDS)
    engine.version += "'"
    assert raw(hurried, "POST", "gzip")[0].headers["content-encoding"] == "gzip"
