"""What the head of a page needs: addresses, titles, descriptions, images, and the page in schema.org's words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.settings import Limits
from tests.engine.conftest import SEEDS
from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder
from tests.schema_org import faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORIGIN = "https://www.example.org"
META = "meta { canonicalUrl robots title description image jsonLd }"
MODEL = """
type Essay @content(files: ["essays/*.md"])
  @page(jsonLd: "Article", title: "seo.title", description: "lead", image: "seo.card") {
  slug: String! @from(file: NAME) @key @filter
  url: String! @from(template: "/essays/{slug}") @key
  title: String! @search(weight: 8)
  lead: RichText
  published: Date
  lastmod: DateTime
  authors: [Writer!]!
  shelf: Shelf! @filter
  seo: Seo
  quiet: Boolean! @default(value: false) @unlisted
  body: RichText @from(file: BODY) @search
}
type Seo { title: String card: Image }
type Writer @content(files: ["writers/*.yml"]) { slug: String! @from(file: NAME) @key name: String! }
type Shelf @grouped @content(files: ["shelves.yml"], each: ITEM) @page(jsonLd: "AboutPage") {
  slug: String! @from(file: KEY) @key
  url: String! @from(template: "/shelves/{slug}")
  title: String!
}
type Note @content(files: ["notes/*.md"]) @page(image: "picture") {
  url: String! @from(key: "address") @key
  heading: String!
  picture: Url
  writer: Person
  of: Essay
}
type Person { name: String! }
type Thing_ @content(files: ["things/*.yml"]) @page(jsonLd: "Product", description: "about.text") {
  url: String! @from(template: "/things/{slug}") @key
  slug: String! @from(file: NAME)
  about: About
  authors: [String!]!
}
type About { text: RichText }
type Site @singleton(file: "site.yml") { title: String! }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An engine over pages of several types, for a site whose origin is known."""
    with Product(written(tmp_path_factory.mktemp("library")), site_url=ORIGIN) as product:
        yield product


def written(folder: Path) -> Path:
    """Return the store of the pages."""
    site = SiteFolder(folder, MODEL)
    site.write("site.yml", "title: The library")
    site.write("shelves.yml", "tall: {title: Tall}")
    site.write("writers/ada.yml", "name: Ada Å.")
    site.write("writers/ben.yml", "name: Ben")
    front = "title: One\nlead: Some *words*.\npublished: 2024-03-01\nauthors: [ben, ada]\nshelf: tall\n"
    seo = "seo:\n  title: One, at length\n  card: {src: /cards/é.png, alt: A card}\nlastmod: 2024-05-01T08:00:00Z"
    site.page("essays/one.md", front + seo, "The **body**.")
    site.page("essays/two.md", 'title: "</script>\\u2028\\u0001 & \\"two\\""\nshelf: tall\nquiet: true', "Only a body.")
    site.page("essays/bare.md", "title: Bare\nshelf: tall")
    site.page(
        "notes/a.md", "address: https://other.example/ä b\nheading: A note\npicture: //cdn.example/p.png\nof: one"
    )
    site.page("notes/b.md", "address: notes/b/\nheading: Another\nwriter: {name: Eve}\npicture: /p.png")
    site.write("things/pen.yml", "about: {text: It writes.}\nauthors: [X]")
    report = site.load()
    assert not report.problems
    return site.store


def meta(library: Product, lookup: str) -> dict[str, Any]:
    """Return all of a page's meta."""
    found: dict[str, Any] = library.data(f"{{ page: {lookup} {{ {META} }} }}")["page"]["meta"]
    return found


def entity(of: dict[str, Any], at: int = 0) -> dict[str, Any]:
    """Return one of what a page's JSON-LD tells of, which must be valid."""
    assert faults(of["jsonLd"]) == []
    found: dict[str, Any] = of["jsonLd"]["@graph"][at]
    return found


