"""Engines over the project's own seeds and over the sample."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.product import Product
from tests.uncounted import coverage_paused

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return an engine over the project's own seeds."""
    with Product(tmp_path_factory.mktemp("store")) as product:
        product.load(SEEDS)
        yield product


@pytest.fixture(scope="session")
def sample(corpus: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Product]:
    """Return an engine over the sample, which all processes that run tests load once."""
    root = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        root = root.parent
    with Product(root / "sample-store") as product:
        with (root / "sample-store.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (product.folder / "current.json").exists():
                with coverage_paused():
                    assert product.load(corpus).published
        yield product
