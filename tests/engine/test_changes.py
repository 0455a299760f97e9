"""What differs since an earlier publish: `changes`, what each publish knows of itself, and how long that is known."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.engine.requests import Request
from graphql_api.loading import history
from graphql_api.settings import Settings
from tests.loading.seed_folder import SeedFolder, related, url_of
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.records import LoadReport

ASK = """
query ($since: ID!, $first: Int! = 100, $after: ID) {
  changes(since: $since, first: $first, after: $after) {
    sequence version totalCount next nodes { id kind type url tag }
  }
}
"""


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    """Return a folder of two seeds that are loaded: the first publish."""
    folder = SeedFolder(tmp_path)
    folder.write("a")
    folder.write("b")
    folder.load()
    return folder


def asked(folder: SeedFolder | SiteFolder, document: str = ASK, **variables: Any) -> Any:
    """Return the response to a document on the current generation."""

    async def ask() -> bytes:
        async with open_store(Settings(store=folder.store)) as store:
            return (await Executor(store).execute(Request(document, None, variables))).body

    return orjson.loads(asyncio.run(ask()))


def since(folder: SeedFolder | SiteFolder, publish: object) -> dict[str, str]:
    """Return how each entry with a url differs since a publish."""
    nodes = asked(folder, since=publish)["data"]["changes"]["nodes"]
    return {node["url"]: node["kind"] for node in nodes if node["url"]}


def told(report: LoadReport) -> dict[str, list[str]]:
    """Return the urls that a load tells of."""
    assert report.changes is not None
    return {kind: report.changes[kind] for kind in ("added", "changed", "removed")}


def test_changes_are_what_differs_over_all_publishes_since_then(seeds: SeedFolder) -> None:
    """Each entry once: what came and went in between is nothing, what went and came back has changed."""
    for name in ("c", "d"):
        seeds.write(name)
    seeds.load()
    seeds.write("a", title="Another")
    seeds.write("c", title="Another")
    seeds.remove("d")
    seeds.remove("b")
    report = seeds.load(allow_shrink=True)
    seeds.write("b", title="Back")
    seeds.load()
    assert report.sequence == 3
    assert since(seeds, 1) == {url_of("a"): "CHANGED", url_of("b"): "CHANGED", url_of("c"): "ADDED"}
    assert since(seeds, 2) == {
        url_of("a"): "CHANGED",
        url_of("b"): "CHANGED",
        url_of("c"): "CHANGED",
        url_of("d"): "REMOVED",
    }
    assert since(seeds, report.version) == since(seeds, "3") == {url_of("b"): "ADDED"}
    assert since(seeds, 4) == {}
    assert asked(seeds, "{ content { sequence } changes(since: 4) { sequence totalCount } }")["data"] == {
        "content": {"sequence": 4},
        "changes": {"sequence": 4, "totalCount": 0},
    }


def test_pages_of_changes_are_by_id(seeds: SeedFolder) -> None:
    """`next` leads on until it is null; the total is that of all."""
    for number in range(5):
        seeds.write(f"n{number}")
    seeds.load()
    found, after = [], None
    for _ in range(10):
        page = asked(seeds, since=1, first=2, after=after)["data"]["changes"]
        assert page["totalCount"] == 5
        found += [node["id"] for node in page["nodes"]]
        after = page["next"]
        if after is None:
            break
    assert found == sorted(found)
    assert len(set(found)) == 5
    assert {node["tag"] for node in asked(seeds, since=1)["data"]["changes"]["nodes"]} == {id_[:8] for id_ in found}


@pytest.mark.parametrize("publish", ["0", "5", "no version", "-1", ""])
def test_what_is_not_known_has_a_code(seeds: SeedFolder, publish: str) -> None:
    """Before the first publish, after the last, of another store: the client fetches everything."""
    response = asked(seeds, since=publish)
    assert response["errors"][0]["extensions"]["code"] == "CHANGES_TOO_OLD"
    assert "data" not in response


@pytest.mark.parametrize("first", [0, 1001])
def test_pages_have_a_bound(seeds: SeedFolder, first: int) -> None:
    """As other lists have."""
    assert asked(seeds, since=1, first=first)["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_publish_knows_what_it_has_changed(seeds: SeedFolder) -> None:
    """An entry also changes when one that it names comes or goes; grouped entries have ids, and no files to count."""
    first = seeds.write("c", more=related(1, "z"))
    report = seeds.load()
    assert told(report) == {"added": [url_of("c")], "changed": [], "removed": []}
    seeds.write("z", subject="Elsewhere", url="/learn/elsewhere/questions/z")
    seeds.write("z2")
    first.touch()
    report = seeds.load()
    event = report.changes
    assert event is not None
    assert told(report) == {
        "added": [url_of("z2"), "/learn/elsewhere/questions/z"],
        "changed": [url_of("c")],
        "removed": [],
    }
    ids = [*event["addedIds"], *event["changedIds"]]
    assert (event["total"], len(event["addedIds"]), event["isKnown"]) == (3, 3, 1)
    assert event["tags"] == ["content", "Question-list", "Subject-list", *sorted(id_[:8] for id_ in ids)]
    seeds.write("c", more=related(1, "z2"))
    seeds.load()
    seeds.remove("z2")
    gone = seeds.load(allow_shrink=True)
    assert told(gone) == {"added": [], "changed": [url_of("c")], "removed": [url_of("z2")]}


def moments_of(seeds: SeedFolder) -> dict[str, str]:
    """Return when each entry last changed, by its url."""
    nodes = asked(seeds, "{ questions { nodes { url updatedAt } } }")["data"]["questions"]["nodes"]
    return {node["url"]: node["updatedAt"] for node in nodes}


@pytest.mark.parametrize("force", [False, True])
def test_history_and_moments_are_carried_over_when_everything_is_read_anew(seeds: SeedFolder, force: bool) -> None:
    """Equal content is no other publish; of other content only what differs has changed."""
    seeds.write("c")
    seeds.load()
    moments = moments_of(seeds)
    same = seeds.load(force=True)
    assert (same.sequence, same.published, same.changes) == (2, False, None)
    seeds.write("a", title="Another")
    report = seeds.load(force=force)
    assert told(report) == {"added": [], "changed": [url_of("a")], "removed": []}
    assert since(seeds, 1) == {url_of("a"): "CHANGED", url_of("c"): "ADDED"}
    now = moments_of(seeds)
    assert [url for url in now if now[url] != moments[url]] == [url_of("a")]


def test_old_publishes_are_forgotten(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their number, and by the ids that they hold; the newest stays, and there is no gap in what is left."""
    monkeypatch.setattr(history, "MAX_PUBLISHES", 3)
    for number in range(4):
        seeds.write("a", title=f"T{number}")
        seeds.load()
    assert [row[0] for row in seeds.query("SELECT sequence FROM publish")] == [3, 4, 5]
    assert since(seeds, 3) == {url_of("a"): "CHANGED"}
    assert asked(seeds, since=1)["errors"][0]["extensions"]["code"] == "CHANGES_TOO_OLD"
    monkeypatch.setattr(history, "MAX_IDS", 3)
    for number in range(4):
        seeds.write(f"n{number}")
    seeds.load()
    assert seeds.query("SELECT DISTINCT sequence FROM change") == [(6,)]
    assert asked(seeds, since=4)["errors"][0]["extensions"]["code"] == "CHANGES_TOO_OLD"


