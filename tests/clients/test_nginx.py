"""Debian's nginx in front of the server, as docs/caching.md has it: what it keeps, asks again, and drops."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.loading.seed_folder import SeedFolder, url_of
from tests.server.programs import PROJECT_FOLDER, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEADLINE_SECONDS = 30.0
EXAMPLES = PROJECT_FOLDER / "examples" / "nginx"
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {configuration}
}}
"""


class Site:
    """Seeds, the server over them, and nginx before it."""

    def __init__(self, folder: Path) -> None:
        self.seeds = SeedFolder(folder)
        for name in ("a", "b"):
            self.seeds.write(name)
        self.cache = folder / "cache"
        self.socket = folder / "nginx.sock"
        self.client = httpx2.Client(
            transport=httpx2.HTTPTransport(uds=str(self.socket)), base_url="http://api", timeout=20
        )

    def ask(self, query: str, **headers: str) -> httpx2.Response:
        """Ask by GET, through nginx."""
        return self.client.get("/graphql", params={"query": query}, headers=headers)

    def state(self, query: str, **headers: str) -> str:
        """Return what nginx says of an answer: MISS, HIT and so on."""
        return str(self.ask(query, **headers).headers["x-cache"])

    def until(self, query: str, state: str) -> None:
        """Ask until nginx says this."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self.state(query) != state:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def purge(self, *what: str) -> None:
        subprocess.run([EXAMPLES / "purge", self.cache, *what], check=True)


def one(name: str) -> str:
    return f'{{ question(by: {{ url: "{url_of(name)}" }}) {{ title }} }}'


@contextmanager
def proxied(site: Site, upstream: str) -> Iterator[None]:
    """Run nginx with the example, on other places."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "this test needs nginx (scripts/test installs it)"
    configuration = (EXAMPLES / "graphql-api.conf").read_text()
    for ours, theirs in (
        ("/var/cache/nginx/graphql-api", str(site.cache)),
        ("server 127.0.0.1:8000;", f"server {upstream};"),
        ("listen 80;", f"listen unix:{site.socket};"),
    ):
        assert ours in configuration
        configuration = configuration.replace(ours, theirs)
    folder = site.socket.parent
    user = "user root;" if os.geteuid() == 0 else ""
    written = folder / "nginx.conf"
    written.write_text(AROUND.format(user=user, folder=folder, configuration=configuration))
    with subprocess.Popen([nginx, "-p", folder, "-c", written]) as process:
        try:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while not site.socket.exists():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield
        finally:
            process.terminate()


@pytest.fixture(params=["public, max-age=0, s-maxage=600", "public, max-age=0, s-maxage=1"], ids=["long", "short"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Return a site whose answers may be kept for ten minutes, or for a second."""
    site = Site(tmp_path)
    command = [
        sys.executable,
        "-m",
        "graphql_api",
        "serve",
        "--port",
        "0",
        "--cache-tags",
        "--trusted-proxies",
        "127.0.0.1",
    ]
    command += ["--cache-control", request.param, "--seeds", str(site.seeds.root), "--store", str(site.seeds.store)]
    with running(command) as program, proxied(site, program.url.removeprefix("http://")), site.client:
        yield site


@pytest.mark.parametrize("site", ["public, max-age=0, s-maxage=600"], indirect=True)
def test_answers_are_kept_and_dropped_by_tag_or_url(site: Site) -> None:
    """What a publish has made old goes, and nothing else; errors, tokens and streams never are kept."""
    lists = "{ questions(first: 5) { totalCount } }"
    for query in (one("a"), one("b"), lists):
        assert [site.state(query), site.state(query)] == ["MISS", "HIT"]
    assert site.state(one("a"), accept="application/graphql-response+json") == "MISS"
    assert site.state(one("a"), authorization="Bearer x") == "BYPASS"
    assert site.state(one("a"), cookie="a=b") == "HIT"
    for _ in range(2):
        refused = site.ask("{ nothing }")
        assert (refused.headers["x-cache"], refused.headers["cache-control"]) == ("MISS", "no-store")
    assert site.client.post("/graphql", json={"query": one("a")}).json()["data"]["question"]["title"] == "What is a?"

    site.seeds.write("a", title="Other")
    report = site.seeds.load()
    assert report.changes is not None
    assert site.ask(one("a")).json()["data"]["question"]["title"] == "What is a?"
    site.purge(*report.changes["tags"])
    assert site.ask(one("a")).json()["data"]["question"]["title"] == "Other"
    assert [site.state(query) for query in (one("a"), one("b"), lists)] == ["HIT", "HIT", "MISS"]
    site.purge("--url", str(httpx2.URL("/graphql", params={"query": one("b")})))
    assert [site.state(query) for query in (one("a"), one("b"))] == ["HIT", "MISS"]
    site.purge("--all")
    assert [site.state(query) for query in (one("a"), one("b"), lists)] == ["MISS"] * 3


@pytest.mark.parametrize("site", ["public, max-age=0, s-maxage=1"], indirect=True)
def test_answer_that_is_old_is_asked_for_again_and_not_sent_again(site: Site) -> None:
    """The server says 304 to nginx, as long as its bytes are the same."""
    tag = site.ask(one("a")).headers["etag"]
    site.until(one("a"), "REVALIDATED")
    assert site.ask(one("a")).headers["etag"] == tag
    site.seeds.write("a", title="Other")
    site.seeds.load()
    site.until(one("a"), "EXPIRED")
    assert site.ask(one("a")).json()["data"]["question"]["title"] == "Other"


@pytest.mark.parametrize("site", ["public, max-age=0, s-maxage=600"], indirect=True)
def test_streams_go_through_at_once(site: Site) -> None:
    """Nothing keeps their events, and nobody else gets them."""
    stream = site.client.stream(
        "GET",
        "/graphql",
        params={"query": "subscription { contentChanged { added } }"},
        headers={"accept": "text/event-stream"},
    )
    with stream as response:
        lines = response.iter_lines()
        assert next(lines) == ":"
        site.seeds.write("c")
        site.seeds.load()
        assert next(line for line in lines if line.startswith("data:")).endswith(f'["{url_of("c")}"]}}}}}}')
