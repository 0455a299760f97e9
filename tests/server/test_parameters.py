"""Reading a GraphQL request out of a body or a URL: GraphQL over HTTP, section "Request"."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.engine.requests import Request
from graphql_api.server.http_message import HTTPError
from graphql_api.server.parameters import _split_query_string, request_from_body, request_from_query_string
from graphql_api.server.percent_encoding import decoded


def test_body_gives_every_parameter() -> None:
    """A POST's JSON object holds the document, the operation's name and the variables; it may change things."""
    body = b'{"query": "query A { a }", "operationName": "A", "variables": {"x": 1}, "extensions": {}, "more": 1}'
    assert request_from_body(body) == Request("query A { a }", "A", {"x": 1}, read_only=False)


def test_body_may_hold_null_for_what_is_optional() -> None:
    """A parameter that is null counts as not given."""
    body = b'{"query": "{ a }", "operationName": null, "variables": null, "extensions": null}'
    assert request_from_body(body) == Request("{ a }")


def test_query_string_gives_every_parameter() -> None:
    """A GET's URL holds the same parameters, variables and extensions as JSON; it may only read."""
    query_string = b"query=query+A+%7B+a+%7D&operationName=A&variables=%7B%22x%22%3A%22%C3%A9%22%7D&extensions=%7B%7D"
    assert request_from_query_string(query_string) == Request("query A { a }", "A", {"x": "é"}, read_only=True)


def test_empty_value_in_a_query_string_counts_as_not_given() -> None:
    """`&variables=&operationName=` is what forms send for an empty field; other names are ignored."""
    query_string = b"query={a}&variables=&operationName=&extensions=&cache=1&cache=2"
    assert request_from_query_string(query_string) == Request("{a}", read_only=True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"{", "not JSON: line 1, column 2"),
        (b"nope", "not JSON"),
        (b'{"query": "\xff"}', "not UTF-8: byte 11"),
        (b'\xef\xbb\xbf{"query": "{a}"}', "not JSON"),
        (b"[]", "one JSON object .* not an array"),
        (b'"{a}"', "one JSON object .* not a string"),
        (b"null", "one JSON object .* not null"),
        (b"1", "one JSON object .* not a number"),
        (b"[" * 5000, "not JSON"),
        (b"{}", "`query` is missing"),
        (b'{"query": ""}', "`query` is missing"),
        (b'{"query": null}', "`query` is missing"),
        (b'{"query": {}}', "`query` must be a string, not an object"),
        (b'{"query": true}', "`query` must be a string, not a boolean"),
        (b'{"query": "{a}", "operationName": 1.5}', "`operationName` must be a string or null, not a number"),
        (b'{"query": "{a}", "variables": []}', "`variables` must be a JSON object or null, not an array"),
        (b'{"query": "{a}", "variables": "{}"}', "`variables` must be a JSON object or null, not a string"),
        (b'{"query": "{a}", "extensions": false}', "`extensions` must be a JSON object or null, not a boolean"),
    ],
)
def test_body_that_cannot_be_read_says_what_is_wrong(body: bytes, message: str) -> None:
    """A 400 with the code BAD_REQUEST and a sentence that names the parameter and what to send instead."""
    with pytest.raises(HTTPError, match=message) as caught:
        request_from_body(body)
    assert (caught.value.status, caught.value.code) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        (b"", "`query` is missing"),
        (b"query=", "`query` is missing"),
        (b"query=%FF", "percent-encoded UTF-8"),
        (b"query=\xc3\xa9", "percent-encoded UTF-8"),
        (b"query={a}&query={b}", "`query` stands there more than once"),
        (b"query={a}&variables=&variables={}", "`variables` stands there more than once"),
        (b"query={a}&variables=x", "`variables` is not JSON"),
        (b"query={a}&variables=[]", "`variables` must be a JSON object"),
        (b"query={a}&extensions=1", "`extensions` must be a JSON object"),
        (b"&".join([b"a=1"] * 65), "too many parameters"),
    ],
)
def test_query_string_that_cannot_be_read_says_what_is_wrong(query_string: bytes, message: str) -> None:
    """A 400 with the code BAD_REQUEST; a known parameter that stands there twice is refused, not guessed."""
    with pytest.raises(HTTPError, match=message) as caught:
        request_from_query_string(query_string)
    assert (caught.value.status, caught.value.code) == (400, "BAD_REQUEST")


@given(body=st.binary(max_size=200), query_string=st.binary(max_size=200))
def test_any_bytes_give_a_request_or_a_coded_error(body: bytes, query_string: bytes) -> None:
    """Whatever comes in, nothing but HTTPError is raised."""
    for read, text in ((request_from_body, body), (request_from_query_string, query_string)):
        with suppress(HTTPError):
            assert isinstance(read(text), Request)


@given(
    query=st.text(min_size=1),
    variables=st.none() | st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text() | st.none(), min_size=1),
)
def test_both_ways_read_the_same_request(query: str, variables: dict[str, object] | None) -> None:
    """A request means the same in a body and in a URL, but that one is read-only."""
    by_body = request_from_body(orjson.dumps({"query": query, "variables": variables}))
    encoded = quote(orjson.dumps(variables)) if variables else ""
    by_url = request_from_query_string(f"query={quote(query)}&variables={encoded}".encode())
    assert (by_body.document, by_body.variables) == (by_url.document, by_url.variables) == (query, variables)


@given(
    st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=5),
    st.lists(st.sampled_from(["&", "=", "+", "%", "%2", "%41", "z=", "g", "%C3%A9"]), max_size=9).map("".join),
)
def test_query_string_is_split_as_the_standard_library_does(fields: dict[str, str], more: str) -> None:
    """Our splitter is there for its speed; urllib.parse.parse_qsl says what is right."""
    text = f"{urlencode(fields)}&{more}"
    assert _split_query_string(text.encode()) == parse_qsl(text, keep_blank_values=True, errors="strict")


def test_long_value_is_read_like_a_short_one() -> None:
    """Only short values are remembered; both are read."""
    for length in (10, 100_000):
        document = "{ a } # é+&=%" + "x" * length
        for _ in range(2):
            assert request_from_query_string(b"query=" + quote(document).encode()).document == document


@pytest.mark.parametrize("value", [[[]] * 30_000, [{}] * 30_000, [1] * 100_002, {f"k{n}": 1 for n in range(30_001)}])
def test_body_with_more_values_than_any_request_has_is_refused_before_it_is_decoded(value: object) -> None:
    """To decode them takes longer than to count the signs between them."""
    with pytest.raises(HTTPError, match="too many values"):
        request_from_body(orjson.dumps({"query": "{ a }", "variables": {"v": value}}))


def test_body_may_have_many_values_and_signs_in_its_texts() -> None:
    """As many as operations take."""
    variables = {"ids": ["a,b:c[d]"] * 20_000, "text": "x, " * 10_000}
    assert request_from_body(orjson.dumps({"query": "{ a }", "variables": variables})).variables == variables


@given(st.lists(st.sampled_from([b"%", b"%4", b"%41", b"%c3%a9", b"%zz", b"a", b"+", b"%%41"])))
def test_many_signs_are_decoded_as_few_are(pieces: list[bytes]) -> None:
    """However many there are; sixty thousand that begin no code took 50 ms."""
    text = b"".join(pieces)
    many = b"%" * 1_001
    assert decoded(text + b"x" + many) == unquote_to_bytes(text + b"x") + many
