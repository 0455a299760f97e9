"""Redirects: old urls of entries and of files, where they lead, and what cannot be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.loading.load import check, load
from graphql_api.loading.options import LoadOptions
from graphql_api.model.language import problems_of
from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder, told

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.records import LoadReport, Problem

MODEL = """
type Post @content(files: ["posts/*.md", "lists/*.yml"]) @page {
  slug: String! @from(file: NAME) @key
  url: String! @from(template: "/posts/{slug}") @key
  title: String! @order
  aliases: [Url!]! @from(key: "was") @aliases
}
type Place @content(files: ["places.yml"], each: ITEM) {
  name: String! @from(file: KEY) @key
  url: String!
  before: [String!]! @aliases
}
"""
ORIGIN = "https://www.example.org"


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """A folder with posts and places, some of which had other urls before."""
    site = SiteFolder(tmp_path, MODEL)
    site.page("posts/one.md", "title: One\nwas: [/old/one, /1/, 'https://www.example.org/x?id=1']")
    site.page("posts/two.md", "title: Two")
    site.write("places.yml", "oslo: {url: /places/oslo/, before: [/kristiania]}")
    return site


def redirects(site: SiteFolder) -> dict[str, str]:
    """Return where each old url leads."""
    return dict(site.query("SELECT old, url FROM redirect"))


def asked(site: SiteFolder, *operations: str, site_url: str = "") -> list[Any]:
    """Return the data of operations."""
    with Product(site.store, site_url=site_url) as product:
        return [product.data(operation) for operation in operations]


def problems(report: LoadReport) -> list[tuple[str, str, int | None]]:
    """Return code, path and line of each problem."""
    return [(problem.code, problem.path, problem.line) for problem in report.problems]


def checked(site: SiteFolder) -> tuple[Problem, ...]:
    """Return what a check finds."""
    return asyncio.run(check(site.root)).problems


def test_entry_is_found_by_its_old_url_and_has_the_new_one(site: SiteFolder) -> None:
    """A link that is years old still leads there; `redirect` says where that is now."""
    assert told(site.load()) == []
    found = asked(
        site,
        '{ post(by: {url: "/old/one"}) { title url } }',
        '{ post(by: {url: "/1#part"}) { url } redirect(url: "/1") }',
        '{ post(by: {url: "/posts/one"}) { url } }',
        '{ post(by: {url: "/old"}) { url } redirect(url: "/old") }',
        '{ old: redirect(url: "/kristiania/") new: redirect(url: "/posts/one") }',
    )
    assert found == [
        {"post": {"title": "One", "url": "/posts/one"}},
        {"post": {"url": "/posts/one"}, "redirect": "/posts/one"},
        {"post": {"url": "/posts/one"}},
        {"post": None, "redirect": None},
        {"old": "/places/oslo/", "new": None},
    ]


def test_old_url_is_known_with_and_without_the_origin_of_the_site(site: SiteFolder) -> None:
    """What follows the path counts where the old url has it, and is looked over where it has not."""
    site.load()
    (found,) = asked(
        site,
        f"""{{
            whole: redirect(url: "{ORIGIN}/old/one?from=mail#top")
            query: redirect(url: "/x?id=1")
            other: redirect(url: "/x?id=2")
            elsewhere: redirect(url: "https://other.example/old/one")
        }}""",
        site_url=ORIGIN,
    )
    assert found == {"whole": "/posts/one", "query": "/posts/one", "other": None, "elsewhere": None}


def test_old_url_with_the_origin_of_the_site_is_a_path_of_it(site: SiteFolder) -> None:
    """Where a load knows the origin; an entry is found by either."""
    site.write("redirects.csv", f"{ORIGIN}/a,{ORIGIN}/posts/two\n")
    asyncio.run(load(site.root, site.store, LoadOptions(site_url=ORIGIN)))
    assert (redirects(site)["/a"], redirects(site)["/x?id=1"]) == ("/posts/two", "/posts/one")
    lookups = (f'{{ post(by: {{url: "{url}"}}) {{ url }} }}' for url in (f"{ORIGIN}/a", "/a", f"{ORIGIN}/old/one"))
    found = [each["post"]["url"] for each in asked(site, *lookups, site_url=ORIGIN)]
    assert found == ["/posts/two", "/posts/two", "/posts/one"]


def test_file_of_redirects_leads_step_by_step_to_where_things_are_now(site: SiteFolder) -> None:
    """To an entry, by way of its old url too, to another page, or to another site; its entry is found as well."""
    lines = [
        "/a: /b",
        "/b: /old/one",
        "/c: /places/oslo",
        "/d: /posts/two#end",
        "/e: https://other.example/",
        "/1: /posts/one",
    ]
    site.write("redirects.yml", "\n".join(lines))
    assert problems(site.load()) == []
    rows = redirects(site)
    assert {old: rows[old] for old in ["/a", "/b", "/c", "/d", "/e", "/1"]} == {
        "/a": "/posts/one",
        "/b": "/posts/one",
        "/c": "/places/oslo/",
        "/d": "/posts/two#end",
        "/e": "https://other.example/",
        "/1": "/posts/one",
    }
    (found,) = asked(site, '{ a: post(by: {url: "/a"}) { slug } d: post(by: {url: "/d"}) { slug } }')
    assert found == {"a": {"slug": "one"}, "d": {"slug": "two"}}


def test_load_notices_that_redirects_have_changed(site: SiteFolder) -> None:
    """They are content: another version, and nothing to do once that is published."""
    site.write("redirects.csv", "/a,/posts/one\n")
    first = site.load()
    assert (first.unclaimed, site.load().published) == (0, False)
    site.write("redirects.csv", "/a,/posts/two\n")
    second = site.load()
    assert (second.published, second.version == first.version, redirects(site)["/a"]) == (True, False, "/posts/two")
    site.remove("redirects.csv")
    assert site.load().published
    assert "/a" not in redirects(site)
    assert not site.load().published


def test_redirect_follows_an_entry_that_moves(site: SiteFolder) -> None:
    """An incremental load decides as one of all files does."""
    site.write("redirects.csv", "/a,/old/one\n")
    site.load()
    site.remove("posts/one.md")
    site.page("posts/won.md", "title: One\nwas: [/old/one, /posts/one]")
    site.load()
    expected = {
        "/a": "/posts/won",
        "/old/one": "/posts/won",
        "/posts/one": "/posts/won",
        "/kristiania": "/places/oslo/",
    }
    assert redirects(site) == expected
    site.load(force=True)
    assert redirects(site) == expected


def test_file_that_cannot_be_read_says_what_it_said_before(site: SiteFolder) -> None:
    """In a load of what has changed and in one of everything; then it is mended."""
    site.write("redirects.yml", "/a: /posts/one\n")
    site.load()
    site.write("redirects.yml", "/a: {\n")
    for force in (False, True, False):
        report = site.load(force=force)
        assert problems(report) == [("INVALID_YAML", "redirects.yml", 2)]
        assert redirects(site)["/a"] == "/posts/one"
    site.write("redirects.yml", "/b: /posts/one\n")
    assert problems(site.load()) == []
    assert {"/a", "/b"} & redirects(site).keys() == {"/b"}


def test_old_url_that_is_in_use_leads_nowhere(site: SiteFolder) -> None:
    """Whoever has it now is found, and both places are told what to do."""
    site.page("posts/two.md", "title: Two\nwas:\n  - /two\n  - /posts/one/")
    site.write("redirects.yml", "/x: /posts/two\n/posts/two: /posts/one\n")
    report = site.load()
    assert problems(report) == [("REDIRECT_CLASH", "posts/two.md", 5), ("REDIRECT_CLASH", "redirects.yml", 2)]
    assert "The old url /posts/one is the url of the entry in posts/one.md." in report.problems[0].message
    assert {"/two", "/x"} == {old for old, url in redirects(site).items() if url == "/posts/two"}
    assert asked(site, '{ post(by: {url: "/posts/one"}) { slug } }') == [{"post": {"slug": "one"}}]
    assert checked(site) == report.problems


def test_old_url_of_two_entries_leads_nowhere(site: SiteFolder) -> None:
    """Both are told, with their lines, until one of them gives it up."""
    site.write("lists/three.yml", "title: Three\nwas:\n  - /3\n  - /kristiania\n")
    report = site.load()
    assert problems(report) == [("REDIRECT_CLASH", "lists/three.yml", 4), ("REDIRECT_CLASH", "places.yml", 1)]
    assert "/kristiania" not in redirects(site)
    assert checked(site) == report.problems
    site.write("lists/three.yml", "title: Three\n")
    assert problems(site.load()) == []
    assert redirects(site)["/kristiania"] == "/places/oslo/"


def test_redirect_that_somebody_says_otherwise_is_told(site: SiteFolder) -> None:
    """The entry counts before the file, the first row before the next; what says the same is no harm."""
    site.write("redirects.csv", "/1,/posts/two\n/a,/x\n/a,/x/\n/a,/y\n/old/one,/posts/one\n")
    report = site.load()
    assert problems(report) == [("REDIRECT_CLASH", "redirects.csv", 1), ("REDIRECT_CLASH", "redirects.csv", 4)]
    assert "line 2 of redirects.csv" in report.problems[1].message
    assert (redirects(site)["/1"], redirects(site)["/a"]) == ("/posts/one", "/x")


def test_redirects_in_a_circle_lead_nowhere(site: SiteFolder) -> None:
    """Each of them is told the way; what leads into the circle leads nowhere either."""
    site.write("redirects.csv", "/in,/a\n/a,/b\n/b,/c\n/c,/a\n/self,/self/\n/ok,/posts/one\n")
    report = site.load()
    assert problems(report) == [("REDIRECT_CIRCLE", "redirects.csv", line) for line in (2, 3, 4, 5)]
    assert "/a → /b → /c → /a" in report.problems[0].message
    assert {"/in", "/a", "/b", "/c", "/self", "/ok"} & redirects(site).keys() == {"/ok"}
    assert checked(site) == report.problems


def test_long_way_is_followed_to_its_end(site: SiteFolder) -> None:
    """In time that grows with the number of redirects."""
    steps = [f"/s{number},/s{number + 1}" for number in range(20_000)]
    site.write("redirects.csv", "\n".join([*steps, "/s20000,/posts/one"]))
    assert problems(site.load()) == []
    assert redirects(site)["/s0"] == "/posts/one"


def test_file_that_a_type_claims_is_no_file_of_redirects(site: SiteFolder) -> None:
    """It holds entries."""
    fields = '{ old: String! @from(key: "from") @key new: String! @from(key: "to") }'
    site.model(f'type Redirection @content(files: ["redirects.yml"], each: ITEM) {fields}')
    site.write("redirects.yml", "- {from: /a, to: /posts/one}\n")
    assert site.load().added == 1
    assert redirects(site) == {}


def test_file_of_redirects_can_be_named(site: SiteFolder, tmp_path: Path) -> None:
    """Then none of the seeds folder counts."""
    site.write("redirects.csv", "/a,/posts/one\n")
    (tmp_path / "_redirects").write_text("/b /posts/two\n/b /posts/one\n")
    options = LoadOptions(redirects=tmp_path / "_redirects")
    report = asyncio.run(load(site.root, site.store, options))
    assert problems(report) == [("REDIRECT_CLASH", str(tmp_path / "_redirects"), 2)]
    assert {"/a", "/b"} & redirects(site).keys() == {"/b"}
    assert not asyncio.run(load(site.root, site.store, options)).published


def test_model_with_old_urls_needs_new_ones() -> None:
    """Else nobody could say where they lead."""

    model = 'type A @content(files: ["*.md"]) { slug: String! @from(file: NAME) @key was: [Url!]! @aliases }'
    (problem,) = problems_of(model)
    assert "Give it a field url: String!" in problem.message
