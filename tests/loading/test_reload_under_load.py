"""Reloads while clients query: no request fails, and no answer is mixed from two generations."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from graphql_api.loading.load import load
from tests.loading.seed_folder import related, url_of
from tests.server.programs import running
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder

pytestmark = uncounted

FILES = 12
RELOADS = 50
CLIENTS = 3
QUERY = """
query ($url: String!) {
  content { version questionCount }
  questions(first: 50) { nodes { title answer { text } relatedArticles { question { title } } } }
  question(by: {url: $url}) { title subject { title } }
}
"""
NUMBER = re.compile(r"number(\d+)")


def write_content(seeds: SeedFolder, number: int) -> None:
    """Have every title, answer and subject say `number`."""
    for at in range(FILES):
        said = f"number{number}"
        more = related(1, f"n{(at + 1) % FILES}")
        seeds.write(f"n{at}", title=f"N {said}", answer=f"It is {said}.", subject=f"S {said}", more=more)


class Client:
    """Asks one question after the other over one connection, until it is told to stop."""

    def __init__(self, url: str, *, cached: bool) -> None:
        self._netloc = urlsplit(url).netloc
        # A comment of its own makes a document that no cache knows; an answer from a cache must be as current.
        self._cached = cached
        self.answers: list[dict[str, Any]] = []
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        connection = http.client.HTTPConnection(self._netloc, timeout=30)
        while not self._stop.is_set():
            try:
                self._ask(connection)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failures.append(repr(error))
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection) -> None:
        query = QUERY if self._cached else f"{QUERY}# {len(self.answers)}"
        body = json.dumps({"query": query, "variables": {"url": url_of("n0")}})
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read().decode()
        if response.status != http.client.OK or '"errors"' in answer:
            self.failures.append(f"{response.status} {answer[:300]}")
        else:
            self.answers.append(json.loads(answer)["data"])


def test_reloads_under_load_fail_no_request_and_mix_no_answer(seeds: SeedFolder) -> None:
    """Through fifty reloads every answer is whole, of one generation, and never older than one seen before."""
    write_content(seeds, 0)
    number_of = {seeds.load().version: 0}
    command = [sys.executable, "-m", "graphql_api", "serve", "--no-load", "--store", str(seeds.store), "--port", "0"]
    with running(command) as server:
        clients = [Client(server.url, cached=at == 0) for at in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for number in range(1, RELOADS + 1):
                write_content(seeds, number)
                number_of[asyncio.run(load(seeds.root, seeds.store)).version] = number
        finally:
            for client in clients:
                client.stop()
    assert len(number_of) == RELOADS + 1
    for client in clients:
        assert client.failures == []
        numbers = [number_in(answer) for answer in client.answers]
        assert numbers == [number_of[answer["content"]["version"]] for answer in client.answers]
        assert numbers == sorted(numbers)
    seen = {number_in(answer) for client in clients for answer in client.answers}
    assert len(seen) > RELOADS // 2


def number_in(answer: dict[str, Any]) -> int:
    """Return the one number that every text of a whole answer says."""
    assert answer["content"]["questionCount"] == len(answer["questions"]["nodes"]) == FILES
    found = NUMBER.findall(json.dumps(answer))
    assert len(found) == 3 * FILES + 2
    (number,) = set(found)
    return int(number)
