"""The application: which path answers what."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from graphql_api.errors import DamagedGenerationError
from graphql_api.server.graphql_http import HTTPLimits
from graphql_api.server.routes import build_app
from tests.server.programs import PROJECT_FOLDER
from tests.server.small_engine import VERSION, SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx2
    from starlette.applications import Starlette

    from graphql_api.server.probes import ContentSummary
    from graphql_api.server.routes import Application

    Connect = Callable[[Application], httpx2.Client]
    Client = Callable[..., httpx2.Client]

QUERY = {"query": "{ content { version } }"}


class BrokenContentStatus:
    """A store whose state cannot be read, for the reason given."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def current(self) -> ContentSummary:
        raise self._error


@pytest.fixture
def client(connect: Connect) -> Client:
    """Return what gives a client of an application with a small engine."""

    def make(*, is_empty: bool = False, limits: HTTPLimits | None = None) -> httpx2.Client:
        engine = SmallEngine(is_empty=is_empty)
        return connect(build_app(engine, SmallContentStatus(engine), limits=limits))

    return make


def test_graphql_answers_at_graphql(client: Client) -> None:
    """The endpoint's path is /graphql."""
    response = client().post("/graphql", json=QUERY)
    assert (response.status_code, response.json()) == (200, {"data": {"content": {"version": VERSION}}})


def test_limits_reach_the_endpoint(client: Client) -> None:
    """The application's limits are the endpoint's."""
    small = client(limits=HTTPLimits(max_body_bytes=10, retry_after_seconds=7), is_empty=True)
    assert small.post("/graphql", json=QUERY).status_code == 413
    assert small.get("/readyz").headers["retry-after"] == "7"


def test_healthz_is_200_even_without_content(client: Client) -> None:
    """It says that the process is alive, nothing else."""
    for is_empty in (True, False):
        response = client(is_empty=is_empty).get("/healthz")
        assert (response.status_code, response.json()) == (200, {"status": "alive"})
        assert response.headers["cache-control"] == "no-store"


def test_readyz_shows_version_and_counts(client: Client) -> None:
    """With a generation the server is ready, and says which one it serves."""
    response = client().get("/readyz")
    expected = {"status": "ready", "version": VERSION, "questionCount": 1, "subjectCount": 1}
    assert (response.status_code, response.json()) == (200, expected)
    assert response.headers["cache-control"] == "no-store"


def test_readyz_is_503_without_a_generation(client: Client) -> None:
    """Without a generation it says what is missing, with a code, and when to ask again."""
    response = client(is_empty=True).get("/readyz")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert response.json()["status"] == "unready"
    assert response.json()["errors"][0]["extensions"]["code"] == "NO_GENERATION"


def test_readyz_recovers_when_a_generation_appears(connect: Connect) -> None:
    """Readiness is looked up each time."""
    engine = SmallEngine(is_empty=True)
    probe = connect(build_app(engine, SmallContentStatus(engine)))
    assert probe.get("/readyz").status_code == 503
    engine.content = SmallEngine().content
    assert probe.get("/readyz").status_code == 200


