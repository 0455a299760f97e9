"""The search checks pass honest hits and find each kind of dishonest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle.articles import article, oracle, url
from tests.oracle.searching import check_search, facets_of

CONTENT = oracle(
    article("a", title="Running rivers", score=2.0),
    article("b", title="A river runs", author="Bo", score=1.0),
    article("c", "bio", title="Élan", date="2023-01-01"),
)
if TYPE_CHECKING:
    from tests.oracle.drafts import Entry

ARTICLES = {each.values["url"]: each for each in CONTENT.site.entries["Question"]}


class Searching:
    """A search that finds what it is told to, one hit a page."""

    def __init__(self, *slugs: str, **lies: Any) -> None:
        self.urls = [url(slug) for slug in slugs]
        self.lies = lies
        self.asked: list[Any] = []

    def __call__(self, _document: str, variables: Any) -> dict[str, Any]:
        self.asked.append(variables["filter"])
        start = int(variables["after"] or 0)
        hits = [ARTICLES[name] for name in self.urls]
        page = {
            "totalCount": len(hits),
            "edges": [self._edge(hit, place) for place, hit in enumerate(hits)][start : start + 1],
            "pageInfo": {"hasNextPage": start + 1 < len(hits), "endCursor": str(start + 1)},
            "facets": facets_of(CONTENT, hits),
        }
        return {"data": {"search": page | self.lies}}

    def _edge(self, hit: Entry, place: int) -> dict[str, Any]:
        return {"score": -place, "node": {"url": hit.values["url"], "answer": {"text": hit.values["answer"].source}}}


def test_honest_hits_pass_and_are_returned_best_first() -> None:
    """Endings, accents and case do not matter."""
    search = Searching("a", "b")
    condition = {"and": [{"date": {"gte": "2024-01-01"}}]}
    assert check_search(search, CONTENT, "RIVERS running", condition) == [url("a"), url("b")]
    assert search.asked == [{"and": [{"date": {"gte": "2024-01-01"}}]}] * 2


@pytest.mark.parametrize(
    ("search", "words", "condition", "message"),
    [
        (Searching("a", "a"), "river", None, "twice"),
        (Searching("a", totalCount=2), "river", None, "count"),
        (Searching("a"), "lake", None, "lacks"),
        (Searching("a", "b"), "river", {"author": {"eq": "Ann"}}, "filter"),
        (Searching("a", facets={"subjects": [], "years": [], "authors": []}), "river", None, "facets"),
    ],
)
def test_dishonest_hits_are_found(search: Searching, words: str, condition: Any, message: str) -> None:
    """A repeated hit, a wrong count, a missing word, an unmet filter, foreign facets."""
    with pytest.raises(AssertionError, match=message):
        check_search(search, CONTENT, words, condition)


def test_rising_scores_are_found() -> None:
    """The best match comes first."""
    search = Searching("a", "b")
    search._edge = lambda hit, place: {"score": place, "node": {"url": hit.values["url"], "answer": {"text": ""}}}  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match="rise"):
        check_search(search, CONTENT, "river")
