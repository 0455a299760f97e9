"""The servers that are compared, each as a command for a port."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli  # type: ignore[import-untyped]  # it has no types

from benchmarks.processes import HOST
from benchmarks.words import DATASETTE, POSTGRAPHILE
from benchmarks.workloads import body

if sys.version_info >= (3, 14):  # pragma: no cover - one of the two is
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.workloads import Variables, Workload

UNCACHED, CACHED = "this server, uncached", "this server, cached"
BEFORE_UNCACHED, BEFORE_CACHED = "before, uncached", "before, cached"
BARE = "bare Starlette route"
BARE_COMPRESSED = "bare route, bytes compressed before"
TUTORIAL, TUTORIAL_CACHES = "tutorial server", "tutorial, its caches on"
MERCURIUS = "mercurius, its JIT on"

PEERS = Path(__file__).parent / "peers"
_PRODUCTION = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}

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
        if not workload.is_everywhere and self.name not in {UNCACHED, CACHED}:
            return None  # ranking and snippets were others before, too
        words = workload.words.get(self.name)
        return words.document if words else workload.document

    @property
    def is_ours(self) -> bool:
        """Whether it is this project's, so that it has everything, compressed to whoever takes that."""
        return self.name in {UNCACHED, CACHED, BEFORE_UNCACHED, BEFORE_CACHED}

    def ask(
        self, port: int, workload: Workload, variables: Variables, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return this server's answer in the form of this project's. Raises RuntimeError if it has errors."""
        request_body = body(self.document(workload) or "", variables)
        answer = ask(f"http://{HOST}:{port}{self.path}", request_body, headers or {})
        words = workload.words.get(self.name)
        return words.reshape(answer) if words else answer


def ask(url: str, request_body: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the data of the answer, whatever its content coding. Raises RuntimeError if there are errors."""
    sent = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
    request = urllib.request.Request(url, request_body.encode(), sent)  # noqa: S310 - http to the loopback
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - as above
        answer = json.loads(_DECODERS[response.headers.get("Content-Encoding", "")](response.read()))
    if "errors" in answer:
        raise RuntimeError(f"{url} answered with errors: {answer['errors']}")
    return dict(answer["data"])


_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda body: zlib.decompress(body, 31),
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


def this_server(store: Path, *, cached: bool, workers: int = 1) -> Contender:
    """Return this project's server on what is in `store`; `cached` leaves the response cache as it is by default."""
    command = _serve((sys.executable,), store)
    command = (*command[:-1], "--workers", str(workers), command[-1]) if workers > 1 else command
    return Contender(CACHED if cached else UNCACHED, command, environment=_caching(cached=cached))


def before(checkout: Path, store: Path, *, cached: bool) -> Contender:
    """Return the server of another checkout of this project, which has loaded `store` itself."""
    environment = {**_caching(cached=cached), **environment_of(checkout)}
    return Contender(
        BEFORE_CACHED if cached else BEFORE_UNCACHED, _serve(python_of(checkout), store), environment=environment
    )


def python_of(checkout: Path) -> tuple[str, ...]:
    """Return the start of a command by which a checkout runs its own code, wherever that is started."""
    return (str(checkout / ".venv" / "bin" / "python"), "-P")


def environment_of(checkout: Path) -> dict[str, str]:
    """Return the environment that goes with `python_of`."""
    return {"PYTHONPATH": str(checkout)}


def _serve(python: tuple[str, ...], store: Path) -> tuple[str, ...]:
    return (*python, "-m", "graphql_api", "serve", "--no-load", "--store", str(store), "--port")


def _caching(*, cached: bool) -> dict[str, str]:
    return {} if cached else {"GRAPHQL_API_RESPONSE_CACHE_BYTES": "0"}


def bare_route(body_bytes: int, coding: str = "") -> Contender:
    """Return the bare Starlette route with a body of so many bytes; with a `coding`, they are compressed ones."""
    command = (sys.executable, "-m", "benchmarks.bare", *(("--coding", coding) if coding else ()), str(body_bytes))
    return Contender(BARE_COMPRESSED if coding else BARE, command)


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


def mercurius(node: Path, plain_database: Path) -> Contender:
    """Return mercurius on the plain database."""
    return Contender(MERCURIUS, (str(node), str(PEERS / "mercurius.js"), str(plain_database)), environment=_PRODUCTION)


def postgraphile(node: Path, socket: Path) -> Contender:
    """Return PostGraphile on the PostgreSQL whose socket is in the folder `socket`."""
    return Contender(POSTGRAPHILE, (str(node), str(PEERS / "postgraphile.js"), str(socket)), environment=_PRODUCTION)
