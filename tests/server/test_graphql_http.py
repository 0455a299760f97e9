"""The endpoint as a function from request to response: statuses, media types, errors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import HTTPRequest, HTTPResponse
from tests.server.small_engine import VERSION, SmallEngine

if TYPE_CHECKING:
    from graphql_api.engine.requests import Engine, Request, Response

MODERN = b"application/graphql-response+json"
LEGACY = b"application/json"
QUERY = b'{"query": "{ content { version } }"}'
PAGE = HTTPResponse(200, ((b"content-type", b"text/html"),), b"<!doctype html>")


def answer(
    body: bytes = b"",
    *,
    method: str = "POST",
    query_string: bytes = b"",
    content_type: bytes | None = b"application/json",
    accept: bytes | None = None,
    engine: Engine | None = None,
) -> HTTPResponse:
    """Ask the endpoint once; without an engine the small one answers. Bodies are limited to 1,000 bytes."""
    http = GraphQLOverHTTP(engine or SmallEngine(), HTTPLimits(max_body_bytes=1000), PAGE)
    payload = body if method == "POST" else query_string
    return asyncio.run(http.answer(HTTPRequest(method, payload, content_type, accept)))


def code_of(response: HTTPResponse) -> Any:
    """Return the code of the one error in a response, which has no data."""
    content = orjson.loads(response.body)
    assert list(content) == ["errors"]
    (error,) = content["errors"]
    assert error["message"].endswith((".", "'"))
    return error["extensions"]["code"]


@pytest.mark.parametrize("media_type", [MODERN, LEGACY])
def test_post_answers_with_data_in_the_media_type_asked_for(media_type: bytes) -> None:
    """A well-formed request gets 200, the engine's bytes, its media type in UTF-8, and what it varies by."""
    response = answer(QUERY, accept=media_type)
    assert response.status == 200
    assert orjson.loads(response.body) == {"data": {"content": {"version": VERSION}}}
    assert (b"content-type", media_type + b"; charset=utf-8") in response.headers
    assert (b"vary", b"Accept, Accept-Encoding") in response.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_get_and_head_answer_from_the_query_string(method: str) -> None:
    """HEAD is a GET whose body the server leaves out; a GET needs no content type."""
    response = answer(method=method, query_string=b"query={content{version}}", content_type=None)
    assert response.status == 200
    assert orjson.loads(response.body) == {"data": {"content": {"version": VERSION}}}


@pytest.mark.parametrize(("accept", "status"), [(MODERN, 400), (LEGACY, 200), (None, 200)])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"query": "{"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ nothing }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "query($a: Int!) { content { version } __type(name: \\"A\\") { name } }"}', None),
    ],
)
def test_request_error_is_400_only_where_the_status_speaks_graphql(
    body: bytes, code: str | None, accept: bytes | None, status: int
) -> None:
    """Under application/graphql-response+json a response without data is a 400, under application/json a 200."""
    response = answer(body, accept=accept)
    assert response.status == status
    errors = orjson.loads(response.body)["errors"]
    assert code is None or [error["extensions"]["code"] for error in errors] == [code]


def test_mutation_over_get_is_405() -> None:
    """A GET only reads: a mutation is refused with Allow: POST, and runs by POST."""
    response = answer(method="GET", query_string=b"query=mutation{reloadContent}")
    assert (response.status, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert (b"allow", b"POST") in response.headers
    assert answer(b'{"query": "mutation { reloadContent }"}').status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "get"])
def test_other_methods_are_405_with_allow(method: str) -> None:
    """The Allow header names the methods that are answered."""
    response = answer(QUERY, method=method)
    assert (response.status, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert (b"allow", b"GET, HEAD, POST") in response.headers


@pytest.mark.parametrize("content_type", [None, b"text/plain", b"application/json; charset=utf-16"])
def test_other_content_types_are_415(content_type: bytes | None) -> None:
    """Only JSON in UTF-8 is read; this is also what keeps forms of other sites out."""
    response = answer(QUERY, content_type=content_type)
    assert (response.status, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unacceptable_accept_is_406(method: str) -> None:
    """A client that takes neither media type is told in JSON which ones there are; nothing is executed."""
    engine = SmallEngine()
    response = answer(QUERY, method=method, accept=b"image/png", engine=engine)
    assert (response.status, code_of(response)) == (406, "NOT_ACCEPTABLE")
    assert engine.requests == []


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"{}", b'{"query": 1}'])
def test_malformed_request_is_400_in_either_media_type(body: bytes, accept: bytes) -> None:
    """What is no GraphQL request at all is a 400 in the media type asked for."""
    response = answer(body, accept=accept)
    assert (response.status, code_of(response)) == (400, "BAD_REQUEST")
    assert (b"content-type", accept + b"; charset=utf-8") in response.headers


