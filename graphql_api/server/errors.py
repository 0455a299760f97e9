"""Why the server cannot run.

ServerError
├── CannotListenError   the address or port cannot be had
├── DocumentsError      a manifest of documents cannot be read
└── StartupError        the application's lifespan failed, or a worker did not start
"""

from __future__ import annotations

from graphql_api.errors import GraphQLAPIError


class ServerError(GraphQLAPIError):
    """The server cannot run."""


class CannotListenError(ServerError):
    """The address or port cannot be had; the message says which, why, and what to do."""


class DocumentsError(ServerError):
    """A manifest of trusted documents cannot be read; the message says which, and why."""


class StartupError(ServerError):
    """The application did not start; its own log says why."""
