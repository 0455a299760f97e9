"""GraphiQL as somebody meets it first: something to look at, an operation of this schema, and on a telephone too."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

TELEPHONE: Any = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def blog_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base url of a site with a model of its own, which knows no article."""
    store = str(tmp_path_factory.mktemp("blog"))
    command = [sys.executable, "-m", "graphql_api", "serve", "--seeds", "examples/blog", "--port", "0"]
    with running([*command, "--store", store]) as program:
        yield program.url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that has been nowhere."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        yield context.new_page()


def opened(page: Page, url: str) -> Page:
    """Open GraphiQL and wait for it."""
    page.goto(f"{url}/graphql")
    expect(page.locator(".graphiql-query-editor .CodeMirror")).to_be_visible()
    return page


def result(page: Page) -> Any:
    """Return the answer that is shown, decoded."""
    shown = page.locator(".result-window .CodeMirror")
    expect(shown).to_contain_text("{")
    return json.loads(shown.evaluate("editor => editor.CodeMirror.getValue()"))


def operation(page: Page) -> str:
    """Return the text of the open tab's operation."""
    editor = page.locator(".graphiql-query-editor .CodeMirror")
    return str(editor.evaluate("editor => editor.CodeMirror.getValue()"))


def test_first_visit_shows_an_answer(page: Page, server_url: str) -> None:
    """Before anything is pressed."""
    assert result(opened(page, server_url))["data"]["question"]["title"]


def test_new_tab_has_an_operation_of_the_schema_that_runs(page: Page, server_url: str) -> None:
    """The first list with some of its fields."""
    opened(page, server_url).get_by_role("button", name="New tab").click()
    expect(page.locator(".graphiql-tab-active .graphiql-tab-button")).to_have_text("Start")
    assert "questions(first: 3) {" in operation(page)
    page.wait_for_timeout(300)  # GraphiQL looks a moment after a change which operation the editor holds
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window .CodeMirror")).to_contain_text("totalCount")
    assert len(result(page)["data"]["questions"]["nodes"]) == 3


def test_model_of_another_site_gives_other_operations(page: Page, blog_url: str) -> None:
    """What asks for articles is not offered where there are none."""
    opened(page, blog_url)
    answer = result(page)
    assert "errors" not in answer
    expect(page.locator(".graphiql-tab-button").first).to_have_text("Start")
    (entries,) = answer["data"].values()
    assert entries["totalCount"] >= 1
    assert "question" not in operation(page)


def test_who_comes_back_finds_what_was_left_there(page: Page, server_url: str) -> None:
    """No answer is fetched over it."""
    opened(page, server_url).locator(".graphiql-tab").get_by_text("Subjects", exact=True).click()
    page.wait_for_timeout(1_000)  # GraphiQL keeps the tabs half a second after the last change
    page.reload()
    expect(page.locator(".graphiql-tab-active .graphiql-tab-button")).to_have_text("Subjects")
    assert page.locator(".result-window .CodeMirror").evaluate("editor => editor.CodeMirror.getValue()") == ""


def box(locator: Locator) -> dict[str, float]:
    """Return where something is shown, in pixels."""
    found = locator.bounding_box()
    assert found
    return {"y": found["y"], "width": found["width"], "height": found["height"]}


def test_telephone_shows_operation_and_answer_below_each_other(browser: Browser, server_url: str) -> None:
    """Both at full width, nothing beside the screen, and every button large enough for a finger."""
    with browser.new_context(viewport=TELEPHONE, has_touch=True) as context:
        page = opened(context.new_page(), server_url)
        editor, answer = box(page.locator(".graphiql-query-editor")), box(page.locator(".result-window"))
        assert editor["width"] > 330 < answer["width"]
        assert editor["y"] + editor["height"] <= answer["y"]
        assert answer["y"] + answer["height"] <= TELEPHONE["height"]
        assert answer["height"] > 250
        assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
        button = page.get_by_role("button", name="Execute query")
        assert min(box(button)["width"], box(button)["height"]) >= 40
        button.tap()
        assert result(page)["data"]["question"]


def test_telephone_shows_the_documentation_over_all_and_lets_it_go(browser: Browser, server_url: str) -> None:
    """At full width; the same button closes it."""
    with browser.new_context(viewport=TELEPHONE, has_touch=True) as context:
        page = opened(context.new_page(), server_url)
        page.get_by_role("button", name="Show Documentation Explorer").tap()
        explorer = page.locator(".graphiql-plugin")
        expect(explorer).to_be_visible()
        assert box(explorer)["width"] == TELEPHONE["width"]
        page.get_by_role("button", name="Hide Documentation Explorer").tap()
        expect(explorer).to_be_hidden()
        expect(page.locator(".result-window")).to_be_visible()
