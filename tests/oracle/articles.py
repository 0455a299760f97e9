"""Articles of the built-in model made by hand for tests, and an oracle over them that renders plainly."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.oracle.declarations import Model
from tests.oracle.execution import Oracle
from tests.oracle.site import Site
from tests.oracle.spelling import markdown_text

QUESTIONS = Model(
    (Path(__file__).parents[2] / "graphql_api" / "model" / "questions.graphql").read_text(encoding="utf-8")
)
_STYLE = 3


def article(slug: str, subject: str = "art", **changes: Any) -> dict[str, Any]:
    """Return the keys of an article; whatever is not given is the same for all, and what is None is left out."""
    keys = {
        "id": 1,
        "url": url(slug, subject),
        "title": slug,
        "subject": subject.title(),
        "answer": f"About {slug}",
        "date": "2024-01-01",
        "author": "Ann",
    }
    return keys | changes


def reference(position: int, slug: str, subject: str = "art", **changes: Any) -> dict[str, Any]:
    """Return the key of a reference to the article of that slug."""
    written = {"id": 1, "title": slug, "subject": "Art", "url": url(slug, subject)}
    return {f"related_article{position}": written | changes}


def links(*slugs: str) -> dict[str, Any]:
    """Return the keys of references to these articles, numbered from 1."""
    return {key: value for at, slug in enumerate(slugs, 1) for key, value in reference(at, slug).items()}


def url(slug: str, subject: str = "art") -> str:
    """Return the url of an article."""
    return f"/learn/{subject}/questions/{slug}"


def site(*articles: dict[str, Any]) -> Site:
    """Return the site of these articles."""
    with tempfile.TemporaryDirectory() as folder:
        for number, each in enumerate(articles):
            keys = {key: value for key, value in each.items() if value is not None}
            path = Path(folder, f"{number}.md")
            path.write_bytes(markdown_text(keys, "&nbsp;", _STYLE).data(None))
        return Site.of(QUESTIONS, Path(folder))


def oracle(*articles: dict[str, Any]) -> Oracle:
    """Return an oracle over these articles, whose answers are what their sources say."""
    found = site(*articles)
    assert not found.problems, found.problems
    return Oracle(found, plain)


def plain(source: str, _escapes: bool) -> SimpleNamespace:
    """Render a source as it stands, with one heading."""
    heading = SimpleNamespace(level=2, text="Part", anchor="part")
    words = len(source.split())
    return SimpleNamespace(markdown=source, html=source, text=source, headings=[heading], word_count=words)


def data(under_test: Oracle, document: str, **variables: Any) -> Any:
    """Return the data that the oracle answers; an error fails the test."""
    response = under_test.execute(document, variables)
    assert "errors" not in response, response
    return response["data"]
