"""The response cache: what it holds, what it lets go, and that it never answers for another generation or client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from graphql_api.server.endpoint import GraphQLEndpoint
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import HTTPRequest, HTTPResponse
from graphql_api.server.response_cache import ResponseCache
from tests.server.small_engine import SmallEngine

if TYPE_CHECKING:
    from graphql_api.engine.requests import Request, Response
    from graphql_api.server.response_cache import Key

MODERN = b"application/graphql-response+json"
JSON = b"application/json"
BODY = b'{"query": "{ content { version loadedAt } }"}'
POST = HTTPRequest("POST", BODY, JSON, JSON)
GET = HTTPRequest("GET", b"query={content{version}}", None, JSON)
KILOBYTE = 1_000
OVERHEAD = 1_024


def key(name: str) -> Key:
    """Return the key of a request that `name` stands for: 8 bytes and no headers."""
    return ("GET", name.encode().ljust(8), None, None, b"")


def response(size: int = KILOBYTE) -> HTTPResponse:
    """Return a response with a body of `size` bytes."""
    return HTTPResponse(200, (), b"x" * size)


class Front:
    """An endpoint with a cache in front of a small engine."""

    def __init__(self, engine: SmallEngine | None = None, max_bytes: int = 100_000) -> None:
        self.engine = engine or SmallEngine()
        self.cache = ResponseCache(max_bytes)
        self.http = GraphQLOverHTTP(self.engine, HTTPLimits(), cache=self.cache)

    def ask(self, request: HTTPRequest) -> HTTPResponse:
        """Return the answer to `request`."""
        return asyncio.run(self.http.answer(request))

    def publish(self, version: str) -> None:
        """Make `version` what the engine answers from, with content that says so."""
        assert self.engine.content is not None
        self.engine.version = version
        self.engine.content["content"]["version"] = version


def version_in(answer: HTTPResponse) -> Any:
    """Return the version that an answer shows."""
    return orjson.loads(answer.body)["data"]["content"]["version"]


def test_same_bytes_are_answered_without_asking_the_engine() -> None:
    """The second answer is the first one, object and all."""
    front = Front()
    for request in (POST, GET):
        assert front.ask(request) is front.ask(request)
    assert len(front.engine.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        POST._replace(payload=BODY + b" "),
        POST._replace(accept=MODERN),
        POST._replace(accept=None),
        POST._replace(content_type=b"application/json;charset=utf-8"),
        HTTPRequest("GET", b"query={content{version%20loadedAt}}", JSON, JSON),
    ],
)
def test_any_other_bytes_are_another_request(other: HTTPRequest) -> None:
    """Payload, media types and method are all in the key."""
    front = Front()
    front.ask(POST)
    assert front.ask(other).status == 200
    assert len(front.engine.requests) == 2


def test_body_of_a_post_is_not_the_query_string_of_a_get() -> None:
    """The same bytes by another method are not a hit: by POST these are no JSON."""
    front = Front()
    assert front.ask(GET).status == 200
    assert front.ask(GET._replace(method="POST", content_type=None)).status == 415


def test_media_type_of_an_answer_from_the_cache_is_the_one_asked_for() -> None:
    """Two media types are two entries, however often each is asked for."""
    front = Front()
    for accept in (JSON, MODERN, JSON, MODERN):
        assert dict(front.ask(POST._replace(accept=accept)).headers)[b"content-type"].startswith(accept)


def test_head_is_answered_from_the_entry_of_its_get() -> None:
    """HEAD has the headers of GET; the transport leaves the body out."""
    front = Front()
    assert front.ask(GET._replace(method="HEAD")) is front.ask(GET)


def test_put_is_not_answered_from_the_entry_of_a_get() -> None:
    """A method that is refused is refused although its query string is known."""
    front = Front()
    front.ask(GET)
    assert front.ask(GET._replace(method="PUT")).status == 405


@pytest.mark.parametrize(
    "request_",
    [
        POST._replace(payload=b'{"query": "{"}'),
        POST._replace(payload=b'{"query": "{ nothing }"}'),
        POST._replace(payload=b"{"),
        POST._replace(payload=b'{"query": "mutation { reloadContent }"}'),
        POST._replace(accept=b"image/png"),
        GET._replace(payload=b"query={nothing}"),
    ],
)
def test_errors_and_mutations_are_not_kept(request_: HTTPRequest) -> None:
    """Only complete answers to queries are: the next request is answered anew."""
    front = Front()
    front.ask(request_)
    assert (len(front.cache), front.cache.size_bytes) == (0, 0)


def test_credentials_pass_the_cache_by() -> None:
    """A request with credentials is neither answered from the cache nor kept in it."""
    front = Front()
    private = POST._replace(is_private=True)
    for request in (private, POST, private):
        assert front.ask(request).status == 200
    assert len(front.engine.requests) == 3
    assert len(front.cache) == 1


@pytest.mark.parametrize("header", [b"authorization", b"cookie"])
def test_authorization_and_cookie_are_credentials(header: bytes) -> None:
    """The transport tells which requests carry credentials."""
    front = Front()
    scope = {"type": "http", "method": "GET", "query_string": GET.payload, "headers": [(header, b"x")]}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    asyncio.run(GraphQLEndpoint(front.http, 1000)(scope, receive, send))
    assert len(front.engine.requests) == 1
    assert len(front.cache) == 0


def test_new_generation_is_answered_from_at_once() -> None:
    """After a publish nothing of the old generation is given out, and it takes no memory."""
    front = Front()
    assert version_in(front.ask(POST)) == "v1"
    front.ask(GET)
    front.publish("v2")
    assert version_in(front.ask(POST)) == "v2"
    assert len(front.cache) == 1


def test_publish_while_an_answer_is_made_does_not_poison_the_cache() -> None:
    """An answer is kept for the version that gave it, never for the one that was looked up before it."""

    class Publishing(SmallEngine):
        """Publishes v2 between the look at the version and the answer."""

        async def execute(self, request: Request) -> Response:
            if not self.requests:
                front.publish("v2")
            return await super().execute(request)

    front = Front(Publishing())
    assert version_in(front.ask(POST)) == "v2"
    front.publish("v1")
    assert version_in(front.ask(POST)) == "v1"


def test_publish_after_an_answer_was_made_does_not_poison_the_cache() -> None:
    """An answer of the old generation that ends after the publish is given out once, and never again."""

    class Publishing(SmallEngine):
        """Publishes v2 while its answer of v1 is on its way."""

        async def execute(self, request: Request) -> Response:
            answer = await super().execute(request)
            front.publish("v2")
            return answer

    front = Front(Publishing())
    assert [version_in(front.ask(POST)) for _ in range(3)] == ["v1", "v2", "v2"]
    assert len(front.engine.requests) == 2


def test_late_answer_of_the_generation_before_is_not_kept() -> None:
    """A slow request that began before a publish ends after others have filled the cache anew."""
    cache = ResponseCache(100_000)
    assert cache.get("v1", key("slow")) is None
    assert cache.get("v2", key("other")) is None
    cache.put("v2", key("other"), response())
    cache.put("v1", key("slow"), response())
    assert cache.get("v2", key("slow")) is None
    assert cache.get("v2", key("other")) is not None


def test_without_a_generation_nothing_is_kept() -> None:
    """The 503 of a store without content ends with the first load."""
    front = Front(SmallEngine(is_empty=True))
    assert front.ask(POST).status == 503
    front.engine.content = SmallEngine().content
    assert front.ask(POST).status == 200


def test_least_recently_used_entry_goes_first() -> None:
    """Over the bound the entry goes that was not asked for the longest; asking for one keeps it."""
    cache = ResponseCache(10 * (8 + KILOBYTE + OVERHEAD))
    cache.get("v1", key("0"))
    for number in range(10):
        cache.put("v1", key(str(number)), response())
    assert cache.get("v1", key("0")) is not None
    cache.put("v1", key("10"), response())
    assert [number for number in range(11) if cache.get("v1", key(str(number))) is None] == [1]


def test_bound_holds_whatever_comes() -> None:
    """Bodies, keys and what holds them are counted; the sum never goes over the bound and never gets lost."""
    cache = ResponseCache(50_000)
    cache.get("v1", key(""))
    for number in range(200):
        long_key = ("POST", b"k" * number * 7, b"c" * (number % 50), b"a" * (number % 90), b"")
        cache.put("v1", long_key, response(number * 13))
        assert cache.size_bytes <= 50_000
        assert cache.size_bytes >= len(cache) * OVERHEAD
    assert len(cache) > 5
    cache.get("v2", key(""))
    assert (len(cache), cache.size_bytes) == (0, 0)


def test_same_answer_twice_counts_once() -> None:
    """Two requests that were under way together put the same entry; it is weighed once."""
    cache = ResponseCache(100_000)
    cache.get("v1", key("a"))
    cache.put("v1", key("a"), response())
    size = cache.size_bytes
    cache.put("v1", key("a"), response())
    assert (len(cache), cache.size_bytes) == (1, size)


def test_huge_answer_is_not_kept() -> None:
    """What takes more than an eighth of the bound would drive out too many others."""
    cache = ResponseCache(8 * 10_000)
    cache.get("v1", key("a"))
    fits = 10_000 - OVERHEAD - 8
    cache.put("v1", key("a"), response(fits + 1))
    assert len(cache) == 0
    cache.put("v1", key("a"), response(fits))
    assert len(cache) == 1
