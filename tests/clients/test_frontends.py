"""docs/frontends.md as it stands: compiled in each framework's starter, built, served, and looked at in a browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from tests.clients.conftest import FOLDER, TELEMETRY_OFF, checked, program, run_node
from tests.clients.sites import Site, astro_site, blocks, next_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PAGE_COUNT = len([*program("seeds").glob("*/*.md")])
APP = ("app/", "components/")
PAGES = ("pages/.*[.]tsx$", "components/")
RUN = (sys.executable, "-m", "graphql_api", "run", "--seeds", str(program("seeds")))


def built_pages(folder: Path) -> list[Path]:
    """Return the pages of articles that a build has written."""
    return sorted((folder / "learn").rglob("*.html"))


def build(site: Site, store: Path, *command: str, **variables: str) -> None:
    """Build a site while `graphql-api run` serves `seeds/` to it."""
    binary = str(FOLDER / "node_modules" / ".bin" / command[0])
    checked([*RUN, "--store", str(store), "--", binary, *command[1:]], site.folder, **variables)


@contextmanager
def started(site: Site, api_url: str, **variables: str) -> Iterator[str]:
    """Run `next start` on any free port, with the API at `api_url`; gives the url of the site."""
    command = [str(FOLDER / "node_modules" / ".bin" / "next"), "start", "--port", "0", "--hostname", "127.0.0.1"]
    with subprocess.Popen(
        command,
        cwd=site.folder,
        env={**os.environ, **TELEMETRY_OFF, "NO_COLOR": "1", "GRAPHQL_API_URL": api_url, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        try:
            printed = ""
            for line in process.stdout:
                printed += line
                if url := re.search(r"http://(?:127\.0\.0\.1|localhost):\d+", line):
                    yield url[0]
                    break
            else:
                raise AssertionError(printed)
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def test_every_block_is_part_of_a_site(node: str) -> None:
    """No block is left out of the tests below."""
    assert node
    sites = (re.compile(each) for each in ("/codegen.ts", "lib/", *APP, *PAGES, "/next.config.ts", r".*[.]astro$"))
    patterns = [*sites]
    assert len(blocks()) >= 10
    assert [path for path in blocks() if not any(pattern.match(path) for pattern in patterns)] == []


@pytest.mark.parametrize("source", ["", "src/"], ids=["without src", "with src"])
def test_next_with_its_app_router_compiles(node: str, source: str) -> None:
    """Not one type error, in TypeScript's strict mode, wherever the starter puts the files."""
    assert node
    next_site("next-types", APP, source).run("tsc", "--noEmit", "-p", ".")


def test_next_with_its_app_router_is_built_and_works_in_a_browser(
    node: str, api_url: str, browser: Browser, tmp_path: Path
) -> None:
    """Every page is made by the build; a component of the browser asks the address that the build was given."""
    assert node
    site = next_site("next-app", APP, "src/")
    build(site, tmp_path, "next", "build", NEXT_PUBLIC_GRAPHQL_API_URL=api_url)
    with started(site, api_url) as url, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{url}/learn/physics/questions/what-is-entropy")
        expect(page.get_by_role("heading", level=1)).to_have_text("What is entropy?")
        assert httpx2.get(f"{url}/learn/physics/questions/there-is-none").status_code == 404
        page.goto(f"{url}/search")
        page.get_by_label("Search").fill("entropy")
        expect(page.get_by_role("link", name="What is entropy?")).to_be_visible()


def test_next_with_its_pages_router_is_exported(node: str, tmp_path: Path) -> None:
    """`output: "export"` while `graphql-api run` serves: a file for every article, and no server afterwards."""
    assert node
    site = next_site("next-export", (*PAGES, "/next.config.ts"), "")
    build(site, tmp_path, "next", "build")
    pages = built_pages(site.folder / "out")
    assert len(pages) == PAGE_COUNT
    assert all("<article><h1>" in page.read_text(encoding="utf-8") for page in pages)


def test_astro_is_checked_and_built(node: str, tmp_path: Path) -> None:
    """`astro check` finds nothing, and a page is made for every article."""
    assert node
    site = astro_site("astro")
    assert "- 0 errors" in site.run("astro", "check")
    build(site, tmp_path, "astro", "build")
    pages = built_pages(site.folder / "dist")
    assert len(pages) == PAGE_COUNT
    assert all("<article>" in page.read_text(encoding="utf-8") for page in pages)


ASK_AGAIN = """
import assert from "node:assert/strict";
import { test } from "node:test";
import { askAgain } from "./lib/ask-again";
import { askAt } from "./lib/ask-at";
import { graphql } from "./lib/generated";

const AllPages = graphql(`
  query AllPages($after: String) {
    questions(first: 100, orderBy: [URL_ASC], after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { slug subject { slug } }
    }
  }
`);

test("what has not changed is not sent again", async () => {
  const statuses: number[] = [];
  const plain = globalThis.fetch;
  globalThis.fetch = async (...parameters) => {
    const response = await plain(...parameters);
    statuses.push(response.status);
    return response;
  };
  const query = "query Again { content { version } }";
  assert.deepEqual(await askAgain(query, {}), await askAgain(query, {}));
  assert.deepEqual(statuses, [200, 304]);
});

test("an error of the answer is thrown with its code", async () => {
  const url = process.env.GRAPHQL_API_URL!;
  await assert.rejects(askAt(url, AllPages, { after: "nonsense" }), /BAD_USER_INPUT/);
  const asking = new AbortController();
  asking.abort();
  await assert.rejects(askAt(url, AllPages, { after: null }, asking.signal), { name: "AbortError" });
});
"""


def test_functions_that_ask_do_what_is_said(node: str, api_url: str) -> None:
    """ETags save the body, errors are thrown with their codes, what is out of date is aborted."""
    site = next_site("asking", (), "")
    site.write("asking.test.ts", ASK_AGAIN)
    options = ("--bundle", "--platform=node", "--format=esm", "--packages=external", "--log-level=warning")
    site.run("esbuild", "asking.test.ts", *options, "--outfile=asking.test.mjs")
    run_node(node, "--test", "asking.test.mjs", folder=site.folder, GRAPHQL_API_URL=api_url)