def test_every_page_of_the_built_in_model_is_described_in_valid_words(tmp_path: Path) -> None:
    """Each is a page with what is asked and its answer, and says where it stands in the site."""
    with Product(tmp_path, site_url=ORIGIN) as product:
        product.load(SEEDS)
        nodes = product.data(f"{{ questions(first: 100) {{ nodes {{ url title {META} }} }} }}")["questions"]["nodes"]
    assert len(nodes) > 50
    for node in nodes:
        asked, crumbs = (entity(node["meta"], at) for at in (0, 1))
        assert (asked["@type"], crumbs["@type"]) == ("QAPage", "BreadcrumbList")
        assert asked["mainEntity"]["name"] == node["title"]
        assert asked["url"] == node["meta"]["canonicalUrl"] == crumbs["itemListElement"][-1]["item"]
        assert crumbs["itemListElement"][-1]["item"].startswith(crumbs["itemListElement"][0]["item"] + "/")


def test_real_pages_are_described_in_valid_words(sample: Product) -> None:
    """Whatever their authors wrote."""
    query = f"query ($at: Int!) {{ questions(first: 100, offset: $at) {{ nodes {{ {META} }} }} }}"
    with Product(sample.folder, site_url=ORIGIN) as product:
        pages = [product.data(query, {"at": at})["questions"]["nodes"] for at in range(0, 10_000, 1_000)]
    told = [node["meta"] for page in pages for node in page]
    assert len(told) == 1_000
    for each in told:
        assert faults(each["jsonLd"]) == []
        assert each["title"].strip()
        assert each["canonicalUrl"].startswith(f"{ORIGIN}/")


def test_article_says_who_wrote_it_and_when(library: Product) -> None:
    """Writers come in the order of the byline; a date of the author's own is that of the last change."""
    one = meta(library, 'essay(by: {slug: "one"})')
    assert {key: one[key] for key in ("canonicalUrl", "robots", "title", "description", "image")} == {
        "canonicalUrl": f"{ORIGIN}/essays/one",
        "robots": "index, follow",
        "title": "One, at length",
        "description": "Some words.",
        "image": f"{ORIGIN}/cards/%C3%A9.png",
    }
    assert entity(one) == {
        "@type": "Article",
        "headline": "One",
        "mainEntityOfPage": f"{ORIGIN}/essays/one",
        "url": f"{ORIGIN}/essays/one",
        "description": "Some words.",
        "image": f"{ORIGIN}/cards/%C3%A9.png",
        "datePublished": "2024-03-01",
        "dateModified": "2024-05-01T08:00:00Z",
        "author": [{"@type": "Person", "name": "Ben"}, {"@type": "Person", "name": "Ada Å."}],
    }


def test_breadcrumbs_lead_from_the_site_over_what_a_page_is_filed_under(library: Product) -> None:
    """The site is called as its one entry says; a group with a page of its own is linked."""
    crumbs = entity(meta(library, 'essay(by: {slug: "one"})'), 1)["itemListElement"]
    assert [(each["name"], each["item"]) for each in crumbs] == [
        ("The library", f"{ORIGIN}/"),
        ("Tall", f"{ORIGIN}/shelves/tall"),
        ("One", f"{ORIGIN}/essays/one"),
    ]


def test_unlisted_page_is_not_to_be_indexed(library: Product) -> None:
    """Nothing that an author writes breaks the JSON; what is missing is left out or made from the body."""
    two = meta(library, 'essay(by: {slug: "two"})')
    assert (two["robots"], two["description"], two["image"]) == ("noindex, follow", "Only a body.", None)
    assert entity(two)["headline"] == two["title"] == '</script>\u2028\u0001 & "two"'
    assert {"author", "datePublished", "image"}.isdisjoint(entity(two))


def test_page_without_anything_has_its_title(library: Product) -> None:
    """A description is null rather than empty."""
    bare = meta(library, 'essay(by: {slug: "bare"})')
    assert (bare["title"], bare["description"]) == ("Bare", None)
    assert "description" not in entity(bare)


def test_group_has_a_page_of_its_own(library: Product) -> None:
    """A type that references name can have pages as well."""
    tall = meta(library, 'shelf(by: {slug: "tall"})')
    assert (tall["title"], tall["canonicalUrl"]) == ("Tall", f"{ORIGIN}/shelves/tall")
    assert entity(tall)["@type"] == "AboutPage"


