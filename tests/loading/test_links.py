"""Links in texts lead to the urls of other files' entries, on first and on later loads alike."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.loading.load import check, load
from graphql_api.loading.options import LoadOptions
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Post @content(files: ["posts/**/*.md"]) {
  slug: String! @from(file: NAME) @key
  title: String @search
  note: String
  aliases: [String!]!
  url: String! @from(template: "/blog/{slug}") @key
  version: String! @from(entry: VERSION)
  draft: Boolean! @default(value: false) @hidden
  body: RichText @from(file: BODY) @search
  asides: [Aside!]!
}
type Aside { post: Post text: RichText more: More }
type More { text: RichText texts: [RichText!]! }
type Person @content(files: ["people.yml"], each: ITEM) { slug: String! @from(file: KEY) @key url: Url bio: RichText }
type Word @content(files: ["words/*.md"]) { word: String! @from(file: NAME) @key body: RichText! @from(file: BODY) }
"""


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path, MODEL)


def html(site: SiteFolder, slug: str = "a") -> str:
    """Return the HTML of a post's body, without its paragraph."""
    [[text]] = site.query(
        "SELECT d.value FROM (SELECT body_html AS value, slug FROM post) AS d WHERE slug = ?", (slug,)
    )
    found: str = json.loads(text)
    return found.removeprefix("<p>").removesuffix("</p>\n")


def dangling(problems: Any) -> list[tuple[str, int | None, str]]:
    """Return path, line and beginning of what is told of links, and of files that are not there."""
    codes = ("LINK_DANGLING", "FILE_MISSING")
    return [(each.path, each.line, each.message.partition(":")[0]) for each in problems if each.code in codes]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[b](b.md)", '<a href="/blog/b">b</a>'),
        ("[b](./b.md#Some%20part)", '<a href="/blog/b#h-some-part">b</a>'),
        ("[b](../posts/b.md?x=1)", '<a href="/blog/b">b</a>'),
        ("[b](/posts/b.md)", '<a href="/blog/b">b</a>'),
        ("[b](@/posts/b.md)", '<a href="/blog/b">b</a>'),
        ("[b](b)", '<a href="/blog/b">b</a>'),
        ("[c](deep/c.md)", '<a href="/blog/c">c</a>'),
        ("[d](deep/d/)", '<a href="/blog/d">d</a>'),
        ("[d](deep/d)", '<a href="/blog/d">d</a>'),
        ("[e](e%20%C3%A9.md)", '<a href="/blog/e%20%C3%A9">e</a>'),
        ("[e](<e é.md>)", '<a href="/blog/e%20%C3%A9">e</a>'),
        ("[b][x]\n\n[x]: b.md", '<a href="/blog/b">b</a>'),
        ('<a href="b.md">b</a>', '<a href="/blog/b">b</a>'),
        ("[[b]] [[B]]", '<a href="/blog/b">b</a> <a href="/blog/b">B</a>'),
        ("[[b.md]] [[posts/b]]", '<a href="/blog/b">b.md</a> <a href="/blog/b">posts/b</a>'),
        ("[[b|shown]] [[b#Part|shown]]", '<a href="/blog/b">shown</a> <a href="/blog/b#h-part">shown</a>'),
        ("[[c]] [[deep/c]] [[D]]", '<a href="/blog/c">c</a> <a href="/blog/c">deep/c</a> <a href="/blog/d">D</a>'),
        ("[[The b]] [[bee]]", '<a href="/blog/b">The b</a> <a href="/blog/b">bee</a>'),
        ("[[e é]]", '<a href="/blog/e%20%C3%A9">e é</a>'),
        ("[w](../words/w.md) [[w]]", '<a href="../words/w.md">w</a> [[w]]'),
        ("[p](other-page) [q](page.html)", '<a href="other-page">p</a> <a href="page.html">q</a>'),
        ("[r](/x/y)", '<a href="/x/y">r</a>'),
        ("[s](//a.example/b.md)", '<a href="//a.example/b.md" rel="nofollow noopener">s</a>'),
        ("`[[b]]` [[1, 2]]", "<code>[[b]]</code> [[1, 2]]"),
    ],
)  # fmt: skip
def test_a_link_becomes_the_url_of_the_entry(written: str, shown: str, site: SiteFolder) -> None:
    """By the place of its file, with a part or without, or by a name of it; what may be any page is left alone."""
    site.page("posts/a.md", "title: A", written)
    site.page("posts/b.md", "title: The b\naliases: [bee]", "B")
    site.page("posts/deep/c.md", "title: C")
    site.page("posts/deep/d/index.md", "title: D too")
    site.page("posts/e é.md", "title: E")
    site.page("words/w.md", "x: 1", "W")
    assert dangling(site.load().problems) == []
    assert html(site) == shown


