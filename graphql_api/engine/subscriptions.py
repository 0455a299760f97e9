"""Subscriptions: operations that are answered once for each event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import orjson
from msgspec import Struct

from graphql_api.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode

    from graphql_api.engine.requests import Request, Response
    from graphql_api.engine.selections import Selections
    from graphql_api.store.history import Event

MAX_FIELDS: Final = 50
"""What a subscription may ask of an event, which has twelve fields: each can be a list of a thousand urls."""

_TYPENAME: Final = "__typename"

Members = tuple[tuple[str, str], ...]
"""The fields that are asked of an event: the response key, and the field's name."""


class Subscription(Struct, frozen=True):
    """A subscription of a valid document, from the publish `sequence` on; those with equal `members` are told the same.

    `members` are what is asked of an event, by the response keys of the one field that leads to it.
    """

    sequence: int
    members: tuple[tuple[str, Members], ...]

    def payload(self, event: Mapping[str, bytes]) -> bytes:
        """Return the result for one event that was `encoded`, in JSON."""
        told = (b"%b:{%b}" % (orjson.dumps(key), _members(event, members)) for key, members in self.members)
        return b'{"data":{%b}}' % b",".join(told)


def encoded(event: Event) -> Mapping[str, bytes]:
    """Return the JSON of each field of an event, once for all who are told of it."""
    return {_TYPENAME: b'"ContentChange"', **{name: orjson.dumps(value) for name, value in event.items()}}


def members_of(
    schema: GraphQLSchema, selections: Selections, operation: OperationDefinitionNode
) -> tuple[tuple[str, Members], ...]:
    """Return what a subscription asks of an event. Raises ValidationError if that is too much."""
    root, change = schema.subscription_type, schema.type_map["ContentChange"]
    assert root is not None  # noqa: S101 - every schema of ours has one

    def below(nodes: list[FieldNode]) -> Members:
        asked = selections.below(change, nodes)  # type: ignore[arg-type]  # it is an object type
        return tuple((key, fields[0].name.value) for key, fields in asked.items())

    members = tuple((key, below(nodes)) for key, nodes in selections.fields(root, [operation.selection_set]).items())
    if sum(len(of_one) for _, of_one in members) > MAX_FIELDS:
        raise ValidationError(f"A subscription may ask for {MAX_FIELDS} fields; ask for each once.")
    return members


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


def _members(event: Mapping[str, bytes], members: Members) -> bytes:
    return b",".join([b"%b:%b" % (orjson.dumps(key), event[name]) for key, name in members])
