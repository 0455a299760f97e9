"""The oracle's filters, by hand-computed answers."""

from __future__ import annotations

import pytest

from tests.oracle.articles import article, data, links, oracle

SHELF = oracle(
    article("a", title="Élan vital", score=1.0, id=-1, author="Ann"),
    article("b", title="STRASSE 100%", score=None, id=5, **links("gone")),
    article("c", "bio", title="Straße_x", score=2.5, id=5, no_index=True, author="ann"),
)


@pytest.mark.parametrize(
    ("condition", "slugs"),
    [
        ("{}", "abc"),
        ("{score: {}}", "abc"),
        ("{score: null, not: null, and: null, or: null}", "abc"),
        ("{score: {gt: null}}", "abc"),
        ("{and: []}", "abc"),
        ("{or: []}", ""),
        ("{or: [{}]}", "abc"),
        ("{not: {}}", ""),
        ("{score: {gt: 1}}", "c"),
        ("{not: {score: {gt: 1}}}", "ab"),
        ("{score: {gte: 1}}", "ac"),
        ("{score: {lt: 2.5}}", "a"),
        ("{score: {lte: 2.5}}", "ac"),
        ("{score: {eq: 1}}", "a"),
        ("{score: {ne: 1}}", "bc"),
        ("{not: {score: {ne: 1}}}", "a"),
        ("{score: {exists: true}}", "ac"),
        ("{score: {exists: false}}", "b"),
        ("{score: {gt: 0, lt: 2}}", "a"),
        ("{articleId: {in: [5, 6]}}", "bc"),
        ("{articleId: {in: []}}", ""),
        ("{articleId: {notIn: []}}", "abc"),
        ("{articleId: {notIn: 5}}", "a"),
        ("{articleId: {gt: -1}, noIndex: {eq: false}}", "b"),
        ('{title: {contains: "éLAN"}}', "a"),
        ('{title: {contains: "elan"}}', ""),
        ('{title: {startsWith: "straß"}}', "bc"),
        ('{title: {contains: "%"}}', "b"),
        ('{title: {contains: "_"}}', "c"),
        ('{title: {contains: ""}}', "abc"),
        ('{author: {eq: "ann"}}', "c"),
        ('{author: {ne: "ann"}}', "ab"),
        ('{slug: {in: ["a", "c", "z"]}}', "ac"),
        ('{subject: {eq: "bio"}}', "c"),
        ('{subject: {eq: "Bio"}}', ""),
        ('{url: {startsWith: "/LEARN/art"}}', "ab"),
        ('{date: {gte: "2024-01-01", lt: "2024-01-02"}}', "abc"),
        ('{date: {gt: "2024-01-01"}}', ""),
        ('{date: {ne: "2024-01-01"}}', ""),
        ("{hasRelatedArticles: true}", "b"),
        ("{hasRelatedArticles: false}", "ac"),
        ("{hasRelatedArticles: null}", "abc"),
        ("{or: [{score: {eq: 1}}, {not: {articleId: {eq: 5}}, noIndex: {eq: true}}]}", "a"),
        ("{or: {score: {eq: 1}}, and: [{not: {or: [{articleId: {gt: 0}}]}}]}", "a"),
    ],
)
def test_a_filter_keeps_what_it_says(condition: str, slugs: str) -> None:
    """Entries are joined by AND, null is absence, a missing score meets only ne and the complement."""
    document = f"{{ questions(filter: {condition}, orderBy: [URL_ASC]) {{ totalCount nodes {{ slug }} }} }}"
    found = data(SHELF, document)["questions"]
    assert "".join(node["slug"] for node in found["nodes"]) == slugs
    assert found["totalCount"] == len(slugs)


def test_variables_stand_inside_a_literal_filter() -> None:
    """A variable that is not given leaves its entry out."""
    document = """
      query ($low: Float, $high: Float) {
        questions(filter: {score: {gt: $low, lt: $high}}, orderBy: [URL_ASC]) { nodes { slug } }
      }"""
    assert data(SHELF, document, low=1)["questions"] == {"nodes": [{"slug": "c"}]}
    assert data(SHELF, document, high=2, low=None)["questions"] == {"nodes": [{"slug": "a"}]}
    assert len(data(SHELF, document)["questions"]["nodes"]) == 3
