"""A restart under load: no request is lost, neither by the end of one server nor by the start of the next."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.server.programs import PROJECT_FOLDER
from tests.server.test_run import BY_WAY

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 4
RESTARTS = 3
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""
BODY = b'{"query": "{ content { version } }"}'


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A listening socket that outlives the servers."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as held:
        yield held


def start(listener: socket.socket, way: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a server and hand it the socket over, as systemd does: descriptor 3, and the number of the process."""
    command = [sys.executable, "-c", HAND_OVER, str(listener.fileno()), *BY_WAY[way], *arguments]
    return subprocess.Popen(
        command, cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, pass_fds=[listener.fileno()]
    )


class Client:
    """Asks all the time: over one connection while that lasts, or over a new one for each request."""

    def __init__(self, port: int, *, keeps: bool) -> None:
        self._port = port
        self._keeps = keeps
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answered = 0
        self.lost: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                self._ask(connection)
            except (OSError, http.client.HTTPException) as error:
                self.lost.append(repr(error))
            # As every client, it asks again where a connection that was idle has been closed meanwhile.
            with contextlib.suppress(OSError, http.client.RemoteDisconnected):
                while self._keeps and connection.sock and not self._stop.is_set():
                    self._ask(connection)
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection) -> None:
        headers = {"Content-Type": "application/json", **({} if self._keeps else {"Connection": "close"})}
        connection.request("POST", "/graphql", BODY, headers)
        response = connection.getresponse()
        response.read()
        if response.status == http.client.OK:
            self.answered += 1
        else:
            self.lost.append(str(response.status))


@pytest.mark.parametrize("workers", [1, 2])
def test_restart_under_load_loses_no_request(listener: socket.socket, way: str, workers: int) -> None:
    """What was sent before the end is answered by the old server, what comes in between waits for the new one."""
    port = listener.getsockname()[1]
    clients = [Client(port, keeps=number % 2 == 0) for number in range(CLIENTS)]
    server = start(listener, way, f"workers={workers}")
    assert server.stdout
    assert server.stdout.readline()
    for client in clients:
        client.start()
    try:
        for _ in range(RESTARTS):
            time.sleep(0.2)
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=60)
            assert server.returncode == 0
            server = start(listener, way, f"workers={workers}")
            assert server.stdout
            assert server.stdout.readline()
    finally:
        for client in clients:
            client.stop()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
    assert [client.lost for client in clients] == [[]] * CLIENTS
    assert all(client.answered > RESTARTS for client in clients)


def test_what_is_handed_over_must_listen(tmp_path: os.PathLike[str]) -> None:
    """A mistake in a unit is told in one line."""
    with open(os.path.join(tmp_path, "file"), "w") as file:  # noqa: PTH118, PTH123 - a descriptor is wanted
        command = [sys.executable, "-c", HAND_OVER, str(file.fileno()), *BY_WAY["short"]]
        done = subprocess.run(
            command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=False, pass_fds=[file.fileno()]
        )
    assert done.returncode != 0
    assert "no listening socket" in done.stderr
