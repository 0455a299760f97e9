"""A subscription in GraphiQL, in a real browser: it waits, shows each publish, and ends when it is stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.command_line import seed
from tests.server.programs import PROJECT_FOLDER, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

GRAPHQL_API = (sys.executable, "-m", "graphql_api")
SUBSCRIPTION = "subscription Changed { contentChanged { sequence added total } }"
BASE_PATHS = {"at the root": "", "below a path": "/content"}


class Site:
    """Seeds in a folder, and a server of them."""

    def __init__(self, folder: Path) -> None:
        """Begin with one article."""
        self.folder = folder
        (folder / "seeds").mkdir()
        self.write(1)

    @property
    def options(self) -> list[str]:
        """Where its content is."""
        return ["--seeds", str(self.folder / "seeds"), "--store", str(self.folder / "store")]

    def write(self, number: int) -> None:
        """Write one more article."""
        (self.folder / "seeds" / f"{number}.md").write_text(seed(number))

    def publish(self, number: int) -> None:
        """Load one more article, in a process of its own."""
        self.write(number)
        subprocess.run([*GRAPHQL_API, "load", *self.options], cwd=PROJECT_FOLDER, check=True, capture_output=True)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site with one article."""
    return Site(tmp_path)


@pytest.fixture(params=list(BASE_PATHS.values()), ids=list(BASE_PATHS))
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """Return GraphiQL on the site with the subscription in its open tab."""
    serve = [*GRAPHQL_API, "serve", *site.options, "--port", "0", "--base-path", request.param]
    viewport: Any = {"width": 1400, "height": 900}
    with running(serve) as program, browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.goto(f"{program.url.removesuffix('/')}{request.param}/graphql?{urlencode({'query': SUBSCRIPTION})}")
        expect(page.locator(".graphiql-tab-active .graphiql-tab-button")).to_have_text("Changed")
        page.wait_for_timeout(300)  # GraphiQL looks a moment after a change which operation the editor holds
        yield page
        page.close()


def test_each_publish_is_shown_until_it_is_stopped(page: Page, site: Site) -> None:
    """It runs as a stream of events, by the address of the page; what comes after the end is not shown."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with page.expect_response(lambda response: response.headers["content-type"].startswith("text/event-stream")):
        page.get_by_role("button", name="Execute query").click()
    shown = page.locator(".result-window .CodeMirror")
    for number in (2, 3):
        site.publish(number)
        expect(shown).to_contain_text(f'"sequence": {number}')
        answer = json.loads(shown.evaluate("editor => editor.CodeMirror.getValue()"))
        assert answer["data"]["contentChanged"]["total"] == 1
        assert len(answer["data"]["contentChanged"]["added"]) == 1
    page.get_by_role("button", name="Stop query").click()
    expect(page.get_by_role("button", name="Execute query")).to_be_visible()
    site.publish(4)
    page.wait_for_timeout(1_000)
    assert '"sequence": 3' in shown.evaluate("editor => editor.CodeMirror.getValue()")
    assert complaints == []


def test_refused_subscription_is_told(page: Page, site: Site) -> None:
    """What is wrong with it is shown as for a query, and not asked again and again."""
    del site
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    editor = page.locator(".graphiql-query-editor .CodeMirror")
    editor.evaluate("editor => editor.CodeMirror.setValue('subscription Wrong { nothing }')")
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window .CodeMirror")).to_contain_text("nothing")
    page.wait_for_timeout(1_500)
    assert len(asked) == 1
