"""Conditional requests over the whole application: ETag, If-None-Match, 304, and what caches elsewhere are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from graphql_api.server.routes import Application

PARAMETERS = {"query": "{ content { version } }"}
MODERN = "application/graphql-response+json"


@pytest.fixture(params=[0, 1_000_000], ids=["no cache", "cache"])
def client(request: pytest.FixtureRequest, connect: Callable[[Application], httpx2.Client]) -> httpx2.Client:
    """Return a client of an application, with a response cache and without."""
    engine = SmallEngine()
    return connect(build_app(engine, SmallContentStatus(engine), response_cache_bytes=request.param))


def test_client_that_has_the_answer_gets_304_and_no_body(client: httpx2.Client) -> None:
    """The 304 has the tag and what caches need, but nothing about the content that it leaves out."""
    response = client.get("/graphql", params=PARAMETERS)
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")
    tag = response.headers["etag"]
    for method in ("GET", "HEAD"):
        again = client.request(method, "/graphql", params=PARAMETERS, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["vary"]) == (tag, "Accept, Accept-Encoding")
        assert again.headers["cache-control"] == "no-cache"
        assert "content-type" not in again.headers
        assert "content-length" not in again.headers


def test_several_lines_of_tags_are_one_list(client: httpx2.Client) -> None:
    """RFC 9110, section 5.3; the second line counts as well."""
    tag = client.get("/graphql", params=PARAMETERS).headers["etag"]
    lines = [("if-none-match", '"a"'), ("if-none-match", f'"b", W/{tag}')]
    assert client.get("/graphql", params=PARAMETERS, headers=lines).status_code == 304
    assert client.get("/graphql", params=PARAMETERS, headers={"if-none-match": "*"}).status_code == 304


def test_client_that_has_something_else_gets_the_answer(client: httpx2.Client) -> None:
    """Another tag, also on a second request."""
    for _ in range(2):
        response = client.get("/graphql", params=PARAMETERS, headers={"if-none-match": '"other"'})
        assert (response.status_code, response.json()) == (200, {"data": {"content": {"version": "v1"}}})


def test_head_has_the_headers_of_get(client: httpx2.Client) -> None:
    """RFC 9110, section 9.3.2, the length and the tag included."""
    head = client.head("/graphql", params=PARAMETERS)
    get = client.get("/graphql", params=PARAMETERS)
    assert head.headers == get.headers
    assert head.headers["content-length"] == str(len(get.content))


def test_error_by_get_has_no_tag_and_is_not_to_be_kept(client: httpx2.Client) -> None:
    """Under application/json it has status 200, which a cache might keep otherwise; `*` does not make it a 304."""
    for accept, status in (("application/json", 200), (MODERN, 400)):
        headers = {"accept": accept, "if-none-match": "*"}
        response = client.get("/graphql", params={"query": "{ nothing }"}, headers=headers)
        assert (response.status_code, response.headers["cache-control"]) == (status, "no-store")
        assert "etag" not in response.headers


def test_post_is_not_conditional(client: httpx2.Client) -> None:
    """No cache keeps what a POST gives, so it has no tag, and If-None-Match means nothing to it."""
    for _ in range(2):
        response = client.post("/graphql", json=PARAMETERS, headers={"if-none-match": "*"})
        assert (response.status_code, response.json()) == (200, {"data": {"content": {"version": "v1"}}})
        assert "etag" not in response.headers


def test_browser_that_has_the_page_gets_304(client: httpx2.Client) -> None:
    """GraphiQL's page is asked for by its tag like the files."""
    headers = {"accept": "text/html"}
    page = client.get("/graphql", headers=headers)
    again = client.get("/graphql", headers={**headers, "if-none-match": page.headers["etag"]})
    assert (page.status_code, again.status_code, again.content) == (200, 304, b"")


def test_caches_are_told_what_the_option_says(connect: Callable[[Application], httpx2.Client]) -> None:
    """Of answers to queries by GET, 304 included; never of errors, and of an answer to credentials as without it."""
    engine, said = SmallEngine(), "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
    app = build_app(engine, SmallContentStatus(engine), response_cache_bytes=1_000_000, cache_control=said)
    client = connect(app)
    for _ in range(2):
        response = client.get("/graphql", params=PARAMETERS)
        assert response.headers["cache-control"] == said
    unchanged = client.get("/graphql", params=PARAMETERS, headers={"if-none-match": response.headers["etag"]})
    assert (unchanged.status_code, unchanged.headers["cache-control"]) == (304, said)
    private = client.get("/graphql", params=PARAMETERS, headers={"authorization": "Bearer x"})
    assert private.headers["cache-control"] == "no-cache"
    assert "cache-control" not in client.post("/graphql", json=PARAMETERS).headers


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/graphql?query={", {}),
        ("GET", "/graphql?query={", {"accept": MODERN}),
        ("GET", "/graphql", {}),
        ("GET", "/graphql?query={__typename}", {"accept": "text/plain"}),
        ("PUT", "/graphql", {}),
        ("GET", "/nowhere", {}),
        ("POST", "/readyz", {}),
        ("GET", "/graphiql/nothing.js", {}),
    ],
)
def test_no_error_is_kept(
    connect: Callable[[Application], httpx2.Client], method: str, path: str, headers: dict[str, str]
) -> None:
    """Whatever its status: a cache in front that keeps one would answer it to everybody."""
    engine = SmallEngine()
    client = connect(build_app(engine, SmallContentStatus(engine), cache_control="public, s-maxage=60"))
    response = client.request(method, path, headers=headers)
    assert response.json()["errors"]
    assert response.headers["cache-control"] == "no-store"
