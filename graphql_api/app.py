"""The composition root: the one place that wires store, engine and server together."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from graphql_api.engine.documents import DocumentCache
from graphql_api.engine.executor import Executor
from graphql_api.schema.build import build_schema
from graphql_api.server.probes import ContentSummary
from graphql_api.server.routes import build_app
from graphql_api.store.dialects import SQLiteDialect
from graphql_api.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from graphql_api.settings import Settings


class StoredContent:
    """Says which generation is current, for the probes."""

    def __init__(self, store: SQLiteStore) -> None:
        """Keep the store."""
        self._store = store

    async def current(self) -> ContentSummary:
        """See ContentStatus."""
        version, row = await self._store.fetch("SELECT question_count, subject_count FROM content", ())
        return ContentSummary(version, int(row[0]), int(row[1]))


def build_engine(store: SQLiteStore, settings: Settings) -> Executor:
    """Return the engine that answers from `store`."""
    documents = DocumentCache(build_schema(), SQLiteDialect(), settings.limits, settings.document_cache_entries)
    return Executor(documents, store)


def create_app(settings: Settings) -> ASGIApp:
    """Return the ASGI application for `settings`; its lifespan opens and closes the store."""
    store = SQLiteStore(settings.store, settings.limits.deadline_seconds)
    engine = build_engine(store, settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with store:
            yield

    return build_app(
        engine, StoredContent(store), response_cache_bytes=settings.response_cache_bytes, lifespan=lifespan
    )
