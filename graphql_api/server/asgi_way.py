"""The way by ASGI: uvicorn's request and response cycle, from a head that was read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from graphql_api.server.http_message import bad_request
from graphql_api.server.percent_encoding import decoded
from graphql_api.server.request_ids import HEADER

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

    from graphql_api.server.connection import BoundedConnection
    from graphql_api.server.heads import Head


def cycle_of(
    connection: BoundedConnection, head: Head, *, keep_alive: bool, request_id: str | None = None
) -> RequestResponseCycle:
    """Return the cycle of a request on a connection. Raises HTTPError for a URL that is none.

    With a `request_id` the response has it too, and `state` tells it to the application.
    """
    scope = _scope_of(connection, head)
    default_headers = connection.server_state.default_headers
    if request_id is not None:
        scope["state"]["request_id"] = request_id
        default_headers = [*default_headers, (HEADER, request_id.encode("ascii"))]
    return RequestResponseCycle(
        scope=scope,
        transport=connection.transport,
        flow=connection.flow,
        logger=connection.logger,
        access_logger=connection.access_logger,
        access_log=connection.access_log,
        default_headers=default_headers,
        message_event=asyncio.Event(),
        expect_100_continue=head.expects_continue,
        keep_alive=keep_alive,
        on_response=connection.on_response_complete,
    )


def pass_on(cycle: RequestResponseCycle, body: bytes) -> None:
    """Hand a piece of the body to the application; if that is slow, the client waits."""
    if cycle.response_complete:
        return
    cycle.body += body
    if len(cycle.body) > HIGH_WATER_LIMIT:
        cycle.flow.pause_reading()
    cycle.message_event.set()


def _scope_of(connection: BoundedConnection, head: Head) -> HTTPScope:
    try:
        url = httptools.parse_url(head.target)
    except httptools.HttpParserInvalidURLError as error:
        raise bad_request("The URL is none that this server has; send a path like /graphql.") from error
    raw_path = url.path or b"/"
    origin = connection.proxies.origin_of(connection.client, head.lines)
    return {
        "type": "http",
        "asgi": {"version": connection.asgi_version, "spec_version": "2.3"},
        "http_version": head.version,
        "server": connection.server,
        "client": origin.client,
        "scheme": origin.scheme,
        "method": head.method,
        "root_path": connection.root_path,
        "path": decoded(raw_path).decode(errors="replace"),
        "raw_path": raw_path,
        "query_string": url.query or b"",
        "headers": head.lines,
        "state": connection.app_state.copy(),
    }
