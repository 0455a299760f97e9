"""Pages of another origin: what a browser is told before it asks, and with the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.server.cross_origin import ALLOWED_HEADERS
from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from graphql_api.server.routes import Application

    Connect = Callable[[Application], httpx2.Client]

ORIGIN = "https://www.example.org"
QUERY = {"query": "{ content { version } }"}
PREFLIGHT = {"origin": ORIGIN, "access-control-request-method": "POST"}


def app(*allow_origin: str, is_empty: bool = False) -> Application:
    """Return an application with a small engine and a response cache."""
    engine = SmallEngine(is_empty=is_empty)
    content = SmallContentStatus(engine)
    return build_app(engine, content, response_cache_bytes=1_000_000, allow_origin=allow_origin)


def sharing(response: httpx2.Response) -> dict[str, str]:
    """Return the headers by which a response is shared."""
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


def responses(asked: httpx2.Client) -> list[httpx2.Response]:
    """Return answers of every kind: made and from the cache, by GET and POST, 304, and errors from every place."""
    get = asked.get("/graphql", params=QUERY, headers={"origin": ORIGIN})
    return [
        get,
        asked.get("/graphql", params=QUERY),
        asked.get("/graphql", params=QUERY, headers={"if-none-match": get.headers.get("etag", "")}),
        asked.head("/graphql", params=QUERY),
        asked.post("/graphql", json=QUERY),
        asked.post("/graphql", json=QUERY, headers={"origin": "https://other.example.org"}),
        asked.post("/graphql", json={"query": "{ nothing }"}),
        asked.get("/graphql", params={"query": "{ nothing }"}),
        asked.get("/graphql"),
        asked.get("/graphql", headers={"accept": "image/png"}),
        asked.post("/graphql", content=b"x" * 2_000_000, headers={"content-type": "application/json"}),
        asked.post("/graphql", content=iter([b"x" * 2_000_000]), headers={"content-type": "application/json"}),
        asked.post("/graphql", json=QUERY, headers={"content-encoding": "gzip"}),
        asked.post("/graphql", content=b"{}", headers={"content-type": "text/plain"}),
        asked.get("/graphql", params=QUERY, headers={"accept": "a" * 5_000}),
        asked.delete("/graphql"),
        asked.post("/graphql"),
    ]


@pytest.mark.parametrize(
    ("allow_origin", "vary"),
    [("*", ["Accept, Accept-Encoding"]), (ORIGIN, ["Accept, Accept-Encoding", "Origin"])],
    ids=["every", "one"],
)
def test_every_answer_may_be_read(connect: Connect, allow_origin: str, vary: list[str]) -> None:
    """The same headers for all who ask, whatever the answer; another answer by origin only where one is named."""
    answers = responses(connect(app(allow_origin)))
    assert {answer.status_code for answer in answers} == {200, 304, 400, 405, 406, 413, 415, 431}
    expected = {
        "access-control-allow-origin": allow_origin,
        "access-control-expose-headers": "ETag, Retry-After, X-Request-Id",
    }
    for answer in answers:
        assert sharing(answer) == expected
        assert answer.headers.get_list("vary") == vary


def test_server_without_content_may_be_read_too(connect: Connect) -> None:
    """A page can tell that it should ask again."""
    answer = connect(app("*", is_empty=True)).post("/graphql", json=QUERY)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (503, "*")


@pytest.mark.parametrize(("allow_origin", "vary"), [("*", None), (ORIGIN, "Origin")], ids=["every", "one"])
def test_browser_that_asks_first_is_told_what_it_may_send(
    connect: Connect, allow_origin: str, vary: str | None
) -> None:
    """204 without a body or a length, and what a page needs for JSON, entity tags and credentials of its own."""
    answer = connect(app(allow_origin)).options("/graphql", headers=PREFLIGHT)
    assert (answer.status_code, answer.content, answer.headers.get("vary")) == (204, b"", vary)
    assert "content-length" not in answer.headers
    assert sharing(answer) == {
        "access-control-allow-origin": allow_origin,
        "access-control-expose-headers": "ETag, Retry-After, X-Request-Id",
        "access-control-allow-methods": "GET, POST, HEAD",
        "access-control-allow-headers": ", ".join(ALLOWED_HEADERS),
        "access-control-max-age": "86400",
    }


@pytest.mark.parametrize("missing", PREFLIGHT)
def test_other_options_are_refused(connect: Connect, missing: str) -> None:
    """Only with both headers it is a browser's question."""
    headers = {name: value for name, value in PREFLIGHT.items() if name != missing}
    answer = connect(app("*")).options("/graphql", headers=headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_without_an_origin_nothing_is_shared(connect: Connect) -> None:
    """Then it is as if there was no such thing, preflights included."""
    asked = connect(app())
    answer = asked.options("/graphql", headers=PREFLIGHT)
    assert (answer.status_code, sharing(answer)) == (405, {})
    assert [sharing(answer) for answer in responses(asked)] == [{}] * len(responses(asked))


@pytest.mark.parametrize("path", ["/graphql", "/graphiql/graphiql.js", "/healthz", "/nowhere"])
def test_only_answers_of_the_api_are_shared(connect: Connect, path: str) -> None:
    """The page and its files are for people, the probes for whoever runs the server."""
    assert sharing(connect(app("*")).get(path, headers={"accept": "text/html", "origin": ORIGIN})) == {}


def test_one_of_several_origins_is_told_that_it_may(connect: Connect) -> None:
    """From the cache too, whoever filled it; others are told nothing, and caches that it depends on the origin."""
    other = "http://localhost:3000"
    asked = connect(app(ORIGIN, other))
    for origin, allowed in ((ORIGIN, ORIGIN), (other, other), ("https://evil.example", None), (ORIGIN, ORIGIN)):
        headers = {"origin": origin}
        answers = [
            asked.get("/graphql", params=QUERY, headers=headers),
            asked.post("/graphql", json=QUERY, headers=headers),
            asked.post("/graphql", json={}, headers=headers),
            asked.post("/graphql", content=b"x" * 2_000_000, headers=headers | {"content-type": "application/json"}),
            asked.options("/graphql", headers=PREFLIGHT | {"origin": origin}),
        ]
        for answer in answers:
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert "Origin" in answer.headers.get_list("vary")
            assert "access-control-allow-credentials" not in answer.headers


def test_more_headers_can_be_allowed(connect: Connect) -> None:
    """Beside those that clients send anyway."""
    engine = SmallEngine()
    allowing = build_app(engine, SmallContentStatus(engine), allow_origin=["*"], allow_headers=["X-Mine", "Accept"])
    names = connect(allowing).options("/graphql", headers=PREFLIGHT).headers["access-control-allow-headers"].split(", ")
    assert names == [*ALLOWED_HEADERS, "x-mine"]
    assert {"traceparent", "sentry-trace", "apollographql-client-name", "content-type"} < set(names)
