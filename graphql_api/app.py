"""The composition root: the one place that wires store, engine and server together."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

from graphql_api.engine.documents import DocumentCache
from graphql_api.engine.executor import Executor
from graphql_api.errors import DamagedGenerationError, GraphQLAPIError, StoreError
from graphql_api.model.language import read_model
from graphql_api.model.names import count_field
from graphql_api.schema.build import build_schema
from graphql_api.server.administration import Administration
from graphql_api.server.client_budgets import ClientBudgets
from graphql_api.server.crawlers import Crawlers
from graphql_api.server.documents import Documents, read_manifests
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.hooks import reload_hook
from graphql_api.server.metered import MeteredEngine, MeteredHTTP, MeteredStore
from graphql_api.server.metrics import Metrics, share_among
from graphql_api.server.probes import ContentSummary
from graphql_api.server.reloading import Reloader
from graphql_api.server.response_cache import ResponseCache
from graphql_api.server.routes import MoreRoute, build_app
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.lane import Bounds
from graphql_api.store.sqlite import SQLiteStore
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from graphql_api.settings import Settings
    from graphql_api.store.ahead import CheckAhead
    from graphql_api.store.generations import Pointer
    from graphql_api.store.layout import Layout
    from graphql_api.store.open_generation import Generation


_PARTS_FOR_PAGES = 4


class StoredContent:
    """Says which generation is current, for the probes."""

    def __init__(self, store: SQLiteStore[DocumentCache], folder: Path) -> None:
        """Keep the store, and the folder that it reads."""
        self._store = store
        self._folder = folder

    async def current(self) -> ContentSummary:
        """See ContentStatus."""
        return (await self.opened())[0]

    async def opened(self) -> tuple[ContentSummary, Generation[DocumentCache]]:
        """Return the summary of the generation that is served, and that itself. Raises as `current`."""
        generation, published = await self._served()
        counts = entry_counts(generation.prepared.layout)
        row = await generation.fetch(f"SELECT {', '.join(counts.values())} FROM content", ())
        # SQLite answers this from pages that it has read before, also when the file is no longer what it was.
        await asyncio.to_thread(check_size, self._folder, generation.version)
        found = {name: int(n) for name, n in zip(counts, row, strict=True)}
        return ContentSummary(generation.version, found, published, generation.label), generation

    async def _served(self) -> tuple[Generation[DocumentCache], str | None]:
        """Return what is served, and the version that the pointer names if that is another generation.

        Another one may be published between the two looks, so the second look counts.
        """
        published = None
        for _ in range(2):
            generation = await self._store.current()
            pointer = await asyncio.to_thread(_published, self._folder)
            published = None if pointer is None or pointer == generation.pointer else pointer.version
            if published is None:
                break
        return generation, published


def _published(folder: Path) -> Pointer | None:
    """Return what the pointer says; None if there is none, or none that can be read."""
    try:
        return read_pointer(folder)
    except StoreError:
        return None


def entry_counts(layout: Layout) -> dict[str, str]:
    """Return the column of `content` that counts the entries of each type, by the name of the count in the schema."""
    columns = [(type_, layout.content.find(type_.name, Role.COUNT)) for type_ in layout.model.entry_types.values()]
    return {count_field(type_): column.name for type_, column in columns if column}


def type_counts(documents: DocumentCache) -> dict[str, str]:
    """Return the column of `content` that counts the entries of each type, by the type's name."""
    columns = {name: documents.layout.content.find(name, Role.COUNT) for name in documents.layout.model.entry_types}
    return {name: column.name for name, column in columns.items() if column}


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


def documents_by(settings: Settings) -> Callable[[str], DocumentCache]:
    """Return what makes of a model's text the documents that its generations are asked by."""

    def prepare(model_text: str) -> DocumentCache:
        schema = build_schema(read_model(model_text), settings.site_url, is_tagged=settings.cache_tags)
        return DocumentCache(schema, settings.limits, settings.document_cache_entries, settings.document_cache_bytes)

    return prepare