def test_group_that_only_references_name_has_a_page_by_its_template(tmp_path: Path) -> None:
    """Its url is made of what the references say; one that gives the url itself counts."""
    site = SiteFolder(
        tmp_path,
        """
        type Post @content(files: ["*.md"]) { slug: String! @from(file: NAME) @key tags: [Tag!]! }
        type Tag @grouped @page {
          slug: String! @from(slug: true) @key
          url: String! @from(template: "/tags/{slug}")
          title: String!
        }
        """,
    )
    site.page("a.md", "tags: [Green Tea, {slug: time, title: Time, url: /about-time}]")
    assert not site.load().problems
    with Product(site.store, site_url=ORIGIN) as product:
        tags = product.data("{ tags { nodes { title url meta { canonicalUrl } } } }")["tags"]["nodes"]
    assert tags == [
        {"title": "Green Tea", "url": "/tags/green-tea", "meta": {"canonicalUrl": f"{ORIGIN}/tags/green-tea"}},
        {"title": "Time", "url": "/about-time", "meta": {"canonicalUrl": f"{ORIGIN}/about-time"}},
    ]


def test_page_of_no_named_type_is_a_web_page(library: Product) -> None:
    """Its url may be any: absolute ones stay, in ASCII; one without a slash begins at the root."""
    a, b = (meta(library, f'note(by: {{url: "{url}"}})') for url in ("https://other.example/ä b", "notes/b/"))
    assert (a["canonicalUrl"], a["image"]) == ("https://other.example/%C3%A4%20b", "https://cdn.example/p.png")
    assert (b["canonicalUrl"], b["image"]) == (f"{ORIGIN}/notes/b/", f"{ORIGIN}/p.png")
    assert (entity(b)["@type"], entity(b)["author"]) == ("WebPage", [{"@type": "Person", "name": "Eve"}])
    assert "author" not in entity(a)


def test_thing_that_is_no_work_is_described_by_what_every_thing_has(library: Product) -> None:
    """schema.org gives a product no author and no date."""
    pen = meta(library, 'thing_(by: {url: "/things/pen"})')
    assert (pen["description"], pen["title"]) == ("It writes.", "/things/pen")
    assert set(entity(pen)) == {"@type", "name", "url", "description"}


def test_meta_is_shown_wherever_an_entry_is(library: Product) -> None:
    """Behind a reference that is there or not, and by id."""
    notes = library.data("{ notes { nodes { id of { meta { title } } } } }")["notes"]["nodes"]
    assert sorted(json.dumps(each["of"]) for each in notes) == ["null", '{"meta": {"title": "One, at length"}}']
    found = library.data("query ($id: ID!) { node(id: $id) { ... on Note { meta { robots } } } }", notes[0])
    assert found == {"node": {"meta": {"robots": "index, follow"}}}


def test_addresses_are_paths_where_nobody_names_the_site(tmp_path: Path) -> None:
    """A site that is built for several origins puts its own in front."""
    with Product(written(tmp_path)) as product:
        one = meta(product, 'essay(by: {slug: "one"})')
    assert (one["canonicalUrl"], one["image"]) == ("/essays/one", "/cards/%C3%A9.png")


def test_page_of_an_entry_that_a_number_names_has_a_text_for_its_title(tmp_path: Path) -> None:
    """A title is a text, also where nothing but the number says what the page is called."""
    model = """type Plate @content(files: ["*.yml"]) @page {
        number: Int! @key
        url: String! @from(template: "/plates/{number}") }"""
    site = SiteFolder(tmp_path, model)
    site.write("a.yml", "number: 7")
    site.load()
    with Product(site.store, site_url=ORIGIN) as product:
        meta = product.data("{ plate(by: {number: 7}) { meta { title jsonLd } } }")["plate"]["meta"]
    assert meta["title"] == "7"
    assert not faults(meta["jsonLd"])


def test_json_ld_counts_as_a_whole_text(tmp_path: Path) -> None:
    """It holds the answer in full."""
    with Product(written(tmp_path), Limits(texts=10)) as product:
        error = product.error("{ essays(first: 11) { nodes { meta { jsonLd } } } }")
    assert "whole texts" in error["message"]
