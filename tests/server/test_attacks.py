"""Attacks: whatever is sent, it is answered or refused with a code, and keeps nobody else waiting."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import orjson
import pytest

from benchmarks.attack import main as attack
from benchmarks.attacks import body, catalogue
from benchmarks.random_attacks import drawn
from graphql_api.app import create_app, open_store
from graphql_api.engine.executor import Executor
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import HTTPRequest
from graphql_api.server.routes import Application
from graphql_api.settings import ConnectionLimits, Settings
from tests.engine.conftest import SEEDS
from tests.engine.product import Product
from tests.random_seeds import random_seeds
from tests.server.programs import running
from tests.server.ways import Listening
from tests.server.wire import connected, post, read_all, replies, send_until_refused
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.attacks import Attack
    from graphql_api.server.http_message import HTTPResponse

JSON = b"application/json"
MODERN = b"application/graphql-response+json"
ALL = catalogue()
GROUPS = 6
LOOP_SECONDS = 0.5
"""Ten times what is promised: this is the time of a processor, which others slow down by using its caches."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the seeds."""
    folder = tmp_path_factory.mktemp("store")
    with Product(folder) as product:
        product.load(SEEDS)
    return folder


def answered(folder: Path, attacks: Iterable[Attack]) -> list[tuple[str, HTTPResponse, float]]:
    """Return the name of each attack, its answer, and for how long it kept the event loop, in seconds of its thread."""

    async def answers() -> list[tuple[str, HTTPResponse, float]]:
        async with open_store(Settings(folder)) as store:
            http = GraphQLOverHTTP(Executor(store), HTTPLimits())
            found = []
            for attack in attacks:
                gc.collect()  # what others have left behind is not this one's
                before = time.thread_time()
                answer = await http.answer(HTTPRequest("POST", attack.data, JSON, MODERN))
                found.append((attack.name, answer, time.thread_time() - before))
            return found

    gc.freeze()  # what the tests before have made need not be looked at again and again
    try:
        return asyncio.run(answers())
    finally:
        gc.unfreeze()


def check(answer: HTTPResponse) -> None:
    """See that an answer is data, or errors of which each has a code, with a status that says which."""
    decoded = orjson.loads(answer.body)
    assert answer.status < 500
    assert set(decoded) <= {"data", "errors"}
    assert all(error["extensions"]["code"] and error["message"] for error in decoded.get("errors", []))
    assert all(len(orjson.dumps(error)) < 4_000 for error in decoded.get("errors", []))
    assert (answer.status == 200) == ("data" in decoded)


def test_catalogue_is_large_enough() -> None:
    """Each attack has a name of its own."""
    assert len(ALL) == len({attack.name for attack in ALL}) >= 300


@pytest.mark.parametrize("group", range(GROUPS))
def test_attack_is_answered_or_refused_and_does_not_keep_the_loop(folder: Path, group: int) -> None:
    """Each of the catalogue whose body attacks: data, or a coded error; the event loop is free all the time."""
    attacks = [attack for attack in ALL if not attack.is_raw][group::GROUPS]
    for name, answer, seconds in answered(folder, attacks):
        check(answer)
        assert (name, seconds < LOOP_SECONDS) == (name, True)


@uncounted
@pytest.mark.parametrize("seed", random_seeds(4))
def test_two_thousand_documents_by_chance_do_not_keep_the_loop(folder: Path, seed: int) -> None:
    """Five hundred a seed, of all sizes: none is a failure, none takes long on the event loop."""
    random = Random(seed)
    attacks = [drawn(random) for _ in range(500)]
    found = answered(folder, attacks)
    for _, answer, _ in found:
        check(answer)
    name, _, seconds = max(found, key=lambda each: each[2])
    assert (name, seconds < LOOP_SECONDS) == (name, True)


@pytest.mark.parametrize("sent", [attack for attack in ALL if attack.is_raw], ids=lambda attack: attack.name)
def test_head_that_attacks_is_refused_and_others_are_answered(folder: Path, way: str, sent: Attack) -> None:
    """On both ways; the connection ends, and the next one gets its answer."""
    app = create_app(Settings(folder))
    assert isinstance(app, Application)
    listening = Listening(app, way, ConnectionLimits(read_pause_seconds=0.3, keep_alive_seconds=0.3))
    try:
        with connected(listening.port) as connection:
            send_until_refused(connection, [sent.data])
            received = read_all(connection)
        assert all(reply.status < 500 for reply in replies(received))
        with connected(listening.port) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert replies(read_all(connection))[0].status == 200
    finally:
        listening.close()


def test_table_of_attacks_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Of each attack what it got, what it cost the server, and what good requests waited for meanwhile."""
    attack(
        ["--articles", "40", "--seconds", "0.1", "--only", "^(10 scans|head: no host|leave after asking)$", "--worst"]
    )
    head, *rows = capsys.readouterr().out.splitlines()
    assert " ".join(head.split()) == "attack statuses CPU ms p50 ms p99 ms max ms failed RSS MiB"
    names = [
        "nothing",
        "10 scans",
        "head: no host",
        "leave after asking",
        "the worst 3 together",
        "nothing, afterwards",
    ]
    assert [row[:42].strip() for row in rows] == names
    assert [row.split()[-2] for row in rows] == ["0.0"] * len(names)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not tell of processes")
def test_clients_that_leave_leave_nothing_behind(folder: Path) -> None:
    """A thousand, each with a statement under way: file descriptors, threads and memory are as before."""
    command = [sys.executable, "-m", "graphql_api", "serve", "--no-load", "--port", "0", "--store", str(folder)]
    with running(command) as program:
        process, port = Path("/proc", str(program.process.pid)), int(program.url.rpartition(":")[2])
        leave(port, range(200))
        settle(process, port)
        before = held(process)
        leave(port, range(200, 1_000))
        settle(process, port)
        descriptors, threads, anonymous_kib = held(process)
        assert (descriptors, threads) == before[:2]
        assert anonymous_kib - before[2] < 16 * 1024


def leave(port: int, numbers: Iterable[int]) -> None:
    """Ask for what takes a while, each time something new, and go away."""
    slow = (
        "{ " + " ".join(f'a{n}: search(query: "a{n} the", first: 100) {{ nodes {{ url }} }}' for n in range(60)) + " }"
    )
    for number in numbers:
        with connected(port) as connection:
            connection.sendall(post(body(slow + f"#{number}")))


def settle(process: Path, port: int) -> None:
    """Wait until the server has nothing to do for anybody but us."""
    with connected(port) as connection:
        connection.sendall(post(body("{ content { version } }"), b"connection: close"))
        assert replies(read_all(connection))[0].status == 200
    used = -1
    while used != (used := int((process / "stat").read_text().rpartition(")")[2].split()[11])):
        time.sleep(0.2)


def held(process: Path) -> tuple[int, int, int]:
    """Return how many file descriptors and threads a process has, and how many KiB of memory of its own."""
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return len(list((process / "fd").iterdir())), int(status["Threads"]), int(status["RssAnon"].split()[0])
