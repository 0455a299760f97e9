"""Facets: how many of a set's articles fall to each subject, year and author."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def facets(articles: list[dict[str, Any]], subjects: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the QuestionFacets of the articles, the most frequent first."""
    by_subject = Counter(article["subjectSlug"] for article in articles).items()
    by_year = Counter(article["date"].year for article in articles).items()
    by_author = Counter(article["author"] for article in articles).items()
    return {
        "subjects": [
            {"subject": subjects[slug], "count": count}
            for slug, count in sorted(by_subject, key=lambda item: (-item[1], subjects[item[0]]["title"], item[0]))
        ],
        "years": [{"year": year, "count": count} for year, count in sorted(by_year, key=_frequent)],
        "authors": [{"author": author, "count": count} for author, count in sorted(by_author, key=_frequent)],
    }


def _frequent(item: tuple[Any, int]) -> tuple[int, Any]:
    return -item[1], item[0]
