"""Cache tags: what answers by GET name, and that it is what a publish makes old."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import httpx2
import pytest

from graphql_api.engine.tagging import Tags
from graphql_api.server.cache_tags import MAX_BYTES, tag_headers
from tests.loading.seed_folder import SeedFolder, related, url_of
from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.records import LoadReport


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> SeedFolder:
    """Return a folder of three seeds."""
    folder = SeedFolder(tmp_path_factory.mktemp("site"))
    for name in ("a", "b"):
        folder.write(name)
    folder.write("c", more=related(1, "a"))
    return folder


@pytest.fixture(scope="module")
def client(seeds: SeedFolder) -> Iterator[httpx2.Client]:
    """Return a client of a server that tells tags."""
    command = [sys.executable, "-m", "graphql_api", "serve", "--cache-tags", "--port", "0"]
    command += ["--seeds", str(seeds.root), "--store", str(seeds.store)]
    with running(command) as program, httpx2.Client(base_url=program.url, timeout=20) as client:
        yield client


def ask(client: httpx2.Client, query: str) -> tuple[str, set[str]]:
    """Return the body of an answer, and its tags."""
    response = client.get("/graphql", params={"query": query})
    assert "\x01" not in response.text
    assert "data" in json.loads(response.text)
    tags = response.headers["cache-tag"].split(",")
    assert response.headers["surrogate-key"].split(" ") == tags
    assert len(tags) == len(set(tags))
    return response.text, set(tags)


def one(name: str, fields: str = "title") -> str:
    return f'{{ question(by: {{ url: "{url_of(name)}" }}) {{ {fields} }} }}'


def tag(client: httpx2.Client, name: str) -> str:
    """Return the tag of an entry."""
    body = json.loads(ask(client, one(name, "id"))[0])
    return str(body["data"]["question"]["id"][:8])


def test_answer_names_the_entries_and_types_in_it(client: httpx2.Client) -> None:
    """References too, however deep; lists also say that they are lists, and what is not there may come."""
    a, c = tag(client, "a"), tag(client, "c")
    assert ask(client, one("a"))[1] == {"Question", a}
    deep = ask(client, one("c", "title relatedArticles { question { title subject { title } } }"))[1]
    assert deep > {"Question", "Subject", a, c}
    assert len(deep) == 5
    assert ask(client, "{ questions(first: 1) { totalCount } }")[1] == {"Question", "Question-list"}
    assert ask(client, one("nothing"))[1] == {"Question", "Question-list"}
    assert ask(client, "{ content { version } }")[1] == {"content"}
    assert "Question-list" in ask(client, one("a", "next { title }"))[1]
    assert "Question-list" in ask(client, '{ subject(slug: "astronomy") { questionCount } }')[1]


@pytest.mark.parametrize("how", ["post", "error"])
def test_only_what_caches_keep_is_tagged(client: httpx2.Client, how: str) -> None:
    """Neither POST nor errors; introspection depends on the model alone."""
    response = (
        client.post("/graphql", json={"query": one("a")}) if how == "post" else client.get("/graphql?query={nothing}")
    )
    assert {"cache-tag", "surrogate-key"}.isdisjoint(response.headers)
    assert "cache-tag" not in client.get("/graphql", params={"query": "{__typename}"}).headers


def tags_of(report: LoadReport) -> set[str]:
    assert report.changes is not None
    return set(report.changes["tags"])


def test_every_answer_that_a_publish_changes_has_one_of_its_tags(client: httpx2.Client, seeds: SeedFolder) -> None:
    """And one that shows another entry alone has none, so that it may stay in caches."""
    queries = [
        *(one(name, "title answer { text } next { title } previous { title }") for name in "abc"),
        *(one(name, "title") for name in "abcd"),
        one("c", "title relatedArticles { status question { title } }"),
        one("a", "referencedBy { totalCount }"),
        one("a", "neighbours { question { title } }"),
        "{ questions(first: 2) { nodes { title } totalCount facets { years { year count } } } }",
        '{ search(query: "what") { nodes { title } } }',
        "{ subjects { nodes { title questionCount } } }",
        "{ content { version } }",
        "{ changes(since: 1) { totalCount } }",
    ]
    steps = (
        lambda: seeds.write("a", title="Other"),
        lambda: seeds.write("d"),
        lambda: seeds.write("b", more=related(1, "d")),
        lambda: seeds.remove("d"),
        lambda: seeds.write("b", subject="Elsewhere"),
    )
    kept = 0
    for step in steps:
        before = {query: ask(client, query) for query in queries}
        step()
        purged = tags_of(seeds.load(allow_shrink=True))
        for query in queries:
            body, _ = ask(client, query)
            assert body == before[query][0] or before[query][1] & purged, query
            kept += not before[query][1] & purged
    assert kept >= 15


def test_many_tags_become_those_of_types_alone() -> None:
    """Within the buffer that proxies have for headers."""
    few = Tags(("Question", "Question-list"), tuple(f"id{number:06}" for number in range(150)))
    many = Tags(few.types, tuple(f"id{number:06}" for number in range(200)))
    told = [dict(tag_headers(each)) for each in (few, many)]
    assert [len(each[b"cache-tag"].split(b",")) for each in told] == [152, 2]
    assert all(sum(map(len, each.values())) <= MAX_BYTES for each in told)
    assert tag_headers(Tags()) == ()
