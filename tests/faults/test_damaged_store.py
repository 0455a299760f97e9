"""A damaged store as those outside see it: the server, its probe, its log, and the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2

from graphql_api.cli.exit_codes import ExitCode
from graphql_api.store.generations import generation_path, read_pointer
from tests.command_line import run_program, serving

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder

QUERY = {"query": "{ content { version } questions(first: 9) { nodes { title } } }"}


def flip(seeds: SeedFolder, place: int) -> None:
    """Turn a bit of the current generation."""
    path = generation_path(seeds.store, read_pointer(seeds.store))
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def ask(url: str) -> Any:
    """Return the data of an answer without errors."""
    answer = httpx2.post(f"{url}/graphql", json=QUERY).json()
    assert "errors" not in answer
    return answer["data"]


def test_server_on_a_damaged_generation_serves_the_one_before_and_says_so(seeds: SeedFolder) -> None:
    """The probe is not ready and names both versions; a load mends it without a restart."""
    seeds.write("a", title="Old")
    old = seeds.load().version
    seeds.write("a", title="New")
    new = seeds.load().version
    flip(seeds, 20)
    with serving("--no-load") as server:
        assert "its checksum differs" in server.printed
        assert f"Serving version {old}" in server.printed
        assert ask(server.url) == {"content": {"version": old}, "questions": {"nodes": [{"title": "Old"}]}}
        probe = httpx2.get(f"{server.url}/readyz")
        told = probe.json()
        assert (probe.status_code, told["status"], told["version"], told["published"]) == (503, "stale", old, new)
        assert told["errors"][0]["extensions"]["code"] == "STALE_CONTENT"
        assert str(seeds.store) not in probe.text
        loaded = run_program("load")
        assert (loaded.returncode, "GENERATION_DAMAGED" in loaded.stdout) == (ExitCode.OK, True)
        assert ask(server.url)["questions"] == {"nodes": [{"title": "New"}]}
        assert httpx2.get(f"{server.url}/readyz").json()["status"] == "ready"


def test_no_command_ends_in_a_traceback_over_a_damaged_generation(seeds: SeedFolder) -> None:
    """Without anything sound to serve, one line says what is wrong and what to do; `serve` with a load mends it."""
    seeds.write("a", title="Good")
    seeds.load()
    flip(seeds, 20)
    for command in (["serve", "--no-load", "--port", "0"], ["explain", "-"]):
        ended = run_program(*command, stdin="{ content { version } }")
        assert (ended.returncode, ended.stdout) == (ExitCode.UNREADABLE, "")
        assert ended.stderr.count("\n") == 1
        assert "Load again" in ended.stderr
    with serving() as server:
        assert "GENERATION_DAMAGED" in server.printed
        assert ask(server.url)["questions"] == {"nodes": [{"title": "Good"}]}
