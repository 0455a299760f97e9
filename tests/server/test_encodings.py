"""Compressed answers: what a client gets, that it is the same, and how caches tell it apart."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
from backports import zstd

from graphql_api.server.encodings import Codings, compressed, negotiate, thoroughly_compressed
from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from graphql_api.server.routes import Application

DECODERS = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
QUERY = "{ question(by: {id: 1}) { answer { markdown } } }"
SIZES = {"long": 5_000, "too long for the loop": 1_000_000}


@pytest.mark.parametrize(
    ("accept_encoding", "long", "short"),
    [
        (None, b"", b""),
        (b"", b"", b""),
        (b"identity", b"", b""),
        (b"gzip", b"gzip", b""),
        (b"x-gzip", b"gzip", b""),
        (b"GZip", b"gzip", b""),
        (b"gzip, deflate", b"gzip", b""),
        (b"gzip, deflate, br, zstd", b"zstd", b""),
        (b"br, gzip;q=0.9", b"br", b""),
        (b"br;q=0.5, gzip;q=0.9, zstd;q=0", b"gzip", b""),
        (b"deflate, compress", b"", b""),
        (b"*", b"zstd", b""),
        (b"zstd;q=0, *", b"gzip", b""),
        (b"gzip;q=0.5, identity", b"", b""),
        (b"gzip;q=0", b"", b""),
        (b"*;q=0", None, None),
        (b"identity;q=0", None, None),
        (b"gzip, identity;q=0", b"gzip", b"gzip"),
        (b"br, *;q=0", b"br", b"br"),
        (b"gzip, *;q=0, identity", b"gzip", b""),
        (b"gzip;q=2", b"", b""),
        (b"gzip;q=x, br;q=0.1", b"br", b""),
        (b"gzip;level=9", b"", b""),
        (b",, gzip ; q = 0.5 ,", b"gzip", b""),
    ],
)
def test_coding_is_the_one_that_the_client_likes_best(
    accept_encoding: bytes | None, long: bytes | None, short: bytes | None
) -> None:
    """Weights decide, then ours; a plain answer is always possible unless it is forbidden."""
    assert negotiate(accept_encoding) == Codings(long, short)


@pytest.mark.parametrize("compress", [compressed, thoroughly_compressed])
@pytest.mark.parametrize("size", [0, 1, 5_000, 300_000])
def test_compressed_is_the_same(compress: Callable[[bytes, bytes], bytes], size: int) -> None:
    """In each coding, of any length, one after the other."""
    body = (b"An answer, and another one. " * (size // 20 + 1))[:size]
    for coding, decompress in DECODERS.items():
        if coding:
            assert decompress(compress(body, coding.encode())) == body


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> int:
    """Return the length of an answer: one that is compressed at once, and one that is in a thread."""
    return SIZES[request.param]


@pytest.fixture(params=[0, 100_000_000], ids=["no cache", "cache"])
def engine_and_client(
    request: pytest.FixtureRequest, connect: Callable[[Application], httpx2.Client], size: int
) -> tuple[SmallEngine, httpx2.Client]:
    """Return an engine with an answer of that length, and a client of a server."""
    engine = SmallEngine()
    assert engine.content is not None
    engine.content["question"]["answer"]["markdown"] = "word " * (size // 5)
    return engine, connect(build_app(engine, SmallContentStatus(engine), response_cache_bytes=request.param))


def raw(client: httpx2.Client, method: str, accept_encoding: str, **headers: str) -> tuple[httpx2.Response, bytes]:
    """Return a response and its body as it came over the wire."""
    json_body, params = ({"query": QUERY}, None) if method == "POST" else (None, {"query": QUERY})
    all_headers = {"accept-encoding": accept_encoding, **headers}
    with client.stream(method, "/graphql", json=json_body, params=params, headers=all_headers) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_answer_is_compressed_as_asked_for(
    engine_and_client: tuple[SmallEngine, httpx2.Client], size: int, method: str, coding: str
) -> None:
    """It is smaller, the same, says what it is, and is made once where there is a cache."""
    engine, client = engine_and_client
    plain, body = raw(client, method, "identity")
    assert "content-encoding" not in plain.headers
    assert len(json.loads(body)["data"]["question"]["answer"]["markdown"]) == size
    for _ in range(2):
        response, compressed_body = raw(client, method, coding)
        assert response.headers["content-encoding"] == coding
        assert response.headers["content-length"] == str(len(compressed_body))
        assert response.headers["vary"] == plain.headers["vary"] == "Accept, Accept-Encoding"
        assert len(compressed_body) < size / 5
        assert DECODERS[coding](compressed_body) == body
    assert raw(client, method, "identity")[1] == body
    assert len(engine.requests) in {1, 4}


def test_tag_is_of_the_bytes_that_were_sent(engine_and_client: tuple[SmallEngine, httpx2.Client]) -> None:
    """Two codings of one answer are two representations: a client that has one has not the other."""
    _, client = engine_and_client
    tags = {coding: raw(client, "GET", coding)[0].headers["etag"] for coding in ("identity", "gzip", "br", "zstd")}
    assert len(set(tags.values())) == 4
    for coding, tag in tags.items():
        unmodified, body = raw(client, "GET", coding, **{"if-none-match": tag})
        assert (unmodified.status_code, body, unmodified.headers["etag"]) == (304, b"", tag)
        assert unmodified.headers["vary"] == "Accept, Accept-Encoding"
        assert "content-encoding" not in unmodified.headers
        for other in tags:
            assert raw(client, "GET", other, **{"if-none-match": tag})[0].status_code == (
                304 if other == coding else 200
            )


def test_head_tells_of_the_compressed_answer(engine_and_client: tuple[SmallEngine, httpx2.Client]) -> None:
    """Its headers are those of GET."""
    _, client = engine_and_client
    get, _ = raw(client, "GET", "gzip")
    head, body = raw(client, "HEAD", "gzip")
    assert (head.headers, body) == (get.headers, b"")


def test_short_answers_are_sent_as_they_are(connect: Callable[[Application], httpx2.Client]) -> None:
    """Unless the client forbids that; errors and 406 are in the same form as ever."""
    engine = SmallEngine()
    client = connect(build_app(engine, SmallContentStatus(engine), response_cache_bytes=1_000_000))
    for accept_encoding, status, coding in (
        ("gzip", 200, None),
        ("gzip, identity;q=0", 200, "gzip"),
        ("identity;q=0", 406, None),
    ):
        for _ in range(2):
            response = client.post(
                "/graphql", json={"query": "{ __typename }"}, headers={"accept-encoding": accept_encoding}
            )
            assert (response.status_code, response.headers.get("content-encoding")) == (status, coding)
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
def test_files_of_graphiql_are_compressed(connect: Callable[[Application], httpx2.Client], coding: str) -> None:
    """The script is 1.4 MB; a browser reads a third of that, and asks with the tag of what it has."""
    engine = SmallEngine()
    client = connect(build_app(engine, SmallContentStatus(engine)))
    plain = client.get("/graphiql/graphiql.js").content
    headers = {"accept-encoding": coding}
    with client.stream("GET", "/graphiql/graphiql.js", headers=headers) as response:
        body = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == coding
    assert len(body) < len(plain) / 2
    assert DECODERS[coding](body) == plain
    again = client.get("/graphiql/graphiql.js", headers={**headers, "if-none-match": response.headers["etag"]})
    assert again.status_code == 304


def test_long_header_is_not_read() -> None:
    """It is taken for none."""
    assert negotiate(b"gzip, " + b"a, " * 2_000) == negotiate(None)
    assert negotiate(b"gzip, " + b"a, " * 1_000).long == b"gzip"
