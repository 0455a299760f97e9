"""What crawlers and feed readers ask: sitemaps, feeds, llms.txt, entries as Markdown; over HTTP, from a real store."""

from __future__ import annotations

import asyncio
import gzip
import sys
from contextlib import asynccontextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import brotli  # type: ignore[import-untyped]
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from graphql_api.app import create_app, open_store
from graphql_api.loading.load import load
from graphql_api.loading.options import LoadOptions
from graphql_api.pages import sitemap as sitemaps
from graphql_api.pages.documents import Site
from graphql_api.server.crawlers import Crawlers
from graphql_api.server.page_streams import Collected
from graphql_api.settings import Settings
from tests.loading.site_folder import SiteFolder

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    import httpx2

ORIGIN = "https://www.example.org"
MODEL = """
type Post @content(files: ["posts/*.md"]) @page(jsonLd: "Article", description: "summary") {
  slug: String! @from(file: NAME) @key
  url: String! @from(template: "/posts/{slug}") @key
  title: String! @order @search(weight: 8)
  summary: String
  intro: String @search(weight: 3)
  date: Date @order(default: DESC)
  lastmod: DateTime
  author: String
  tags: [Tag!]!
  shelf: Shelf
  related: [Post!]!
  was: [Url!]! @aliases
  quiet: Boolean! @default(value: false) @unlisted
  draft: Boolean! @default(value: false) @hidden
  body: RichText @from(file: BODY) @search
  note: RichText
}
type Tag @grouped { slug: String! @from(slug: true) @key title: String! posts: [Post!]! @back(of: "Post.tags") }
type Shelf @grouped { slug: String! @key title: String! }
type Page @content(files: ["pages/*.yml"]) @page {
  url: String! @key
  heading: String!
  blocks: [Block!]!
}
union Block @block(key: "kind") = Hero | Faq
type Hero @is(value: "hero") { title: String! text: RichText picture: Url }
type Faq @is(value: "faq") { items: [Item!]! }
type Item { ask: String! reply: RichText! }
type Site @singleton(file: "site.yml") { title: String! description: String }
"""
NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "a": "http://www.w3.org/2005/Atom"}
PAGES = ("/sitemap.xml", "/feed.xml", "/tags/tea/feed.xml", "/llms.txt", "/posts/one.md")


