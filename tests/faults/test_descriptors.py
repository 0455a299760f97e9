"""A server whose file descriptors run out: it goes on, and has the new content as soon as there are some."""

from __future__ import annotations

import resource
import socket
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest

from benchmarks.processes import descendants
from tests.server.programs import running

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder

QUERY = {"query": "{ questions(first: 9) { nodes { title } } }"}
PATIENCE_SECONDS = 30


def title_at(client: httpx2.Client, url: str) -> str:
    """Return the one title that a server has."""
    ((title,),) = [
        [node["title"] for node in client.post(f"{url}/graphql", json=QUERY).json()["data"]["questions"]["nodes"]]
    ]
    return str(title)


@pytest.mark.parametrize("descriptors", [40, 64])
def test_generation_published_while_descriptors_are_exhausted_is_served_afterwards(
    seeds: SeedFolder, descriptors: int
) -> None:
    """Connections that hold all of them: those that are open are answered, and no traceback tells of it."""
    seeds.write("a", title="Old")
    seeds.load()
    command = [sys.executable, "-m", "graphql_api", "serve", "--no-load", "--store", str(seeds.store), "--port", "0"]
    with running(command) as server, httpx2.Client() as client:
        assert title_at(client, server.url) == "Old"
        (worker,) = descendants(server.process.pid)
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (descriptors, descriptors))
        address = (urlsplit(server.url).hostname, urlsplit(server.url).port)
        idle = [socket.create_connection(address) for _ in range(2 * descriptors)]
        try:
            seeds.write("a", title="New")
            seeds.load()
            for _ in range(5):
                assert title_at(client, server.url) in {"Old", "New"}
        finally:
            for each in idle:
                each.close()
        end = time.monotonic() + PATIENCE_SECONDS
        while title_at(client, server.url) != "New":
            assert time.monotonic() < end
            time.sleep(0.05)
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
        server.process.terminate()
        assert "Traceback" not in server.output.read()
