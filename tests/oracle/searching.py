"""Search checks: what must hold of any search's hits, whatever the ranking."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from tests.oracle.comparison import differences
from tests.oracle.facets import facets
from tests.oracle.filters import matches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.content import Content
    from tests.oracle.execution import Execute

_SEARCH = """
query Search($query: String!, $filter: QuestionFilter, $after: String) {
  search(query: $query, filter: $filter, first: 100, after: $after) {
    totalCount
    edges { score snippet { text html } node { url answer { text } } }
    pageInfo { hasNextPage endCursor }
    facets { subjects { subject { slug } count } years { year count } authors { author count } }
  }
}
"""
_SHORTEST_STEM = 3
_LONGEST_ENDING = 4


def check_search(
    execute: Execute, content: Content, words: str, condition: Mapping[str, Any] | None = None
) -> list[str]:
    """Search for plain words, all required, read to the end, and return the urls of the hits, best first.

    `condition` is a QuestionFilter whose dates are `datetime.date` on our side. Raises AssertionError where a hit lacks
    a word, fails the filter or comes twice, where scores rise, or where count or facets are not those of the hits.
    """
    edges, page = _hits(execute, words, condition)
    urls = [edge["node"]["url"] for edge in edges]
    scores = [edge["score"] for edge in edges]
    assert len(set(urls)) == len(urls) == page["totalCount"], "a hit came twice, or the count is not that of the hits"
    assert scores == sorted(scores, reverse=True), "scores rise"
    for edge in edges:
        article = content.articles[edge["node"]["url"]]
        assert matches(article, condition), f"{article['url']} does not meet the filter"
        assert_contains(article, edge["node"]["answer"]["text"], words)
    _check_facets([content.articles[url] for url in urls], content, page["facets"])
    return urls


def assert_contains(article: Mapping[str, Any], text: str, words: str) -> None:
    """Raise AssertionError unless the stem of each word begins a word of the article, accents and case aside."""
    seo = article["seo"]
    fields = (article["title"], article["question"], text, article["subjectTitle"], article["author"], seo["title"])
    found = _words(" ".join((*fields, seo["description"], *seo["keywords"])))
    for word in _words(words):
        stem = word[: max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING)]
        assert any(one.startswith(stem) for one in found), f"{article['url']} lacks {word!r}"


def _hits(execute: Execute, words: str, condition: Any) -> tuple[list[Any], dict[str, Any]]:
    edges: list[Any] = []
    after, more = None, True
    while more:
        response = execute(_SEARCH, {"query": words, "filter": _spoken(condition), "after": after})
        page: dict[str, Any] = response["data"]["search"]
        edges += page["edges"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return edges, page


def _check_facets(articles: list[dict[str, Any]], content: Content, actual: dict[str, Any]) -> None:
    expected = facets(articles, content.subjects)
    for entry in expected["subjects"]:
        entry["subject"] = {"slug": entry["subject"]["slug"]}
    found = list(differences(expected, actual, "facets"))
    assert not found, found


def _spoken(condition: Any) -> Any:
    if isinstance(condition, dict):
        return {key: _spoken(value) for key, value in condition.items()}
    if isinstance(condition, list):
        return [_spoken(value) for value in condition]
    return condition.isoformat() if hasattr(condition, "isoformat") else condition


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return "".join(c if c.isalnum() else " " for c in plain).split()