def written(folder: Path) -> SiteFolder:
    """Return the folder of a site with all that pages can be."""
    site = SiteFolder(folder, MODEL)
    site.write("site.yml", "title: Tea & <Time>\ndescription: All about both.")
    one = "title: One [1]\nsummary: About one.\nintro: In full.\ndate: 2024-03-01\nlastmod: 2024-05-01T08:00:00Z"
    more = "author: Ada\ntags: [Tea, Time]\nshelf: s1\nrelated: [two, quiet]\nwas: [/old/one]\nnote: A *note*."
    site.page("posts/one.md", f"{one}\n{more}", "The **body** & <b>more</b>.")
    site.page("posts/two.md", 'title: "Two \\u000b<&>"\ndate: 2024-04-01\ntags: [Tea]', "Second.")
    site.page("posts/quiet.md", "title: Quiet\nquiet: true\ndate: 2024-06-01\ntags: [Tea]\nshelf: s1", "Hush.")
    site.page("posts/draft.md", "title: Draft\ndraft: true\ntags: [Tea]", "Not yet.")
    site.page("posts/plain.md", "title: Plain")
    hero = "- {kind: hero, title: Welcome, text: 'Some *text*.', picture: /p.png}"
    blocks = f"{hero}\n- {{kind: faq, items: [{{ask: Why?, reply: So.}}]}}"
    site.write("pages/home.yml", f"url: /\nheading: Home\nblocks:\n{blocks}")
    site.write("pages/about.yml", "url: /à propos/\nheading: About us\nblocks: []")
    site.write("pages/elsewhere.yml", "url: https://elsewhere.example/x\nheading: Elsewhere\nblocks: []")
    assert not [each for each in site.load().problems if each.severity == "ERROR"]
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    return written(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def client(site: SiteFolder) -> Iterator[httpx2.Client]:
    """A client of the whole application."""
    with TestClient(create_app(Settings(site.store, site_url=ORIGIN)), follow_redirects=False) as client:
        yield client


def locations(xml: str, name: str = "url") -> list[str]:
    """Return the addresses in a sitemap or an index."""
    return [each.text or "" for each in ET.fromstring(xml).findall(f"s:{name}/s:loc", NAMESPACES)]  # noqa: S314


def entries(xml: str) -> list[dict[str, str]]:
    """Return the parts of each entry of a feed."""
    return [
        {each.tag.partition("}")[2]: "".join(each.itertext()) for each in entry}
        for entry in ET.fromstring(xml).findall("a:entry", NAMESPACES)  # noqa: S314
    ]


def test_sitemap_has_every_listed_page_with_its_last_change(client: httpx2.Client) -> None:
    """Not those that are hidden or unlisted, and none of another site."""
    response = client.get("/sitemap.xml")
    assert response.headers["content-type"] == "application/xml; charset=utf-8"
    assert locations(response.text) == [
        f"{ORIGIN}{path}" for path in ("/posts/one", "/posts/plain", "/posts/two", "/", "/%C3%A0%20propos/")
    ]
    changes = [each.text for each in ET.fromstring(response.text).iterfind("s:url/s:lastmod", NAMESPACES)]  # noqa: S314
    assert changes[0] == "2024-05-01T08:00:00Z"
    assert all(changes)


def test_sitemap_of_too_many_pages_is_an_index_of_parts(site: SiteFolder) -> None:
    """Each part is within the bound, and together they hold every page once."""
    store = open_store(Settings(site.store))
    routes = Crawlers(store, ORIGIN, most_urls=2).routes()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with store:
            yield

    app = Starlette(routes=[Route(each.path, each.endpoint) for each in routes], lifespan=lifespan)
    with TestClient(app) as few, TestClient(create_app(Settings(site.store, site_url=ORIGIN))) as all_:
        parts = locations(few.get("/sitemap.xml").text, "sitemap")
        assert parts == [f"{ORIGIN}/sitemap-{number}.xml" for number in range(1, 5)]
        found = [locations(few.get(part.removeprefix(ORIGIN)).text) for part in parts]
        assert [len(each) for each in found] == [2, 1, 2, 0]  # the last one has the page that is elsewhere
        assert list(chain(*found)) == locations(all_.get("/sitemap.xml").text)
        assert [few.get(f"/sitemap-{number}.xml").status_code for number in (0, 5, 99)] == [404] * 3


def test_feed_has_the_newest_pages_with_what_they_say(client: httpx2.Client) -> None:
    """Of the types with dates; texts are XML's, whatever an author wrote."""
    response = client.get("/feed.xml")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.text)  # noqa: S314
    assert root.findtext("a:title", namespaces=NAMESPACES) == "Tea & <Time>"
    assert root.findtext("a:id", namespaces=NAMESPACES) == f"{ORIGIN}/feed.xml"
    two, one, plain = entries(response.text)
    assert (two["title"], two["published"]) == ("Two <&>", "2024-04-01T00:00:00Z")
    assert one == {
        "title": "One [1]",
        "id": f"{ORIGIN}/posts/one",
        "link": "",
        "published": "2024-03-01T00:00:00Z",
        "updated": "2024-05-01T08:00:00Z",
        "author": "Ada",
        "summary": "About one.",
        "content": "<p>The <strong>body</strong> &amp; <b>more</b>.</p>\n",
    }
    assert "published" not in plain


