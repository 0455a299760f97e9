"""Subscriptions: operations that are answered once for each event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from graphql import execute_sync

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from graphql import DocumentNode, GraphQLSchema

    from graphql_api.engine.requests import Request, Response
    from graphql_api.store.history import Event


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of a valid document, from the publish `sequence` on; those with equal keys are told the same."""

    key: Hashable
    sequence: int
    schema: GraphQLSchema
    document: DocumentNode
    request: Request

    def payload(self, event: Event) -> bytes:
        """Return the result for one event, in JSON."""
        result = execute_sync(
            self.schema,
            self.document,
            {"contentChanged": event},
            variable_values=dict(self.request.variables or {}),
            operation_name=self.request.operation_name,
        )
        return orjson.dumps(result.formatted)


class LiveEngine(Protocol):
    """Answers what goes on."""

    async def stream(self, request: Request) -> Subscription | Response:
        """Return the subscription that a request asks for, or the response to any other, also to one with errors.

        Raises what `Engine.execute` raises.
        """
        ...

    async def events_after(self, sequence: int) -> Sequence[Event]:
        """Return what was published after the publish `sequence`, in order. Raises NoGenerationError or StoreError."""
        ...


def key_of(request: Request) -> Hashable:
    """Return what requests have in common that are told the same."""
    variables: Any = request.variables or {}
    return request.document, request.operation_name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)
