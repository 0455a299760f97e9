"""The server that the tests of this folder talk to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base url of the whole product over `seeds/`; it must exit with 0 on SIGTERM when the tests end."""
    command = [sys.executable, "-m", "graphql_api", "serve", "--seeds", "seeds", "--port", "0"]
    with running([*command, "--store", str(tmp_path_factory.mktemp("store"))]) as program:
        yield program.url
