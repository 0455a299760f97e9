"""How servers with schemas of their own are asked for the same, and how their answers become this server's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """One query in a server's own words; `reshape` brings its data into the form of this server's."""

    document: str
    reshape: Callable[[Data], Data]


@dataclass(frozen=True, slots=True)
class _Names:
    """What a server calls an article, its subject, its references and where one leads."""

    article: str
    subject: str
    references: str
    target: str

    def article_of(self, data: Data) -> Data:
        """Return this server's answer of an article."""
        row = data[self.article]
        return {"question": {**self._question(row), "date": row["date"], "subject": row[self.subject]}}

    def _question(self, row: Data) -> Data:
        question = {"title": row["title"], "answer": {"markdown": row["answer"]}}
        if self.references in row:
            question["relatedArticles"] = [self._reference(each) for each in row[self.references]["nodes"]]
        return question

    def _reference(self, row: Data) -> Data:
        target = row[self.target]
        return {"title": row["title"], "url": row["url"], "question": self._question(target) if target else None}


_LEAF = "title answer"

_DATASETTE = _Names("article_row", "subject_slug", "related_by_article_url_list", "target_url")
_DATASETTE_RELATED = (
    "related_by_article_url_list(sort: position, first: 10) {{ nodes {{ title url target_url {{ {} }} }} }}"
)
_DATASETTE_ONE = _DATASETTE_RELATED.format(_LEAF)
_DATASETTE_TWO = _DATASETTE_RELATED.format(f"{_LEAF} {_DATASETTE_ONE}")
_DATASETTE_ARTICLE = (
    "query($url: String!) {{ article_row(url: $url) {{ title date answer subject_slug {{ title }} {} }} }}"
)
_DATASETTE_PAGE = """
query($slug: String!) { subject_row(slug: $slug) { title }
  article(filter: {subject_slug: {eq: $slug}}, sort_desc: date, first: 20) {
    nodes { title url date } pageInfo { hasNextPage } } }
"""

_POSTGRAPHILE = _Names("articleByUrl", "subjectBySubjectSlug", "relatedsByArticleUrl", "articleByTargetUrl")
_POSTGRAPHILE_RELATED = (
    "relatedsByArticleUrl(orderBy: [POSITION_ASC]) {{ nodes {{ title url articleByTargetUrl {{ {} }} }} }}"
)
_POSTGRAPHILE_ONE = _POSTGRAPHILE_RELATED.format(_LEAF)
_POSTGRAPHILE_TWO = _POSTGRAPHILE_RELATED.format(f"{_LEAF} {_POSTGRAPHILE_ONE}")
_POSTGRAPHILE_ARTICLE = (
    "query($url: String!) {{ articleByUrl(url: $url) {{ title date answer subjectBySubjectSlug {{ title }} {} }} }}"
)
_POSTGRAPHILE_PAGE = """
query($slug: String!) { subjectBySlug(slug: $slug) { title
  articlesBySubjectSlug(orderBy: [DATE_DESC, URL_ASC], first: 20) {
    nodes { title url date } pageInfo { hasNextPage } } } }
"""


def _datasette_page(data: Data) -> Data:
    return {"subject": {**data["subject_row"], "questions": data["article"]}}


def _postgraphile_page(data: Data) -> Data:
    subject = data["subjectBySlug"]
    return {"subject": {"title": subject["title"], "questions": subject["articlesBySubjectSlug"]}}


DATASETTE, POSTGRAPHILE = "datasette-graphql", "PostGraphile, PostgreSQL"
NEIGHBOURS = {
    DATASETTE: Words(_DATASETTE_ARTICLE.format(_DATASETTE_ONE), _DATASETTE.article_of),
    POSTGRAPHILE: Words(_POSTGRAPHILE_ARTICLE.format(_POSTGRAPHILE_ONE), _POSTGRAPHILE.article_of),
}
TWO_LEVELS = {
    DATASETTE: Words(_DATASETTE_ARTICLE.format(_DATASETTE_TWO), _DATASETTE.article_of),
    POSTGRAPHILE: Words(_POSTGRAPHILE_ARTICLE.format(_POSTGRAPHILE_TWO), _POSTGRAPHILE.article_of),
}
FIRST_PAGE = {
    DATASETTE: Words(_DATASETTE_PAGE, _datasette_page),
    POSTGRAPHILE: Words(_POSTGRAPHILE_PAGE, _postgraphile_page),
}
