"""The executor: from a request to its response, by one statement on one snapshot."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson
from graphql import OperationType

from graphql_api.engine.actions import NoActions, perform
from graphql_api.engine.aside import MANY_CHARACTERS, Aside, are_many
from graphql_api.engine.budget import check_cost, with_cost
from graphql_api.engine.requests import Request, Response
from graphql_api.engine.subscriptions import Subscription
from graphql_api.engine.syntax import check_length
from graphql_api.errors import (
    AnswerTooLargeError,
    ChangedGenerationError,
    ForbiddenError,
    MethodNotAllowedError,
    RequestError,
    StoreError,
    StreamNeededError,
    UnauthenticatedError,
)
from graphql_api.store.history import EVENTS, events_of, unknown_event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql_api.engine.actions import Actions
    from graphql_api.engine.documents import Document, DocumentCache
    from graphql_api.engine.operations import Operation
    from graphql_api.store.history import Event

_NOTHING_INTROSPECTED: Mapping[bytes, bytes] = MappingProxyType({})
_RAISED = (MethodNotAllowedError, UnauthenticatedError, ForbiddenError)
"""What is no answer to a GraphQL request, but has a status of HTTP."""

_UNITS_A_CHARACTER: Final = 10
"""What a client pays for a document that is not known yet: to read it takes about a microsecond a character."""


class Generation(Protocol):
    """One content set: nothing of it changes while it is asked."""

    @property
    def edition(self) -> str:
        """Its name; no other publish has it, not even one of equal content."""
        ...

    @property
    def sequence(self) -> int:
        """Its place among all that was published."""
        ...

    @property
    def label(self) -> str:
        """What its publish is called, "" for nothing."""
        ...

    @property
    def prepared(self) -> DocumentCache:
        """The documents by its schema."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries there are, by the name of their type; always the same object."""
        ...

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """Return the statement's one row. Raises RequestError, TooBusyError or StoreError."""
        ...

    def at_once(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        """Return the same where that takes only a moment, else None. Raises StoreError."""
        ...


class Store(Protocol):
    """Where the executor reads."""

    def known_version(self) -> str | None:
        """Return the edition of the current generation, None where it has not been opened yet."""
        ...

    def known_generation(self) -> Generation | None:
        """Return the current generation, None where it has not been opened yet."""
        ...

    async def current(self) -> Generation:
        """Return the current generation. Raises NoGenerationError or StoreError."""
        ...


class Executor:
    """The engine: plans requests by the schema of the current generation, and runs the plans on that."""

    def __init__(self, store: Store, actions: Actions | None = None, *, wait_seconds: float = 5.0) -> None:
        """Keep the store, and what mutations do; without `actions` they are refused.

        What takes long to read waits for others at most `wait_seconds`.
        """
        self._store = store
        self._actions = actions or NoActions()
        self._aside = Aside(wait_seconds)

    def known_version(self) -> str | None:
        """See Engine."""
        return self._store.known_version()

    def at_once(self, request: Request) -> Response | None:
        """See PromptEngine."""
        generation = self._store.known_generation()
        if generation is None or request.spend is not None or request.wants_cost:
            return None
        documents = generation.prepared
        document = documents.known(request.document)
        given = request.variables or {}
        if document is None or are_many(given):
            return None
        try:
            operation = document.operation(request.operation_name)
            variables = operation.variables.coerce(given)
            plan = operation.known_plan(variables)
            if plan is None or plan.sql is None or plan.is_introspecting:
                return None
            values = plan.bind(variables, generation.label)
            limits = documents.limits
            if plan.cost.bound(generation.counts) * 2 > limits.cost:
                return None
            row = generation.at_once(plan.sql, values)
            if row is None:
                return None
            body, tags = plan.answer(row, _NOTHING_INTROSPECTED)
        except (RequestError, StoreError):
            return None
        if len(body) > limits.answer_bytes:
            return None
        return Response(body, has_data=True, version=generation.edition, is_repeatable=True, tags=tags)

    async def execute(self, request: Request) -> Response:
        """See Engine."""
        try:
            return await self._execute(request)
        except ChangedGenerationError:
            return await self._execute(request)  # from another generation

    async def _execute(self, request: Request) -> Response:
        # Pinned before anything is planned: schema, plan and rows are those of one generation.
        generation = await self._store.current()
        # Together: the label of a generation can change while it is asked, and with it its edition.
        edition, label = generation.edition, generation.label
        try:
            documents = generation.prepared
            document = await self._document(documents, request)
            operation = document.operation(request.operation_name)
            given = request.variables or {}
            is_large = are_many(given)
            coerce = operation.variables.coerce
            variables = await self._aside.run(coerce, given) if is_large else coerce(given)
            if operation.type is not OperationType.QUERY:
                return await self._perform(operation, document, request)
            plan = operation.known_plan(variables)
            if plan is None:
                is_long = is_large or operation.is_long
                planned = operation.planned
                plan = await self._aside.run(planned, variables) if is_long else planned(variables)
                operation.keep(variables, plan)
            bind = plan.bind
            values = await self._aside.run(bind, variables, label) if is_large else bind(variables, label)
            budget = documents.limits.cost
            check_cost(operation, plan, generation.counts, variables, budget)
            if request.spend is not None:
                request.spend(plan.cost.exact(generation.counts, variables))
            introspected = _NOTHING_INTROSPECTED
            if any(column is None for _, column in plan.members):
                introspected = await self._introspected(operation, given)
            row = await generation.fetch(plan.sql, values) if plan.sql is not None else ()
            body, tags = plan.answer(row, introspected)
            if request.wants_cost:
                body = with_cost(body, plan, generation.counts, variables, budget)
            if len(body) > documents.limits.answer_bytes:
                raise AnswerTooLargeError.of(documents.limits.answer_bytes)
        except _RAISED:
            raise
        except RequestError as error:
            body = orjson.dumps({"errors": error.errors})
            return Response(body, has_data=False, version=None, is_refused=error.is_refusal)
        # What it costs is no content: neither do caches keep it, nor are there tags for it.
        return Response(body, has_data=True, version=edition, is_repeatable=not request.wants_cost, tags=tags)

    async def _document(self, documents: DocumentCache, request: Request) -> Document:
        """Return the document of a request, which costs its client something if it has to be read."""
        text = request.document
        check_length(text, documents.limits)
        if text not in documents:
            if request.spend is not None:
                request.spend(_UNITS_A_CHARACTER * len(text))
            if len(text) > MANY_CHARACTERS:
                documents.keep(text, await self._aside.run(documents.made, text))
        return documents.get(text)

    async def _introspected(self, operation: Operation, given: Mapping[str, Any]) -> Mapping[bytes, bytes]:
        known = operation.known_introspection()
        if known is None:
            known = await self._aside.run(operation.introspected, given)
            operation.grown()
        return known

    async def stream(self, request: Request) -> Subscription | Response:
        """See LiveEngine."""
        generation = await self._store.current()
        try:
            document = await self._document(generation.prepared, request)
            operation = document.operation(request.operation_name)
            if operation.type is not OperationType.SUBSCRIPTION:
                return await self.execute(request)
            if request.spend is not None:
                request.spend(0)
            return Subscription(
                generation.sequence, operation.subscribed(operation.variables.coerce(request.variables or {}))
            )
        except _RAISED:
            raise
        except RequestError as error:
            return Response(orjson.dumps({"errors": error.errors}), has_data=False, version=None)

    async def events_after(self, sequence: int) -> Sequence[Event]:
        """See LiveEngine."""
        generation = await self._store.current()
        if generation.sequence <= sequence:
            return []
        events = events_of(await generation.fetch(EVENTS, (sequence,)))
        if events and events[-1]["sequence"] == generation.sequence:
            return events
        version, types = generation.edition.partition("/")[0], tuple(generation.prepared.layout.entries)
        return [*events, unknown_event(version, generation.sequence, generation.label, types)]

    async def _perform(self, operation: Operation, document: Document, request: Request) -> Response:
        """Answer what is no query."""
        if operation.type is OperationType.SUBSCRIPTION:
            raise StreamNeededError(
                "A subscription needs a stream: ask over WebSocket (graphql-transport-ws), "
                "or with Accept: text/event-stream."
            )
        if request.read_only:
            raise MethodNotAllowedError("A mutation must be sent by POST.")
        return await perform(self._actions, document.schema, document.tree(), request)