def test_content_of_another_store_counts_from_its_own_beginning(seeds: SeedFolder, tmp_path: Path) -> None:
    """A version names the content on every machine; a sequence counts what one store has published."""
    seeds.write("c")
    report = seeds.load()
    assert since(seeds, report.version) == {}
    (tmp_path / "other").mkdir()
    other = SeedFolder(tmp_path / "other")
    other.write("a")
    first = other.load()
    assert first.sequence == 1
    assert asked(other, since=report.version)["errors"][0]["extensions"]["code"] == "CHANGES_TOO_OLD"


def test_sequence_goes_on_when_nothing_is_left_of_the_history(seeds: SeedFolder) -> None:
    """A damaged pointer, or a generation that cannot be read: what follows is another publish all the same."""
    for path in (seeds.store / "generations").glob("*.sqlite"):
        path.write_bytes(b"")
    seeds.write("c")
    report = seeds.load()
    assert report.sequence == 2
    assert asked(seeds, since=1)["errors"][0]["extensions"]["code"] == "CHANGES_TOO_OLD"
    seeds.write("d")
    seeds.load()
    assert since(seeds, 2) == {url_of("d"): "ADDED"}


def test_url_is_a_key_that_is_one_whatever_its_name(tmp_path: Path) -> None:
    """A model need not call it `url`."""
    model = 'type Note @content(files: ["*.md"]) { place: Url! @key title: String! }'
    site = SiteFolder(tmp_path, model)
    site.page("a.md", "place: /notes/a\ntitle: A")
    site.load()
    site.page("a.md", "place: /notes/a\ntitle: B")
    report = site.load()
    assert report.changes is not None
    assert report.changes["changed"] == ["/notes/a"]


def test_types_without_urls_have_ids_and_types_that_go_are_removed(tmp_path: Path) -> None:
    """Whatever a model declares: an entry is known by its id, and goes with its type."""
    note = (
        'type Note @content(files: ["notes/*.md"])'
        " { slug: String! @from(file: NAME) @key text: RichText @from(file: BODY) }"
    )
    site = SiteFolder(tmp_path, note)
    site.write("notes/one.md", "One")
    site.load()
    site.write("notes/two.md", "Two")
    report = site.load()
    assert report.changes is not None
    assert (report.changes["total"], report.changes["added"], len(report.changes["addedIds"])) == (1, [], 1)
    site.write("notes/one.md", "Other")
    site.load()
    kinds = [node["kind"] for node in asked(site, since=1)["data"]["changes"]["nodes"]]
    assert sorted(kinds) == ["ADDED", "CHANGED"]
    site.model(note.replace("Note", "Memo"))
    report = site.load()
    assert report.changes is not None
    assert report.changes["types"] == ["Memo", "Note"]
    assert [len(report.changes[kind]) for kind in ("addedIds", "changedIds", "removedIds")] == [2, 0, 2]
