"""Fixtures for tests of loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loading.seed_folder import SeedFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    """An empty folder of seeds."""
    return SeedFolder(tmp_path)
