"""What is asked for: documents, variables by chance, and how datasette-graphql is asked for the same."""

from __future__ import annotations

import contextlib
import json
import random
import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_VARIABLES = 5_000
_SEED = 20_240_229

NEIGHBOURS = """
query Neighbours($url: String!) { question(by: {url: $url}) { title date answer { markdown } subject { title }
  relatedArticles { title url question { title answer { markdown } } } } }
"""
_TWO_LEVELS = """
query TwoLevels($url: String!) { question(by: {url: $url}) { title date answer { markdown } subject { title }
  relatedArticles { title url question { title answer { markdown }
    relatedArticles { title url question { title answer { markdown } } } } } } }
"""
_FIRST_PAGE = """
query FirstPage($slug: String!) { subject(slug: $slug) { title
  questions(first: 20) { nodes { title url date } pageInfo { hasNextPage } } } }
"""
_SEARCH = """
query Search($query: String!) { search(query: $query, first: 10) { edges { score snippet { html }
  node { title url date subject { title } } } } }
"""
MIDDLE_PAGE = """
query MiddlePage($slug: String!, $after: String!) { subject(slug: $slug) { title
  questions(first: 20, after: $after) { nodes { title url date } pageInfo { hasNextPage endCursor } } } }
"""

_DATASETTE_LEAF = "title answer"
_DATASETTE_RELATED = (
    "related_by_article_url_list(sort: position, first: 10) {{ nodes {{ title url target_url {{ {} }} }} }}"
)
_DATASETTE_ONE = _DATASETTE_RELATED.format(_DATASETTE_LEAF)
_DATASETTE_TWO = _DATASETTE_RELATED.format(f"{_DATASETTE_LEAF} {_DATASETTE_ONE}")
_DATASETTE_ARTICLE = (
    "query($url: String!) {{ article_row(url: $url) {{ title date answer subject_slug {{ title }} {} }} }}"
)
_DATASETTE_PAGE = """
query($slug: String!) { subject_row(slug: $slug) { title }
  article(filter: {subject_slug: {eq: $slug}}, sort_desc: date, first: 20) {
    nodes { title url date } pageInfo { hasNextPage } } }
"""

Variables = dict[str, str]


@dataclass(frozen=True, slots=True)
class Workload:
    """One query with many variables. `datasette` is None where datasette-graphql cannot ask for it.

    `target` is the least ratio to the bare route that is aimed at; `in_tutorial` whether the tutorial server has it.
    """

    name: str
    document: str
    variables: list[Variables]
    target: float
    in_tutorial: bool = True
    datasette: str | None = None
    reshape: Callable[[dict[str, Any]], dict[str, Any]] | None = None


def workloads(plain_database: Path) -> list[Workload]:
    """Return the workloads on the content of `plain_database`; the same content gives the same variables."""
    chance = random.Random(_SEED)
    with contextlib.closing(sqlite3.connect(plain_database)) as db:
        articles = db.execute("SELECT url, title FROM article ORDER BY url").fetchall()
        slugs = [slug for (slug,) in db.execute("SELECT slug FROM subject ORDER BY slug")]
    urls = [{"url": url} for url, _ in chance.choices(articles, k=_VARIABLES)]
    pages = [{"slug": slug} for slug in chance.choices(slugs, k=_VARIABLES)]
    searches = [{"query": _two_words(title, chance)} for _, title in chance.choices(articles, k=_VARIABLES)]
    one, two = (_DATASETTE_ARTICLE.format(related) for related in (_DATASETTE_ONE, _DATASETTE_TWO))
    return [
        Workload("Neighbours", NEIGHBOURS, urls, 0.60, datasette=one, reshape=_article),
        Workload("First 20 of a subject", _FIRST_PAGE, pages, 0.65, datasette=_DATASETTE_PAGE, reshape=_page),
        Workload("Two levels", _TWO_LEVELS, urls, 0.50, datasette=two, reshape=_article),
        Workload("Search, snippets", _SEARCH, searches, 0.15, in_tutorial=False),
    ]


def body(document: str, variables: Variables) -> str:
    """Return the body of a POST, on one line."""
    return json.dumps({"query": " ".join(document.split()), "variables": variables})


def _two_words(title: str, chance: random.Random) -> str:
    words = sorted(set(re.findall(r"\w{4,}", title))) or [title]
    return " ".join(chance.sample(words, min(2, len(words))))


def _article(data: dict[str, Any]) -> dict[str, Any]:
    """Return what datasette says in the form of this server's answer."""
    row = data["article_row"]
    return {"question": {**_question(row), "date": row["date"], "subject": row["subject_slug"]}}


def _question(row: dict[str, Any]) -> dict[str, Any]:
    question = {"title": row["title"], "answer": {"markdown": row["answer"]}}
    if "related_by_article_url_list" in row:
        question["relatedArticles"] = [_reference(each) for each in row["related_by_article_url_list"]["nodes"]]
    return question


def _reference(row: dict[str, Any]) -> dict[str, Any]:
    target = row["target_url"]
    return {"title": row["title"], "url": row["url"], "question": _question(target) if target else None}


def _page(data: dict[str, Any]) -> dict[str, Any]:
    return {"subject": {**data["subject_row"], "questions": data["article"]}}
