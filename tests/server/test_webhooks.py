"""Webhooks out: queued before the publish, signed, sent by whoever may, tried again, and listed when given up."""

from __future__ import annotations

import http.server
import json
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from graphql_api.server import webhooks
from graphql_api.server.standard_webhooks import is_signed
from graphql_api.server.webhooks import Outcome, send_due
from graphql_api.store import webhook_queue
from graphql_api.store.generations import pointer_path
from graphql_api.store.rollback import roll_back
from graphql_api.store.webhook_queue import (
    RETRY_SECONDS,
    enqueue,
    folder_of,
    note_failed,
    queued,
    register,
    sending,
)
from tests.command_line import run_program
from tests.loading.seed_folder import SeedFolder, url_of
from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the specification
DEADLINE_SECONDS = 30.0


class Receiver:
    """Somebody who is told; answers with `statuses` in turn, the last one for ever."""

    def __init__(self) -> None:
        self.statuses = [204]
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.received]

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while len(self.received) < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that listens on the loopback."""
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            statuses = receiver.statuses
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.send_header("location", receiver.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?a=1"
        yield receiver
        server.shutdown()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def seeds(tmp_path: Path, receiver: Receiver) -> SeedFolder:
    """Return a loaded folder whose store tells the receiver."""
    folder = SeedFolder(tmp_path)
    folder.write("first")
    folder.load()
    register(folder.store, [receiver.url])
    return folder


def publish(seeds: SeedFolder, name: str) -> None:
    seeds.write(name)
    seeds.load()


def test_publish_is_told_once_and_signed(seeds: SeedFolder, receiver: Receiver) -> None:
    """In the form of Standard Webhooks; what is told is what a subscriber hears."""
    publish(seeds, "second")
    assert receiver.received == []
    assert send_due(seeds.store, SECRET) == Outcome(sent=1)
    ((headers, body),) = receiver.received
    assert is_signed(SECRET, headers, body, time.time())
    (event,) = receiver.events
    assert (event["type"], event["timestamp"]) == ("content.changed", event["data"]["publishedAt"])
    assert (event["data"]["sequence"], event["data"]["added"], event["data"]["isKnown"]) == (
        2,
        [url_of("second")],
        True,
    )
    assert event["data"]["tags"][:2] == ["content", "Question-list"]
    assert send_due(seeds.store, SECRET) == Outcome()
    seeds.load(force=True)
    assert send_due(seeds.store, "") == Outcome()


def test_message_of_a_publish_that_did_not_come_about_is_not_sent(
    seeds: SeedFolder, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in the queue before; the next publish has the place, and its message stands there instead."""

    def fail(*_: object) -> None:
        raise OSError("no space")

    seeds.write("second")
    with monkeypatch.context() as patched:
        patched.setattr("graphql_api.loading.publish.sync_folder", fail)
        with pytest.raises(Exception, match="no space"):
            seeds.load()
    assert [*folder_of(seeds.store).glob("*-0.json")]
    assert send_due(seeds.store, "") == Outcome()
    seeds.remove("second")
    publish(seeds, "third")
    assert send_due(seeds.store, "") == Outcome(sent=1)
    assert receiver.events[0]["data"]["added"] == [url_of("third")]
    assert "webhook-signature" not in receiver.received[0][0]


@pytest.mark.parametrize("status", [500, 404, 302, 0])
def test_message_that_is_refused_is_tried_again_later(seeds: SeedFolder, receiver: Receiver, status: int) -> None:
    """Redirects are not followed: what is signed goes where it was meant to; 0 is nobody there."""
    receiver.statuses = [status or 500, 200]
    if not status:
        register(seeds.store, ["http://127.0.0.1:9/hook"])
    publish(seeds, "second")
    assert send_due(seeds.store, "") == Outcome(waiting=1)
    ((path, message),) = queued(seeds.store)
    assert (message.attempts, message.is_given_up) == (1, False)
    assert message.next_at is not None
    assert 0 < message.next_at - time.time() <= RETRY_SECONDS[0]
    assert str(status or "refused") in message.reason
    assert send_due(seeds.store, "") == Outcome(waiting=1)
    if status:
        assert send_due(seeds.store, "", everything=True) == Outcome(sent=1)
        assert receiver.received[0][0]["webhook-id"] == receiver.received[1][0]["webhook-id"]
        assert not path.exists()


