"""A served file that somebody cuts short: a worker may end, and is replaced; no answer is ever wrong."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx2

from benchmarks.processes import descendants
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.store.generations import generation_path, read_pointer
from tests.command_line import run_program, serving

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder

QUERY = {"query": "{ questions(first: 9) { nodes { title } } }"}
PATIENCE_SECONDS = 30.0


def title_at(url: str) -> Any:
    """Return the one title that a server answers; None for an error, or if it has ended meanwhile."""
    with suppress(httpx2.TransportError):
        answer = httpx2.post(f"{url}/graphql", json=QUERY).json()
        return None if "errors" in answer else answer["data"]["questions"]["nodes"][0]["title"]
    return None


def until(url: str, title: str, among: set[str | None]) -> None:
    """Ask until the answer has a title; until then only those `among` may come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (told := title_at(url)) != title:
        assert told in among
        assert time.monotonic() < end
        time.sleep(0.02)


def test_worker_whose_file_was_cut_short_is_replaced_and_serves_the_one_before(seeds: SeedFolder) -> None:
    """The one worker ends when it reads on; its parent starts another, and a load mends the store."""
    seeds.write("a", title="Old")
    seeds.load()
    seeds.write("a", title="New")
    seeds.load()
    with serving("--no-load", "--store", seeds.store, "--response-cache-bytes", "0") as server:
        (worker,) = descendants(server.process_id)
        assert title_at(server.url) == "New"
        os.truncate(generation_path(seeds.store, read_pointer(seeds.store)), 8_192)
        until(server.url, "Old", among={None})
        assert descendants(server.process_id) != [worker]
        assert httpx2.get(f"{server.url}/readyz").json()["status"] == "stale"
        assert run_program("load", "--seeds", seeds.root, "--store", seeds.store).returncode == ExitCode.OK
        until(server.url, "New", among={"Old"})


def test_server_that_does_not_map_files_goes_on_when_one_is_cut_short(seeds: SeedFolder) -> None:
    """It is one process, which answers the next request from the content before."""
    seeds.write("a", title="Old")
    seeds.load()
    seeds.write("a", title="New")
    seeds.load()
    with serving("--no-load", "--no-mmap", "--store", seeds.store, "--response-cache-bytes", "0") as server:
        assert descendants(server.process_id) == []
        assert title_at(server.url) == "New"
        path = generation_path(seeds.store, read_pointer(seeds.store))
        os.utime(path)
        assert title_at(server.url) == "New"
        os.truncate(path, 8_192)
        assert title_at(server.url) == "Old"
