"""Request ids, by option: on every answer, whichever way it goes, and in the log."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import httpx2
import pytest

from graphql_api.server.request_ids import id_of
from tests.command_line import seed
from tests.server.programs import running
from tests.server.wire import QUERY, exchange, post

if TYPE_CHECKING:
    from pathlib import Path

LENGTH, CHUNKED = b"content-length: 0", b"transfer-encoding: chunked"
PROGRAM = (sys.executable, "-m", "graphql_api", "serve")
PATHS = ("/graphql?query={content{version}}", "/graphql?query={nonsense}", "/healthz", "/nowhere", "/graphql")


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """Return a server's command over one seed."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "1.md").write_text(seed(1))
    return [*PROGRAM, "--seeds", str(tmp_path / "seeds"), "--store", str(tmp_path / "store"), "--port", "0"]


def test_every_answer_has_the_id_that_the_client_gave_or_a_new_one(command: list[str]) -> None:
    """By both ways, from the cache, and for refusals; the access log says it too."""
    options = ("--request-ids", "--access-log", "--log-format", "json")
    with running([*command, *options]) as program, httpx2.Client(base_url=program.url) as client:
        given = [f"trace-{number}" for number, _ in enumerate(PATHS * 2)]
        for path, request_id in zip(PATHS * 2, given, strict=True):
            answer = client.get(path, headers={"x-request-id": request_id})
            assert answer.headers.get_list("x-request-id") == [request_id], path
        new = [client.get(path).headers["x-request-id"] for path in PATHS]
        assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in new)
        assert len({*new}) == len(PATHS)
        logged = [json.loads(program.output.readline()) for _ in range(len(PATHS) * 3)]
    assert [line["request"] for line in logged] == [*given, *new]


def test_answers_have_no_id_unless_asked_for(command: list[str]) -> None:
    """It costs some bytes and microseconds an answer."""
    with running(command) as program, httpx2.Client(base_url=program.url) as client:
        assert [path for path in PATHS if "x-request-id" in client.get(path).headers] == []


ID = b"x-request-id: trace-1\r\n"
REFUSED = {
    "no HTTP": (b"\x16\x03\x01\r\n\r\n", 400, False),
    "no HTTP behind a request": (post(QUERY, b"x-request-id: before") + b"\x16\x03\x01\r\n\r\n", 400, False),
    "no Host": (b"GET /graphql HTTP/1.1\r\n" + ID + b"\r\n", 400, True),
    "a header that is none": (b"GET / HTTP/1.1\r\n" + ID + b"a: b\r\nHost : x\r\n\r\n", 400, True),
    "many headers": (b"GET / HTTP/1.1\r\nX-Request-ID: trace-1\r\n" + b"a: b\r\n" * 300 + b"\r\n", 431, True),
    "a long url": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + ID + b"\r\n", 414, False),
    "a chunk that is none": (post(b"", b"x-request-id: trace-1").replace(LENGTH, CHUNKED) + b"x\r\n", 400, True),
    "a chunk that is none, elsewhere": (
        post(b"", b"x-request-id: trace-1", path=b"/nowhere").replace(LENGTH, CHUNKED) + b"x\r\n",
        None,
        True,
    ),
    "a body that does not arrive": (post(QUERY, b"x-request-id: trace-1")[:-1], 408, True),
}


@pytest.mark.parametrize(("sent", "status", "is_given"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_has_an_id_too(sent: bytes, status: int | None, is_given: bool, command: list[str]) -> None:
    """In the answer and in the line of the log: the client's, if it has come so far, else a new one."""
    options = ("--request-ids", "--log-format", "json", "--read-pause-seconds", "0.3")
    with running([*command, *options]) as program:
        reply = exchange(int(program.url.rpartition(":")[2]), sent)[-1]
        request_id = reply.headers["x-request-id"]
        if status is not None:
            assert reply.status == status
            assert json.loads(program.output.readline())["request"] == request_id
    assert (request_id == "trace-1") == is_given
    assert is_given or re.fullmatch(r"[0-9a-f]{32}", request_id)


@pytest.mark.parametrize("given", [b"", b"a b", b"a\x00b", b"a" * 129, b'"', b"\xff"])
def test_id_that_could_break_a_log_is_replaced(given: bytes) -> None:
    """A line stays a line, and short."""
    assert re.fullmatch(r"[0-9a-f]{32}", id_of([(b"x-request-id", given)]))
