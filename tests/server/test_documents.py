"""Documents that requests name: automatic persisted queries (Apollo's protocol), and trusted ones."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.server.documents import Documents, Named, read_manifests
from graphql_api.server.errors import DocumentsError
from graphql_api.server.routes import build_app
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx2

    from graphql_api.server.routes import Application

    Connect = Callable[[Application], httpx2.Client]

QUERY = "{ content { version } }"
SHA256 = hashlib.sha256(QUERY.encode()).hexdigest()
DATA = {"data": {"content": {"version": "v1"}}}
MODERN = "application/graphql-response+json"


def app(documents: Documents) -> Application:
    """Return an application with a small engine, a cache and these documents."""
    engine = SmallEngine()
    return build_app(engine, SmallContentStatus(engine), response_cache_bytes=1_000_000, documents=documents)


def ask(client: httpx2.Client, method: str, accept: str = "application/json", **parameters: Any) -> httpx2.Response:
    """Send a request of these parameters."""
    if method == "POST":
        return client.post("/graphql", json=parameters, headers={"accept": accept})
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    return client.get("/graphql", params=texts, headers={"accept": accept})


def persisted(sha256: object = SHA256, version: object = 1) -> dict[str, Any]:
    """Return the extensions that name a document by its hash."""
    return {"persistedQuery": {"version": version, "sha256Hash": sha256}}


def error_of(response: httpx2.Response) -> tuple[str, str]:
    """Return the code and the message of the one error."""
    (error,) = response.json()["errors"]
    return error["extensions"]["code"], error["message"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (MODERN, 400)])
def test_hash_is_learnt_with_its_document(connect: Connect, method: str, accept: str, status: int) -> None:
    """Not known, sent together, known: what Apollo Client and urql do; other methods and workers ask alike."""
    client = connect(app(Documents()))
    unknown = ask(client, method, accept, extensions=persisted())
    assert (unknown.status_code, *error_of(unknown)) == (status, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    assert method == "POST" or unknown.headers["cache-control"] == "no-store"
    assert ask(client, "POST", accept, query=QUERY, extensions=persisted()).json() == DATA
    for _ in range(2):
        assert ask(client, method, accept, extensions=persisted()).json() == DATA
        assert ask(client, method, accept, documentId=f"sha256:{SHA256}").json() == DATA


def test_hash_is_learnt_again_although_the_answer_is_remembered(connect: Connect) -> None:
    """A document that was let go is taken again from a request whose answer is in the cache."""
    documents = Documents(max_bytes=8 * 700)
    client = connect(app(documents))
    for number in range(20):
        query = f"{QUERY} # {number}"
        sha256 = hashlib.sha256(query.encode()).hexdigest()
        assert ask(client, "POST", query=query, extensions=persisted(sha256)).json() == DATA
        if number == 0:
            first = query, sha256
    assert error_of(ask(client, "POST", extensions=persisted(first[1])))[0] == "PERSISTED_QUERY_NOT_FOUND"
    assert ask(client, "POST", query=first[0], extensions=persisted(first[1])).json() == DATA
    assert ask(client, "POST", extensions=persisted(first[1])).json() == DATA


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_switched_off_says_that_it_is_not_supported(connect: Connect, method: str) -> None:
    """So that clients send documents, which are answered with the hash beside them too."""
    client = connect(app(Documents(is_automatic=False)))
    refused = ask(client, method, extensions=persisted())
    assert error_of(refused) == ("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
    assert ask(client, method, query=QUERY, extensions=persisted()).json() == DATA


@pytest.mark.parametrize(
    "parameters",
    [
        {"extensions": persisted("abc"), "query": QUERY},
        {"extensions": persisted(1)},
        {"extensions": persisted(version=2)},
        {"extensions": {"persistedQuery": "x"}},
        {"query": QUERY, "documentId": "a"},
        {"extensions": {"persistedQuery": {"version": 1}}},
    ],
)
def test_what_names_no_document_is_400(connect: Connect, parameters: dict[str, Any]) -> None:
    """Another's hash above all: it would give one document to whoever asks for another."""
    response = ask(connect(app(Documents())), "POST", **parameters)
    assert (response.status_code, error_of(response)[0]) == (400, "BAD_REQUEST")


def test_documents_of_clients_are_bounded() -> None:
    """The least recently asked for goes first, and no single one takes much."""
    documents = Documents(max_bytes=10_000)
    for number in range(1_000):
        query = f"{{ a{number} }}"
        documents.text_of(Named(query, None, hashlib.sha256(query.encode()).hexdigest()))
        assert documents.size_bytes <= 10_000
    assert documents.size_bytes > 9_000
    long = "{" + "a " * 5_000 + "}"
    documents.text_of(Named(long, None, hashlib.sha256(long.encode()).hexdigest()))
    assert documents.size_bytes <= 10_000


MANIFESTS = {
    "graphql-codegen": {SHA256: QUERY},
    "Relay": {"0123456789abcdef0123456789abcdef": QUERY},
    "Apollo": {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": "mine", "name": "Version", "type": "query", "body": QUERY}],
    },
}
IDS = {"graphql-codegen": SHA256, "Relay": "0123456789abcdef0123456789abcdef", "Apollo": "mine"}


@pytest.mark.parametrize("kind", MANIFESTS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_trusted_documents_are_answered(connect: Connect, tmp_path: Path, kind: str, method: str) -> None:
    """By id, by hash, or as they are; nothing else, introspection and GraphiQL included."""
    manifest = tmp_path / "documents.json"
    manifest.write_text(json.dumps(MANIFESTS[kind]))
    client = connect(app(Documents(read_manifests([manifest]), is_trusted_only=True)))
    assert ask(client, method, documentId=IDS[kind]).json() == DATA
    assert ask(client, method, documentId=f"sha256:{SHA256}").json() == DATA
    assert ask(client, method, extensions=persisted()).json() == DATA
    assert ask(client, method, query=QUERY).json() == DATA
    assert error_of(ask(client, method, query="{ __schema { types { name } } }"))[0] == "DOCUMENT_NOT_TRUSTED"
    other = "{ content { loadedAt } }"
    sha256 = hashlib.sha256(other.encode()).hexdigest()
    for _ in range(2):
        assert error_of(ask(client, method, query=other, extensions=persisted(sha256)))[0] == "DOCUMENT_NOT_TRUSTED"
        assert error_of(ask(client, method, extensions=persisted(sha256)))[0] == "PERSISTED_QUERY_NOT_FOUND"
        assert error_of(ask(client, method, documentId="other"))[0] == "PERSISTED_QUERY_NOT_FOUND"
    assert client.get("/graphql", headers={"accept": "text/html"}).status_code == 406
    assert client.get("/graphiql/graphiql.js").status_code == 404


def test_trusted_documents_stand_beside_others(connect: Connect) -> None:
    """Without --trusted-only they are only shorter to ask for."""
    client = connect(app(Documents({"mine": QUERY}, is_automatic=False)))
    assert ask(client, "POST", documentId="mine").json() == DATA
    assert ask(client, "POST", extensions=persisted()).json() == DATA
    assert ask(client, "POST", query="{ __typename }").json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("text", ["", "[]", "[1]", "3", '{"a": 1}', '{"operations": [{"id": "a"}]}', "\x00"])
def test_file_that_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    """By its name, with what it should be."""
    path = tmp_path / "documents.json"
    path.write_text(text)
    with pytest.raises(DocumentsError, match=r"documents\.json is no manifest"):
        read_manifests([path])


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(DocumentsError, match=r"Cannot read .*nothing\.json: No such file"):
        read_manifests([tmp_path / "nothing.json"])
