"""The executor: from a request to its response, by one statement on one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import orjson

from graphql_api.engine.requests import Request, Response
from graphql_api.errors import AnswerTooLargeError, RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.engine.documents import DocumentCache

_NOTHING_INTROSPECTED: dict[bytes, bytes] = {}


class Generation(Protocol):
    """One content set: nothing of it changes while it is asked."""

    @property
    def version(self) -> str:
        """Its name."""
        ...

    @property
    def prepared(self) -> DocumentCache:
        """The documents by its schema."""
        ...

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """Return the statement's one row. Raises RequestError, TooBusyError or StoreError."""
        ...


class Store(Protocol):
    """Where the executor reads."""

    def known_version(self) -> str | None:
        """Return the version of the current generation, None where it has not been opened yet."""
        ...

    async def current(self) -> Generation:
        """Return the current generation. Raises NoGenerationError or StoreError."""
        ...


class Executor:
    """The engine: plans requests by the schema of the current generation, and runs the plans on that."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def known_version(self) -> str | None:
        """See Engine."""
        return self._store.known_version()

    async def execute(self, request: Request) -> Response:
        """See Engine."""
        # Pinned before anything is planned: schema, plan and rows are those of one generation.
        generation = await self._store.current()
        try:
            operation = generation.prepared.get(request.document).operation(request.operation_name)
            given = request.variables or {}
            variables = operation.variables.coerce(given)
            plan = operation.plan(variables)
            values = plan.bind(variables)
            introspected = _NOTHING_INTROSPECTED
            if any(column is None for _, column in plan.members):
                introspected = dict(operation.introspected(given))
            row = await generation.fetch(plan.sql, values) if plan.sql is not None else ()
            body = plan.response(row, introspected)
            if len(body) > generation.prepared.limits.answer_bytes:
                raise AnswerTooLargeError.of(generation.prepared.limits.answer_bytes)
        except RequestError as error:
            body = orjson.dumps({"errors": error.errors})
            return Response(body, has_data=False, version=None, is_refused=error.is_refusal)
        return Response(body, has_data=True, version=generation.version, is_repeatable=True)
