"""Articles made by hand for tests, and an oracle over them that renders plainly."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from tests.oracle.content import Content
from tests.oracle.execution import Oracle


def article(slug: str, subject: str = "art", **changes: Any) -> dict[str, Any]:
    """Return an article as the oracle holds it; whatever is not given is the same for all."""
    return {
        "__typename": "Question",
        "articleId": 1,
        "url": url(slug, subject),
        "subjectSlug": subject,
        "slug": slug,
        "subjectTitle": subject.title(),
        "title": slug,
        "question": slug,
        "source": f"About {slug}",
        "date": dt.date(2024, 1, 1),
        "author": "Ann",
        "score": None,
        "noIndex": False,
        "seo": {"title": "", "description": "", "keywords": []},
        "references": [],
    } | changes


def reference(position: int, slug: str, subject: str = "art", **changes: Any) -> dict[str, Any]:
    """Return a reference to the article of that slug."""
    written = {"position": position, "articleId": 1, "title": slug, "subject": "Art", "url": url(slug, subject)}
    return written | changes


def links(*slugs: str) -> list[dict[str, Any]]:
    """Return references to these articles, numbered from 1."""
    return [reference(position, slug) for position, slug in enumerate(slugs, 1)]


def url(slug: str, subject: str = "art") -> str:
    """Return the url of an article."""
    return f"/learn/{subject}/questions/{slug}"


def oracle(*articles: dict[str, Any]) -> Oracle:
    """Return an oracle over these articles, whose answers are what their sources say."""
    return Oracle(Content(articles), plain)


def plain(source: str) -> SimpleNamespace:
    """Render a source as it stands, with one heading."""
    heading = SimpleNamespace(level=2, text="Part", anchor="part")
    words = len(source.split())
    return SimpleNamespace(markdown=source, html=source, text=source, headings=[heading], word_count=words)


def data(under_test: Oracle, document: str, **variables: Any) -> Any:
    """Return the data that the oracle answers; an error fails the test."""
    response = under_test.execute(document, variables)
    assert "errors" not in response, response
    return response["data"]
