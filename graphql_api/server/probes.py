"""The probes: `/healthz` says whether the process lives, `/readyz` whether it can answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

import orjson
from msgspec import Struct
from starlette.responses import Response

from graphql_api.errors import NoGenerationError, StoreError
from graphql_api.server.graphql_refusals import no_generation
from graphql_api.server.http_message import HTTPError, error_entry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

_LOGGER = logging.getLogger(__name__)


class ContentSummary(Struct, frozen=True):
    """What is being served: the generation's version, and its counts by their names in the schema.

    `published` is the version that should be served instead, and cannot be opened; None if all is as it should be.
    `label` is what the publish is called, "" for nothing.
    """

    version: str
    counts: dict[str, int]
    published: str | None = None
    label: str = ""


class ContentStatus(Protocol):
    """Knows which generation is current."""

    async def current(self) -> ContentSummary:
        """Return the current generation's summary. Raises NoGenerationError, and StoreError for a broken store."""
        ...


async def healthz(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
    """Answer 200 as long as the process can answer at all."""
    return _json_response(200, {"status": "alive"})


def readyz(content: ContentStatus, retry_after_seconds: int) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that answers 200 with the summary of the content, or 503 with a coded error."""

    async def answer(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
        try:
            summary = await content.current()
        except NoGenerationError:
            return _not_ready(no_generation(retry_after_seconds))
        except StoreError:
            _LOGGER.exception("The store cannot be read")
            return _not_ready(_store_unreadable(retry_after_seconds))
        if summary.published is not None:
            return _stale(summary, retry_after_seconds)
        return _json_response(200, _summary_json(summary))

    return answer


def _stale(summary: ContentSummary, retry_after_seconds: int) -> Response:
    message = "What is published cannot be opened; what was before is served. The server's log says why."
    content = {**_summary_json(summary), "status": "stale", "published": summary.published}
    response = _json_response(503, {**content, "errors": [error_entry("STALE_CONTENT", message)]})
    response.headers["retry-after"] = str(retry_after_seconds)
    return response


def _summary_json(summary: ContentSummary) -> dict[str, object]:
    return {
        "status": "ready",
        "version": summary.version,
        **({"label": summary.label} if summary.label else {}),
        **summary.counts,
    }


def _store_unreadable(retry_after_seconds: int) -> HTTPError:
    return HTTPError(
        503,
        "STORE_UNREADABLE",
        "The content cannot be read; the server's log says why. Load the seeds again.",
        ((b"retry-after", b"%d" % retry_after_seconds),),
    )


def _not_ready(error: HTTPError) -> Response:
    response = _json_response(503, {"status": "unready", "errors": [error_entry(error.code, error.message)]})
    response.raw_headers.extend(error.headers)
    return response


def _json_response(status: int, content: dict[str, object]) -> Response:
    return Response(
        orjson.dumps(content),
        status,
        {"cache-control": "no-store"},
        "application/json",
    )
