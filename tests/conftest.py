"""For all tests: the sample of real articles, and the seed that a run can be repeated with."""

from __future__ import annotations

import fcntl
import os
import tarfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.random_seeds import SEED_VARIABLE, seed_of_run
from tests.uncounted import coverage_paused

if TYPE_CHECKING:
    from collections.abc import Generator

CORPUS_VARIABLE = "GRAPHQL_API_TEST_CORPUS"
CORPUS_FILE = "quicktakes-sample.tar.xz"


def pytest_configure() -> None:
    """Draw the seed before any worker starts, so that all have the same."""
    seed_of_run()


def pytest_report_header() -> str:
    """Tell the seed."""
    return f"random tests: {SEED_VARIABLE}={seed_of_run()}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test that is marked so uncounted, with its fixtures."""
    with coverage_paused() if item.get_closest_marker("uncounted") else nullcontext():
        return (yield)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the unpacked sample; processes that test in parallel unpack it once.

    It is `learn` in a folder that has nothing else: the place of the site's other content, for who wants the whole.
    """
    named = os.environ.get(CORPUS_VARIABLE)
    if not named:
        pytest.skip(f"needs real articles: {CORPUS_VARIABLE} names no folder with {CORPUS_FILE}")
    archive = Path(named, CORPUS_FILE)
    if not archive.is_file():
        pytest.fail(f"{CORPUS_VARIABLE} is {named}, but there is no file {archive}")
    return _unpacked(archive, _shared_folder(tmp_path_factory))


def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder of the whole test run; each of pytest-xdist's workers has one below it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _unpacked(archive: Path, folder: Path) -> Path:
    seeds, done = folder / "corpus" / "learn", folder / "corpus.done"
    with (folder / "corpus.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with tarfile.open(archive) as files:
                files.extractall(seeds, filter="data")
            done.touch()
    return seeds
