"""Actions: mutations, which are done rather than planned, by graphql-core and one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import orjson
from graphql import execute

from graphql_api.engine.requests import Response
from graphql_api.errors import ForbiddenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema

    from graphql_api.engine.requests import Request


class Actions(Protocol):
    """What mutations do."""

    def check(self, authorization: str | None) -> None:
        """Raise UnauthenticatedError or ForbiddenError unless this value of the header may do all there is."""
        ...

    async def reload(self, *, force: bool) -> Mapping[str, Any]:
        """Load the seeds; return the members of LoadReport. Raises LoadFailedError."""
        ...


class NoActions:
    """Does nothing, for nobody."""

    def check(self, authorization: str | None) -> None:  # noqa: ARG002 - see Actions
        """See Actions."""
        raise ForbiddenError("Nothing can be changed here: the server has no admin token (GRAPHQL_API_ADMIN_TOKEN).")

    async def reload(self, *, force: bool) -> Mapping[str, Any]:
        """See Actions; nobody comes here."""
        raise NotImplementedError(f"force={force}")


async def perform(actions: Actions, schema: GraphQLSchema, document: DocumentNode, request: Request) -> Response:
    """Do the mutation of a request, whose variables have been checked. Raises what `Actions.check` does."""
    actions.check(request.authorization)
    result = execute(
        schema,
        document,
        {"reloadContent": actions.reload},
        variable_values=dict(request.variables or {}),
        operation_name=request.operation_name,
    )
    return response_of(result if not hasattr(result, "__await__") else await result)


def response_of(result: ExecutionResult) -> Response:
    """Return the response that an execution has led to."""
    body: dict[str, Any] = {"errors": [_formatted(error) for error in result.errors]} if result.errors else {}
    return Response(orjson.dumps({**body, "data": result.data}), has_data=True, version=None)


def _formatted(error: GraphQLError) -> dict[str, Any]:
    told = dict(error.formatted)
    code = getattr(error.original_error, "code", "INTERNAL_SERVER_ERROR")
    return {**told, "extensions": {"code": code}}
