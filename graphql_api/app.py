"""The composition root: the one place that wires store, engine and server together."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from graphql_api.engine.documents import DocumentCache
from graphql_api.engine.executor import Executor
from graphql_api.errors import DamagedGenerationError, StoreError
from graphql_api.schema.build import build_schema
from graphql_api.server.documents import Documents, read_manifests
from graphql_api.server.graphql_http import HTTPLimits
from graphql_api.server.probes import ContentSummary
from graphql_api.server.routes import build_app
from graphql_api.store.dialects import SQLiteDialect
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from graphql_api.settings import Settings


class StoredContent:
    """Says which generation is current, for the probes."""

    def __init__(self, store: SQLiteStore, folder: Path) -> None:
        """Keep the store, and the folder that it reads."""
        self._store = store
        self._folder = folder

    async def current(self) -> ContentSummary:
        """See ContentStatus."""
        version, row = await self._store.fetch("SELECT question_count, subject_count FROM content", ())
        # SQLite answers this from pages that it has read before, also when the file is no longer what it was.
        await asyncio.to_thread(check_size, self._folder, version)
        return ContentSummary(version, int(row[0]), int(row[1]))


def check_size(folder: Path, version: str) -> None:
    """Raise DamagedGenerationError if the published generation `version` has not its published size.

    Nothing is said of another version, which the store goes on with when the published one cannot be read, and of a
    file that is gone: whoever has it open still reads it.
    """
    try:
        pointer = read_pointer(folder)
        path = generation_path(folder, pointer)
        size_bytes = path.stat().st_size
    except (StoreError, OSError):
        return
    if pointer.version == version and size_bytes != pointer.size_bytes:
        raise DamagedGenerationError(
            f"{path} has {size_bytes} bytes, and {pointer.size_bytes} were published. Load again."
        )


def build_engine(store: SQLiteStore, settings: Settings) -> Executor:
    """Return the engine that answers from `store`."""
    documents = DocumentCache(
        build_schema(),
        SQLiteDialect(),
        settings.limits,
        settings.document_cache_entries,
        settings.document_cache_bytes,
    )
    return Executor(documents, store)


def create_app(settings: Settings) -> ASGIApp:
    """Return the ASGI application for `settings`; its lifespan opens and closes the store."""
    store = SQLiteStore(settings.store, settings.limits.deadline_seconds)
    engine = build_engine(store, settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with store:
            yield

    content = StoredContent(store, settings.store)
    return build_app(
        engine,
        content,
        limits=HTTPLimits(max_body_bytes=settings.max_body_bytes),
        response_cache_bytes=settings.response_cache_bytes,
        allow_origin=settings.allow_origin,
        allow_headers=settings.allow_headers,
        base_path=settings.base_path,
        documents=Documents(
            read_manifests(settings.documents),
            is_automatic=not settings.no_persisted_queries,
            is_trusted_only=settings.trusted_only,
        ),
        lifespan=lifespan,
    )
