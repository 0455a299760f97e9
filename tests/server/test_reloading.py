"""Reloading the whole product: the mutation and the hook, over real loads."""

from __future__ import annotations

import hashlib
import hmac
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from graphql_api.store.generations import read_pointer
from tests.loading.seed_folder import SeedFolder
from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a secret"  # noqa: S105 - of the tests
MODERN = "application/graphql-response+json"
RELOAD = """
mutation ($force: Boolean! = false) {
  reloadContent(force: $force) { version published added problems { severity code path line } }
}
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> SeedFolder:
    """Return a folder with one good seed."""
    folder = SeedFolder(tmp_path_factory.mktemp("site"))
    folder.write("first")
    return folder


@pytest.fixture(scope="module")
def server(seeds: SeedFolder) -> Iterator[httpx2.Client]:
    """Return a client of a server of two workers over these seeds, with an admin's token."""
    command = [
        "env",
        f"GRAPHQL_API_ADMIN_TOKEN={TOKEN}",
        sys.executable,
        "-m",
        "graphql_api",
        "serve",
        "--workers",
        "2",
    ]
    command += ["--port", "0", "--seeds", str(seeds.root), "--store", str(seeds.store)]
    with running(command) as program, httpx2.Client(base_url=program.url, timeout=60) as client:
        yield client


def reload(client: httpx2.Client, token: str = TOKEN, **variables: Any) -> httpx2.Response:
    """Ask for a reload with this token, "" for none."""
    headers = {"accept": MODERN, **({"authorization": f"Bearer {token}"} if token else {})}
    return client.post("/graphql", json={"query": RELOAD, "variables": variables}, headers=headers)


def code(response: httpx2.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


def test_only_the_admin_reloads_and_only_by_post(server: httpx2.Client) -> None:
    """Whoever has no token, or a wrong one, is told that; a link loads nothing."""
    for token in ("", "wrong", f"{TOKEN}x"):
        refused = reload(server, token)
        assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
        assert refused.headers["www-authenticate"] == "Bearer"
    by_get = server.get("/graphql", params={"query": RELOAD}, headers={"authorization": f"Bearer {TOKEN}"})
    assert (by_get.status_code, code(by_get)) == (405, "METHOD_NOT_ALLOWED")


def test_without_a_token_nobody_reloads(server_url: str) -> None:
    """Not even whoever sends one."""
    with httpx2.Client(base_url=server_url) as client:
        for token in ("", "wrong"):
            refused = reload(client, token)
            assert (refused.status_code, code(refused)) == (403, "FORBIDDEN")
        hook = client.post("/hooks/reload", headers={"authorization": "Bearer x"})
        assert (hook.status_code, code(hook)) == (403, "FORBIDDEN")


def test_reload_publishes_what_has_changed_and_reports_it(server: httpx2.Client, seeds: SeedFolder) -> None:
    """The report is that of `graphql-api load`, and the next answer is from the new content."""
    unchanged = reload(server).json()["data"]["reloadContent"]
    assert (unchanged["published"], unchanged["added"], unchanged["problems"]) == (False, 0, [])
    seeds.write("second")
    seeds.break_("broken")
    report = reload(server).json()["data"]["reloadContent"]
    assert (report["published"], report["added"]) == (True, 1)
    (problem,) = report["problems"]
    assert (problem["severity"], problem["path"]) == ("ERROR", "broken.md")
    assert report["version"] == read_pointer(seeds.store).version != unchanged["version"]
    count = server.post("/graphql", json={"query": "{ content { version questionCount } }"}).json()["data"]["content"]
    assert count == {"version": report["version"], "questionCount": 2}
    seeds.remove("broken")
    forced = reload(server, force=True).json()["data"]["reloadContent"]
    assert (forced["published"], forced["problems"]) == (False, [])


def test_load_that_is_refused_is_an_error_with_a_code(server: httpx2.Client, seeds: SeedFolder) -> None:
    """What its options forbid: too many entries would go."""
    kept = {path: path.read_text() for path in seeds.root.glob("*.md")}
    for path in kept:
        path.unlink()
    response = reload(server)
    assert (response.json()["data"], code(response)) == (None, "LOAD_REFUSED")
    assert response.json()["errors"][0]["path"] == ["reloadContent"]
    for path, text in kept.items():
        path.write_text(text)
    assert "errors" not in reload(server).json()


def test_hook_publishes_with_the_commit_as_its_label(server: httpx2.Client, seeds: SeedFolder) -> None:
    """As a push to GitHub sends it; the answer does not wait for the load."""
    before = read_pointer(seeds.store)
    seeds.write("third")
    body = b'{"ref": "refs/heads/main", "after": "c0ffee"}'
    signature = "sha256=" + hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
    assert server.post("/hooks/reload", content=body, headers={"x-hub-signature-256": signature}).status_code == 202
    deadline = time.monotonic() + 30
    while read_pointer(seeds.store) == before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    after = read_pointer(seeds.store)
    assert (after.label, after.sequence) == ("c0ffee", before.sequence + 1)


def test_pointer_counts_publishes_and_keeps_the_name_of_equal_content(tmp_path: Path) -> None:
    """What is published again as it was is no other publish."""
    seeds = SeedFolder(tmp_path)
    seeds.write("first")
    seeds.load()
    first = read_pointer(seeds.store)
    seeds.load(force=True)
    again = read_pointer(seeds.store)
    seeds.write("second")
    seeds.load()
    assert [each.sequence for each in (first, again, read_pointer(seeds.store))] == [1, 1, 2]
    assert first.version == again.version
