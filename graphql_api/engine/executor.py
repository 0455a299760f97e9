"""The executor: from a request to its response, by one statement on one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import orjson

from graphql_api.engine.execution import Request, Response
from graphql_api.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.engine.documents import DocumentCache
    from graphql_api.engine.plans import Plan

_NOTHING_INTROSPECTED: dict[bytes, bytes] = {}


class Store(Protocol):
    """Where the executor reads."""

    def known_version(self) -> str | None:
        """Return the version of the current generation, None where it has not been opened yet."""
        ...

    async def fetch(self, sql: str, values: Sequence[Any]) -> tuple[str, Sequence[bytes]]:
        """Return the version of the generation that answered, and the statement's one row.

        Raises NoGenerationError, DeadlineError or StoreError.
        """
        ...


class Executor:
    """The engine: plans requests and runs the plans on a store."""

    def __init__(self, documents: DocumentCache, store: Store) -> None:
        """Keep the documents and the store."""
        self._documents = documents
        self._store = store

    def known_version(self) -> str | None:
        """See Engine."""
        return self._store.known_version()

    async def execute(self, request: Request) -> Response:
        """See Engine."""
        try:
            operation = self._documents.get(request.document).operation(request.operation_name)
            given = request.variables or {}
            variables = operation.variables.coerce(given)
            plan = operation.plan(variables)
            values = plan.bind(variables)
            introspected = _NOTHING_INTROSPECTED
            if any(column is None for _, column in plan.members):
                introspected = dict(operation.introspected(given))
            version, row = await self._row(plan, values)
        except RequestError as error:
            return Response(orjson.dumps({"errors": error.errors}), has_data=False, version=None)
        return Response(plan.response(row, introspected), has_data=True, version=version, is_repeatable=True)

    async def _row(self, plan: Plan, values: Sequence[Any]) -> tuple[str | None, Sequence[bytes]]:
        if plan.sql is None:
            return None, ()
        return await self._store.fetch(plan.sql, values)
