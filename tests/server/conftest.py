"""The server that the tests of this folder talk to, and a real browser."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.server.programs import running
from tests.server.ways import WAYS, client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2
    from playwright.sync_api import Browser

    from graphql_api.server.routes import Application

CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base url of the whole product over `seeds/`; it must exit with 0 on SIGTERM when the tests end."""
    command = [sys.executable, "-m", "graphql_api", "serve", "--seeds", "seeds", "--port", "0"]
    with running([*command, "--store", str(tmp_path_factory.mktemp("store"))]) as program:
        yield program.url


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Return each of the two ways to an application: whatever takes this is tested on both."""
    return str(request.param)


@pytest.fixture
def connect(way: str) -> Iterator[Callable[[Application], httpx2.Client]]:
    """Return what gives a client of an application that is served by this way, until the test's end."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(client_of(app, way))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, with a profile of its own and every host but the loopback blocked."""
    chromium = shutil.which("chromium")
    assert chromium, "this test needs Chromium (Debian: apt-get install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
