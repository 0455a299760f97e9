"""The servers that are compared, each as a command for a port."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.processes import HOST
from benchmarks.workloads import body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.workloads import Variables, Workload

UNCACHED, CACHED = "this server, uncached", "this server, cached"
BARE = "bare Starlette route"
TUTORIAL, TUTORIAL_CACHES = "tutorial server", "tutorial, its caches on"
DATASETTE = "datasette-graphql"

# By default it gives up after a second, which 32 busy clients reach.
_DATASETTE_SETTINGS = '{"plugins": {"datasette-graphql": {"time_limit_ms": 30000, "num_queries_limit": 1000}}}'


@dataclass(frozen=True, slots=True)
class Contender:
    """One server: `command` ends where the port goes; `path` is where it takes GraphQL."""

    name: str
    command: tuple[str, ...]
    path: str = "/graphql"
    environment: Mapping[str, str] = field(default_factory=dict)

    def document(self, workload: Workload) -> str | None:
        """Return how this server is asked for `workload`, None if it cannot be."""
        if self.name == DATASETTE:
            return workload.datasette
        if self.name in {TUTORIAL, TUTORIAL_CACHES} and not workload.in_tutorial:
            return None
        return workload.document

    def ask(self, port: int, workload: Workload, variables: Variables) -> dict[str, Any]:
        """Return this server's answer in the form of this project's. Raises RuntimeError if it has errors."""
        answer = ask(f"http://{HOST}:{port}{self.path}", body(self.document(workload) or "", variables))
        is_reshaped = self.name == DATASETTE and workload.reshape
        return workload.reshape(answer) if is_reshaped and workload.reshape else answer


def ask(url: str, request_body: str) -> dict[str, Any]:
    """Return the data of the answer. Raises RuntimeError if there are errors."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(url, request_body.encode(), headers)  # noqa: S310 - http to the loopback
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - as above
        answer = json.load(response)
    if "errors" in answer:
        raise RuntimeError(f"{url} answered with errors: {answer['errors']}")
    return dict(answer["data"])


def this_server(store: Path, *, cached: bool, workers: int = 1) -> Contender:
    """Return this project's server on what is in `store`; `cached` leaves the response cache as it is by default."""
    command: tuple[str, ...] = (sys.executable, "-m", "graphql_api", "serve", "--no-load", "--store", str(store))
    command += ("--workers", str(workers)) if workers > 1 else ()
    environment = {} if cached else {"GRAPHQL_API_RESPONSE_CACHE_BYTES": "0"}
    return Contender(CACHED if cached else UNCACHED, (*command, "--port"), environment=environment)


def bare_route(body_bytes: int) -> Contender:
    """Return the bare Starlette route with a body of so many bytes."""
    return Contender(BARE, (sys.executable, "-m", "benchmarks.bare", str(body_bytes)))


def others(plain_database: Path, datasette: Path) -> list[Contender]:
    """Return the servers on the plain database; `datasette` is its program, left out where it does not run."""
    tutorial = (sys.executable, "-m", "benchmarks.tutorial", str(plain_database))
    found = [
        Contender(TUTORIAL, tutorial),
        Contender(TUTORIAL_CACHES, (sys.executable, "-m", "benchmarks.tutorial", "--caches", str(plain_database))),
    ]
    if runs(datasette):
        patience = plain_database.with_suffix(".json")
        patience.write_text(_DATASETTE_SETTINGS, encoding="utf-8")
        command = (str(datasette), "serve", "--immutable", str(plain_database), "--metadata", str(patience), "--port")
        found.append(Contender(DATASETTE, command, f"/graphql/{plain_database.stem}"))
    return found


def runs(program: Path) -> bool:
    """Return whether `program` can be run at all."""
    try:
        return subprocess.run([program, "--version"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False
