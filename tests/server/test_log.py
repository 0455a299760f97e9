"""The log: how many lines, of what form, and what is in them."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

import httpx2

from graphql_api.server.log import MinuteHandler, logging_as
from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import client_of
from tests.server.wire import exchange

if TYPE_CHECKING:
    import pytest

    from graphql_api.engine.requests import Request, Response

LOGGER = logging.getLogger("tests.log")


class FailingEngine(SmallEngine):
    """Fails."""

    async def execute(self, request: Request) -> Response:
        raise RuntimeError(f"no {request.document}\nat all")


def objects(printed: str) -> list[Any]:
    """Return the JSON objects in a log."""
    return [json.loads(line) for line in printed.splitlines()]


def test_kind_is_one_line_and_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    """Other arguments are no other kind; the count comes when the minute, or the log, ends."""
    with logging_as("json", access_log=False) as handler:
        for number in range(1_000):
            LOGGER.warning("Something is wrong with %d.", number)
        LOGGER.warning("Another thing.")
        first = objects(capsys.readouterr().err)
        handler.tell_counts(older_than_seconds=0)
        second = objects(capsys.readouterr().err)
        LOGGER.warning("Something is wrong with %d.", 7)
    assert [line["message"] for line in first] == ["Something is wrong with 0.", "Another thing."]
    assert [line["message"] for line in second] == [
        "Something is wrong with 0. (999 more of this kind within a minute.)"
    ]
    assert [line["message"] for line in objects(capsys.readouterr().err)] == ["Something is wrong with 7."]


def test_kinds_are_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    """However many there are, little is remembered, and nothing gets lost."""
    with logging_as("text", access_log=False) as handler:
        for number in range(1_000):
            LOGGER.warning(f"Kind {number}.")  # noqa: G004 - a kind of its own each time
        assert isinstance(handler, MinuteHandler)
        assert len(handler._said) <= 256
    assert capsys.readouterr().err.count("\n") == 1_000


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    """Return what a call of `logging` makes; pytest, which listens to calls, cannot pass on half characters."""
    exc_info = (type(error), error, None) if error else None
    return logging.LogRecord("tests.log", logging.ERROR, __file__, 1, message, None, exc_info)


def test_text_is_a_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A line feed, an escape sequence or half a character in a name breaks no line and steers no terminal."""
    with logging_as("text", access_log=False) as handler:
        handler.handle(record("Cannot read a\nb\x1b[31m\udcff."))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(r" ERROR Cannot read a\nb\x1b[31m\udcff.")
    assert time.strptime(line[:19], "%Y-%m-%dT%H:%M:%S")


def test_json_is_an_object_a_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Time, level, logger and message; a traceback is a text in it."""
    with logging_as("json", access_log=False) as handler:
        handler.handle(record("It failed", ValueError("a\nb\udcff")))
    (line,) = objects(capsys.readouterr().err)
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "tests.log", "It failed")
    assert line["time"].endswith("Z")
    assert "ValueError: a\nb\\udcff" in line["exception"]


def test_failure_is_found_by_the_id_of_its_request(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The client gets the id and nothing else; the log has both."""
    engine = FailingEngine()
    with logging_as("json", access_log=False), client_of(build_app(engine, SmallContentStatus(engine)), way) as client:
        replies = [client.post("/graphql", json={"query": "{ a }"}) for _ in range(2)]
    lines = objects(capsys.readouterr().err)
    assert [reply.status_code for reply in replies] == [500, 500]
    assert lines[0]["request"] == replies[0].headers["x-request-id"] != replies[1].headers["x-request-id"]
    assert "RuntimeError: no { a }" in lines[0]["exception"]
    assert len(lines) == 2
    assert "RuntimeError" not in replies[0].text


def test_what_a_client_sends_gives_few_lines_and_no_traceback(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Broken requests of any kind, odd ones, upgrades, and clients that leave."""
    engine = SmallEngine()
    with logging_as("text", access_log=False), client_of(build_app(engine, SmallContentStatus(engine)), way) as client:
        url = httpx2.URL(client.base_url)
        for number in range(20):
            exchange(url.port or 0, b"GET / HTTP/1.1\r\n\r\n")
            exchange(url.port or 0, b"noise %d\r\n\r\n" % number)
            client.get("/graphql", headers={"connection": "upgrade", "upgrade": "websocket"})
            client.post("/graphql", content=b"{")
            client.get("/nothing")
    printed = capsys.readouterr().err
    assert len(printed.splitlines()) <= 2
    assert "Refused a request with BAD_REQUEST" in printed
    assert "(39 more of this kind within a minute.)" in printed
    assert "Traceback" not in printed
    assert "pip install" not in printed