def test_readyz_is_503_for_a_store_that_cannot_be_read(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """A damaged generation is not ready either; the log says why, the client gets no path."""
    app = build_app(SmallEngine(), BrokenContentStatus(DamagedGenerationError("/secret/path is damaged")))
    response = connect(app).get("/readyz")
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "STORE_UNREADABLE"
    assert "secret" not in response.text
    assert "/secret/path is damaged" in caplog.text


def test_unexpected_failure_of_a_probe_is_a_coded_500(connect: Connect) -> None:
    """No route answers with a traceback or plain text."""
    app = build_app(SmallEngine(), BrokenContentStatus(RuntimeError("secret")))
    response = connect(app).get("/readyz")
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in response.text


def test_root_leads_to_graphql(client: Client) -> None:
    """Who opens the server's address lands on GraphiQL."""
    response = client().get("/", headers={"accept": "text/html"}, follow_redirects=True)
    assert (response.url.path, response.status_code) == ("/graphql", 200)
    assert "<title>GraphiQL</title>" in response.text


def test_base_path_is_before_every_path(connect: Connect) -> None:
    """The API, the probes, the redirect and the page with its files; nothing is left without it."""
    engine = SmallEngine()
    below = connect(build_app(engine, SmallContentStatus(engine), base_path="/content"))
    assert below.post("/content/graphql", json=QUERY).status_code == 200
    assert {below.get(f"/content/{probe}").status_code for probe in ("healthz", "readyz")} == {200}
    page = below.get("/content/", headers={"accept": "text/html"}, follow_redirects=True)
    assert (page.url.path, page.status_code) == ("/content/graphql", 200)
    files = [*re.findall(r'(?:href|src)="([^"]+)"', page.text), "/content/graphiql/examples.json"]
    assert {below.get(path).status_code for path in files} == {200}
    assert '"/content/graphiql/examples.json"' in below.get("/content/graphiql/graphiql.js").text
    for path in ("/graphql", "/healthz", "/", "/graphiql/graphiql.js", "/content/graphq"):
        response = below.get(path)
        assert response.status_code == 404
        assert all(known in response.text for known in ("/content/graphql (", "/content/healthz", "/content/readyz"))


def test_unknown_path_is_a_404_that_names_the_known_ones(client: Client) -> None:
    """A wrong path is told where the API is."""
    response = client().get("/graphq")
    assert response.status_code == 404
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert all(path in error["message"] for path in ("/graphq.", "/graphql", "/healthz", "/readyz"))


@pytest.mark.parametrize("path", ["/graphql/", "/nothing"])
def test_host_that_is_none_does_no_harm(client: Client, path: str) -> None:
    """No answer is built from the Host header: one that is odd breaks nothing, one that is broken is refused."""
    response = client().get(path, headers={"host": "a'b"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
    response = client().get(path, headers={"host": "[broken"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/graphiql/graphiql.js"])
def test_other_methods_are_a_405_with_allow(client: Client, path: str) -> None:
    """A method that a path does not know gets a coded error that names those it knows."""
    response = client().delete(path)
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


def test_lifespan_opens_before_the_first_request_and_closes_after_the_last() -> None:
    """What the engine needs is opened and closed by the application's lifespan."""
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        assert app.routes
        events.append("open")
        yield
        events.append("close")

    engine = SmallEngine()
    with TestClient(build_app(engine, SmallContentStatus(engine), lifespan=lifespan)) as running:
        running.post("/graphql", json=QUERY)
        events.append(f"{len(engine.requests)} answered")
    assert events == ["open", "1 answered", "close"]


def test_every_code_of_the_server_is_documented() -> None:
    """docs/http.md has a row for each code that this layer gives."""
    sources = (PROJECT_FOLDER / "graphql_api" / "server").glob("*.py")
    codes = {code for path in sources for code in re.findall(r'"([A-Z]+_[A-Z_]+)"', path.read_text(encoding="utf-8"))}
    documented = (PROJECT_FOLDER / "docs" / "http.md").read_text(encoding="utf-8")
    assert len(codes) >= 10
    variables = {"LISTEN_FDS", "LISTEN_PID", "PROMETHEUS_MULTIPROC_DIR"}
    assert {code for code in codes if f"| `{code}` |" not in documented} == variables


@pytest.mark.parametrize("path", ["/graphql%0A", "/healthz%0A", "/graphiql/page.js%0A"])
def test_path_with_a_line_end_behind_it_is_another_one(client: Client, path: str) -> None:
    """A cache in front would keep it beside the right one."""
    assert client().get(path).status_code == 404


def test_long_path_is_told_back_in_part(client: Client) -> None:
    """Six hundred characters say which it was; what it is told in is JSON, and nothing else."""
    response = client().get("/" + "x" * 20_000)
    assert (response.status_code, response.headers["x-content-type-options"]) == (404, "nosniff")
    assert len(response.content) < 1_000
