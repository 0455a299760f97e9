"""Records as rows: what a seed becomes in each table. Pure, and fit for a process pool."""

from __future__ import annotations

import base64
import hashlib
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from graphql_api.search.snippets import excerpt
from graphql_api.store.places import place, place_check

if TYPE_CHECKING:
    from graphql_api.records import Answer, Article, Problem, Seed

Row = tuple[Any, ...]
WORDS_A_MINUTE = 200
DEFAULT_EXCERPT_CHARACTERS = 200
_DIGEST_BYTES = 16


class ArticleRows(NamedTuple):
    """The rows of one article, in the order of their tables' columns, without the keys that the store gives."""

    path: str
    url: str
    article_id: int
    subject_slug: str
    question: Row
    seo: Row
    answer: Row
    headings: list[Row]
    references: list[Row]


class SeedRows(NamedTuple):
    """One seed on its way into the store; `article` is None when the seed has an ERROR."""

    path: str
    size_bytes: int
    mtime_ns: int
    sha256: bytes | None
    article: ArticleRows | None
    problems: tuple[Problem, ...]


def seed_rows(seed: Seed) -> SeedRows:
    """Return the rows of `seed`."""
    article = None if seed.article is None else _article_rows(seed.article)
    return SeedRows(seed.file.path, seed.file.size_bytes, seed.file.mtime_ns, seed.sha256, article, seed.problems)


def node_id(type_name: str, key: str) -> str:
    """Return the id of the object that `key` (a url or a slug) identifies; opaque, the same on every machine."""
    digest = hashlib.blake2b(f"{type_name}\0{key}".encode(), digest_size=12).digest()
    return base64.urlsafe_b64encode(digest).decode()


def carried_digest(digest: bytes, code: str) -> bytes:
    """Return the digest of an article as other code, whose fingerprint is `code`, has made it.

    It differs from that of the same article made anew, so that a version never stands for two contents.
    """
    return hashlib.sha256(digest + code.encode()).digest()[:_DIGEST_BYTES]


def _article_rows(article: Article) -> ArticleRows:
    return ArticleRows(
        article.path,
        article.url,
        article.article_id,
        article.subject_slug,
        _question_row(article),
        _seo_row(article),
        _answer_row(article.answer),
        [(at, *heading) for at, heading in enumerate(article.answer.headings, 1)],
        [tuple(reference) for reference in article.references],
    )


def _question_row(article: Article) -> Row:
    """Return the columns of `question` after `pk` and `subject_pk`."""
    score = math.inf if article.score is None else article.score
    score_desc = math.inf if article.score is None else -article.score
    date = article.date.isoformat()
    own_place = place([article.url, date, article.title, article.article_id, article.score])
    return (
        article.article_id,
        -article.article_id,
        article.url,
        article.slug,
        article.title,
        date,
        -article.date.toordinal(),
        None if article.score is None else _json(article.score),
        score,
        score_desc,
        article.no_index,
        len(article.references),
        article.author,
        node_id("Question", article.url),
        article.question,
        own_place,
        place_check(own_place),
        article.url.casefold(),
        article.slug.casefold(),
        article.title.casefold(),
        article.author.casefold(),
        article.subject_title,
        article.path,
        _digest(article),
    )


def _seo_row(article: Article) -> Row:
    keywords = article.seo_keywords
    return (article.seo_title, article.seo_description, _json(keywords), ", ".join(keywords))


def _answer_row(answer: Answer) -> Row:
    markdown, html, text, _, lead, word_count = answer
    reading_minutes = max(1, math.ceil(word_count / WORDS_A_MINUTE))
    start = _json(excerpt(lead, DEFAULT_EXCERPT_CHARACTERS))
    return (word_count, reading_minutes, lead, start, _json(markdown), text, _json(html))


def _json(value: Any) -> str:  # noqa: ANN401 - any value that JSON has
    return orjson.dumps(value).decode()


def _digest(article: Article) -> bytes:
    """Return bytes that name the article's content; where the file lies is not part of it."""
    content = (
        *(article.article_id, article.url, article.subject_title, article.title, article.question, article.author),
        *(article.answer.markdown, article.date, article.score, article.no_index),
        *(article.seo_title, article.seo_description, article.seo_keywords),
        *map(tuple, article.references),
    )
    return hashlib.sha256(orjson.dumps(content)).digest()[:_DIGEST_BYTES]
