"""What the tests with clients need: their packages, installed as the lock files say, and a server of ours."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.server.conftest import browser
from tests.server.programs import PROJECT_FOLDER, running

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["browser"]  # what imports no fixture has none

FOLDER = Path(__file__).parent
SERVE = (sys.executable, "-m", "graphql_api", "serve", "--seeds", "seeds", "--port", "0")


@pytest.fixture(scope="session")
def node() -> str:
    """Return the program node; the packages of the lock file are installed beside this file."""
    found = {name: shutil.which(name) for name in ("node", "npm")}
    for name, path in found.items():
        assert path, f"the clients need {name} (scripts/test installs it)"
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install([str(found["npm"]), "ci", "--ignore-scripts", "--silent"], "package-lock.json", "node_modules")
    return str(found["node"])


@pytest.fixture(scope="session")
def python_clients() -> Path:
    """Return the folder of the programs of an environment with the Python clients, which need another graphql-core."""
    with (FOLDER / "requirements.in").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make = f"{sys.executable} -m venv .venv && .venv/bin/python -m pip install -q --require-hashes -r"
        install(["sh", "-c", f"{make} requirements.lock"], "requirements.lock", ".venv")
    return FOLDER / ".venv" / "bin"


def install(command: list[str], lock: str, folder: str) -> None:
    """Run what makes `folder` from a lock file, unless it is there, made from this one."""
    digest = hashlib.sha256((FOLDER / lock).read_bytes()).hexdigest()
    mark = FOLDER / folder / "installed-from"
    if not mark.is_file() or mark.read_text() != digest:
        shutil.rmtree(FOLDER / folder, ignore_errors=True)
        subprocess.run(command, cwd=FOLDER, check=True, stdin=subprocess.DEVNULL)
        mark.write_text(digest)


@pytest.fixture(scope="session")
def api_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the API over `seeds/`."""
    with running([*SERVE, "--store", str(tmp_path_factory.mktemp("store"))]) as program:
        yield f"{program.url}/graphql"


@pytest.fixture(scope="session")
def plain_api_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of one that takes no persisted queries."""
    store = str(tmp_path_factory.mktemp("plain-store"))
    with running([*SERVE, "--store", store, "--no-persisted-queries"]) as program:
        yield f"{program.url}/graphql"


def run_node(node: str, *arguments: str | Path, folder: Path = FOLDER, **variables: str) -> str:
    """Run node in a folder with environment variables; it must end with 0. Returns what it has printed."""
    return checked([node, *map(str, arguments)], folder, **variables)


def checked(command: list[str], folder: Path, **variables: str) -> str:
    """Run a program in a folder; it must end with 0. Returns what it has printed on both streams."""
    environment = {**os.environ, "CI": "1", "NO_COLOR": "1", **TELEMETRY_OFF, **variables}
    finished = subprocess.run(
        command, cwd=folder, env=environment, check=False, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert finished.returncode == 0, f"{command} ended with {finished.returncode}:\n{finished.stdout}"
    return finished.stdout


TELEMETRY_OFF = {"NEXT_TELEMETRY_DISABLED": "1", "ASTRO_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1"}
"""The network of these tests is the loopback."""


def program(path: str) -> Path:
    """Return a file of the project."""
    return PROJECT_FOLDER / path
