"""The documentation: examples in Python run, links lead somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
EXAMPLE = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITH_EXAMPLES = [page for page in PAGES if EXAMPLE.search(page.read_text(encoding="utf-8"))]


def prose(page: Path) -> str:
    """Return the text of a page without its code, in blocks and in lines."""
    without_blocks = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]+`", "", without_blocks)


def headings(page: Path) -> set[str]:
    """Return the fragments by which a page's headings are named."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
def test_examples_give_what_they_show(page: Path) -> None:
    """The `pycon` blocks of a page are one session."""
    examples = "\n".join(EXAMPLE.findall(page.read_text(encoding="utf-8")))
    session = doctest.DocTestParser().get_doctest(examples, {}, page.name, str(page), 0)
    assert session.examples
    told: list[str] = []
    assert doctest.DocTestRunner().run(session, out=told.append).failed == 0, "".join(told)


def test_there_are_examples() -> None:
    """Else the test above would say nothing."""
    assert DOCS / "rendering.md" in WITH_EXAMPLES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    """Every relative link, seen from the page where it stands."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
        path, _, heading = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        assert not heading or heading in headings(linked), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page: Path) -> None:
    """`docs/…`, `scripts/…`, `tests/…` and `graphql_api/…` in code style are files or folders of the project."""
    named = re.findall(r"`((?:docs|scripts|tests|graphql_api)/[\w./-]+)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (DOCS.parent / name).exists()] == []
