"""The product without its server: an engine over a store of its own, as plain functions."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

from graphql_api.app import build_engine
from graphql_api.engine.documents import DocumentCache
from graphql_api.engine.requests import Request
from graphql_api.loading.load import LoadOptions, load
from graphql_api.schema.build import build_schema
from graphql_api.settings import Limits, Settings
from graphql_api.store.dialects import SQLiteDialect
from graphql_api.store.query_plan import Step, query_plan
from graphql_api.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from graphql_api.engine.plans import Plan
    from graphql_api.records import LoadReport

DEFAULT_LIMITS = Limits()


class CountingStore(SQLiteStore):
    """A store that keeps the statements which it was asked, in order."""

    def __init__(self, folder: Path, deadline_seconds: float) -> None:
        """Start without any."""
        super().__init__(folder, deadline_seconds)
        self.asked: list[str] = []

    async def fetch(self, sql: str, values: Sequence[Any]) -> tuple[str, Sequence[bytes]]:
        """See SQLiteStore."""
        self.asked.append(sql)
        return await super().fetch(sql, values)


class Product:
    """An engine over the store `folder`; a context manager, since the store has to be closed."""

    def __init__(self, folder: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        """Prepare; `load` or somebody else fills the store."""
        self.folder = folder
        self.store = CountingStore(folder, limits.deadline_seconds)
        self._runner = asyncio.Runner()
        self._engine = build_engine(self.store, Settings(folder, limits=limits))
        self._documents = DocumentCache(build_schema(), SQLiteDialect(), limits, 100)

    def __enter__(self) -> Self:
        self._runner.run(self.store.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._runner:
            self._runner.run(self.store.__aexit__(None, None, None))

    def load(self, seeds: Path) -> LoadReport:
        """Load `seeds`; the next request sees them."""
        return self._runner.run(load(seeds, self.folder, LoadOptions(allow_shrink=True)))

    def response(
        self, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> dict[str, Any]:
        """Return the decoded response."""
        body = self._runner.run(self._engine.execute(Request(document, operation_name, variables))).body
        decoded: dict[str, Any] = json.loads(body)
        return decoded

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
        operation = self._documents.get(document).operation(None)
        coerced = operation.variables.coerce(variables or {})
        plan = operation.plan(coerced)
        return plan, plan.bind(coerced)

    def steps(self, document: str, variables: Mapping[str, Any] | None = None) -> list[Step]:
        """Return SQLite's query plan for the document's only operation."""
        plan, values = self.plan(document, variables)
        return [] if plan.sql is None else self._runner.run(query_plan(self.folder, plan.sql, values))
