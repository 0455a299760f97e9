"""Rows: what a record becomes in each table."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import orjson
import pytest

from graphql_api.loading.rows import ArticleRows, carried_digest, node_id, seed_rows
from graphql_api.records import Answer, Article, Heading, Problem, Reference, Seed, SeedFile, Severity
from graphql_api.store.places import values_of
from graphql_api.store.tables import ANSWER, QUESTION, SEO, Table

ARTICLE = Article(
    path="a.md",
    article_id=-3,
    url="/learn/Physics/questions/Why",
    subject_slug="Physics",
    subject_title="physics",
    slug="Why",
    title="Why ÄÖ?",
    question="Why, at all?",
    answer=Answer('# Why\n\n"So"', "<h1>Why</h1>", "Why  So\n that", (Heading(1, "Why", "why"),), "Why So that", 3),
    date=dt.date(2024, 2, 29),
    author="QuickPen",
    score=None,
    no_index=False,
    seo_title="T",
    seo_description="D",
    seo_keywords=("one", "two words"),
    references=(Reference(4, 9, "That?", "Physics", "/learn/Physics/questions/that"),),
)


def rows_of(article: Article) -> ArticleRows:
    seed = seed_rows(Seed(SeedFile(article.path, 10, 20), b"sha", article, ()))
    assert seed.article is not None
    return seed.article


def named(table: Table, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row by the names of its table's last columns."""
    return dict(zip(table.column_names[-len(row) :], row, strict=True))


def test_question_row_fits_the_table() -> None:
    """A row has every column but the two keys that the store gives."""
    row = rows_of(ARTICLE).question
    assert len(row) == len(QUESTION.columns) - 2
    values = named(QUESTION, row)
    assert (values["article_id"], values["article_id_desc"]) == (-3, 3)
    assert (values["date"], values["date_desc"]) == ("2024-02-29", -dt.date(2024, 2, 29).toordinal())
    assert values["title_folded"] == "why äö?"
    assert (values["reference_count"], values["path"]) == (1, "a.md")


def test_seo_row_fits_the_table() -> None:
    """A row has every column but the key."""
    row = rows_of(ARTICLE).seo
    assert len(row) == len(SEO.columns) - 1
    assert named(SEO, row) == {
        "title": "T",
        "description": "D",
        "keywords": '["one","two words"]',
        "keywords_text": "one, two words",
    }


def test_answer_row_fits_the_table() -> None:
    """Texts that the API shows whole are JSON already."""
    row = rows_of(ARTICLE).answer
    assert len(row) == len(ANSWER.columns) - 1
    values = named(ANSWER, row)
    assert orjson.loads(values["markdown"]) == ARTICLE.answer.markdown
    assert (values["text"], values["lead"]) == ("Why  So\n that", "Why So that")


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (400, 2), (401, 3)])
def test_reading_takes_a_minute_for_200_words(words: int, minutes: int) -> None:
    """Reading time is rounded up and never nothing."""
    article = ARTICLE._replace(answer=ARTICLE.answer._replace(word_count=words))
    assert named(ANSWER, rows_of(article).answer)["reading_minutes"] == minutes


def test_missing_score_comes_last_in_both_directions() -> None:
    """An article without a score follows those that have one, whichever way they are sorted."""
    without = named(QUESTION, rows_of(ARTICLE).question)
    scored = [named(QUESTION, rows_of(ARTICLE._replace(score=score)).question) for score in (-1.5, 0.0, 1e300)]
    assert without["score"] is None
    assert [row["score_asc"] for row in (*scored, without)] == sorted(row["score_asc"] for row in (*scored, without))
    assert all(row["score_desc"] < without["score_desc"] for row in scored)
    assert scored[0]["score"] == "-1.5"


def test_place_holds_the_value_of_each_order() -> None:
    """A cursor made today finds its place in tomorrow's generation."""
    values = named(QUESTION, rows_of(ARTICLE._replace(score=0.5)).question)
    assert values_of(values["place"]) == [ARTICLE.url, "2024-02-29", ARTICLE.title, -3, 0.5]


@pytest.mark.parametrize(
    "change",
    [
        {"article_id": 4},
        {"url": "/learn/Physics/questions/other"},
        {"subject_title": "Physics"},
        {"title": "Why?"},
        {"question": "Why?"},
        {"author": "No"},
        {"date": dt.date(2024, 3, 1)},
        {"score": 0.0},
        {"no_index": True},
        {"seo_title": ""},
        {"seo_description": ""},
        {"seo_keywords": ("one",)},
        {"seo_keywords": ("one", "two", "words")},
        {"references": ()},
        {"references": (ARTICLE.references[0]._replace(position=5),)},
        {"answer": ARTICLE.answer._replace(markdown="other")},
    ],
    ids=str,
)
def test_digest_changes_with_the_content(change: dict[str, Any]) -> None:
    """Whatever an author changes makes another version."""
    assert rows_of(ARTICLE._replace(**change)).question[-1] != rows_of(ARTICLE).question[-1]


def test_digest_does_not_depend_on_the_path() -> None:
    """Where a file lies is no content."""
    assert rows_of(ARTICLE._replace(path="b.md")).question[-1] == rows_of(ARTICLE).question[-1]


def test_carried_digest_differs_by_the_code_that_made_the_article() -> None:
    """The same article made by other code is another content."""
    digest = rows_of(ARTICLE).question[-1]
    assert len({digest, carried_digest(digest, "a"), carried_digest(digest, "b")}) == 3


def test_node_id_depends_on_type_and_key() -> None:
    """An id names one object, the same on every machine."""
    assert node_id("Question", "/a") == node_id("Question", "/a")
    assert len({node_id("Question", "/a"), node_id("Question", "/b"), node_id("Subject", "/a")}) == 3


def test_seed_with_an_error_has_no_article() -> None:
    """Its problems go into the store all the same, through a process boundary."""
    problem = Problem(Severity.ERROR, "INVALID_YAML", "a.md", 3, "No.")
    seed = seed_rows(Seed(SeedFile("a.md", 10, 20), None, None, (problem,)))
    assert (seed.article, seed.problems) == (None, (problem,))
    assert pickle.loads(pickle.dumps(seed)) == seed  # noqa: S301 - our own
