"""The tutorial way: Strawberry types with resolvers, DataLoaders against one query each, aiosqlite.

    python -m benchmarks.tutorial [--caches] DATABASE PORT

It is served as this project is: the same uvicorn, parser, loop and collector settings.
"""

from __future__ import annotations

import contextlib
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import aiosqlite
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from graphql_api.server.run import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

# Strawberry resolves the annotations of fields when the schema is made, so `Info` is needed then.
Info = strawberry.Info[dict[str, Any], None]
_ARTICLE = "SELECT url, title, date, answer AS markdown, subject_slug FROM article"


@strawberry.type
class RichText:
    """An answer."""

    markdown: str


@strawberry.type
class PageInfo:
    """Whether there is more."""

    has_next_page: bool


@strawberry.type
class RelatedArticle:
    """A reference."""

    title: str
    url: str
    target_url: strawberry.Private[str | None]

    @strawberry.field
    async def question(self, info: Info) -> Question | None:
        """Return where it leads."""
        return await info.context["articles"].load(self.target_url) if self.target_url else None


@strawberry.type
class Question:
    """An article."""

    url: str
    title: str
    date: str
    markdown: strawberry.Private[str]
    subject_slug: strawberry.Private[str]

    @strawberry.field
    def answer(self) -> RichText:
        """Return its answer."""
        return RichText(markdown=self.markdown)

    @strawberry.field
    async def subject(self, info: Info) -> Subject:
        """Return its subject."""
        return await info.context["subjects"].load(self.subject_slug)  # type: ignore[no-any-return]

    @strawberry.field
    async def related_articles(self, info: Info) -> list[RelatedArticle]:
        """Return its references, in order."""
        return await info.context["related"].load(self.url)  # type: ignore[no-any-return]


@strawberry.type
class Questions:
    """A page of articles."""

    nodes: list[Question]
    page_info: PageInfo


@strawberry.type
class Subject:
    """A subject."""

    slug: str
    title: str

    @strawberry.field
    async def questions(self, info: Info, first: int) -> Questions:
        """Return its newest articles."""
        sql = f"{_ARTICLE} WHERE subject_slug = ? ORDER BY date DESC, url LIMIT ?"
        rows = list(await info.context["db"].execute_fetchall(sql, (self.slug, first + 1)))
        page = PageInfo(has_next_page=len(rows) > first)
        return Questions(nodes=[Question(**row) for row in rows[:first]], page_info=page)


@strawberry.input
class QuestionBy:
    """How to name an article."""

    url: str


@strawberry.type
class Query:
    """What can be asked for."""

    @strawberry.field
    async def question(self, info: Info, by: QuestionBy) -> Question | None:
        """Return one article."""
        return await info.context["articles"].load(by.url)  # type: ignore[no-any-return]

    @strawberry.field
    async def subject(self, info: Info, slug: str) -> Subject | None:
        """Return one subject."""
        return await info.context["subjects"].load(slug)  # type: ignore[no-any-return]


class _Loaders:
    """One query for each batch of keys."""

    def __init__(self, db: aiosqlite.Connection) -> None:
        self._db = db

    async def articles(self, urls: Sequence[str]) -> list[Question | None]:
        found = {row["url"]: Question(**row) for row in await self._rows(f"{_ARTICLE} WHERE url IN", urls)}
        return [found.get(url) for url in urls]

    async def subjects(self, slugs: Sequence[str]) -> list[Subject | None]:
        rows = await self._rows("SELECT slug, title FROM subject WHERE slug IN", slugs)
        found = {row["slug"]: Subject(**row) for row in rows}
        return [found.get(slug) for slug in slugs]

    async def related(self, urls: Sequence[str]) -> list[list[RelatedArticle]]:
        found = defaultdict(list)
        sql = "SELECT article_url, title, url, target_url FROM related WHERE article_url IN"
        for row in await self._rows(sql, urls, "ORDER BY article_url, position"):
            found[row["article_url"]].append(
                RelatedArticle(title=row["title"], url=row["url"], target_url=row["target_url"])
            )
        return [found[url] for url in urls]

    async def _rows(self, sql: str, keys: Sequence[str], order: str = "") -> Any:  # noqa: ANN401 - rows of SQL
        return await self._db.execute_fetchall(f"{sql} ({', '.join('?' * len(keys))}) {order}", keys)


class _GraphQL(GraphQL[dict[str, Any], None]):
    """Strawberry's application with a context of loaders for each request."""

    db: aiosqlite.Connection

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        del request, response
        loaders = _Loaders(self.db)
        return {
            "db": self.db,
            "articles": DataLoader(load_fn=loaders.articles),
            "subjects": DataLoader(load_fn=loaders.subjects),
            "related": DataLoader(load_fn=loaders.related),
        }


def tutorial_app(database: str, *, caches: bool) -> Starlette:
    """Return the application; `caches` turns Strawberry's parser and validation caches on."""
    extensions = [ParserCache, ValidationCache] if caches else []
    graphql = _GraphQL(strawberry.Schema(Query, extensions=extensions))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with aiosqlite.connect(f"file:{database}?mode=ro&immutable=1", uri=True) as graphql.db:
            graphql.db.row_factory = aiosqlite.Row
            yield

    return Starlette(routes=[Route("/graphql", graphql)], lifespan=lifespan)


if __name__ == "__main__":
    serve(tutorial_app(sys.argv[-2], caches="--caches" in sys.argv), port=int(sys.argv[-1]), on_listening=print)
