"""Good traffic beside an attack: articles and their neighbours, a hundred times a second, and how long each waits.

It has a process of its own: in that of the attackers it would wait for them too, who build and read megabytes.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import time
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HOST: Final = "127.0.0.1"
_A_SECOND: Final = 100
_ANSWER_SECONDS: Final = 30.0
_OTHERS_NICENESS: Final = 10
_HEADERS: Final = {"Content-Type": "application/json"}
_NEIGHBOURS: Final = (
    "query ($url: String!) { question(by: {url: $url}) { title answer { markdown } subject { title }"
    " relatedArticles { title url question { title answer { excerpt } } } } }"
)


class Waits(NamedTuple):
    """What good requests waited, in milliseconds, and how many failed."""

    milliseconds: list[float]
    failed: int


@contextlib.contextmanager
def other_process() -> Iterator[ProcessPoolExecutor]:
    """Give the process that asks. The attackers' own makes way for it and for the server: it would be elsewhere."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        process.submit(os.getpid).result()
        os.nice(_OTHERS_NICENESS)
        yield process


def ask_for_articles(port: int, urls: Sequence[str], seconds: float) -> Waits:
    """Ask at a steady pace; a wait counts from when the request was due, not from when it was sent."""
    waits: list[float] = []
    failed = 0
    with contextlib.closing(http.client.HTTPConnection(_HOST, port, timeout=_ANSWER_SECONDS)) as connection:
        due = time.monotonic()
        end = due + seconds
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            failed += not _is_answered(connection, urls[len(waits) % len(urls)], due)
            waits.append((time.monotonic() - due) * 1_000)
            due += 1 / _A_SECOND
    return Waits(waits, failed)


def _is_answered(connection: http.client.HTTPConnection, url: str, due: float) -> bool:
    # New each time, so that no cache answers.
    body = orjson.dumps({"query": _NEIGHBOURS, "variables": {"url": url}, "n": f"{due}"})
    try:
        connection.request("POST", "/graphql", body, _HEADERS)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return False
    return response.status == HTTPStatus.OK
