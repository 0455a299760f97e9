"""Workers: one url, several processes, and a parent that keeps them going and ends them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import httpx2
import pytest

from graphql_api.loading.load import load
from graphql_api.server.errors import StartupError
from graphql_api.server.workers import Supervisor
from tests.command_line import PROGRAM, seed, write_seeds
from tests.server.programs import DEADLINE_SECONDS, PROJECT_FOLDER, running

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

SMALL_SERVER = [sys.executable, "-m", "tests.server.small_server", "workers=2"]
BY_WAY = {"short": SMALL_SERVER, "asgi": [*SMALL_SERVER, "by_asgi=1"]}
CONNECTIONS = 32


def workers_of(process_id: int) -> set[int]:
    """Return the process ids of the children of a process."""
    return set(map(int, Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()))


def socket_count(process_id: int) -> int:
    """Return how many sockets a process has open."""
    return sum(path.is_socket() for path in Path(f"/proc/{process_id}/fd").iterdir())


def is_alive(process_id: int) -> bool:
    """Return whether a process runs."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as `is_so()`; fail if that takes too long."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def version_from(client: httpx2.Client) -> str:
    """Return the version that a request over this client's connection is answered from."""
    version = client.post("/graphql", json={"query": "{ content { version } }"}).json()["data"]["content"]["version"]
    return str(version)


def test_every_worker_serves_a_new_generation_from_the_first_request_after_a_publish(tmp_path: Path) -> None:
    """Over connections to all workers, each with a warm cache, no answer after a load has an older version."""
    seeds, store = write_seeds(tmp_path / "seeds", 3), tmp_path / "store"
    command = [*PROGRAM, "serve", "--seeds", str(seeds), "--store", str(store), "--port", "0", "--workers", "2"]
    with running(command) as program, ExitStack() as stack:
        workers = workers_of(program.process.pid)
        before = {worker: socket_count(worker) for worker in workers}
        clients = [stack.enter_context(httpx2.Client(base_url=program.url)) for _ in range(CONNECTIONS)]
        versions = {version_from(client) for client in clients}
        assert len(workers) == 2
        assert all(socket_count(worker) > before[worker] for worker in workers)
        for number in range(5):
            (seeds / "0.md").write_text(seed(0, f"score: {number}\n"))
            published = asyncio.run(load(seeds, store)).version
            assert published not in versions
            versions.add(published)
            assert {version_from(client) for client in clients} == {published}


def test_worker_that_is_killed_is_replaced_and_requests_go_on() -> None:
    """kill -9 costs the connections of that worker; new ones are answered, and soon there are two workers again."""
    with running(SMALL_SERVER) as program:
        before = workers_of(program.process.pid)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        assert [httpx2.get(f"{program.url}/healthz").status_code for _ in range(20)] == [200] * 20
        wait_until(lambda: len(workers_of(program.process.pid) - {killed}) == 2)
        assert len(workers_of(program.process.pid) & before) == 1
        line = f" WARNING Worker {killed} was ended by SIGKILL; another one takes its place.\n"
        assert program.output.readline().endswith(line)
        assert [httpx2.get(f"{program.url}/healthz").status_code for _ in range(20)] == [200] * 20


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_signal_to_the_parent_finishes_the_requests_in_flight(way: str, signal_number: signal.Signals) -> None:
    """Each worker answers what it has begun; then all are gone, the exit code is 0, and nothing more was printed."""
    with running(BY_WAY[way]) as program, ThreadPoolExecutor(8) as pool:
        workers = workers_of(program.process.pid)
        query = {"query": "query Slow { content { version } }", "operationName": "Slow"}
        requests = [pool.submit(httpx2.post, f"{program.url}/graphql", json=query) for _ in range(8)]
        assert [program.output.readline() for _ in requests] == ["slow\n"] * 8
        program.process.send_signal(signal_number)
        assert [request.result().json() for request in requests] == [{"data": {"content": {"version": "v1"}}}] * 8
        assert program.output.read() == ""
        assert not any(map(is_alive, workers))


def test_interrupt_of_the_whole_group_ends_it_once() -> None:
    """Ctrl+C on a terminal goes to the parent and to every worker; that is one end, not two."""
    with running(SMALL_SERVER) as program:
        for process_id in (*workers_of(program.process.pid), program.process.pid):
            os.kill(process_id, signal.SIGINT)
        assert program.output.read() == ""


def test_workers_end_when_their_parent_is_gone() -> None:
    """Nobody would end them otherwise, and they would keep the port."""
    with subprocess.Popen(SMALL_SERVER, cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://")
        workers = workers_of(process.pid)
        process.kill()
    assert len(workers) == 2
    wait_until(lambda: not any(map(is_alive, workers)))


def supervise(work: Callable[[int, Callable[[], None], int], None], grace_seconds: float = 60.0) -> list[str]:
    """Supervise two workers in this process, send it SIGTERM when they are ready, and return what was called."""
    called: list[str] = []

    def end() -> None:
        called.append("ready")
        os.kill(os.getpid(), signal.SIGTERM)

    Supervisor(work, 2, grace_seconds).run(end, on_ending=lambda: called.append("ending"))
    return called


def test_worker_that_does_not_end_is_killed() -> None:
    """The end comes even when a worker does not listen."""

    def stay(_number: int, ready: Callable[[], None], _lifeline: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        ready()
        time.sleep(10 * DEADLINE_SECONDS)

    assert supervise(stay, grace_seconds=0.2) == ["ready", "ending"]


def test_worker_that_fails_before_it_is_ready_is_a_startup_error() -> None:
    """No url is told; the other workers are ended, and the signals' handlers are as they were."""

    def fail(number: int, ready: Callable[[], None], _lifeline: int) -> None:
        if number:
            raise RuntimeError("no content")
        ready()
        time.sleep(10 * DEADLINE_SECONDS)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(StartupError, match="A worker did not start"):
        supervise(fail)
    assert signal.getsignal(signal.SIGTERM) is before


def test_signal_before_the_workers_are_ready_ends_them() -> None:
    """Who gives up waiting for the start does not have to wait for its end."""
    parent = os.getpid()

    def dawdle(number: int, _ready: Callable[[], None], _lifeline: int) -> NoReturn:
        if number:
            os.kill(parent, signal.SIGTERM)
        time.sleep(10 * DEADLINE_SECONDS)
        raise AssertionError("nobody ended this worker")

    assert supervise(dawdle) == ["ending"]
