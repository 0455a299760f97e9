"""Others are measured where they can be; where they cannot, the table says why."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from benchmarks import hugo, loading, peers, postgres
from benchmarks.contenders import MERCURIUS, PEERS, Contender
from benchmarks.rounds import Field, Pace
from benchmarks.serving import _started
from benchmarks.words import POSTGRAPHILE

ODD = "back\\slash,\ttab,\nline,\rreturn, \\N and \\."


def _plain_database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("""
            CREATE TABLE subject (slug, title);
            CREATE TABLE article (url, title, date, answer, subject_slug);
            CREATE TABLE related (id INTEGER PRIMARY KEY, article_url, position, title, url, target_url);
            INSERT INTO subject VALUES ('s', 'S');
            INSERT INTO related VALUES (1, '/a', 1, 'Gone', '/gone', NULL);
        """)
        db.execute("INSERT INTO article VALUES ('/a', 'A', '2024-03-01', ?, 's')", (ODD,))
        db.commit()
    return path


def test_without_node_both_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has a row with the reason."""
    monkeypatch.setattr(peers, "PEERS", tmp_path)
    with ExitStack() as stack:
        started, rows = peers.start_peers(tmp_path / "plain.db", (0,), stack)
    assert started == []
    assert [row.who for row in rows] == [MERCURIUS, POSTGRAPHILE]
    assert all(row.median.startswith("not measured: ") for row in rows)


def test_without_postgresql_only_mercurius_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the package."""
    monkeypatch.setattr(peers, "runs", lambda _: True)
    monkeypatch.setattr(peers, "programs", lambda: None)
    with ExitStack() as stack:
        started, (row,) = peers.start_peers(tmp_path / "plain.db", (0,), stack)
    assert [each.name for each in started] == [MERCURIUS]
    assert row.who == POSTGRAPHILE
    assert "apt-get install postgresql" in row.median


def test_server_that_does_not_start_is_a_row() -> None:
    """The others are measured without it."""
    with ExitStack() as stack:
        started, (row,) = _started([Contender("other", ("echo", "out of | order"))], Field(stack, Pace(1, 1)))
    assert started == []
    assert row.median.startswith("not measured: ")
    assert "does not listen: out of / order" in row.median  # a bar would be a cell's end


def test_hugo_that_is_not_there_is_a_row() -> None:
    """With what to install."""
    row = loading._hugo_row("First load", [], [1.0], "there is no Hugo")
    assert row.median == "not measured: there is no Hugo"


@pytest.mark.skipif(hugo.program() is None, reason="Hugo is not installed; on Debian: apt-get install hugo")
def test_hugo_that_leaves_articles_out_is_not_measured(tmp_path: Path) -> None:
    """A draft gets no page."""
    (tmp_path / "a.md").write_text("---\ntitle: A\nanswer: a\nurl: /a\n---\n", encoding="utf-8")
    assert hugo.build(hugo.program() or "", tmp_path, (0,)) > 0
    for name in "bcd":
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: B\ndraft: true\nurl: /{name}\n---\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="pages of 4 articles"):
        hugo.build(hugo.program() or "", tmp_path, (0,))


def test_null_and_odd_texts_are_copied_as_they_are() -> None:
    r"""A text `\N` is not null."""
    assert postgres.copied(("a\tb", None, 3, r"\N")) == "a\\tb\t\\N\t3\t\\\\N\n"


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_postgresql_holds_the_same_and_goes_away(tmp_path: Path) -> None:
    """It is reached by a socket only, and nothing of it is left."""
    binaries = postgres.programs() or Path()
    with postgres.postgres(_plain_database(tmp_path / "plain.db"), binaries, (0,)) as socket:
        psql = [str(binaries / "psql"), "-qXAt", "-h", str(socket), "-U", postgres.USER, "-d", postgres.DATABASE, "-c"]
        sql = "SELECT json_build_array(answer, target_url, current_setting('listen_addresses')) FROM article, related"
        asked = subprocess.run([*psql, sql], check=True, capture_output=True, text=True)
        assert json.loads(asked.stdout) == [ODD, None, ""]
    assert not socket.exists()


def test_packages_are_locked() -> None:
    """Each has a version and a checksum, and comes from no particular registry; a Node is among them."""
    lock = json.loads((PEERS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    wanted = json.loads((PEERS / "package.json").read_text(encoding="utf-8"))
    for name, version in {**wanted["dependencies"], **wanted["optionalDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version
