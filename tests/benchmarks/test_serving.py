"""What rows under load say of the servers that they compare."""

from __future__ import annotations

from benchmarks import contenders as who
from benchmarks.serving import _rows
from benchmarks.wrk import Sample


def _sample(rate: float, p99_ms: float = 3.0) -> list[Sample]:
    return [Sample(rate, 2.0, p99_ms)]


def test_this_server_is_compared_with_the_bare_route_and_others_with_it() -> None:
    """The bare route is what nothing is compared with; who came before has no aim."""
    samples = {
        who.UNCACHED: _sample(6000),
        who.BEFORE_UNCACHED: _sample(5000),
        who.TUTORIAL: _sample(250),
        who.BARE: _sample(10_000),
    }
    ours, before, tutorial, bare = _rows("Neighbours", samples, 0.6, times_tutorial=True)
    assert (ours.ratio, ours.aim) == ("0.60 × bare; p99 1.5 × p50", "≥ 0.60; p99 ≤ 2 × p50")
    assert (before.ratio, before.aim) == ("this: 1.20 ×", "")
    assert (tutorial.ratio, tutorial.aim) == ("this: 24.00 ×", "≥ 25 × (missed)")
    assert (bare.ratio, bare.aim, bare.rate) == ("", "", 10_000)


def test_each_missed_aim_says_so() -> None:
    """A slow tail is missed by itself; without a target, the tail is the only aim."""
    samples = {who.UNCACHED: _sample(6000, p99_ms=5.0), who.BARE: _sample(10_000)}
    assert _rows("Neighbours", samples, 0.6)[0].aim == "≥ 0.60; p99 ≤ 2 × p50 (missed)"
    assert _rows("Neighbours, compressed", samples, None)[0].aim == "p99 ≤ 2 × p50 (missed)"