def test_message_is_given_up_after_all_attempts_or_when_it_is_unwanted(
    seeds: SeedFolder, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """410 says so at once; then it is only listed, and the oldest of many are forgotten."""
    receiver.statuses = [410]
    publish(seeds, "second")
    assert send_due(seeds.store, "") == Outcome(given_up=1)
    path, message = queued(seeds.store)[0]
    message = replace(message, attempts=0)
    for seconds in RETRY_SECONDS:
        message = note_failed(path, message, "why", 0.0)
        assert message.next_at == seconds
    assert note_failed(path, message, "why", 0.0).is_given_up
    monkeypatch.setattr(webhook_queue, "MAX_GIVEN_UP", 1)
    publish(seeds, "third")
    assert send_due(seeds.store, "") == Outcome(given_up=2)
    assert [message.sequence for _, message in queued(seeds.store)] == [3]


def test_receiver_that_answers_a_byte_now_and_then_keeps_nobody_waiting(
    seeds: SeedFolder, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer has a time in all; the others are told, and it is tried again."""
    monkeypatch.setattr(webhooks, "_ANSWER_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            with listener.accept()[0] as connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
                for _ in range(100):
                    connection.sendall(b"x")
                    time.sleep(0.1)

        dripping = threading.Thread(target=drip)
        dripping.start()
        register(seeds.store, [f"http://127.0.0.1:{listener.getsockname()[1]}/", receiver.url])
        publish(seeds, "second")
        started = time.monotonic()
        assert send_due(seeds.store, SECRET) == Outcome(sent=1, waiting=1)
        assert time.monotonic() - started < 8
        dripping.join()
    ((_, message),) = queued(seeds.store)
    assert message.reason == "It did not answer within 0.5 seconds."


def test_one_process_sends_at_a_time(seeds: SeedFolder) -> None:
    """The lock is held by whoever does."""
    publish(seeds, "second")
    with sending(seeds.store) as may:
        assert may
        assert send_due(seeds.store, "") is None


def test_publish_comes_about_whatever_becomes_of_its_webhooks(seeds: SeedFolder) -> None:
    """A queue that cannot be written delays nothing."""
    queue = folder_of(seeds.store)
    (queue / "urls.json").rename(seeds.store / "urls.json")
    queue.rmdir()
    queue.write_text("no folder")
    publish(seeds, "second")
    assert len(seeds.titles()) == 2


def test_what_was_taken_back_is_told_as_unknown(seeds: SeedFolder, receiver: Receiver) -> None:
    """A receiver drops everything then."""
    publish(seeds, "second")
    roll_back(seeds.store)
    send_due(seeds.store, "")
    assert [event["data"]["isKnown"] for event in receiver.events] == [True, False]
    assert receiver.events[1]["data"]["tags"] == ["content"]


def test_server_tells_of_a_load_by_another_process_within_a_moment(tmp_path: Path, receiver: Receiver) -> None:
    """One of its workers does, at once and again after a failure; it tells of the loads that it is asked for too."""
    seeds = SeedFolder(tmp_path)
    seeds.write("first")
    receiver.statuses = [500, 200]
    command = ["env", f"GRAPHQL_API_WEBHOOK_SECRET={SECRET}", sys.executable, "-m", "graphql_api", "serve"]
    command += ["--port", "0", "--workers", "2", "--webhook", receiver.url]
    with running([*command, "--seeds", str(seeds.root), "--store", str(seeds.store)]):
        receiver.wait_for(2)
        publish(seeds, "second")
        published = time.monotonic()
        receiver.wait_for(3)
        assert time.monotonic() - published < 10  # a second, on a machine that does nothing else
    first, again, second = receiver.events
    assert first == again
    assert (first["data"]["sequence"], second["data"]["sequence"]) == (1, 2)
    assert all(is_signed(SECRET, headers, body, time.time()) for headers, body in receiver.received)


def test_load_sends_once_and_the_command_lists_and_flushes(tmp_path: Path, receiver: Receiver) -> None:
    """Where no server does; the exit code says whether any is left."""
    seeds = SeedFolder(tmp_path)
    seeds.write("first")
    receiver.statuses = [500, 500, 200]
    places = ("--store", str(seeds.store))
    loaded = run_program("load", "--seeds", str(seeds.root), *places, "--webhook", receiver.url)
    assert loaded.returncode == 0
    assert "1 webhooks could not be sent" in loaded.stderr
    listed = run_program("webhooks", *places, "--json")
    (waiting,) = json.loads(listed.stdout)["webhooks"]
    assert (listed.returncode, waiting["attempts"], waiting["url"]) == (1, 1, receiver.url)
    refused = run_program("webhooks", *places, "--flush")
    assert (refused.returncode, "publish 1 to" in refused.stdout) == (1, True)
    flushed = run_program("webhooks", *places, "--flush")
    assert (flushed.returncode, flushed.stdout.strip()) == (0, "webhooks in the queue: 0")
    wrong = run_program("load", *places, "--webhook", "ftp://x")
    assert wrong.returncode == 2


def test_queue_of_a_store_without_a_publish_is_empty(tmp_path: Path) -> None:
    """Nothing has come about; a file that cannot be read is no message, and nobody to tell needs no queue."""
    event = {"sequence": 1, "publishedAt": "now"}
    enqueue(tmp_path, [], event)
    assert not folder_of(tmp_path).exists()
    register(tmp_path, [])
    assert not folder_of(tmp_path).exists()
    enqueue(tmp_path, ["http://x"], event)
    assert not pointer_path(tmp_path).exists()
    assert queued(tmp_path) == []