def test_each_group_has_a_feed(client: httpx2.Client) -> None:
    """By a list of references, and by one; a group that nobody names has none."""
    tea = client.get("/tags/tea/feed.xml")
    assert [each["title"] for each in entries(tea.text)] == ["Two <&>", "One [1]"]
    assert ET.fromstring(tea.text).findtext("a:title", namespaces=NAMESPACES) == "Tea & <Time>: Tea"  # noqa: S314
    assert [each["title"] for each in entries(client.get("/shelves/s1/feed.xml").text)] == ["One [1]"]
    unknown = ("/tags/nope/feed.xml", "/posts/one/feed.xml", "/nopes/tea/feed.xml")
    assert [client.get(path).status_code for path in unknown] == [404] * 3


def test_llms_text_lists_every_page_with_its_markdown(client: httpx2.Client) -> None:
    """By type, with what each is about; a page elsewhere has no Markdown here."""
    response = client.get("/llms.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "# Tea & <Time>",
        "",
        "> All about both.",
        "",
        "## Posts",
        "",
        rf"- [One \[1\]]({ORIGIN}/posts/one.md): About one.",
        f"- [Plain]({ORIGIN}/posts/plain.md)",
        f"- [Two <&>]({ORIGIN}/posts/two.md): Second.",
        "",
        "## Pages",
        "",
        f"- [Home]({ORIGIN}/index.md)",
        f"- [About us]({ORIGIN}/%C3%A0%20propos.md)",
        "- [Elsewhere](https://elsewhere.example/x)",
    ]


def test_entry_is_there_as_markdown(client: httpx2.Client) -> None:
    """What it is about, its texts as they were written, and what it leads to, but for what is unlisted."""
    response = client.get("/posts/one.md")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["link"] == f'<{ORIGIN}/posts/one>; rel="canonical"'
    assert response.text == (
        f"# One [1]\n\n> About one.\n\n- Page: {ORIGIN}/posts/one\n- By: Ada\n- Published: 2024-03-01\n"
        "- Last changed: 2024-05-01T08:00:00Z\n\nIn full.\n\n## Body\n\nThe **body** & <b>more</b>.\n"
        f"\n## Note\n\nA *note*.\n\n## Related\n\n- [Two <&>]({ORIGIN}/posts/two.md)\n"
    )


def test_page_of_blocks_is_there_as_markdown(client: httpx2.Client) -> None:
    """The texts of its blocks, in order; addresses are no texts."""
    text = client.get("/index.md").text
    assert client.get("/.md").text == text
    assert text.endswith("\n\nWelcome\n\nSome *text*.\n\nWhy?\n\nSo.\n")
    assert client.get("/%C3%A0%20propos.md").text.startswith("# About us\n")


@pytest.mark.parametrize(
    "path", ["/posts/quiet.md", "/posts/draft.md", "/posts/nope.md", "/posts/one/.md.md", "/indexes.md"]
)
def test_what_is_not_listed_is_not_there_as_markdown(path: str, client: httpx2.Client) -> None:
    """Nor what is hidden, or no page."""
    assert client.get(path).status_code == 404


def test_page_that_has_moved_leads_to_where_it_is(client: httpx2.Client) -> None:
    """By its old url with `.md`."""
    response = client.get("/old/one.md")
    assert (response.status_code, response.headers["location"]) == (301, "/posts/one.md")


