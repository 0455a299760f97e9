"""From the bytes of an HTTP request to the engine's `Request`: GraphQL over HTTP, section "Request".

Every function is pure and raises `HTTPError` (400, BAD_REQUEST) for what it cannot read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from graphql_api.engine.requests import Request
from graphql_api.server.documents import Named
from graphql_api.server.http_message import HTTPError, bad_request
from graphql_api.server.percent_encoding import decoded

if TYPE_CHECKING:
    from graphql_api.server.documents import Documents

_MAX_QUERY_FIELDS = 64
_FEW_BYTES = 30_000
_MAX_BRACKETS, _MAX_COLONS, _MAX_COMMAS = 30_000, 30_000, 100_000
"""More than in any request that is answered, the signs in its texts included. To decode 450,000 values takes 15 ms, to
count them 1 ms."""
_REMEMBERED_VALUES = 256
_MAX_REMEMBERED_BYTES = 4_096
_NAMES: Final = ("query", "documentId", "operationName", "variables", "extensions")


class TeachingRequest(Request, frozen=True):
    """One that sends a document with its hash: each must be read, so its answer is not kept by the request's bytes."""


def request_from_body(body: bytes, documents: Documents | None = None) -> Request:
    """Read the JSON object of a POST request; `documents` are those that it can name."""
    if len(body) > _FEW_BYTES and _has_too_many(body):
        raise bad_request("The request body has too many values; send it in parts.")
    parameters = _parse_json(body, "The request body")
    if not isinstance(parameters, dict):
        raise bad_request(
            f'The request body must be one JSON object like {{"query": "…"}}, not {_json_type(parameters)}.'
        )
    return _request(parameters, documents, read_only=False)


def request_from_message(payload: dict[str, Any], documents: Documents | None = None) -> Request:
    """Read the parameters of a message over a WebSocket, which only asks; `documents` as for a body."""
    return _request(payload, documents, read_only=True)


def _has_too_many(body: bytes) -> bool:
    return (
        body.count(b"[") + body.count(b"{") > _MAX_BRACKETS
        or body.count(b":") > _MAX_COLONS
        or body.count(b",") > _MAX_COMMAS
    )


def request_from_query_string(query_string: bytes, documents: Documents | None = None) -> Request:
    """Read the URL's parameters of a GET request; an empty value counts as not given. `documents` as for a body.

    Unknown names are ignored, a known name that stands there twice is refused: which one is meant is a guess, and
    caches and servers guess differently.
    """
    given: dict[str, Any] = {}
    for name, value in _split_query_string(query_string):
        if name not in _NAMES:
            continue
        if name in given:
            raise bad_request(f"The URL parameter `{name}` stands there more than once; send it once.")
        given[name] = value or None
    for name in ("variables", "extensions"):
        if given.get(name) is not None:
            given[name] = _parse_json(given[name].encode(), f"The URL parameter `{name}`")
    return _request(given, documents, read_only=True)


def _split_query_string(query_string: bytes) -> list[tuple[str, str]]:
    """Return names and values: what `urllib.parse.parse_qsl` does, in a fifth of the time."""
    if query_string.count(b"&") >= _MAX_QUERY_FIELDS:
        raise bad_request(f"The URL has too many parameters; send at most {_MAX_QUERY_FIELDS}.")
    fields = (field.partition(b"=") for field in query_string.split(b"&") if field)
    try:
        query_string.decode("ascii")
        return [(_unquote(name), _unquote(value)) for name, _, value in fields]
    except UnicodeDecodeError as error:
        raise bad_request("The URL's parameters must be percent-encoded UTF-8.") from error


def _unquote(text: bytes) -> str:
    return _unquote_remembered(text) if len(text) <= _MAX_REMEMBERED_BYTES else _unquote_any(text)


def _unquote_any(text: bytes) -> str:
    return decoded(text.replace(b"+", b" ")).decode()


# A client sends the same few documents again and again, with other variables.
_unquote_remembered = lru_cache(maxsize=_REMEMBERED_VALUES)(_unquote_any)


def _request(parameters: dict[str, Any], documents: Documents | None, *, read_only: bool) -> Request:
    query = parameters.get("query")
    operation_name = parameters.get("operationName")
    variables = parameters.get("variables")
    extensions = parameters.get("extensions")
    document_id = parameters.get("documentId")
    sha256 = _persisted_hash(extensions) if extensions.__class__ is dict else None
    is_named = documents is not None and (document_id is not None or sha256 is not None)
    if query.__class__ is not str and not (is_named and query is None):
        raise _wrong_query(query)
    if not query and not is_named:
        raise _wrong_query(query)
    if operation_name is not None and operation_name.__class__ is not str:
        raise _wrong_type("operationName", "a string or null", operation_name)
    if variables is not None and variables.__class__ is not dict:
        raise _wrong_type("variables", "a JSON object or null", variables)
    if extensions is not None and extensions.__class__ is not dict:
        raise _wrong_type("extensions", "a JSON object or null", extensions)
    wants_cost = extensions is not None and extensions.get("cost") is True
    if documents is not None and (is_named or documents.is_trusted_only):
        query = documents.text_of(_named(query or None, document_id, sha256))
        if sha256 is not None and parameters.get("query"):
            return TeachingRequest(query, operation_name, variables, read_only, wants_cost=wants_cost)
    return Request(query or "", operation_name, variables, read_only, wants_cost=wants_cost)


def _named(query: str | None, document_id: object, sha256: str | None) -> Named:
    if document_id is not None and not isinstance(document_id, str):
        raise _wrong_type("documentId", "a string or null", document_id)
    if document_id is not None and query is not None:
        raise bad_request("The parameters `query` and `documentId` cannot be given both; send one of them.")
    return Named(query, document_id, sha256)


def _persisted_hash(extensions: dict[str, Any]) -> str | None:
    """Return the hash of an automatic persisted query (Apollo's protocol, version 1)."""
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    sha256 = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(sha256, str) or persisted.get("version") != 1:
        raise bad_request("`extensions.persistedQuery` must be an object with `version` 1 and a string `sha256Hash`.")
    return sha256.lower()


def _parse_json(text: bytes, where: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _not_json(text, where, error) from error


def _not_json(text: bytes, where: str, error: orjson.JSONDecodeError) -> HTTPError:
    """Say which of three things is wrong: nothing there, not UTF-8, not JSON."""
    if not text:
        return bad_request(f'{where} is empty; send a JSON object like {{"query": "…"}}.')
    try:
        text.decode()
    except UnicodeDecodeError as undecodable:
        return bad_request(f"{where} is not UTF-8: byte {undecodable.start} is wrong. Encode it as UTF-8.")
    return bad_request(f"{where} is not JSON: line {error.lineno}, column {error.colno}. Send valid JSON.")


def _wrong_query(query: object) -> HTTPError:
    if query is None or query == "":
        return bad_request("The parameter `query` is missing; send the GraphQL document in it.")
    return _wrong_type("query", "a string", query)


def _wrong_type(name: str, expected: str, value: object) -> HTTPError:
    return bad_request(f"The parameter `{name}` must be {expected}, not {_json_type(value)}.")


def _json_type(value: object) -> str:
    """Name the JSON type of a decoded value, with its article."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
