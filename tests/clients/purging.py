"""What the recipes for webhooks run in: the purge API of a CDN that notes what it is told, and each receiver."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from graphql_api.server.standard_webhooks import signature
from tests.clients.conftest import FOLDER
from tests.clients.sites import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the specification
DEADLINE_SECONDS = 30.0

# A Worker in the runtime of Cloudflare; whatever it asks, it asks the purge API of the test.
_WORKERD = """
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .purge),
    (name = "api", external = (address = "127.0.0.1:{api}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const purge :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2025-01-01",
  globalOutbound = "api",
  bindings = [
    (name = "GRAPHQL_API_WEBHOOK_SECRET", text = "{secret}"),
    (name = "CLOUDFLARE_ZONE", text = "zone"),
    (name = "CLOUDFLARE_TOKEN", text = "token"),
  ],
);
"""
_TSCONFIG = {
    "compilerOptions": {
        "target": "es2022",
        "lib": ["es2022", "dom", "dom.iterable"],
        "strict": True,
        "skipLibCheck": True,
        "noEmit": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "types": [],
    },
    "include": ["**/*.ts"],
}


@dataclass(frozen=True, slots=True)
class Call:
    """What the API was asked: path, headers with lower-case names, and body."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(slots=True)
class PurgeAPI:
    """The API of a CDN on the loopback; answers with `statuses` in turn, the last one for ever."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])

    def wait_for(self, count: int) -> list[Call]:
        """Return the calls once there are so many."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while len(self.calls) < count:
            assert time.monotonic() < deadline, self.calls
            time.sleep(0.01)
        return self.calls


@contextmanager
def purge_api() -> Iterator[PurgeAPI]:
    """Give an API that listens."""
    api = PurgeAPI()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            api.calls.append(Call(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(api.statuses.pop(0) if len(api.statuses) > 1 else api.statuses[0])
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        api.port = server.server_address[1]
        yield api
        server.shutdown()


@contextmanager
def fastly(node: str, api: PurgeAPI) -> Iterator[str]:
    """Run the receiver for Fastly; gives its url."""
    site = Site("fastly", ["fastly/"], page="reloading")
    variables = {
        "FASTLY_API": f"http://127.0.0.1:{api.port}",
        "FASTLY_SERVICE": "service",
        "FASTLY_TOKEN": "token",
        "GRAPHQL_API_WEBHOOK_SECRET": SECRET,
        "PORT": "0",
    }
    with _printing_url([node, "fastly/purge.mjs"], site, r"http://127\.0\.0\.1:\d+", **variables) as url:
        yield url


@contextmanager
def cloudflare(node: str, api: PurgeAPI) -> Iterator[str]:
    """Check the types of the receiver for Cloudflare and run it in the runtime of Workers; gives its url."""
    assert node
    site = Site("cloudflare", ["cloudflare/"], page="reloading")
    site.write("tsconfig.json", json.dumps(_TSCONFIG))
    site.run("tsc", "-p", ".")
    site.run("esbuild", "cloudflare/worker.ts", "--bundle", "--format=esm", "--outfile=worker.js", "--log-level=error")
    site.write("config.capnp", _WORKERD.format(api=api.port, secret=SECRET))
    (workerd,) = (FOLDER / "node_modules" / "@cloudflare").glob("workerd-*/bin/workerd")
    command = [str(workerd), "serve", "config.capnp", "--control-fd=1"]
    with _printing_url(command, site, r'"socket":"http","port":(\d+)') as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _printing_url(command: Sequence[str], site: Site, pattern: str, **variables: str) -> Iterator[str]:
    """Run a program in a site's folder until the block ends; gives what it prints that matches `pattern`."""
    with subprocess.Popen(
        command,
        cwd=site.folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        try:
            printed = ""
            for line in process.stdout:
                printed += line
                if found := re.search(pattern, line):
                    yield found[found.re.groups]
                    break
            else:
                raise AssertionError(printed)
        finally:
            process.terminate()


def signed(data: dict[str, object], secret: str = SECRET) -> httpx2.Request:
    """Return a message of a publish as the server sends it, to any url."""
    body, now = json.dumps({"type": "content.changed", "data": data}).encode(), int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret, "msg_1", now, body),
    }
    return httpx2.Request("POST", "http://receiver/", headers=headers, content=body)


def post(url: str, message: httpx2.Request) -> int:
    """Send a message, and return the status of the answer."""
    headers = {name: message.headers[name] for name in message.headers if name.startswith("webhook-")}
    return httpx2.post(url, headers=headers, content=message.content, timeout=DEADLINE_SECONDS).status_code
