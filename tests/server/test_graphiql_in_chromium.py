"""GraphiQL in a real browser that can reach this machine's loopback and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

GRAPHIQL_READS_THE_EDITOR_AFTER_MS = 300
"""GraphiQL looks a moment after a change which operation the editor holds; no person is faster, a test is."""

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (violation) =>
  console.error(`CSP ${violation.effectiveDirective} ${violation.blockedURI}`));
"""


@dataclass
class Visit:
    """One open page, with what it asked for and what it complained about."""

    page: Page
    hosts: set[str | None] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, server_url: str) -> Iterator[Visit]:
    """Return GraphiQL's page, opened for the first time; its requests and complaints are written down."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        visit = Visit(context.new_page())
        context.on("request", lambda request: visit.hosts.add(urlsplit(request.url).hostname))
        visit.page.add_init_script(REPORT_VIOLATIONS)
        visit.page.on("console", lambda message: visit.complaints.append(f"{message.type}: {message.text}"))
        visit.page.on("pageerror", lambda error: visit.complaints.append(f"exception: {error}"))
        visit.page.goto(f"{server_url}/graphql")
        expect(visit.page.locator(".graphiql-query-editor .CodeMirror")).to_be_visible()
        yield visit


def shown_answer(page: Page) -> object:
    """Run the open tab's operation and return the answer that GraphiQL shows, decoded."""
    page.wait_for_timeout(GRAPHIQL_READS_THE_EDITOR_AFTER_MS)
    page.get_by_role("button", name="Execute query").click()
    result = page.locator(".result-window .CodeMirror")
    expect(result).to_contain_text("{")
    expect(page.locator(".graphiql-spinner")).to_have_count(0)
    text = result.evaluate("editor => editor.CodeMirror.getValue()")
    return json.loads(text)


def test_first_example_runs_and_nothing_leaves_the_machine(visit: Visit) -> None:
    """The first tab is the first example; its answer has an article and its neighbours.

    No other host was asked, and the browser had nothing to complain about: no policy violation, no error.
    """
    tabs = visit.page.locator(".graphiql-tab-button")
    expect(tabs).to_have_text(["Neighbours", "Subjects", "Page", "WhatIsLoaded"])
    answer = shown_answer(visit.page)
    assert isinstance(answer, dict)
    assert "errors" not in answer
    question = answer["data"]["question"]
    assert question["title"]
    assert question["relatedArticles"][0]["title"]
    assert (visit.hosts, visit.complaints) == ({"127.0.0.1"}, [])


def test_every_example_runs_without_errors(visit: Visit) -> None:
    """Each tab that a new user finds has an answer with data and no errors."""
    for name in ("Subjects", "Page", "WhatIsLoaded"):
        visit.page.locator(".graphiql-tab").get_by_text(name, exact=True).click()
        answer = shown_answer(visit.page)
        assert isinstance(answer, dict)
        assert set(answer) == {"data"}, answer
    assert (visit.hosts, visit.complaints) == ({"127.0.0.1"}, [])


def test_documentation_lists_the_fields_of_query(visit: Visit) -> None:
    """The explorer has read the schema: it shows the root fields, and no error anywhere."""
    visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    explorer = visit.page.locator(".graphiql-doc-explorer")
    explorer.locator(".graphiql-doc-explorer-content").get_by_text("Query", exact=True).click()
    for field_name in ("question", "questions", "subjects", "content"):
        expect(
            explorer.locator(".graphiql-doc-explorer-field-name").get_by_text(field_name, exact=True)
        ).to_be_visible()
    visit.page.get_by_label("Open settings dialog").click()
    expect(visit.page.get_by_text("Persist headers")).to_be_visible()
    assert (visit.hosts, visit.complaints) == ({"127.0.0.1"}, [])


def test_reload_keeps_the_tabs_as_they_were(visit: Visit) -> None:
    """Who comes back finds the same tabs, and none twice."""
    visit.page.reload()
    expect(visit.page.locator(".graphiql-tab-button")).to_have_text(["Neighbours", "Subjects", "Page", "WhatIsLoaded"])


def test_operation_in_the_address_opens_first(visit: Visit, server_url: str) -> None:
    """A link with ?query= opens that operation in a tab of its own, and it runs."""
    operation = "query Linked($n: Int!) { subjects(first: $n) { totalCount } }"
    parameters = {"query": operation, "variables": '{"n": 1}'}
    visit.page.goto(f"{server_url}/graphql?{urlencode(parameters)}")
    expect(visit.page.locator(".graphiql-tab-active .graphiql-tab-button")).to_have_text("Linked")
    answer = shown_answer(visit.page)
    assert isinstance(answer, dict)
    assert answer["data"]["subjects"]["totalCount"] >= 1
    assert (visit.hosts, visit.complaints) == ({"127.0.0.1"}, [])


def test_policy_stops_a_script_that_asks_another_host(visit: Visit) -> None:
    """The control of the tests above: a request to another host is a violation, and is seen."""
    visit.page.evaluate("fetch('http://example.invalid/').catch(() => {})")
    visit.page.wait_for_timeout(200)
    assert any("CSP connect-src http://example.invalid" in complaint for complaint in visit.complaints)
