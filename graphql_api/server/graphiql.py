"""GraphiQL, the page to explore the API with: our own built files, our own examples, and no other host.

The files in `static/` are built from `graphiql/` (see docs/http.md). Each is read once: the page when the server
starts, the others when one of them is first asked for.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from graphql_api.server import encodings
from graphql_api.server.endpoint import respond
from graphql_api.server.entity_tags import entity_tag
from graphql_api.server.graphql_http import error_response
from graphql_api.server.http_message import Headers, HTTPError, HTTPResponse, request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from graphql_api.server.http_message import HTTPRequest

_STATIC: Final = Path(__file__).with_name("static")
_MEDIA_TYPES: Final = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
}

# Inline styles are allowed because the page's widgets put <style> elements into it; scripts come from files only.
CONTENT_SECURITY_POLICY: Final = b"; ".join(
    (
        b"default-src 'none'",
        b"script-src 'self'",
        b"style-src 'self' 'unsafe-inline'",
        b"font-src 'self' data:",
        b"img-src 'self' data:",
        b"connect-src 'self'",
        b"base-uri 'none'",
        b"form-action 'none'",
        b"frame-ancestors 'none'",
    ),
)


def graphiql_page(base_path: str = "") -> HTTPResponse:
    """Return the page that browsers get at the endpoint's own address, below `base_path`."""
    page = _file_response("index.html", _below(base_path, (_STATIC / "index.html").read_bytes()))
    policy = (
        (b"content-security-policy", CONTENT_SECURITY_POLICY),
        (b"referrer-policy", b"no-referrer"),
    )
    return HTTPResponse(
        page.status,
        (*_without_vary(page.headers), *policy, (b"vary", b"Accept, Accept-Encoding")),
        page.body,
        page.etag,
    )


def graphiql_files(base_path: str = "") -> dict[str, HTTPResponse]:
    """Return the files that the page needs, by name, with `examples.json`: its first tabs; all below `base_path`."""
    names = ("graphiql.css", "graphiql.js", "icon.svg", "LICENSES.txt")
    contents = {name: _below(base_path, (_STATIC / name).read_bytes()) for name in names}
    contents["examples.json"] = orjson.dumps(read_examples(_STATIC.with_name("examples")))
    return {name: _file_response(name, content) for name, content in contents.items()}


def read_examples(folder: Path) -> list[dict[str, str]]:
    """Return one `{query, variables}` per `*.graphql` file, in the order of the names.

    The variables are the text of the `.json` file of the same name, or "" where there is none.
    """
    entries = {entry.name: entry for entry in folder.iterdir()}
    examples = []
    for name in sorted(entry for entry in entries if entry.endswith(".graphql")):
        variables = entries.get(name.removesuffix("graphql") + "json")
        examples.append(
            {
                "query": entries[name].read_text(encoding="utf-8"),
                "variables": variables.read_text(encoding="utf-8").strip() if variables else "",
            }
        )
    return examples


class StaticFiles:
    """An ASGI application that serves prepared files by the route's `name`, and 304 for one that the client has."""

    def __init__(self, prepare: Callable[[], Mapping[str, HTTPResponse]]) -> None:
        """Serve what `prepare` returns, by file name; it is called, in a thread, when a file is first asked for."""
        self._prepare = prepare
        self._responses: Mapping[str, HTTPResponse] | None = None
        self._encoded: dict[tuple[str, bytes], HTTPResponse] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Answer one HTTP request."""
        request = request_of(scope["method"], b"", scope["headers"])
        await respond(send, await self._answer(request, scope["path_params"]["name"]))

    async def _answer(self, request: HTTPRequest, name: str) -> HTTPResponse:
        if self._responses is None:
            self._responses = await asyncio.to_thread(self._prepare)
        response = self._responses.get(name)
        if response is None:
            return error_response(HTTPError(404, "NOT_FOUND", "GraphiQL has no such file; open /graphql in a browser."))
        if request.method not in {"GET", "HEAD"}:
            allow = ((b"allow", b"GET, HEAD"),)
            return error_response(HTTPError(405, "METHOD_NOT_ALLOWED", "Files are read by GET.", allow))
        coding = encodings.negotiate(request.accept_encoding).of(len(response.body))
        if coding is None:
            return error_response(encodings.not_acceptable())
        if coding != encodings.IDENTITY:
            response = await self._encode(name, response, coding)
        return response.for_client(request.if_none_match)

    async def _encode(self, name: str, response: HTTPResponse, coding: bytes) -> HTTPResponse:
        """Return a file in a coding; it is made when it is first asked for, off the event loop."""
        encoded = self._encoded.get((name, coding))
        if encoded is None:
            body = await asyncio.to_thread(encodings.thoroughly_compressed, response.body, coding)
            encoded = self._encoded[name, coding] = encodings.described(response, coding, body)
        return encoded


def _without_vary(headers: Headers) -> Headers:
    return tuple(line for line in headers if line[0] != b"vary")


def _below(base_path: str, content: bytes) -> bytes:
    """Return a file of the page that asks for the others below `base_path`; it names them by their whole paths."""
    return content.replace(b'"/graphiql/', b'"%b/graphiql/' % base_path.encode("ascii"))


def _file_response(name: str, content: bytes) -> HTTPResponse:
    """Return a file that caches may keep, if they ask each time whether it is still the same."""
    tag = entity_tag(content)
    headers: Headers = (
        (b"content-type", _MEDIA_TYPES[name[name.rindex(".") :]]),
        (b"etag", tag),
        (b"cache-control", b"no-cache"),
        (b"vary", b"Accept-Encoding"),
        (b"x-content-type-options", b"nosniff"),
    )
    return HTTPResponse(200, headers, content, tag)
