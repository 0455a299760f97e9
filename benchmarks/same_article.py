"""One article again and again: from the cache, compressed or not, and only asked whether it has changed."""

from __future__ import annotations

import contextlib
import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from benchmarks import contenders as who
from benchmarks.contenders import bare_route
from benchmarks.processes import HOST
from benchmarks.results import at_least, at_most, served
from benchmarks.rounds import Field, answered, median_rate, p99_to_p50, rounds
from benchmarks.workloads import body
from benchmarks.wrk import BROWSER, Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.results import Row
    from benchmarks.rounds import Pace
    from benchmarks.workloads import Workload

_NOT_MODIFIED = "this server, 304"
_CACHED, _COMPRESSED = 1.1, 0.75
_P99_TO_P50 = 2


def measure_same_article(field: Field, workload: Workload, pace: Pace) -> list[Row]:
    """Measure the servers with a cache that run in `field`, first without a browser's header and then with it."""
    return [*_plain(field, workload, pace), *_compressed(field, workload, pace)]


def _plain(field: Field, workload: Workload, pace: Pace) -> list[Row]:
    port, path = field.ports[who.CACHED], _path(workload)
    traffics = _cached(field, workload, {})
    traffics[_NOT_MODIFIED] = Traffic(port, [""], path, "GET", {"If-None-Match": _entity_tag(port, path)})
    return _rows("The same article", traffics, {who.BARE: answered(traffics[who.CACHED])[0]}, pace)


def _compressed(field: Field, workload: Workload, pace: Pace) -> list[Row]:
    traffics = _cached(field, workload, BROWSER)
    plain_bytes, _ = answered(_cached(field, workload, {})[who.CACHED])
    compressed_bytes, coding = answered(traffics[who.CACHED])
    sizes = {who.BARE: plain_bytes, who.BARE_COMPRESSED: compressed_bytes}
    return _rows(f"The same article, {coding or 'too short to be compressed'}", traffics, sizes, pace, coding)


def _cached(field: Field, workload: Workload, headers: Mapping[str, str]) -> dict[str, Traffic]:
    request = body(workload.document, workload.variables[0])
    return {
        name: Traffic(field.ports[name], [request], headers=headers)
        for name in (who.CACHED, who.BEFORE_CACHED)
        if name in field.ports
    }


def _rows(
    what: str, traffics: Mapping[str, Traffic], bare_bytes: Mapping[str, int], pace: Pace, coding: str = ""
) -> list[Row]:
    """Measure `traffics` beside bare routes with so many bytes, and compare with the last of these."""
    headers = traffics[who.CACHED].headers
    with contextlib.ExitStack() as stack:
        bare = Field(stack, pace)
        routes = {
            name: Traffic(
                bare.start(bare_route(size, coding if name == who.BARE_COMPRESSED else "")), ["{}"], headers=headers
            )
            for name, size in bare_bytes.items()
        }
        samples = rounds({**traffics, **routes}, pace)
    rate = {name: median_rate(some) for name, some in samples.items()}
    rows = []
    for name, some in samples.items():
        to_bare = {route: rate[name] / rate[route] for route in routes}
        ratio, aim = "; ".join(f"{value:.2f} × {_short(route)}" for route, value in to_bare.items()), ""
        if name == who.CACHED:
            to_p50 = p99_to_p50(some)
            *_, compared = to_bare.values()
            ratio += f"; p99 {to_p50:.1f} × p50"
            aim = at_least(compared, _COMPRESSED if who.BARE_COMPRESSED in routes else _CACHED)
            aim += f"; p99 {at_most(to_p50, _P99_TO_P50, '× p50')}"
        elif name == _NOT_MODIFIED:
            aim = "≥ cached" if rate[name] >= rate[who.CACHED] else "≥ cached (missed)"
        elif name in routes:
            ratio = ""
        else:
            ratio = f"this: {rate[who.CACHED] / rate[name]:.2f} ×"
        rows.append(served(what, name, some, ratio=ratio, aim=aim))
    return rows


def _short(route: str) -> str:
    return "bare" if route == who.BARE else "those bytes, bare"


def _path(workload: Workload) -> str:
    variables = workload.variables[0]
    query = {"query": " ".join(workload.document.split()), "variables": f'{{"url": "{variables["url"]}"}}'}
    return f"/graphql?{urlencode(query)}"


def _entity_tag(port: int, path: str) -> str:
    """Return the entity tag of an answer, once a request with it gets a 304. Raises RuntimeError if none does."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    with contextlib.closing(connection):
        tag = _get(connection, path, {"Accept": "application/json"}).headers.get("ETag") or ""
        response = _get(connection, path, {"Accept": "application/json", "If-None-Match": tag})
    if response.status != http.HTTPStatus.NOT_MODIFIED:
        raise RuntimeError(f"If-None-Match: {tag} was answered with {response.status}, not with 304.")
    return tag


def _get(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    response.read()
    return response
