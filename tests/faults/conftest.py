"""Fixtures for tests of faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loading.seed_folder import SeedFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SeedFolder:
    """An empty folder of seeds; commands take it and its store from the environment."""
    folder = SeedFolder(tmp_path)
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(folder.root))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(folder.store))
    return folder
