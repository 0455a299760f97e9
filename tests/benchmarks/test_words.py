"""Servers with schemas of their own are asked for the same, and their answers are compared in this server's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import parse

from benchmarks import words
from benchmarks.contenders import MERCURIUS, TUTORIAL, UNCACHED, Contender
from benchmarks.words import DATASETTE, POSTGRAPHILE
from benchmarks.workloads import Workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.words import Words

EXPECTED = {
    "question": {
        "title": "A",
        "date": "2024-03-01",
        "answer": {"markdown": "a"},
        "subject": {"title": "S"},
        "relatedArticles": [
            {"title": "B", "url": "/b", "question": {"title": "B", "answer": {"markdown": "b"}}},
            {"title": "Gone", "url": "/gone", "question": None},
        ],
    }
}
PAGE = {
    "nodes": [{"title": "A", "url": "/a", "date": "2024-03-01"}],
    "pageInfo": {"hasNextPage": True},
}
ALL = [
    (name, words_of) for words_of in (words.NEIGHBOURS, words.TWO_LEVELS, words.FIRST_PAGE) for name in sorted(words_of)
]


def _article(article: str, subject: str, references: str, target: str) -> dict[str, Any]:
    nodes = [
        {"title": "B", "url": "/b", target: {"title": "B", "answer": "b"}},
        {"title": "Gone", "url": "/gone", target: None},
    ]
    own = {"title": "A", "date": "2024-03-01", "answer": "a"}
    return {article: {**own, subject: {"title": "S"}, references: {"nodes": nodes}}}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (DATASETTE, _article("article_row", "subject_slug", "related_by_article_url_list", "target_url")),
        (POSTGRAPHILE, _article("articleByUrl", "subjectBySubjectSlug", "relatedsByArticleUrl", "articleByTargetUrl")),
    ],
)
def test_article_in_other_words_is_the_same_article(name: str, said: dict[str, Any]) -> None:
    """References that lead nowhere are kept, as null."""
    assert words.NEIGHBOURS[name].reshape(said) == EXPECTED


def test_second_level_is_reshaped_as_the_first() -> None:
    """However deep references go."""
    inner = _article("", "s", "relatedsByArticleUrl", "articleByTargetUrl")[""]
    nodes = [{"title": "A", "url": "/a", "articleByTargetUrl": inner}]
    outer = {**inner, "subjectBySubjectSlug": {"title": "S"}, "relatedsByArticleUrl": {"nodes": nodes}}
    answer = words.TWO_LEVELS[POSTGRAPHILE].reshape({"articleByUrl": outer})
    question = answer["question"]["relatedArticles"][0]["question"]
    assert question["relatedArticles"] == EXPECTED["question"]["relatedArticles"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (DATASETTE, {"subject_row": {"title": "S"}, "article": PAGE}),
        (POSTGRAPHILE, {"subjectBySlug": {"title": "S", "articlesBySubjectSlug": PAGE}}),
    ],
)
def test_page_in_other_words_is_the_same_page(name: str, said: dict[str, Any]) -> None:
    """With whether there is more."""
    assert words.FIRST_PAGE[name].reshape(said) == {"subject": {"title": "S", "questions": PAGE}}


@pytest.mark.parametrize(("name", "of"), ALL)
def test_words_are_graphql(name: str, of: Mapping[str, Words]) -> None:
    """With one variable, as this server's own have."""
    (operation,) = parse(of[name].document).definitions
    assert len(operation.variable_definitions) == 1  # type: ignore[attr-defined]  # it is an operation


def test_who_has_no_words_of_its_own_is_asked_in_this_servers() -> None:
    """Mercurius and the tutorial server have this server's schema, as far as it is compared."""
    workload = Workload("A question", "{ own }", [], 0.5, words.NEIGHBOURS)
    assert [Contender(name, ()).document(workload) for name in (MERCURIUS, TUTORIAL)] == ["{ own }"] * 2
    assert Contender(POSTGRAPHILE, ()).document(workload) == words.NEIGHBOURS[POSTGRAPHILE].document


def test_what_only_this_server_has_is_asked_of_no_other() -> None:
    """Searches, for example."""
    workload = Workload("Search", "{ search }", [], 0.5, is_everywhere=False)
    assert Contender(MERCURIUS, ()).document(workload) is None
    assert Contender(UNCACHED, ()).document(workload) == "{ search }"