def open_store(
    settings: Settings, known: Generation[DocumentCache] | None = None, ahead: CheckAhead | None = None
) -> SQLiteStore[DocumentCache]:
    """Return the store of `settings`, to be used as an async context manager; the rest is SQLiteStore's."""
    limits = settings.limits
    bounds = Bounds(limits.deadline_seconds, limits.wait_seconds, limits.lanes, limits.answer_bytes, settings.mmap)
    return SQLiteStore(settings.store, bounds, documents_by(settings), type_counts, known=known, ahead=ahead)


def _crawlers(settings: Settings, store: SQLiteStore[DocumentCache], budgets: ClientBudgets | None = None) -> Crawlers:
    """Return what crawlers are answered with, kept in a quarter of what the response cache may hold."""
    max_bytes = settings.response_cache_bytes // _PARTS_FOR_PAGES
    cache = ResponseCache(max_bytes, largest_share=2) if max_bytes else None
    caching = settings.cache_control
    site = (settings.site_url, settings.base_path)
    return Crawlers(store, *site, cache=cache, cache_control=caching, budgets=budgets)


def create_app(settings: Settings, known: Generation[DocumentCache] | None = None) -> ASGIApp:
    """Return the ASGI application for `settings`; its lifespan opens and closes the store.

    What is `known` of its content, from a store by the same settings, need not be found out again.
    """
    store = open_store(settings, known)
    reloader = Reloader(settings.load_command)
    metrics = _metrics_of(settings) if settings.metrics else None
    executor = Executor(
        store if metrics is None else MeteredStore(store, metrics),
        Administration(settings.admin_token, reloader),
        wait_seconds=settings.limits.wait_seconds,
    )
    secrets = (settings.admin_token, settings.hook_secret)
    budgets = ClientBudgets(settings.client_budget) if settings.client_budget else None

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(store)
            with contextlib.suppress(GraphQLAPIError):  # which every request meets too, and tells
                await store.current()  # so that the first request need not wait for it
            await stack.enter_async_context(reloader)
            if settings.watched:
                from graphql_api.server.watching import Watcher  # noqa: PLC0415 - few need it

                await stack.enter_async_context(Watcher(settings.watched, settings.store, reloader))
            if settings.webhooks:
                from graphql_api.server.webhooks import WebhookSender  # noqa: PLC0415 - as above

                await stack.enter_async_context(WebhookSender(settings.store, settings.webhook_secret))
            yield

    content = StoredContent(store, settings.store)
    routes = [MoreRoute("/hooks/reload", reload_hook(reloader, secrets, settings.max_body_bytes), ("POST",))]
    if metrics is not None:
        routes.append(MoreRoute("/metrics", metrics.page, ("GET",)))
    return build_app(
        executor if metrics is None else MeteredEngine(executor),
        content,
        limits=HTTPLimits(settings.max_body_bytes, settings.connections.max_subscribers),
        live=executor,
        response_cache_bytes=settings.response_cache_bytes,
        allow_origin=settings.allow_origin,
        allow_headers=settings.allow_headers,
        base_path=settings.base_path,
        cache_control=settings.cache_control,
        budgets=budgets,
        documents=Documents(
            read_manifests(settings.documents),
            is_automatic=not settings.no_persisted_queries,
            is_trusted_only=settings.trusted_only,
        ),
        more_routes=[*routes, *_crawlers(settings, store, budgets).routes()],
        make_http=GraphQLOverHTTP if metrics is None else partial(MeteredHTTP, metrics),
        lifespan=lifespan,
    )


def _metrics_of(settings: Settings) -> Metrics:
    """Return the metrics of an application; only now what counts them is imported."""
    share_among(settings.workers)
    from graphql_api.server.store_metrics import StoreCollector  # noqa: PLC0415 - see `share_among`

    return Metrics(StoreCollector(settings.store))
