"""Operations beyond those of the documentation, each of which an index serves: by name, with its variables."""

from __future__ import annotations

from typing import Any

_URL = "/learn/physics/questions/what-is-entropy"
_ORDERS = ("DATE", "TITLE", "ARTICLE_ID", "SCORE", "URL")
_SUBJECT_ORDERS = ("TITLE", "SLUG", "QUESTION_COUNT")
_DIRECTIONS = ("ASC", "DESC")

Operation = tuple[str, dict[str, Any]]


def _pages() -> dict[str, Operation]:
    """Return the first page in every order, of all questions, of a subject's, and of subjects."""
    operations: dict[str, Operation] = {}
    for order in (f"{name}_{direction}" for name in _ORDERS for direction in _DIRECTIONS):
        page = f"questions(orderBy: [{order}], first: 5)"
        operations[f"nodes by {order}"] = (f"{{ {page} {{ nodes {{ title author }} }} }}", {})
        operations[f"page by {order}"] = (f"{{ {page} {{ pageInfo {{ hasNextPage endCursor }} }} }}", {})
        operations[f"backwards by {order}"] = (
            f"{{ questions(orderBy: [{order}], last: 5) {{ nodes {{ url }} }} }}",
            {},
        )
        operations[f"subject by {order}"] = (
            f"query ($slug: String!) {{ subject(slug: $slug) {{ {page} {{ totalCount nodes {{ title }} }} }} }}",
            {"slug": "physics"},
        )
    return operations


def _subjects() -> dict[str, Operation]:
    orders = [f"{name}_{direction}" for name in _SUBJECT_ORDERS for direction in _DIRECTIONS]
    return {
        f"subjects by {order}": (f"{{ subjects(orderBy: [{order}], first: 5) {{ nodes {{ title }} }} }}", {})
        for order in orders
    }


def _filters() -> dict[str, Operation]:
    """Return counts of what filters find that an index serves."""
    filters: dict[str, dict[str, Any]] = {
        "url": {"url": {"eq": _URL}},
        "urls": {"url": {"in": [_URL, "/nowhere"]}},
        "subject": {"subject": {"eq": "physics"}},
        "subjects": {"subject": {"in": ["physics", "economics"]}},
        "title": {"title": {"eq": "What is entropy?"}},
        "author": {"author": {"eq": "Jonas Weiß"}},
        "article ids": {"articleId": {"in": [2001, 2005]}},
        "date": {"date": {"gte": "2024-01-01", "lt": "2025-01-01"}},
        "score": {"score": {"gte": 4.5}},
        "no score": {"score": {"exists": False}},
        "any score": {"score": {"exists": True}},
        "either": {"or": [{"url": {"eq": _URL}}, {"date": {"gt": "2025-06-01"}}]},
        "both": {"subject": {"eq": "physics"}, "date": {"gt": "2024-06-01"}},
    }
    operation = "query ($filter: QuestionFilter) { questions(filter: $filter) { totalCount } }"
    return {f"count by {name}": (operation, {"filter": filter_}) for name, filter_ in filters.items()}


FURTHER: dict[str, Operation] = {
    **_pages(),
    **_subjects(),
    **_filters(),
    "by id": ("query ($id: ID!) { node(id: $id) { id ... on Question { title } } }", {"id": "unknown"}),
    "by every text": (
        """query ($url: String!, $slug: String!, $text: String!) {
          question(by: { url: $url }) { title } subject(slug: $slug) { title }
          search(query: $text) { totalCount nodes { title } } }""",
        {"url": _URL, "slug": "physics", "text": "heat"},
    ),
    "back and forth": (
        """query ($url: String!) { question(by: { url: $url }) {
          relatedArticles { question { referencedBy { nodes {
            relatedArticles { question { referencedBy { totalCount nodes { url } } } } } } } } } }""",
        {"url": _URL},
    ),
    "neighbours of neighbours": (
        """query ($url: String!) { question(by: { url: $url }) { neighbours(depth: 3) {
          question { neighbours(depth: 2, first: 3) { distance
            question { next { title } previous { title } } } } } } }""",
        {"url": _URL},
    ),
    "facets of a search": (
        """query ($text: String!) { search(query: $text) {
          facets { subjects { count } years { count } authors { count } } } }""",
        {"text": "heat"},
    ),
    "a filtered search": (
        """query ($text: String!) { search(query: $text, filter: { subject: { eq: "physics" } }) {
          edges { cursor score snippet { html } node { title answer { excerpt } } } } }""",
        {"text": "heat flow"},
    ),
}
