"""The receivers of docs/reloading.md as they stand: compiled, run, and told of publishes by a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.clients.purging import DEADLINE_SECONDS, SECRET, Call, PurgeAPI, cloudflare, fastly, post, purge_api, signed
from tests.clients.sites import Site, begin_next, blocks
from tests.clients.test_frontends import started
from tests.loading.seed_folder import SeedFolder, url_of
from tests.server.programs import PROJECT_FOLDER, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

GRAPHQL_API = (sys.executable, "-m", "graphql_api")
CDNS = {"fastly": fastly, "cloudflare": cloudflare}
RECIPES = {"app/api/content-changed/route.ts", "fastly/purge.mjs", "cloudflare/worker.ts"}
OTHER_SECRET = "whsec_b3RoZXIgc2VjcmV0IG9mIHNvbWVib2R5"  # noqa: S105 - of nobody
TAGS = [f"tag{number:03}" for number in range(300)]

PAGE = """
export const dynamic = "force-static";
export const generateStaticParams = () => [];
export default async function Page({ params }: { params: Promise<{ path: string[] }> }) {
  return <p>{(await params).path.join("/")} was made at {performance.now()}.</p>;
}
"""
LIST = """
const body = JSON.stringify({ query: "{ questions { totalCount } }" });
export default async function List() {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(process.env.GRAPHQL_API_URL!, {
    method: "POST", headers, body, cache: "force-cache", next: { tags: ["Question-list"] },
  });
  return <p>{`There are ${(await answer.json()).data.questions.totalCount}.`}</p>;
}
"""


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    """Return a loaded folder."""
    folder = SeedFolder(tmp_path)
    folder.write("first")
    folder.write("second")
    folder.load()
    return folder


@pytest.fixture(scope="module", params=CDNS)
def cdn(request: pytest.FixtureRequest) -> str:
    """Return the name of each CDN with a receiver."""
    return str(request.param)


@pytest.fixture(scope="module")
def running_receiver(node: str, cdn: str) -> Iterator[tuple[PurgeAPI, str]]:
    """Return the purge API of a CDN, and the url of its receiver."""
    run: Callable[[str, PurgeAPI], AbstractContextManager[str]] = CDNS[cdn]
    with purge_api() as api, run(node, api) as url:
        yield api, url


@pytest.fixture
def api(running_receiver: tuple[PurgeAPI, str]) -> PurgeAPI:
    """Return the purge API, which has been asked nothing."""
    api, _ = running_receiver
    api.calls, api.statuses = [], [200]
    return api


@pytest.fixture
def receiver(running_receiver: tuple[PurgeAPI, str]) -> str:
    """Return the url of the receiver."""
    return running_receiver[1]


def purged(cdn: str, call: Call) -> list[str]:
    """Return the tags that a call purges, after a look at all else that the CDN's API wants."""
    if cdn == "fastly":
        assert (call.path, call.headers["fastly-key"]) == ("/service/service/purge", "token")
        assert call.headers["fastly-soft-purge"] == "1"
        return call.headers["surrogate-key"].split(" ")
    assert (call.path, call.headers["host"]) == ("/client/v4/zones/zone/purge_cache", "api.cloudflare.com")
    assert (call.headers["authorization"], call.headers["content-type"]) == ("Bearer token", "application/json")
    tags: dict[str, list[str]] = json.loads(call.body)
    assert set(tags) == {"tags"}
    return tags["tags"]


def test_every_receiver_is_tested() -> None:
    """No block is left out of the tests below."""
    assert {*blocks("reloading")} == RECIPES


