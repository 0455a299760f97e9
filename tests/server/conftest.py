"""The server that the tests of this folder talk to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVES_THE_REAL_APP = True
"""Whether `server_url` is the whole product over `seeds/`, or the small engine of these tests."""


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base url of a running server; it must exit with 0 on SIGTERM when the tests end."""
    with running(_command(tmp_path_factory.mktemp("store"))) as program:
        yield program.url


def _command(store: Path) -> list[str]:
    if not SERVES_THE_REAL_APP:
        return [sys.executable, "-m", "tests.server.small_server"]
    program = [sys.executable, "-m", "graphql_api", "serve"]
    return [*program, "--seeds", "seeds", "--store", str(store), "--port", "0"]
