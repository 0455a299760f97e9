"""`status` and the journal of loads: what is served, since when, and what the last loads did."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.cli.exit_codes import ExitCode
from graphql_api.store.generations import load_lock, read_pointer
from graphql_api.store.journal import LOADS_KEPT, PROBLEMS_KEPT, Outcome, journal_path, read_journal
from tests.command_line import run, seed, write_seeds

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of ten good seeds; every command here takes it and the store from the environment."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    return write_seeds(tmp_path / "seeds", 10)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return the status as JSON."""
    capsys.readouterr()
    assert run("status", "--json") == ExitCode.OK
    return json.loads(capsys.readouterr().out)


def test_status_tells_what_is_served_and_since_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the pointer has it, with counts of entries."""
    run("load")
    served = told(capsys)["served"]
    pointer = read_pointer(tmp_path / "store")
    assert (served["version"], served["sequence"], served["label"]) == (
        pointer.version,
        pointer.sequence,
        pointer.label,
    )
    assert served["entries"] == {"question": 10, "subject": 1}
    assert abs((dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(served["since"])).total_seconds()) < 600
    assert run("status") == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"served: version {pointer.version}, publish 1")
    assert lines[2] == "entries: 10 questions, 1 subject"
    assert "PUBLISHED: 10 added, 0 changed, 0 removed; " in lines[5]


def test_loads_are_told_with_their_problems_the_newest_first(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors first; a refused load says why; one that failed, too."""
    run("load")
    (seeds / "0.md").write_text(seed(0, "unheard_of: 1\nauthor: Another\n"))
    (seeds / "spoilt.md").write_text("Only text.\n")
    run("load", "--strict")
    run("load")
    run("load", "--model", seeds / "no.graphql")
    failed, published, refused, first = told(capsys)["loads"]
    assert [each["outcome"] for each in (failed, published, refused, first)] == [
        *("FAILED", "PUBLISHED", "REFUSED", "PUBLISHED")
    ]
    assert failed["message"]
    assert (published["changed"], published["errors"], published["warnings"]) == (1, 1, 1)
    assert [each["code"] for each in published["problems"]] == ["NO_FRONT_MATTER", "UNKNOWN_KEY"]
    assert refused["codes"] == {"NO_FRONT_MATTER": 1, "UNKNOWN_KEY": 1}
    assert first["problems"] == []
    run("status")
    assert "problems: 1 error, 1 warning (NO_FRONT_MATTER 1, UNKNOWN_KEY 1)" in capsys.readouterr().out


def test_problems_of_the_last_load_have_their_places(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, as `check` prints them, and how many there are beside them."""
    for number in range(PROBLEMS_KEPT + 3):
        (seeds / f"spoilt-{number}.md").write_text("Only text.\n")
    run("load")
    capsys.readouterr()
    run("status")
    printed = capsys.readouterr().out
    assert "\n  spoilt-0.md:1: ERROR NO_FRONT_MATTER " in printed
    assert "\n  … and 3 more; all of them: graphql-api check\n" in printed


def test_loads_that_find_nothing_new_are_told_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A timer's do not drive out what was published before."""
    for _ in range(3):
        run("load")
    current, published = told(capsys)["loads"]
    assert (current["outcome"], current["times"], published["outcome"]) == ("CURRENT", 2, "PUBLISHED")
    assert read_journal(tmp_path / "store").counts == {Outcome.PUBLISHED: 1, Outcome.CURRENT: 2}
    run("status")
    assert "CURRENT (2 times in a row): nothing had changed;" in capsys.readouterr().out


def test_journal_keeps_the_last_loads(tmp_path: Path, seeds: Path) -> None:
    """It stays small however often is loaded; the counts go on."""
    for number in range(LOADS_KEPT + 2):
        (seeds / "0.md").write_text(seed(0, f"author: Author {number}\n"))
        run("load")
    journal = read_journal(tmp_path / "store")
    assert [each.sequence for each in journal.loads] == [*range(3, LOADS_KEPT + 3)]
    assert journal.counts[Outcome.PUBLISHED] == LOADS_KEPT + 2


def test_load_beside_another_is_none(tmp_path: Path) -> None:
    """It did nothing, and the other one writes itself down."""
    run("load")
    with load_lock(tmp_path / "store"):
        assert run("load", "--force") == ExitCode.BUSY
    assert len(read_journal(tmp_path / "store").loads) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"loads": [{"outcome": "ODD"}], "counts": {}}', '{"loads": 1}'])
def test_journal_that_cannot_be_read_is_begun_anew(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It decides nothing, so nothing fails for it."""
    run("load")
    journal_path(tmp_path / "store").write_text(text)
    assert told(capsys)["loads"] == []
    run("status")
    assert "loads: none is known" in capsys.readouterr().out
    assert run("load") == ExitCode.OK
    assert len(read_journal(tmp_path / "store").loads) == 1


def test_store_that_serves_nothing_tells_why_its_load_failed(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5, and the journal all the same."""
    assert run("status") == ExitCode.UNREADABLE
    (seeds / "spoilt.md").write_text("Only text.\n")
    (tmp_path / "store").mkdir()
    assert run("load", "--strict") == ExitCode.REFUSED
    capsys.readouterr()
    assert run("status") == ExitCode.UNREADABLE
    printed = capsys.readouterr()
    assert printed.out.startswith("served: nothing\nlast loads:\n")
    assert " REFUSED: " in printed.out
    assert "No content has been loaded into" in printed.err
