"""The product without its server: an engine over a store of its own, as plain functions."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.engine.requests import Request, Response
from graphql_api.loading.load import load
from graphql_api.loading.options import LoadOptions
from graphql_api.settings import Limits, Settings
from graphql_api.store.query_plan import Step, query_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from graphql_api.engine.documents import DocumentCache
    from graphql_api.engine.plans import Plan
    from graphql_api.records import LoadReport
    from graphql_api.store.open_generation import Generation
    from graphql_api.store.sqlite import SQLiteStore

DEFAULT_LIMITS = Limits()


class CountingGeneration:
    """A generation that keeps the statements which it was asked, in order."""

    def __init__(self, generation: Generation[DocumentCache], asked: list[str]) -> None:
        """Keep them in `asked`."""
        self._generation = generation
        self._asked = asked
        self.edition, self.prepared = generation.edition, generation.prepared
        self.sequence, self.label = generation.sequence, generation.label
        self.counts = generation.counts

    def at_once(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        """See Generation; this is not counted."""
        return self._generation.at_once(sql, values)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """See Generation."""
        self._asked.append(sql)
        return await self._generation.fetch(sql, values)


class CountingStore:
    """A store that keeps the statements which its generations were asked, in order."""

    def __init__(self, store: SQLiteStore[DocumentCache]) -> None:
        """Start without any."""
        self.opened = store
        self.asked: list[str] = []

    def known_version(self) -> str | None:
        """See SQLiteStore."""
        return self.opened.known_version()

    def known_generation(self) -> CountingGeneration | None:
        """See SQLiteStore."""
        known = self.opened.known_generation()
        return None if known is None else CountingGeneration(known, self.asked)

    async def current(self) -> CountingGeneration:
        """See SQLiteStore."""
        return CountingGeneration(await self.opened.current(), self.asked)


class Product:
    """An engine over the store `folder`; a context manager, since the store has to be closed."""

    def __init__(self, folder: Path, limits: Limits = DEFAULT_LIMITS, site_url: str = "") -> None:
        """Prepare; `load` or somebody else fills the store."""
        self.folder = folder
        self.store = CountingStore(open_store(Settings(folder, limits=limits, site_url=site_url)))
        self._runner = asyncio.Runner()
        self._engine = Executor(self.store)

    def __enter__(self) -> Self:
        self._runner.run(self.store.opened.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._runner:
            self._runner.run(self.store.opened.__aexit__(None, None, None))

    def load(self, seeds: Path) -> LoadReport:
        """Load `seeds`; the next request sees them."""
        return self._runner.run(load(seeds, self.folder, LoadOptions(allow_shrink=True)))

    def response(
        self, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> dict[str, Any]:
        """Return the decoded response; fails the test if what is read at once differs from it."""
        request = Request(document, operation_name, variables)
        body = self._runner.run(self._engine.execute(request)).body
        at_once = self.at_once(request)
        assert at_once is None or at_once.body == body, (at_once.body, body)
        decoded: dict[str, Any] = json.loads(body)
        return decoded

    def at_once(self, request: Request) -> Response | None:
        """Return the response where that takes only a moment."""
        return self._engine.at_once(request)

    def data(self, document: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return the response's data; fails the test if there are errors."""
        response = self.response(document, variables)
        assert "errors" not in response, response["errors"]
        return response["data"]

    def error(
        self, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> dict[str, Any]:
        """Return the first error of a response that must have some and no data."""
        response = self.response(document, variables, operation_name)
        assert set(response) == {"errors"}, response
        error: dict[str, Any] = response["errors"][0]
        return error

    def plan(self, document: str, variables: Mapping[str, Any] | None = None) -> tuple[Plan, list[Any]]:
        """Return the plan of the document's only operation, and the values that it binds."""
        operation = self._runner.run(self.store.opened.current()).prepared.get(document).operation(None)
        coerced = operation.variables.coerce(variables or {})
        plan = operation.plan(coerced)
        return plan, plan.bind(coerced)

    def steps(self, document: str, variables: Mapping[str, Any] | None = None) -> list[Step]:
        """Return SQLite's query plan for the document's only operation."""
        plan, values = self.plan(document, variables)
        return [] if plan.sql is None else self._runner.run(query_plan(self.folder, plan.sql, values))
