"""A PostgreSQL of the bench's own: a cluster in a temporary folder, by an unprivileged user, on a Unix socket only."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import pinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USER = DATABASE = "bench"
_START_SECONDS = 30.0
# The content fits into memory, as it does into the mapped memory of the others; the rest is as it comes.
_SETTINGS = ("listen_addresses=", "shared_buffers=512MB", "logging_collector=off")
_TABLES = """
CREATE TABLE subject (slug text PRIMARY KEY, title text NOT NULL);
CREATE TABLE article (
    url text PRIMARY KEY,
    title text NOT NULL,
    date text NOT NULL,
    answer text NOT NULL,
    subject_slug text NOT NULL REFERENCES subject (slug)
);
CREATE TABLE related (
    id integer PRIMARY KEY,
    article_url text NOT NULL REFERENCES article (url),
    position integer NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    target_url text REFERENCES article (url)
);
"""
_INDEXES = """
CREATE INDEX article_in_subject ON article (subject_slug, date DESC, url);
CREATE INDEX related_of_article ON related (article_url, position);
CREATE INDEX related_to_article ON related (target_url);
"""
_COPIED = ("subject", "article", "related")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest that Debian has here; None without one."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def postgres(plain_database: Path, binaries: Path, cores: Sequence[int]) -> Iterator[Path]:
    """Run a PostgreSQL on `cores` with the content of `plain_database`; give the folder of its socket.

    Raises RuntimeError if it cannot be made or started.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        user = _unprivileged(folder)
        _run([*user, str(binaries / "initdb"), "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-locale",
              f"--pgdata={folder / 'data'}"], folder)  # fmt: skip
        options = [part for setting in _SETTINGS for part in ("-c", setting)]
        command = [*user, str(binaries / "postgres"), "-D", str(folder / "data"), "-k", name, *options]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(pinned(command, cores), stdout=log, stderr=log, cwd=folder, start_new_session=True) as run,
        ):
            try:
                _wait(run, folder, binaries)
                _fill(plain_database, folder, binaries)
                yield folder
            finally:
                run.terminate()


def _unprivileged(folder: Path) -> list[str]:
    """Return how a command begins so that it is not root's, who may not run PostgreSQL; `folder` is theirs then."""
    if os.getuid():
        return []
    names = {each.pw_name: each for each in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _wait(running: subprocess.Popen[bytes], folder: Path, binaries: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False).returncode:
        if running.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL does not start: {(folder / 'log').read_text(errors='replace')}")
        time.sleep(0.1)


def _fill(plain_database: Path, socket: Path, binaries: Path) -> None:
    _sql(socket, binaries, f"CREATE DATABASE {DATABASE}", "postgres")
    _sql(socket, binaries, _TABLES)
    with contextlib.closing(sqlite3.connect(plain_database)) as db:
        # References may lead to rows that follow.
        _sql(socket, binaries, "ALTER TABLE related DISABLE TRIGGER ALL")
        for table in _COPIED:
            rows = db.execute(f"SELECT * FROM {table}")
            _sql(socket, binaries, f"COPY {table} FROM STDIN;\n" + "".join(map(copied, rows)) + "\\.\n")
    _sql(socket, binaries, _INDEXES)
    _sql(socket, binaries, "VACUUM ANALYZE")


def copied(row: Sequence[object]) -> str:
    r"""Return a row as a line of COPY's text format, where `\N` is no value."""
    return "\t".join(r"\N" if each is None else str(each).translate(_ESCAPES) for each in row) + "\n"


_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _sql(socket: Path, binaries: Path, script: str, database: str = DATABASE) -> None:
    command = [str(binaries / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(socket), "-U", USER, "-d", database]
    _run(command, socket, script)


def _run(command: Sequence[str], folder: Path, script: str = "") -> None:
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, input=script)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
