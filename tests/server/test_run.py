"""Running: listening, the orderly end, and errors that say what to do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest

from graphql_api.server.errors import CannotListenError, StartupError
from graphql_api.server.listening import base_url, close_all, listen, listen_at
from graphql_api.server.routes import build_app
from graphql_api.server.run import serve
from tests.server.programs import DEADLINE_SECONDS, PROJECT_FOLDER, running
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.applications import Starlette

    from graphql_api.server.routes import Application

SMALL_SERVER = [sys.executable, "-m", "tests.server.small_server"]
BY_WAY = {"short": SMALL_SERVER, "asgi": [*SMALL_SERVER, "by_asgi=1"]}


def small_app() -> Application:
    """Return an application with a small engine."""
    engine = SmallEngine()
    return build_app(engine, SmallContentStatus(engine))


def serve_until_asked(signal_number: signal.Signals = signal.SIGTERM, *, access_log: bool = False) -> int:
    """Serve in this process, ask /healthz once, end by a signal, and return the answer's status."""
    statuses: list[int] = []

    def ask_and_end(url: str) -> None:
        statuses.append(httpx2.get(f"{url}/healthz").status_code)
        os.kill(os.getpid(), signal_number)

    with ThreadPoolExecutor(1) as pool:
        asked: list[Future[None]] = []
        serve(
            small_app(),
            port=0,
            on_listening=lambda url: asked.append(pool.submit(ask_and_end, url)),
            access_log=access_log,
        )
        asked[0].result()
    return statuses[0]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_until_a_signal_and_returns(signal_number: signal.Signals) -> None:
    """`serve` tells its url when it answers, returns after the signal, and leaves the signals' handlers alone."""
    before = (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))
    assert serve_until_asked(signal_number) == 200
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_sigterm_finishes_the_request_in_flight(way: str) -> None:
    """A request that runs when SIGTERM comes is answered; then the program exits with 0 and printed nothing else."""
    with running(BY_WAY[way]) as program, ThreadPoolExecutor(1) as pool:
        query = {"query": "query Slow { content { version } }", "operationName": "Slow"}
        request = pool.submit(httpx2.post, f"{program.url}/graphql", json=query)
        assert program.output.readline() == "slow\n"
        program.process.send_signal(signal.SIGTERM)
        response = request.result()
        assert (response.status_code, response.json()) == (200, {"data": {"content": {"version": "v1"}}})
        assert program.output.read() == ""


