"""Search checks: what must hold of any search's hits, whatever the ranking."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from tests.oracle.comparison import differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.drafts import Entry
    from tests.oracle.execution import Execute, Oracle

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
_LONGEST_ENDING = 7
"""Of comparative and compare, `compar` is left; `iveness` and `ational` are the longest endings."""


def check_search(execute: Execute, oracle: Oracle, words: str, condition: Mapping[str, Any] | None = None) -> list[str]:
    """Search for plain words, all required, read to the end, and return the urls of the hits, best first.

    `condition` is a QuestionFilter. Raises AssertionError where a hit lacks a word, fails the filter or comes twice,
    where scores rise, or where count or facets are not those of the hits.
    """
    edges, page = _hits(execute, words, condition)
    articles = {each.values["url"]: each for each in oracle.site.entries["Question"]}
    urls = [edge["node"]["url"] for edge in edges]
    scores = [edge["score"] for edge in edges]
    assert len(set(urls)) == len(urls) == page["totalCount"], "a hit came twice, or the count is not that of the hits"
    assert scores == sorted(scores, reverse=True), "scores rise"
    for edge in edges:
        article = articles[edge["node"]["url"]]
        assert oracle.answers.meets(article, condition), f"{article.identity} does not meet the filter"
        assert_contains(article, edge["node"]["answer"]["text"], words)
    found = list(differences(facets_of(oracle, [articles[url] for url in urls]), page["facets"], "facets"))
    assert not found, found
    return urls


def assert_contains(article: Entry, text: str, words: str) -> None:
    """Raise AssertionError unless the stem of each word begins a word of the article, accents and case aside."""
    values = article.values
    seo, subject = values["seo"], values["subject"].target.values
    fields = (values["title"], values["question"], text, subject["title"], values["author"], seo["title"])
    found = _words(" ".join((*fields, seo["description"], *seo["keywords"])))
    for word in _words(words):
        stem = word[: max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING)]
        assert any(one.startswith(stem) for one in found), f"{values['url']} lacks {word!r}"


def facets_of(oracle: Oracle, articles: list[Entry]) -> dict[str, Any]:
    """Return the facets of articles as the search asks for them."""
    found = {
        name: resolve(None)
        for name, resolve in oracle.answers.facets(oracle.site.model.types["Question"], articles).items()
    }
    subjects = [
        {"subject": {"slug": one["subject"].values["slug"]}, "count": one["count"]} for one in found["subjects"]
    ]
    return {"subjects": subjects, "years": found["years"], "authors": found["authors"]}


def _hits(execute: Execute, words: str, condition: Any) -> tuple[list[Any], dict[str, Any]]:
    edges: list[Any] = []
    after, more = None, True
    while more:
        response = execute(_SEARCH, {"query": words, "filter": condition, "after": after})
        page: dict[str, Any] = response["data"]["search"]
        edges += page["edges"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return edges, page


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return "".join(c if c.isalnum() else " " for c in plain).split()