def test_a_text_beside_a_link_may_begin_with_a_bracket(site: SiteFolder) -> None:
    """Only what is stored as JSON is read as JSON."""
    site.page("posts/a.md", "title: '[Draft] A'\nnote: '[not yet'", "[b](b.md)")
    site.page("posts/b.md", "title: B")
    site.load()
    assert html(site) == '<a href="/blog/b">b</a>'


@pytest.mark.parametrize(
    ("written", "line", "told"),
    [
        ("[b](b.md)", 5, "The link to b.md leads nowhere"),
        ("x\n\n[b](../b.md#c)", 7, "The link to ../b.md leads nowhere"),
        ("x\n[[Beta]]", 6, "The link [[Beta]] leads nowhere"),
        ("x\n[[Beta|b]]", 6, "The link [[Beta]] leads nowhere"),
        ("[b](../../../posts/a.md)", 5, "The link to ../../../posts/a.md leads nowhere"),
        ("[c](c.mdx)", 5, "The link to c.mdx leads nowhere"),
        ("[p](../people.yml)", 5, "The link to ../people.yml leads nowhere"),
        ("[d](draft.md)", 5, "The link to draft.md leads nowhere"),
        ("\n![b](b.png)", 6, "There is no file 'b.png', which a text shows. Mend the path, or add the file."),
        ("[b](b.pdf)", 5, "There is no file 'b.pdf', which a text shows. Mend the path, or add the file."),
    ],
)
def test_a_link_that_leads_nowhere_is_told_with_its_line(written: str, line: int, told: str, site: SiteFolder) -> None:
    """By load and by check; a file of several entries is none of them, and a hidden entry is not there."""
    site.page("posts/a.md", "title: A\ndraft: false", written)
    site.page("posts/draft.md", "draft: true")
    site.write("people.yml", "ann: {url: /ann}\nbob: {url: /bob}\n")
    assert dangling(site.load().problems) == [("posts/a.md", line, told)]
    assert dangling(asyncio.run(check(site.root)).problems) == [("posts/a.md", line, told)]


def test_links_stand_in_any_text(site: SiteFolder) -> None:
    """In lists of groups, groups within them, lists of texts, and items of a file; each with the line of its own."""
    link = "'[b](b.md) [x](x.md)'"
    more = f"\n      text: {link}\n      texts:\n        - plain\n        - {link}\n"
    site.page("posts/a.md", f"title: A\nasides:\n  - post: b\n    text: {link}\n    more:{more}")
    site.page("posts/b.md", "title: B")
    site.write("people.yml", "ann:\n  bio: '[[B]] [[X]]'\n")
    assert [(path, line) for path, line, _ in dangling(site.load().problems)] == [
        ("people.yml", 2), ("posts/a.md", 5), ("posts/a.md", 7), ("posts/a.md", 10),
    ]  # fmt: skip
    everything = str(site.everything())
    assert everything.count(r'<a href=\\"/blog/b\\">b</a> <a href=\\"x.md\\">x</a>') == 3
    assert everything.count(r'<a href=\\"/blog/b\\">B</a> [[X]]') == 1


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", '/a" onclick="b', "/a'<b>"]
)
def test_an_authors_url_gets_no_script_into_a_page(url: str, site: SiteFolder) -> None:
    """What the sanitizer would not leave in an address is not put in after it."""
    site.write("people.yml", f"ann:\n  url: {json.dumps(url)}\n")
    site.page("posts/a.md", "title: A", "[a](../people.yml) [[people]] ![[people|x]]")
    site.load()
    assert "script:" not in html(site).lower()
    assert "data:" not in html(site)
    assert ' onclick="' not in html(site)
    assert "<b>" not in html(site)


def check_incremental(site: SiteFolder) -> None:
    """Check that the store holds what a load into an empty one gives, problems included."""
    report = site.load()
    anew = SiteFolder.__new__(SiteFolder)
    anew.root, anew.store = site.root, site.store.with_name("anew")
    told = anew.load(force=True)
    assert site.everything() == anew.everything()
    assert dangling(report.problems) == dangling(told.problems)
    assert report.version == told.version


def test_pages_follow_what_they_link_to(site: SiteFolder) -> None:
    """The target appears, changes, moves, goes, is hidden and comes back; what is not about it stays undecided."""
    site.page("posts/a.md", "title: A", "[b](b.md) [[Bee]] [c](c.md)")
    site.page("posts/c.md", "title: C", "[a](a.md)")
    check_incremental(site)
    assert html(site) == '<a href="b.md">b</a> [[Bee]] <a href="/blog/c">c</a>'
    site.page("posts/b.md", "title: Bee")
    check_incremental(site)
    assert html(site) == '<a href="/blog/b">b</a> <a href="/blog/b">Bee</a> <a href="/blog/c">c</a>'
    site.page("posts/b.md", "title: Other", "[c](c.md)")
    check_incremental(site)
    assert html(site) == '<a href="/blog/b">b</a> [[Bee]] <a href="/blog/c">c</a>'
    site.page("posts/b.md", "title: Other", "[d](d.md)")
    check_incremental(site)
    site.remove("posts/b.md")
    site.page("posts/deep/b.md", "title: Bee")
    check_incremental(site)
    assert html(site) == '<a href="b.md">b</a> <a href="/blog/b">Bee</a> <a href="/blog/c">c</a>'
    site.page("posts/deep/b.md", "title: Bee\ndraft: true")
    check_incremental(site)
    site.page("posts/b.md", "title: B\nslug: x")
    check_incremental(site)
    site.page("posts/c.md", "title: C", "no link")
    check_incremental(site)
    site.remove("posts/a.md")
    check_incremental(site)
    assert site.query("SELECT count(*) FROM linked") == [(0,)]