@pytest.mark.parametrize("path", PAGES)
def test_page_is_the_same_in_every_coding(path: str, client: httpx2.Client) -> None:
    """Made, and kept; each coding has a tag of its own, and whoever has it is told so."""
    plain = client.get(path, headers={"accept-encoding": "identity"})
    decode: dict[str, Any] = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
    tags = {plain.headers["etag"]}
    for coding, decoded in decode.items():
        for _ in range(2):
            with client.stream("GET", path, headers={"accept-encoding": f"{coding}, identity;q=0"}) as response:
                body = b"".join(response.iter_raw())
            assert decoded(body) == plain.content
            assert (response.headers["content-encoding"], response.headers["vary"]) == (coding, "Accept-Encoding")
        tag = response.headers["etag"]
        tags.add(tag)
        again = client.get(path, headers={"accept-encoding": f"{coding}, identity;q=0", "if-none-match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert len(tags) == 4


@pytest.mark.parametrize("path", PAGES)
def test_head_has_the_headers_and_no_body(path: str, site: SiteFolder) -> None:
    """Before the page was made, and after."""
    with TestClient(create_app(Settings(site.store, site_url=ORIGIN))) as client:
        for _ in range(2):
            head = client.head(path, headers={"accept-encoding": "identity"})
            whole = client.get(path, headers={"accept-encoding": "identity"})
            assert (head.status_code, head.content) == (200, b"")
            for name in ("etag", "content-type", "vary", "cache-control", "x-content-type-options"):
                assert head.headers[name] == whole.headers[name]
        assert head.headers["content-length"] == str(len(whole.content))


def test_page_is_that_of_the_current_generation(tmp_path: Path) -> None:
    """What was kept of the one before is of no use."""
    site = written(tmp_path)
    with TestClient(create_app(Settings(site.store, site_url=ORIGIN))) as client:
        tags = {path: client.get(path).headers["etag"] for path in PAGES}
        site.page("posts/one.md", "title: Won\ntags: [Tea]")
        site.load()
        for path, tag in tags.items():
            response = client.get(path, headers={"if-none-match": tag})
            assert response.status_code == 200
            assert "Won" in response.text or path == "/sitemap.xml"


def test_page_is_of_one_generation_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is published while it is sent; then that generation is let go."""
    monkeypatch.setattr(sitemaps, "_AT_ONCE", 1)
    site = written(tmp_path)

    async def sent() -> str:
        async with open_store(Settings(site.store)) as store:
            generation = await store.current()
            with generation.held():
                document = await sitemaps.sitemap(generation, Site(ORIGIN), None)
                assert document is not None
                pieces = [await anext(document.pieces), await anext(document.pieces)]
                site.page("posts/zero.md", "title: Zero")
                site.remove("posts/two.md")
                await load(site.root, site.store, LoadOptions(allow_shrink=True))
                assert (await store.current()).version != generation.version
                pieces += [piece async for piece in document.pieces]
            assert generation.readers == 0
        return "".join(pieces)

    found = locations(asyncio.run(sent()))
    assert f"{ORIGIN}/posts/two" in found
    assert f"{ORIGIN}/posts/zero" not in found


def test_client_that_leaves_keeps_no_generation_open(site: SiteFolder) -> None:
    """Before the first piece, and after it."""

    async def left() -> int:
        store = open_store(Settings(site.store))
        app = Starlette(routes=[Route(each.path, each.endpoint) for each in Crawlers(store, ORIGIN).routes()])
        scope = {
            "type": "http", "method": "GET", "path": "/llms.txt", "headers": [], "scheme": "http", "query_string": b"",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }  # fmt: skip

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(_: Any) -> None:
            await asyncio.sleep(0)

        async with store:
            for _ in range(3):
                await app(scope, receive, send)
            return (await store.current()).readers

    assert asyncio.run(left()) == 0


@pytest.mark.parametrize("number", ["0", "-1", "1" * 5_000, "%D9%A1", "1%0A", "1.5", "01"])
def test_part_that_no_sitemap_has_is_a_404(number: str, client: httpx2.Client) -> None:
    """However its number is written; a number of five thousand digits is no failure of the server."""
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_long_pages_are_sent_so_many_at_a_time(site: SiteFolder) -> None:
    """Each needs memory until it is read: one more is told to come back, short pages are answered meanwhile."""

    async def statuses() -> list[int]:
        store, found, may_go = open_store(Settings(site.store)), [], asyncio.Event()
        app = Starlette(routes=[Route(each.path, each.endpoint) for each in Crawlers(store, ORIGIN).routes()])

        async def ask(path: str) -> None:
            scope = {
                "type": "http", "method": "GET", "path": path, "headers": [], "scheme": "http", "query_string": b"",
                "asgi": {"version": "3.0", "spec_version": "2.4"},
            }  # fmt: skip

            async def send(message: Any) -> None:
                if "status" in message:
                    found.append(message["status"])
                if message.get("more_body"):
                    await may_go.wait()

            await app(scope, may_go.wait, send)  # type: ignore[arg-type]  # nothing is received

        async with store, asyncio.TaskGroup() as tasks:
            for _ in range(9):
                tasks.create_task(ask("/llms.txt"))
            while len(found) < 9:  # noqa: ASYNC110 - what is sent is what there is to wait for
                await asyncio.sleep(0.01)
            await ask("/posts/one.md")
            may_go.set()
            while (await store.current()).readers:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            await ask("/sitemap.xml")
        return [*sorted(found[:9]), *found[9:]]

    assert asyncio.run(statuses()) == [*[200] * 8, 503, 200, 200]


def test_page_that_is_too_long_for_a_cache_is_not_collected() -> None:
    """It would be in memory once for each client that asks for it."""
    collected = Collected(10)
    collected.add(b"12345")
    collected.add(b"67890")
    assert collected.body == b"1234567890"
    collected.add(b"1")
    collected.add(b"")
    assert collected.body is None


def test_pages_are_below_the_base_path(site: SiteFolder) -> None:
    """And so are the addresses of what this server answers; those of the site's pages are not."""
    settings = Settings(site.store, site_url=ORIGIN, base_path="/content", cache_control="public, max-age=60")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        feed = client.get("/content/tags/tea/feed.xml")
        assert f'href="{ORIGIN}/content/tags/tea/feed.xml"' in feed.text
        assert f"<id>{ORIGIN}/posts/one</id>" in feed.text
        assert f"({ORIGIN}/content/posts/one.md)" in client.get("/content/llms.txt").text
        assert client.get("/content/old/one.md").headers["location"] == "/content/posts/one.md"
        assert client.get("/feed.xml").status_code == 404
        assert feed.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("blog.example:8443", "http://blog.example:8443"),
        ("[::1]:80", "http://[::1]:80"),
        ("evil.example/<x>", "http://localhost"),
    ],
)
def test_site_without_a_known_origin_is_where_it_is_asked(host: str, origin: str, site: SiteFolder) -> None:
    """What is no host never gets into a page, and no answer to one host goes to another."""
    with TestClient(create_app(Settings(site.store))) as client:
        client.get("/feed.xml", headers={"host": "first.example"})
        text = client.get("/feed.xml", headers={"host": host}).text
    assert f"<id>{origin}/feed.xml</id>" in text
    assert "first.example" not in text
    assert "<x>" not in text


