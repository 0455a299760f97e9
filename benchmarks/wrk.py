"""The load generator: wrk, with a script that sends prepared requests by chance and prints what it saw."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import HOST, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONNECTIONS = 32
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
"""What browsers send of themselves, and no load generator does: the answers are compressed."""

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_SCRIPT = """
local requests = {{}}
function init()
  math.randomseed({seed})
  for line in io.lines("{bodies}") do
    requests[#requests + 1] = wrk.format("{method}", "{path}", {{ {headers} }}, line ~= "" and line or nil)
  end
end
function request() return requests[math.random(#requests)] end
{delay}
function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %d %d %f %f %d", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests to send in any order over so many connections; an empty body is no body.

    `pause_ms` is waited before each request, on each connection.
    """

    port: int
    bodies: Sequence[str]
    path: str = "/graphql"
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    pause_ms: int = 0
    connections: int = CONNECTIONS


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run saw; latencies in milliseconds."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float


def send(traffic: Traffic, seconds: int, cores: Sequence[int], seed: int = 1) -> Sample:
    """Send `traffic` for so long. Raises RuntimeError if a request failed."""
    with tempfile.TemporaryDirectory() as folder:
        script = _write_script(traffic, Path(folder), seed)
        url = f"http://{HOST}:{traffic.port}"
        _, output = run(
            ["wrk", "-t1", f"-c{traffic.connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url],
            cores,
        )
    result = next(line for line in output.splitlines() if line.startswith("RESULT")).split()[1:]
    requests, microseconds, p50, p99, errors = map(float, result)
    if errors:
        raise RuntimeError(f"{errors:.0f} of {requests:.0f} requests to {url}{traffic.path} failed.\n{output}")
    return Sample(requests / microseconds * 1e6, p50 / 1e3, p99 / 1e3)


def _write_script(traffic: Traffic, folder: Path, seed: int) -> Path:
    bodies, script = folder / "bodies.txt", folder / "script.lua"
    bodies.write_text("\n".join(traffic.bodies) + "\n", encoding="utf-8")
    headers = {"Host": f"{HOST}:{traffic.port}", **_HEADERS, **traffic.headers}
    text = _SCRIPT.format(
        seed=seed,
        bodies=bodies,
        method=traffic.method,
        path=traffic.path,
        headers=", ".join(f"[ [[{name}]] ] = [[{value}]]" for name, value in headers.items()),
        delay=f"function delay() return {traffic.pause_ms} end" if traffic.pause_ms else "",
    )
    script.write_text(text, encoding="utf-8")
    return script
