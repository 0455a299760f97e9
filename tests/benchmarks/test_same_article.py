"""Cached answers are compared with bare routes that send as many bytes, plain or compressed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import contenders as who
from benchmarks import same_article
from benchmarks.rounds import Field, Pace
from benchmarks.wrk import BROWSER, Sample, Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from benchmarks.contenders import Contender
    from benchmarks.results import Row

RATES = {who.CACHED: 800.0, who.BEFORE_CACHED: 400.0, who.BARE: 500.0, who.BARE_COMPRESSED: 1000.0}


def _rows(monkeypatch: pytest.MonkeyPatch, sizes: Mapping[str, int], coding: str = "") -> list[Row]:
    """Return the rows of servers that answer at RATES, once those that are needed have been started."""
    started = []

    def start(_: Field, contender: Contender, name: str = "") -> int:
        started.append((contender.command[3:], name))
        return 1

    def rounds(traffics: Mapping[str, Traffic], _: Pace) -> dict[str, list[Sample]]:
        assert {name: dict(each.headers) for name, each in traffics.items()} == dict.fromkeys(traffics, BROWSER)
        return {name: [Sample(RATES[name], 1.0, 1.5)] for name in traffics}

    monkeypatch.setattr(Field, "start", start)
    monkeypatch.setattr(same_article, "rounds", rounds)
    traffics = {name: Traffic(1, ["{}"], headers=BROWSER) for name in (who.CACHED, who.BEFORE_CACHED)}
    rows = same_article._rows("The same article", traffics, sizes, Pace(1, 1), coding)
    expected: list[tuple[str, ...]] = [(str(sizes[who.BARE]),)]
    expected += [("--coding", coding, str(sizes[who.BARE_COMPRESSED]))] if coding else []
    assert [command for command, _ in started] == expected
    return rows


def test_plain_answers_are_aimed_at_the_bare_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than it gives, because a cached answer needs no application."""
    ours, before, bare = _rows(monkeypatch, {who.BARE: 4000})
    assert (ours.ratio, ours.aim) == ("1.60 × bare; p99 1.5 × p50", "≥ 1.10; p99 ≤ 2 × p50")
    assert before.ratio == "this: 2.00 ×"
    assert (bare.ratio, bare.aim) == ("", "")


def test_compressed_answers_are_aimed_at_the_compressed_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ratio to the same bytes plain is shown beside."""
    ours, _, bare, compressed = _rows(monkeypatch, {who.BARE: 4000, who.BARE_COMPRESSED: 1700}, "zstd")
    assert ours.ratio == "1.60 × bare; 0.80 × those bytes, bare; p99 1.5 × p50"
    assert ours.aim == "≥ 0.75; p99 ≤ 2 × p50"
    assert (bare.who, compressed.who) == (who.BARE, who.BARE_COMPRESSED)