def test_an_entry_without_a_good_form_keeps_its_links_up_to_date(site: SiteFolder) -> None:
    """Its last good form stays, and its target may still come and go."""
    site.page("posts/a.md", "title: A", "[b](b.md)")
    site.page("posts/b.md", "title: B")
    site.load()
    site.write("posts/a.md", "---\ntitle: [\n---\n")
    site.remove("posts/b.md")
    site.load()
    assert html(site) == '<a href="b.md">b</a>'
    site.page("posts/b.md", "title: B")
    site.load(force=True)
    assert html(site) == '<a href="/blog/b">b</a>'
    site.remove("posts/b.md")
    site.load(force=True)
    assert html(site) == '<a href="b.md">b</a>'


def test_versions_change_with_the_urls_in_texts(site: SiteFolder) -> None:
    """Of the page and of the content, and of no other entry."""
    site.page("posts/a.md", "title: A", "[b](b.md)")
    site.page("posts/c.md", "title: C", "C")
    first = site.load()
    before = dict(site.query("SELECT c0, version FROM e1"))
    site.page("posts/b.md", "title: B")
    second = site.load()
    after = dict(site.query("SELECT c0, version FROM e1"))
    assert first.version != second.version
    assert before["a"] != after["a"]
    assert before["c"] == after["c"]
    assert (second.added, second.changed) == (1, 0)


def test_images_and_files_get_their_urls_below_the_public_folder(site: SiteFolder, tmp_path: Path) -> None:
    """Beside the text, as deep as the text is, or at the root; what is only beside the text stays as written."""
    public = tmp_path / "public"
    for name in ("img/a b.png", "posts/b.png", "c.pdf", "d.png"):
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_bytes(b"x")
    site.page("posts/a.md", "title: A", "![a](../../public/img/a%20b.png) ![b](b.png) [c](c.pdf#page=2) ![[d.png]]")
    (site.root / "posts/beside.png").write_bytes(b"x")
    site.page("posts/e.md", "title: E", "![e](beside.png) ![f](/img/a%20b.png) ![g](/x.png) ![h](../../x.png)")
    report = asyncio.run(load(site.root, site.store, LoadOptions(public=public)))
    assert html(site) == (
        '<img src="/img/a%20b.png" alt="a"> <img src="/posts/b.png" alt="b"> <a href="/c.pdf#page=2">c</a>'
        ' <img src="/d.png" alt="d.png">'
    )
    assert html(site, "e").startswith('<img src="beside.png" alt="e"> <img src="/img/a%20b.png" alt="f">')
    told = {told.partition(",")[0] for _, _, told in dangling(report.problems)}
    assert told == {"There is no file '../../x.png'", "There is no file '/x.png'"}
    without = asyncio.run(load(site.root, site.store, LoadOptions()))
    assert without.version != report.version
    assert html(site, "e").startswith('<img src="beside.png" alt="e"> <img src="/img/a%20b.png" alt="f">')


def test_the_sites_own_origin_makes_no_foreign_links(site: SiteFolder) -> None:
    """Another origin is another content: everything is read again."""
    site.page("posts/a.md", "title: A", "[b](https://Own.example/b)")
    foreign = asyncio.run(load(site.root, site.store, LoadOptions()))
    assert html(site) == '<a href="https://Own.example/b" rel="nofollow noopener">b</a>'
    own = asyncio.run(load(site.root, site.store, LoadOptions(site_url="https://own.example")))
    assert html(site) == '<a href="https://Own.example/b">b</a>'
    assert own.version != foreign.version
    again = asyncio.run(load(site.root, site.store, LoadOptions(site_url="https://own.example")))
    assert not again.published


def test_a_page_whose_links_lead_elsewhere_is_among_the_changes(site: SiteFolder) -> None:
    """Whoever follows what is published hears of it, as of the entry that came."""
    site.page("posts/a.md", "title: A", "[b](b.md)")
    site.page("posts/c.md", "title: C", "C")
    site.load()
    site.page("posts/b.md", "title: B")
    site.load()
    ids = dict(site.query("SELECT node_id, c0 FROM e1"))
    told = site.query("SELECT node_id FROM change WHERE sequence = 2")
    assert sorted(ids[node_id] for (node_id,) in told) == ["a", "b"]