def test_page_is_only_read(client: httpx2.Client) -> None:
    """Other methods are refused."""
    for path in PAGES:
        response = client.post(path)
        assert (response.status_code, sorted(response.headers["allow"].split(", "))) == (405, ["GET", "HEAD"])


def test_client_that_takes_no_coding_is_told(client: httpx2.Client) -> None:
    """As everywhere else."""
    response = client.get("/feed.xml", headers={"accept-encoding": "identity;q=0, *;q=0"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")


def test_store_without_content_is_unready(tmp_path: Path) -> None:
    """Until something is loaded."""
    with TestClient(create_app(Settings(tmp_path))) as client:
        responses = [client.get(path) for path in PAGES]
    assert {(each.status_code, each.headers["retry-after"]) for each in responses} == {(503, "5")}


def test_model_without_pages_has_empty_ones(tmp_path: Path) -> None:
    """That is no error."""
    site = SiteFolder(tmp_path, 'type Note @content(files: ["*.md"]) { slug: String! @from(file: NAME) @key }')
    site.page("a.md", "x: 1")
    site.load()
    with TestClient(create_app(Settings(site.store, site_url=ORIGIN))) as client:
        assert locations(client.get("/sitemap.xml").text) == []
        assert entries(client.get("/feed.xml").text) == []
        assert client.get("/llms.txt").text == "# www.example.org\n"
        assert client.get("/a.md").status_code == 404
