"""How soon a server answers: from its command to the first answer."""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import this_server
from benchmarks.loading import load
from benchmarks.processes import HOST, free_port, pinned
from benchmarks.results import at_most, measured
from benchmarks.synthesize_model import synthesize_model
from benchmarks.workloads import body
from graphql_api.model.language import read_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.results import Row
    from benchmarks.workloads import Workload

_BOTH = (0, 1)
_TYPES, _ENTRIES = 40, 20
_START_MS, _START_OF_MANY_MS = 250, 500
PATIENCE_SECONDS = 60.0
_STEP_SECONDS = 0.002
_TYPE = """
type Kind{number} @content(files: ["kind{number}/*.yml"]) {{
  slug: String! @from(file: NAME) @key @filter
  title: String! @order(default: ASC) @search
  date: DateTime! @filter @order
  rating: Int @filter @order
  isNew: Boolean! @default(value: false) @filter
  tags: [String!]! @filter @facet
  summary: RichText
  next: Kind{next} @ref(missing: KEEP) @filter
}}
"""


def many_types() -> str:
    """Return a model of 40 types, each of which refers to the next."""
    return "".join(_TYPE.format(number=number, next=(number + 1) % _TYPES) for number in range(_TYPES))


def measure_starts(store: Path, workload: Workload, rounds: int) -> list[Row]:
    """Measure the time from a server's command to its first answer, on `store` and on one of 40 types."""
    with tempfile.TemporaryDirectory() as folder:
        many = Path(folder, "store")
        synthesize_model(read_model(many_types()), _ENTRIES, 1, Path(folder, "seeds"))
        load(Path(folder, "seeds"), many)
        asked = {
            "built-in model": (store, body(workload.document, workload.variables[0]), _START_MS),
            f"{_TYPES} types": (many, body('{ kind7(by: {slug: "kind7-0"}) { title } }', {}), _START_OF_MANY_MS),
        }
        took: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(rounds + 1):
            for name, (where, request, _) in asked.items():
                took[name].append(_start_milliseconds(where, request))
    rows = []
    for name, (_, *some) in took.items():
        aim = at_most(statistics.median(some), asked[name][2], "ms")
        rows.append(measured("Start to first answer", name, some, "ms", aim=aim))
    return rows


def _start_milliseconds(store: Path, request: str) -> float:
    started = time.perf_counter()
    with running([*this_server(store, cached=True).command]) as port:
        until_answered(port, request, b'"title"')
        return (time.perf_counter() - started) * 1e3


@contextmanager
def running(command: Sequence[str]) -> Iterator[int]:
    """Run a server on both cores, at once and without waiting until it listens; give its port, and end it."""
    port = free_port()
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            pinned([*command, str(port)], _BOTH), stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            yield port
        except TimeoutError as error:
            log.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {error}\n{log.read().decode(errors='replace')}") from error
        finally:
            process.terminate()


def until_answered(port: int, request: str, part: bytes) -> None:
    """Ask again and again until there is an answer with `part` in it. Raises TimeoutError after a minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = b"nothing"
    while time.monotonic() < deadline:
        with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
            try:
                connection.request("POST", "/graphql", request, headers)
                answer = connection.getresponse().read()
            except OSError:
                pass
            if part in answer:
                return
        time.sleep(_STEP_SECONDS)
    raise TimeoutError(f"no answer with {json.dumps(part.decode())} in a minute; the last was {answer.decode()[:200]}")
