"""The plot shows what the table says, on one scale."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from benchmarks.bars import bars_svg
from benchmarks.results import Row, missing, served
from benchmarks.wrk import Sample


def _row(what: str, who: str, rate: float) -> Row:
    return served(what, who, [Sample(rate, 1.0, 2.0)])


def test_lengths_of_bars_are_as_the_rates() -> None:
    """Whatever query they are of; what was not asked for or not measured has none."""
    rows = [
        _row("Neighbours", "this server, uncached", 4000),
        _row("Neighbours", "a <tutorial>", 1000),
        _row("Two levels", "this server, uncached", 2000),
        _row("The same article", "this server, cached", 9000),
        missing("Neighbours", "other", "why"),
    ]
    svg = bars_svg(rows, ["Neighbours", "Two levels"])
    widths = [float(each) for each in re.findall(r'width="([\d.]+)" height="15"', svg)]
    assert [width / widths[0] for width in widths] == [1, 0.25, 0.5]
    texts = "".join(ET.fromstring(svg).itertext())  # noqa: S314 - a text of ours
    assert "a <tutorial>" in texts
    assert "4,000 /s" in texts
    assert "The same article" not in texts