def test_publish_purges_its_tags_even_if_that_fails_first(
    cdn: str, api: PurgeAPI, receiver: str, seeds: SeedFolder
) -> None:
    """The server signs, the receiver purges; what the CDN refuses is tried again."""
    api.statuses = [500, 200]
    options = ("--seeds", str(seeds.root), "--store", str(seeds.store), "--webhook", receiver)
    environment = {**os.environ, "GRAPHQL_API_WEBHOOK_SECRET": SECRET}
    serve = ["env", f"GRAPHQL_API_WEBHOOK_SECRET={SECRET}", *GRAPHQL_API, "serve", *options, "--port", "0"]
    with running(serve):
        seeds.write("third")
        load = [*GRAPHQL_API, "load", "--json", *options]
        loaded = subprocess.run(
            load, cwd=PROJECT_FOLDER, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        refused, accepted = api.wait_for(2)[:2]
    tags = json.loads(loaded.stdout)["changes"]["tags"]
    assert {"content", "Question-list"} < {*tags}
    assert purged(cdn, refused) == purged(cdn, accepted) == tags


def test_what_is_not_signed_purges_nothing(api: PurgeAPI, receiver: str) -> None:
    """Neither with another secret, nor with another body, nor without a signature."""
    right = signed({"tags": ["a"], "isKnown": True})
    assert post(receiver, signed({"tags": ["a"], "isKnown": True}, OTHER_SECRET)) == 401
    assert post(receiver, httpx2.Request("POST", receiver, headers=right.headers, content=b"{}")) == 401
    assert post(receiver, httpx2.Request("POST", receiver, content=right.content)) == 401
    assert api.calls == []
    assert post(receiver, right) == 204
    assert len(api.calls) == 1


def test_many_tags_go_in_as_many_requests_as_the_cdn_asks_for(cdn: str, api: PurgeAPI, receiver: str) -> None:
    """256 at once, or 100; each of them once."""
    assert post(receiver, signed({"tags": TAGS, "isKnown": True})) == 204
    parts = [purged(cdn, call) for call in api.calls]
    assert [len(each) for each in parts] == {"fastly": [256, 44], "cloudflare": [100, 100, 100]}[cdn]
    assert [tag for each in parts for tag in each] == TAGS


def test_everything_is_purged_where_nobody_knows_what_differs(cdn: str, api: PurgeAPI, receiver: str) -> None:
    """After a rollback or an import."""
    assert post(receiver, signed({"tags": ["content"], "isKnown": False})) == 204
    (call,) = api.calls
    if cdn == "fastly":
        assert (call.path, call.headers["fastly-key"]) == ("/service/service/purge_all", "token")
    else:
        assert json.loads(call.body) == {"purge_everything": True}


def test_next_makes_anew_what_has_changed_and_nothing_else(node: str, seeds: SeedFolder) -> None:
    """Pages by their urls, answers by their tags, when a real webhook says so, and not when anybody else does."""
    assert node
    options = ("--seeds", str(seeds.root), "--store", str(seeds.store))
    site = Site("next-webhook", ["app/"], page="reloading")
    site.write("app/learn/[...path]/page.tsx", PAGE)
    site.write("app/list/page.tsx", LIST)
    begin_next(site)
    with running([*GRAPHQL_API, "serve", *options, "--port", "0"]) as program:
        api_url = f"{program.url}/graphql"
        site.run("next", "build", GRAPHQL_API_URL=api_url)
        with started(site, api_url, GRAPHQL_API_WEBHOOK_SECRET=SECRET) as url:
            hook = f"{url}/api/content-changed"
            before = shown(url)
            assert "There are 2." in before["list"]
            assert shown(url) == before
            told: dict[str, Any] = {
                name: [url_of("first")] if name == "changed" else [] for name in ("added", "changed", "removed")
            }
            told |= {"total": 1, "tags": ["Question-list"], "isKnown": True}
            assert post(hook, signed(told, OTHER_SECRET)) == 401
            assert shown(url) == before
            seeds.write("first", title="What is first now?")
            seeds.write("third")
            environment = {**os.environ, "GRAPHQL_API_WEBHOOK_SECRET": SECRET}
            load = [*GRAPHQL_API, "load", *options, "--webhook", hook]
            subprocess.run(load, cwd=PROJECT_FOLDER, env=environment, check=True, stdout=subprocess.PIPE)
            after = until(url, "There are 3.")
    assert after["first"] != before["first"]
    assert after["second"] == before["second"]


def shown(url: str) -> dict[str, str]:
    """Return what the pages show."""
    paths = {"first": url_of("first"), "second": url_of("second"), "list": "/list"}
    answers = {name: httpx2.get(f"{url}{path}", timeout=DEADLINE_SECONDS) for name, path in paths.items()}
    assert {each.status_code for each in answers.values()} == {200}
    return {name: each.text.partition("<p>")[2].partition("</p>")[0] for name, each in answers.items()}


def until(url: str, text: str) -> dict[str, str]:
    """Return what the pages show once the list shows `text`: what has gone with a tag is shown once more."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while text not in (pages := shown(url))["list"]:
        assert time.monotonic() < deadline, pages
        time.sleep(0.1)
    return pages
