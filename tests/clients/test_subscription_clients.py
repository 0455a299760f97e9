"""The npm clients graphql-ws and graphql-sse, as their users have them: told of publishes, and back after a restart."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from tests.clients.conftest import FOLDER
from tests.loading.seed_folder import SeedFolder, url_of
from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLIENTS = {"ws", "sse"}
DEADLINE_SECONDS = 60.0
PUBLISH_SECONDS = 2.0


class Heard:
    """The lines that the clients print, as they come."""

    def __init__(self, output: IO[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(output,), daemon=True).start()

    def _read(self, output: IO[str]) -> None:
        for line in output:
            self._lines.put(line.strip())

    def until_all_say(self, word: str, seconds: float = DEADLINE_SECONDS) -> dict[str, str]:
        """Return what follows the word in the first such line of each client; some may be missing after a while."""
        found: dict[str, str] = {}
        deadline = time.monotonic() + seconds
        while found.keys() != CLIENTS and time.monotonic() < deadline:
            try:
                client, said, *rest = self._lines.get(timeout=0.1).split(" ", 2)
            except queue.Empty:
                continue
            assert said in {"connected", "event"}, (client, said, rest)
            if said == word:
                found.setdefault(client, *rest or [""])
        return found


@contextmanager
def served(seeds: SeedFolder, port: int = 0) -> Iterator[str]:
    """Give the address of a server over these seeds, at a port."""
    command = [sys.executable, "-m", "graphql_api", "serve", "--port", str(port)]
    with running([*command, "--seeds", str(seeds.root), "--store", str(seeds.store)]) as program:
        yield program.url


@contextmanager
def listening(node: str, url: str) -> Iterator[Heard]:
    """Give what the two clients hear."""
    environment = {**os.environ, "GRAPHQL_API_URL": f"{url}/graphql"}
    with subprocess.Popen(
        [node, "live.mjs"], cwd=FOLDER, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        try:
            yield Heard(process.stdout)
        finally:
            process.terminate()


def told_of_a_publish(heard: Heard, seeds: SeedFolder) -> None:
    """Publish until both clients are told: the first time, their subscriptions may be on their way."""
    for number in range(int(DEADLINE_SECONDS / PUBLISH_SECONDS)):
        name = f"n{number}-{seeds.load().sequence}"
        seeds.write(name)
        seeds.load()
        told = heard.until_all_say("event", PUBLISH_SECONDS)
        if told.keys() == CLIENTS:
            assert all(json.loads(event)["added"] == [url_of(name)] for event in told.values())
            return
    raise AssertionError("nobody was told")


def test_npm_clients_are_told_of_publishes_and_come_back_after_a_restart(node: str, tmp_path: Path) -> None:
    """By themselves, whatever the server was stopped for; what it says at its end is no error to them."""
    seeds = SeedFolder(tmp_path)
    seeds.write("first")
    with ExitStack() as clients:
        with served(seeds) as url:
            heard = clients.enter_context(listening(node, url))
            assert heard.until_all_say("connected").keys() == CLIENTS
            told_of_a_publish(heard, seeds)
        with served(seeds, int(url.rpartition(":")[2])):
            assert heard.until_all_say("connected").keys() == CLIENTS
            told_of_a_publish(heard, seeds)
