"""`serve --watch`: what a writer saves is there in a moment, and what is wrong with it is told."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import httpx2
from watchfiles import Change

from graphql_api.server.watching import _Filter, lines_of
from tests.loading.seed_folder import SeedFolder
from tests.server.programs import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.programs import Program

DEADLINE_SECONDS = 60.0


def until_there_are(program: Program, count: int) -> None:
    """Wait until so many entries are served."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while asked(program)["questionCount"] != count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def asked(program: Program) -> Any:
    query = {"query": "{ content { questionCount } }"}
    return httpx2.post(f"{program.url}/graphql", json=query, timeout=20).json()["data"]["content"]


def test_what_is_saved_is_served_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    """By one of the workers; the store may lie among the seeds."""
    seeds = SeedFolder(tmp_path)
    seeds.store = seeds.root / ".graphql-api"
    seeds.write("first")
    command = [sys.executable, "-m", "graphql_api", "serve", "--watch", "--port", "0", "--workers", "2"]
    with running([*command, "--seeds", str(seeds.root), "--store", str(seeds.store)]) as program:
        seeds.write("second")
        until_there_are(program, 2)
        seeds.break_("third")
        told = [next(program.output)]
        while "ERROR" not in told[-1]:
            told.append(next(program.output))
        assert told[0] == "second.md: loading …\n"
        assert "1 added, 0 changed, 0 removed" in told[1]
        assert told[-1].startswith("  third.md")
        seeds.write("third")
        until_there_are(program, 3)


def test_what_no_author_writes_starts_no_load(tmp_path: Path) -> None:
    """Files of tools, and what editors leave beside a file."""
    filter_ = _Filter(ignore_paths=[tmp_path / "store"])
    kept = [
        name
        for name in ("a.md", "b/c.yml", ".a.md.swp", "a.md~", ".git/index", ".DS_Store", "store/current.json")
        if filter_(Change.modified, str(tmp_path / name))
    ]
    assert kept == ["a.md", "b/c.yml"]


def test_problem_without_a_line_is_told_by_its_file() -> None:
    """As `graphql-api check` tells it."""
    problem = {"path": "a.md", "line": None, "severity": "WARNING", "code": "C", "message": "m"}
    report = {"seconds": 0.5, "added": 0, "changed": 1, "removed": 0, "problems": [problem]}
    assert lines_of(report) == ["Loaded in 0.50 s: 0 added, 1 changed, 0 removed.", "  a.md: WARNING C m"]
