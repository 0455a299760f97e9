"""A page of another origin in a real browser, which alone decides what its scripts may send and read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ASK = """async ([url, options]) => {
  const response = await fetch(url, options);
  return [response.status, response.headers.get("etag"), await response.text()];
}"""
BODY = '{"query": "{ content { version } }"}'
IN_URL = "/graphql?query={content{version}}"


@pytest.fixture(scope="module")
def other_url() -> Iterator[str]:
    """Return the base url of a second server: another port is another origin."""
    with running([sys.executable, "-m", "tests.server.small_server"]) as program:
        yield program.url


@pytest.fixture
def page(browser: Browser, other_url: str) -> Iterator[Page]:
    """Return a page of the second server."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{other_url}/healthz")
        yield page


def test_script_of_another_origin_queries_and_reads_the_answer(page: Page, server_url: str) -> None:
    """By POST with JSON and a header for credentials, which the browser asks about first."""
    headers = {"content-type": "application/json", "authorization": "Bearer x"}
    options = {"method": "POST", "headers": headers, "body": BODY}
    status, _, text = page.evaluate(ASK, [f"{server_url}/graphql", options])
    assert (status, '"version"' in text) == (200, True)


def test_script_of_another_origin_asks_again_by_entity_tag(page: Page, server_url: str) -> None:
    """It can read the tag, and send it."""
    status, tag, _ = page.evaluate(ASK, [server_url + IN_URL, {}])
    assert (status, tag[0]) == (200, '"')
    options = {"headers": {"if-none-match": tag}, "cache": "no-store"}
    assert page.evaluate(ASK, [server_url + IN_URL, options])[0] == 304


def test_script_of_another_origin_reads_an_error(page: Page, server_url: str) -> None:
    """Else it could not tell its author what is wrong."""
    status, _, text = page.evaluate(ASK, [f"{server_url}/graphql", {"method": "POST", "body": BODY}])
    assert (status, "UNSUPPORTED_MEDIA_TYPE" in text) == (415, True)


def test_script_of_another_origin_cannot_read_the_page(page: Page, server_url: str) -> None:
    """What is not shared is kept from it: the tests above would say nothing if the browser let all pass."""
    outcome = page.evaluate(
        "url => fetch(url, {headers: {accept: 'text/html'}}).then(() => 'read', () => 'kept')", f"{server_url}/graphql"
    )
    assert outcome == "kept"
