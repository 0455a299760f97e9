"""GraphiQL's page and files."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from graphql import parse, validate

from graphql_api.server.graphiql import graphiql_files, graphiql_page, read_examples
from graphql_api.server.routes import build_app
from tests.server.programs import PROJECT_FOLDER
from tests.server.small_engine import SCHEMA, SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx2

    from graphql_api.server.routes import Application

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def client(connect: Callable[[Application], httpx2.Client]) -> httpx2.Client:
    """Return a client of an application with a small engine."""
    engine = SmallEngine()
    return connect(build_app(engine, SmallContentStatus(engine)))


def test_page_forbids_every_source_but_our_own_files(client: httpx2.Client) -> None:
    """The policy allows no inline script, no eval and no other host."""
    response = client.get("/graphql", headers=BROWSER)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    assert "http" not in response.headers["content-security-policy"]
    assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_every_file_that_the_page_names_is_served(client: httpx2.Client) -> None:
    """The page's scripts, styles and icon are ours, and there."""
    names = re.findall(r'(?:href|src)="([^"]+)"', graphiql_page().body.decode())
    assert len(names) == 3
    for name in names:
        assert name.startswith("/graphiql/")
        assert client.get(name).status_code == 200


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("graphiql.js", "text/javascript; charset=utf-8"),
        ("graphiql.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("examples.json", "application/json"),
        ("LICENSES.txt", "text/plain; charset=utf-8"),
    ],
)
def test_file_has_its_media_type_and_is_not_sent_twice(client: httpx2.Client, name: str, media_type: str) -> None:
    """A browser that has a file asks with its ETag and gets 304; any other ETag gets the file."""
    response = client.get(f"/graphiql/{name}")
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    again = client.get(f"/graphiql/{name}", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/graphiql/{name}", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2Frun.py"])
def test_no_other_file_is_served(client: httpx2.Client, name: str) -> None:
    """Names are looked up in a table, never on the disk."""
    response = client.get(f"/graphiql/{name}")
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_built_files_are_those_of_their_sources() -> None:
    """The page was built from the sources beside it; if not: scripts/build-graphiql."""
    sources = PROJECT_FOLDER / "graphql_api" / "server" / "graphiql"
    names = ["build.mjs", "package-lock.json", "package.json", *(f"src/{path.name}" for path in sources.glob("src/*"))]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (sources / name).read_bytes())
    built_from = (sources.parent / "static" / "sources.sha256").read_text(encoding="ascii").strip()
    assert built_from == digest.hexdigest()


def test_files_stay_small() -> None:
    """The whole page is under 2 MB, so that it can live in the repository and on slow lines."""
    assert sum(len(response.body) for response in graphiql_files().values()) < 2_000_000


def test_examples_come_in_the_order_of_their_names_with_their_variables(tmp_path: Path) -> None:
    """`NAME.graphql` is an example, `NAME.json` its variables; other files are none."""
    (tmp_path / "02-b.graphql").write_text("{ b }", encoding="utf-8")
    (tmp_path / "01-a.graphql").write_text("query($é: Int) { a }", encoding="utf-8")
    (tmp_path / "01-a.json").write_text('{"é": 1}\n', encoding="utf-8")
    (tmp_path / "README.md").write_text("none", encoding="utf-8")
    expected = [{"query": "query($é: Int) { a }", "variables": '{"é": 1}'}, {"query": "{ b }", "variables": ""}]
    assert read_examples(tmp_path) == expected


def test_shipped_examples_are_valid(client: httpx2.Client) -> None:
    """Every example is an operation of the contract's schema; the first shows an article and its neighbours."""
    examples = client.get("/graphiql/examples.json").json()
    assert len(examples) >= 4
    assert "query Neighbours(" in examples[0]["query"]
    for example in examples:
        assert validate(SCHEMA, parse(example["query"])) == []
