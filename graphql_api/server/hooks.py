"""`POST /hooks/reload`: how a CMS or a Git host says that there is something new."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

from graphql_api.server.administration import ADMIN_TOKEN_VARIABLE, is_bearer, is_equal
from graphql_api.server.endpoint import BodyTooLargeError, read_body
from graphql_api.server.graphql_refusals import body_too_large
from graphql_api.server.http_message import HTTPError
from graphql_api.server.standard_webhooks import is_signed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from graphql_api.server.reloading import Reloader

_COMMIT: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,99}")
_NO_COMMIT: Final = re.compile(r"0+")
_PLACES: Final = ("after", "checkout_sha", "commit", "sha", "label")
"""Where bodies name the commit: GitHub and Gitea, GitLab, and what others call it."""


def reload_hook(
    reloader: Reloader, secrets: Sequence[str], max_body_bytes: int
) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that starts a load for requests with one of `secrets`, and does not wait for it.

    What it takes: `Authorization: Bearer`, GitHub's `X-Hub-Signature-256`, GitLab's `X-Gitlab-Token`, and the signature
    of Standard Webhooks, which GitLab and several CMS use.
    """
    secrets = tuple(secret for secret in secrets if secret)

    async def answer(request: Request) -> Response:
        try:
            body = await _checked_body(request, secrets, max_body_bytes)
        except HTTPError as error:
            return Response(error.body(), error.status, _headers(error), "application/json")
        if request.headers.get("x-github-event") == "ping":
            return _told(200, {"status": "pong"})
        label = commit_in(body)
        reloader.ask(label=label)
        return _told(202, {"status": "accepted", "label": label or None})

    return answer


async def _checked_body(request: Request, secrets: Sequence[str], max_body_bytes: int) -> bytes:
    if not secrets:
        message = f"Nobody can ask for a load: the server has no token ({ADMIN_TOKEN_VARIABLE})."
        raise HTTPError(403, "FORBIDDEN", message)
    try:
        body = await read_body(request.receive, max_body_bytes)
    except BodyTooLargeError:
        raise body_too_large(max_body_bytes) from None
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not any(_is_from_who_knows(secret, headers, body) for secret in secrets):
        message = "Send the token in `Authorization: Bearer TOKEN`, or sign the body with it (docs/reloading.md)."
        raise HTTPError(401, "UNAUTHENTICATED", message, ((b"www-authenticate", b"Bearer"),))
    return body


def _is_from_who_knows(secret: str, headers: dict[str, str], body: bytes) -> bool:
    given = headers.get("x-hub-signature-256")
    if given is not None:
        return is_equal(given, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())
    if "webhook-signature" in headers:
        return is_signed(secret, headers, body, time.time())
    if "x-gitlab-token" in headers:
        return is_equal(headers["x-gitlab-token"], secret)
    return is_bearer(headers.get("authorization"), secret)


def commit_in(body: bytes) -> str:
    """Return the commit that a body is about, "" if it names none."""
    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    named = [told.get(place) for place in _PLACES] if isinstance(told, dict) else []
    commits = [each for each in named if isinstance(each, str) and _COMMIT.fullmatch(each)]
    return next((each for each in commits if not _NO_COMMIT.fullmatch(each)), "")


def _headers(error: HTTPError) -> dict[str, str]:
    return {"cache-control": "no-store", **{name.decode(): value.decode() for name, value in error.headers}}


def _told(status: int, content: dict[str, object]) -> Response:
    return Response(orjson.dumps(content), status, {"cache-control": "no-store"}, "application/json")
