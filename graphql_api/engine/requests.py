"""What the server hands to the engine and what it gets back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql_api.engine.tagging import Tags


class Request(Struct, frozen=True):
    """One GraphQL request, its parameters already checked to be of these types."""

    document: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | None = None
    read_only: bool = False
    """True for GET: a mutation raises `MethodNotAllowedError`."""
    authorization: str | None = None
    """What the header `Authorization` says; only mutations look at it."""
    wants_cost: bool = False
    """True to be told what a query costs, in the response's extensions."""
    spend: Callable[[int], None] | None = None
    """Told what a query costs before it is run, it raises ClientBudgetError if that is more than its client may ask."""


class Response(Struct, frozen=True):
    """One GraphQL response. `body` is the UTF-8 JSON text of `{"data": …}` or `{"errors": […]}`.

    `has_data` is False for a request error (no `data` entry, a 4xx under application/graphql-response+json).
    `version` names the generation that answered, None where none did. `is_repeatable` is True for a query that was
    answered without any error: the same request gets the same bytes as long as that generation is the current one.
    `is_refused` is True for a valid request that would cost too much. `tags` are those of what the answer depends on.
    """

    body: bytes
    has_data: bool
    version: str | None
    is_repeatable: bool = False
    is_refused: bool = False
    tags: Tags | None = None


class Engine(Protocol):
    """Answers requests; raises `NoGenerationError` while nothing has been published, and `TooBusyError`.

    `MethodNotAllowedError` is raised for a mutation in a request that may only read, `UnauthenticatedError` and
    `ForbiddenError` for one by somebody who may not.
    """

    def known_version(self) -> str | None:
        """Return the version that answers now, None where that takes longer than one look to say."""
        ...

    async def execute(self, request: Request) -> Response:
        """Return the response; errors of the request are in it, never raised, save those named here."""
        ...


@runtime_checkable
class PromptEngine(Engine, Protocol):
    """An engine that needs no task for what takes only a moment."""

    def at_once(self, request: Request) -> Response | None:
        """Return the response to a query that has data and takes only a moment; else None, and it is to be executed.

        What it raises, `execute` does too.
        """
        ...