def test_second_ctrl_c_does_not_wait(way: str) -> None:
    """Not for a request in flight, and without a traceback."""
    command = BY_WAY[way]
    with subprocess.Popen(
        command, cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with ThreadPoolExecutor(1) as pool:
            query = {"query": "query Slow { content { version } }", "operationName": "Slow"}
            request = pool.submit(httpx2.post, f"{url}/graphql", json=query)
            assert process.stdout.readline() == "slow\n"
            while process.poll() is None:
                process.send_signal(signal.SIGINT)
                time.sleep(0.02)
            assert isinstance(request.exception(), httpx2.TransportError)
        assert (process.returncode, process.stdout.read()) == (130, "")


def test_port_in_use_says_what_to_do_and_exits_with_an_error() -> None:
    """The second server on a port ends with a sentence and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = subprocess.run(
            [*SMALL_SERVER, f"port={port}"],
            cwd=PROJECT_FOLDER,
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_SECONDS,
        )
    assert (finished.returncode, finished.stdout) == (2, "")
    assert f"Cannot listen on 127.0.0.1 port {port}: " in finished.stderr
    assert "--port" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("host.invalid", 0, "Cannot listen on host.invalid port 0: .*--host"),
        ("192.0.2.1", 0, "Cannot listen on 192.0.2.1 port 0: .*--host"),
        ("a" * 70, 0, "Cannot listen on a+ port 0: "),
        ("127.0.0.1", 65_536, "Port 65536 does not exist"),
        ("127.0.0.1", -1, "Port -1 does not exist"),
    ],
)
def test_address_that_cannot_be_had_says_which_and_what_to_do(host: str, port: int, message: str) -> None:
    """A host without an address, one that is not ours, one that is no name, a port that there is not."""
    with pytest.raises(CannotListenError, match=message):
        listen(host, port)


def test_url_of_every_address_is_the_loopback() -> None:
    """Port 0 becomes the real one; "all addresses" becomes one that a browser can open."""
    ((listener,),) = listen("0.0.0.0", 0)  # noqa: S104 - every address is what is tested
    with listener:
        assert base_url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_ipv6_address_stands_in_brackets() -> None:
    """RFC 3986, section 3.2.2."""
    try:
        ((listener,),) = listen("::1", 0)
    except CannotListenError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert base_url(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_failed_start_is_an_error_and_nothing_is_announced() -> None:
    """When the lifespan fails, `serve` raises, and no url was told."""
    urls: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        assert app.routes
        raise RuntimeError("the store is gone")
        yield

    engine = SmallEngine()
    app = build_app(engine, SmallContentStatus(engine), lifespan=lifespan)
    with pytest.raises(StartupError):
        serve(app, port=0, on_listening=urls.append)
    assert urls == []


@pytest.mark.parametrize("access_log", [False, True])
def test_access_log_shows_requests_only_when_asked_for(capfd: pytest.CaptureFixture[str], access_log: bool) -> None:
    """By default a served request prints nothing at all."""
    serve_until_asked(access_log=access_log)
    captured = capfd.readouterr()
    assert ("GET /healthz" in captured.err) is access_log
    assert access_log or captured.out + captured.err == ""


def test_client_that_sends_too_much_reads_its_413(way: str) -> None:
    """The refusal arrives although the body was not read to its end, and the connection goes on."""
    with client_of(small_app(), way) as client:
        client.headers["content-type"] = "application/json"
        refused = client.post("/graphql", content=b" " * 8_000_000)
        assert refused.status_code == 413
        assert refused.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"
        assert client.post("/graphql", content=b'{"query": "{ __typename }"}').json() == {
            "data": {"__typename": "Query"}
        }


def test_ipv6_of_every_address_is_ipv4_too() -> None:
    """One option for both, in every worker."""
    try:
        listeners = [each for some in listen("::", 0, 2) for each in some]
    except CannotListenError:
        pytest.skip("this machine has no IPv6")
    port = listeners[0].getsockname()[1]
    for listener in listeners:
        for address in ("127.0.0.1", "::1"):
            socket.create_connection((address, port), timeout=5).close()
        assert base_url(listener) == f"http://[::1]:{port}"
        listener.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_unix_socket_is_served_and_removed(tmp_path: Path, way: str, workers: int) -> None:
    """One that a killed server has left is taken over; one that is served is not."""
    path = tmp_path / "api.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    command = [*BY_WAY[way], f"unix_socket={path}", f"workers={workers}"]
    with running(command, rf"unix:{path}"):
        with httpx2.Client(transport=httpx2.HTTPTransport(uds=str(path)), base_url="http://x") as client:
            assert client.post("/graphql", json={"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}
            assert client.get("/healthz").status_code == 200
        with pytest.raises(CannotListenError, match="--unix-socket"):
            listen_at(path)
    assert not path.exists()


def test_localhost_is_the_loopback_of_both_families() -> None:
    """Whatever /etc/hosts says; a browser or Node may take either. In every worker, at one port."""
    try:
        ((probe,),) = listen("::1", 0)
    except CannotListenError:
        pytest.skip("this machine has no IPv6 loopback")
    probe.close()
    workers = listen("localhost", 0, 2)
    (port,) = {each.getsockname()[1] for some in workers for each in some}
    for some in workers:
        assert [each.getsockname()[0] for each in some] == ["127.0.0.1", "::1"]
    for address in ("127.0.0.1", "::1"):
        socket.create_connection((address, port), timeout=5).close()
    assert base_url(workers[0][0]) == f"http://127.0.0.1:{port}"
    close_all(each for some in workers for each in some)


def test_localhost_is_refused_where_one_family_is_taken() -> None:
    """Half of it would be another server's; nothing stays open."""
    try:
        ((taken,),) = listen("::1", 0)
    except CannotListenError:
        pytest.skip("this machine has no IPv6 loopback")
    with taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=f"localhost port {port}"):
            listen("localhost", port)
    close_all(listen("127.0.0.1", port)[0])
