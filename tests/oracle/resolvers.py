"""Resolvers: each field of the schema that is more than an entry of its parent's dictionary."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from tests.oracle.content import chosen
from tests.oracle.excerpts import excerpt
from tests.oracle.facets import facets
from tests.oracle.filters import matches
from tests.oracle.orders import ordered
from tests.oracle.pages import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphql import GraphQLResolveInfo, GraphQLSchema

    from tests.oracle.content import Content

Item = dict[str, Any]
WORDS_PER_MINUTE = 200
ID_PREFIX = "oracle-id:"


class Rendered(Protocol):
    """A rendered answer: the one thing that the oracle takes from the product."""

    @property
    def markdown(self) -> str:
        """The source with its escapes undone."""

    @property
    def html(self) -> str:
        """The answer as a page shows it."""

    @property
    def text(self) -> str:
        """The answer without markup."""

    @property
    def word_count(self) -> int:
        """How many words `text` has."""

    @property
    def headings(self) -> Iterable[Any]:
        """Objects with level, text and anchor, in order."""


def id_of(item: Item) -> str:
    """Return the oracle's own id of a question or subject."""
    name = f"{item['__typename']}:{item.get('url', item['slug'])}"
    return ID_PREFIX + hashlib.sha256(name.encode()).hexdigest()[:16]


class Resolvers:
    """The resolvers over one content set; `render` makes an answer's forms from its source."""

    def __init__(self, content: Content, render: Callable[[str], Rendered]) -> None:
        """Keep both; nothing is computed before it is asked for."""
        self.content = content
        self._render = render
        self._answers: dict[str, Item] = {}

    @cached_property
    def _nodes(self) -> dict[str, Item]:
        return {id_of(item): item for item in [*self.content.articles.values(), *self.content.subjects.values()]}

    def bind(self, schema: GraphQLSchema) -> None:
        """Give the resolvers to the schema's fields."""
        types: dict[str, Any] = schema.type_map
        for coordinate, resolve in self._table().items():
            type_name, _, field = coordinate.partition(".")
            types[type_name].fields[field].resolve = resolve

    def _table(self) -> dict[str, Callable[..., Any]]:
        content = self.content
        return {
            "Query.node": lambda _, _info, id: self._nodes.get(id),  # noqa: A006
            "Query.nodes": lambda _, _info, ids: [self._nodes.get(one) for one in ids],
            "Query.question": lambda _, _info, by: self._question(**by),
            "Query.questions": self._questions,
            "Query.subject": lambda _, _info, slug: content.subjects.get(slug),
            "Query.subjects": self._subjects,
            "Query.content": self._content,
            "Question.id": lambda article, _info: id_of(article),
            "Question.answer": self._answer,
            "Question.subject": lambda article, _info: content.subjects[article["subjectSlug"]],
            "Question.relatedArticles": self._related_articles,
            "Question.referencedBy": self._referenced_by,
            "Question.neighbours": self._neighbours,
            "Question.next": lambda article, _info: self._article(content.beside(article["url"], 1)),
            "Question.previous": lambda article, _info: self._article(content.beside(article["url"], -1)),
            "RichText.excerpt": lambda answer, _info, length: excerpt(answer["text"], length),
            "RelatedArticle.question": self._related_question,
            "Subject.id": lambda subject, _info: id_of(subject),
            "Subject.questions": self._questions,
        }

    def _article(self, url: str | None) -> Item | None:
        return None if url is None else self.content.articles.get(url)

    def _question(self, id: str | None = None, url: str | None = None, path: Item | None = None) -> Item | None:  # noqa: A002
        if id is not None:
            node = self._nodes.get(id)
            return node if node and node["__typename"] == "Question" else None
        return self._article(url if path is None else f"/learn/{path['subject']}/questions/{path['slug']}")

    def _questions(self, parent: Item | None, _info: GraphQLResolveInfo[None], **arguments: Any) -> Item:
        articles = [
            article
            for article in self.content.articles.values()
            if parent is None or article["subjectSlug"] == parent["slug"]
        ]
        return self._question_connection(articles, arguments)

    def _question_connection(self, articles: Iterable[Item], arguments: Item) -> Item:
        kept = [article for article in articles if matches(article, arguments.get("filter"))]
        items = ordered(kept, arguments.get("orderBy") or ["DATE_DESC"], "url")
        page = connection(items, "url", arguments)
        return page | {"facets": lambda _info: facets(items, self.content.subjects)}

    def _subjects(self, _: None, _info: GraphQLResolveInfo[None], **arguments: Any) -> Item:
        items = ordered(list(self.content.subjects.values()), arguments.get("orderBy") or ["TITLE_ASC"], "slug")
        return connection(items, "slug", arguments)

    def _content(self, _: None, _info: GraphQLResolveInfo[None]) -> Item:
        statuses = [ref["status"] for references in self.content.references.values() for ref in references]
        return {
            "questionCount": len(self.content.articles),
            "subjectCount": len(self.content.subjects),
            "relatedArticleCount": len(statuses),
            "danglingCount": statuses.count("DANGLING"),
        }

    def _answer(self, article: Item, _info: GraphQLResolveInfo[None]) -> Item:
        if article["url"] not in self._answers:
            self._answers[article["url"]] = _rich_text(self._render(article["source"]))
        return self._answers[article["url"]]

    def _related_articles(
        self, article: Item, _info: GraphQLResolveInfo[None], *, unique: bool, resolved: bool
    ) -> list[Item]:
        return chosen(self.content.references[article["url"]], unique=unique, resolved=resolved)

    def _related_question(self, reference: Item, _info: GraphQLResolveInfo[None]) -> Item | None:
        return None if reference["status"] == "SELF" else self._article(reference["target"])

    def _referenced_by(self, article: Item, _info: GraphQLResolveInfo[None], **arguments: Any) -> Item:
        sources = self.content.inbound.get(article["url"], [])
        return self._question_connection([self.content.articles[url] for url in sources], arguments)

    def _neighbours(self, article: Item, _info: GraphQLResolveInfo[None], depth: int, first: int) -> list[Item]:
        found = self.content.neighbours(article["url"], depth, first)
        return [{"distance": distance, "question": self.content.articles[url]} for distance, url in found]


def _rich_text(answer: Rendered) -> Item:
    return {
        "markdown": answer.markdown,
        "html": answer.html,
        "text": answer.text,
        "headings": [{"level": one.level, "text": one.text, "anchor": one.anchor} for one in answer.headings],
        "wordCount": answer.word_count,
        "readingMinutes": max(1, -(-answer.word_count // WORDS_PER_MINUTE)),
    }
