"""Before anything is timed, servers are asked whether they say the same, in every content coding that is measured."""

from __future__ import annotations

import contextlib
import gzip
import signal
import subprocess
from contextlib import ExitStack

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest

from benchmarks import contenders as who
from benchmarks import processes
from benchmarks.contenders import Contender
from benchmarks.rounds import Field, Pace, answered, compare, p99_to_p50
from benchmarks.workloads import Workload
from benchmarks.wrk import BROWSER, Sample, Traffic
from graphql_api.server.encodings import compressed
from tests.benchmarks.stand_ins import answering

ANSWER = b'{"data":{"question":{"title":"Why?"}}}'
OTHER = b'{"data":{"question":{"title":"Why not?"}}}'
WORKLOAD = Workload("A question", "{ question { title } }", [{"url": "/a"}, {"url": "/b"}], 0.5)


def _compared(**ports: int) -> None:
    names = {"ours": who.UNCACHED, "before": who.BEFORE_UNCACHED, "other": who.TUTORIAL}
    with ExitStack() as stack:
        field = Field(stack, Pace(1, 1))
        field.ports = {names[name]: port for name, port in ports.items()}
        compare([Contender(name, ()) for name in field.ports], field, WORKLOAD)


def test_equal_answers_are_equal_however_compressed() -> None:
    """What browsers are sent is compared too, once it is decompressed."""
    with (
        answering(ANSWER, "zstd", compressed(ANSWER, b"zstd")) as ours,
        answering(ANSWER, "br", brotli.compress(ANSWER)) as before,
    ):
        _compared(ours=ours, before=before)


def test_servers_that_differ_are_not_measured() -> None:
    """A difference ends the bench, and names the two servers and the query."""
    told = "tutorial server and this server, uncached differ: A question"
    with answering(ANSWER) as ours, answering(OTHER) as other, pytest.raises(RuntimeError, match=told):
        _compared(ours=ours, other=other)


def test_compressed_answer_that_differs_is_found() -> None:
    """A server that says something else only to browsers is found."""
    with (
        answering(ANSWER) as ours,
        answering(ANSWER, "gzip", gzip.compress(OTHER)) as before,
        pytest.raises(RuntimeError, match="before, uncached"),
    ):
        _compared(ours=ours, before=before)


def test_bytes_are_counted_as_they_are_sent() -> None:
    """The bare route for compressed answers sends as many bytes as they have, in their coding."""
    packed = gzip.compress(ANSWER * 100)
    with answering(ANSWER * 100, "gzip", packed) as port:
        assert answered(Traffic(port, ["{}"])) == (len(ANSWER) * 100, "")
        assert answered(Traffic(port, ["{}"], headers=BROWSER)) == (len(packed), "gzip")


def test_percentiles_are_compared_by_their_medians() -> None:
    """One bad round of three changes nothing."""
    rounds = [Sample(1, 2.0, 3.0), Sample(1, 2.0, 3.0), Sample(1, 2.0, 300.0)]
    assert p99_to_p50(rounds) == pytest.approx(1.5)


def test_server_that_does_not_listen_is_told_with_what_it_printed() -> None:
    """A server that ends at once is an error with its own words."""
    with contextlib.ExitStack() as stack, pytest.raises(RuntimeError, match="does not listen:\nhello"):
        Field(stack, Pace(1, 1)).start(Contender("other", ("echo", "hello")))


def test_program_that_is_watched_ends_with_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a session of its own, so an interruption does not reach it by itself."""
    ended: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            if not ended:
                ended.append(self)
                raise KeyboardInterrupt
            return super().wait(timeout)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        processes.run_watched(["sleep", "60"], (0,))
    assert ended[0].wait(10) == -signal.SIGTERM
