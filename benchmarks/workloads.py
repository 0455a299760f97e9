"""What is asked for: documents, and variables by chance."""

from __future__ import annotations

import contextlib
import json
import random
import re
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.words import Words

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

Variables = dict[str, str]


@dataclass(frozen=True, slots=True)
class Workload:
    """One query with many variables, and the words of servers that must be asked in their own, by their names.

    `target` is the least ratio to the bare route that is aimed at. Without `is_everywhere` only this server has it.
    """

    name: str
    document: str
    variables: list[Variables]
    target: float
    words: Mapping[str, Words] = field(default_factory=dict)
    is_everywhere: bool = True


def workloads(plain_database: Path) -> list[Workload]:
    """Return the workloads on the content of `plain_database`; the same content gives the same variables."""
    chance = random.Random(_SEED)
    with contextlib.closing(sqlite3.connect(plain_database)) as db:
        articles = db.execute("SELECT url, title FROM article ORDER BY url").fetchall()
        slugs = [slug for (slug,) in db.execute("SELECT slug FROM subject ORDER BY slug")]
    urls = [{"url": url} for url, _ in chance.choices(articles, k=_VARIABLES)]
    pages = [{"slug": slug} for slug in chance.choices(slugs, k=_VARIABLES)]
    searches = [{"query": _two_words(title, chance)} for _, title in chance.choices(articles, k=_VARIABLES)]
    return [
        Workload("Neighbours", NEIGHBOURS, urls, 0.60, words.NEIGHBOURS),
        Workload("First 20 of a subject", _FIRST_PAGE, pages, 0.65, words.FIRST_PAGE),
        Workload("Two levels", _TWO_LEVELS, urls, 0.50, words.TWO_LEVELS),
        Workload("Search, snippets", _SEARCH, searches, 0.15, is_everywhere=False),
    ]


def body(document: str, variables: Variables) -> str:
    """Return the body of a POST, on one line."""
    return json.dumps({"query": " ".join(document.split()), "variables": variables})


def _two_words(title: str, chance: random.Random) -> str:
    words = sorted(set(re.findall(r"\w{4,}", title))) or [title]
    return " ".join(chance.sample(words, min(2, len(words))))