def test_body_over_the_limit_is_413() -> None:
    """A body of exactly the limit is read, one byte more is not."""
    fits = QUERY.ljust(1000)
    assert answer(fits).status == 200
    response = answer(fits + b" ")
    assert (response.status, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")


def test_query_string_over_the_limit_is_414() -> None:
    """The limit holds for a GET's parameters too."""
    response = answer(method="GET", query_string=b"query={content{version}}".ljust(1001, b"+"))
    assert (response.status, code_of(response)) == (414, "URI_TOO_LONG")


@pytest.mark.parametrize("header", ["accept", "content_type"])
def test_overlong_negotiation_is_431(header: str) -> None:
    """A header that would take long to read is not read."""
    overlong = {header: b"application/json" + b"," * 4096}
    response = answer(QUERY, accept=overlong.get("accept"), content_type=overlong.get("content_type"))
    assert (response.status, code_of(response)) == (431, "HEADERS_TOO_LARGE")


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
def test_no_generation_is_503_with_retry_after(accept: bytes) -> None:
    """Before the first load every request gets a coded 503 that says when to come back."""
    response = answer(QUERY, accept=accept, engine=SmallEngine(is_empty=True))
    assert (response.status, code_of(response)) == (503, "NO_GENERATION")
    assert (b"retry-after", b"5") in response.headers
    assert (b"content-type", accept + b"; charset=utf-8") in response.headers


HEADERS = st.none() | st.binary(max_size=40) | st.sampled_from([MODERN, LEGACY, b"*/*", b"text/html, */*;q=0.8"])


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", ""]),
    query_string=st.binary(max_size=60) | st.just(b"query={content{version}}"),
    content_type=HEADERS,
    accept=HEADERS,
    body=st.binary(max_size=60) | st.just(QUERY),
)
def test_whatever_comes_the_answer_is_a_page_data_or_a_coded_error(
    method: str, query_string: bytes, content_type: bytes | None, accept: bytes | None, body: bytes
) -> None:
    """No bytes make the endpoint fail: it answers 200 or 4xx, and an error has a code."""
    response = answer(body, method=method, query_string=query_string, content_type=content_type, accept=accept)
    assert response.status == 200 or 400 <= response.status < 500
    if response is not PAGE and "errors" in orjson.loads(response.body):
        assert code_of(response)


def test_unexpected_failure_is_500_without_internals(caplog: pytest.LogCaptureFixture) -> None:
    """The log gets the traceback, the client a sentence and a code."""

    class BrokenEngine(SmallEngine):
        async def execute(self, request: Request) -> Response:
            raise RuntimeError(f"secret {request.document}")

    response = answer(QUERY, engine=BrokenEngine())
    assert (response.status, code_of(response)) == (500, "INTERNAL_SERVER_ERROR")
    assert b"secret" not in response.body
    assert "RuntimeError: secret" in caplog.text


def test_cancelled_request_stays_cancelled() -> None:
    """A cancellation is not a failure of the engine; it passes through."""

    class CancelledEngine(SmallEngine):
        async def execute(self, request: Request) -> Response:
            raise asyncio.CancelledError(request.document)

    with pytest.raises(asyncio.CancelledError):
        answer(QUERY, engine=CancelledEngine())


def test_browsers_get_the_page_for_a_get() -> None:
    """Who prefers HTML gets GraphiQL by GET, with parameters too; by POST there is no HTML."""
    assert answer(method="GET", accept=b"text/html,*/*;q=0.8") is PAGE
    assert answer(method="GET", accept=b"text/html", query_string=b"query={content{version}}") is PAGE
    assert answer(QUERY, accept=b"text/html").status == 406
    assert answer(QUERY, accept=b"text/html,*/*;q=0.8").status == 200


def test_without_a_page_browsers_get_json() -> None:
    """An endpoint that was given no page answers everyone alike."""
    http = GraphQLOverHTTP(SmallEngine(), HTTPLimits())
    request = HTTPRequest("GET", b"query={content{version}}", accept=b"text/html,*/*;q=0.8")
    response = asyncio.run(http.answer(request))
    assert response.status == 200
    assert orjson.loads(response.body) == {"data": {"content": {"version": VERSION}}}
