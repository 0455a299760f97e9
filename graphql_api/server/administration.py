"""Administration: what only requests with the admin's token may do."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

from graphql_api.errors import ForbiddenError, UnauthenticatedError
from graphql_api.settings import ENVIRONMENT_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql_api.server.reloading import Reloader

ADMIN_TOKEN_VARIABLE = f"{ENVIRONMENT_PREFIX}ADMIN_TOKEN"


class Administration:
    """What mutations do (`graphql_api.engine.actions.Actions`), for requests with `token`; none without one set."""

    def __init__(self, token: str, reloader: Reloader) -> None:
        """Keep the token, "" for none, and what loads."""
        self._token = token
        self._reloader = reloader

    def check(self, authorization: str | None) -> None:
        """Raise UnauthenticatedError or ForbiddenError unless a header's value is `Bearer` with the token."""
        if not self._token:
            raise ForbiddenError(
                f"Nothing can be changed here: the server has no admin token ({ADMIN_TOKEN_VARIABLE})."
            )
        if not is_bearer(authorization, self._token):
            raise UnauthenticatedError("Send the admin's token in the header `Authorization: Bearer TOKEN`.")

    async def reload(self, *, force: bool) -> Mapping[str, Any]:
        """Load the seeds; return the report. Raises LoadFailedError."""
        # Others may be waiting for the same load: who goes away does not end it.
        return await asyncio.shield(self._reloader.ask(force=force))


def is_bearer(authorization: str | None, token: str) -> bool:
    """Return whether a header's value is `Bearer` with this token, compared in constant time."""
    scheme, _, given = (authorization or "").partition(" ")
    return scheme.lower() == "bearer" and is_equal(given.strip(), token)


def is_equal(given: str, secret: str) -> bool:
    """Return whether what was given is the secret, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode("utf-8", "surrogateescape"))
