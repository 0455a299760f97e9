"""What the built-in model has nothing of: groups, blocks and lists within JSON, references of every shape, searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.magazine import magazine
from tests.engine.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An engine over the magazine."""
    site = magazine(tmp_path_factory.mktemp("magazine"))
    report = site.load()
    assert (report.added, [problem.severity.value for problem in report.problems]) == (10, ["WARNING"] * 5)
    with Product(site.store) as product:
        yield product


def story(paper: Product, selection: str, slug: str = "one") -> Any:
    """Return what is selected of a story."""
    return paper.data(f'{{ story(by: {{slug: "{slug}"}}) {{ {selection} }} }}')["story"]


def slugs(connection: dict[str, Any]) -> list[str]:
    """Return the slugs of a page."""
    return [node["slug"] for node in connection["nodes"]]


def kept(paper: Product, filter_: str) -> list[str]:
    """Return the stories that a filter keeps, in the default order."""
    return slugs(paper.data(f"{{ stories(filter: {filter_}) {{ nodes {{ slug }} }} }}")["stories"])


def names(found: list[dict[str, Any]], name: str = "slug") -> list[Any]:
    """Return one member of each."""
    return [each[name] for each in found]


# Values


def test_values_of_every_kind_are_shown(paper: Product) -> None:
    """Lists, images, files and JSON come as they were written, moments in UTC."""
    selection = "published updated words moods sizes cover { src alt width } paper { src size } extra editor { name }"
    assert story(paper, selection) == {
        "published": "2024-03-01T08:00:00Z",
        "updated": "2024-05-02",
        "words": ["b", "a", "b"],
        "moods": ["CALM", "VERY_SAD"],
        "sizes": [1.5, 2.0],
        "cover": {"src": "/covers/one.png", "alt": "A cover", "width": None},
        "paper": {"src": "/one.pdf", "size": None},
        "extra": {"deep": [1, None, "x"]},
        "editor": {"name": "Ann"},
    }


def test_what_is_absent_is_null_or_empty(paper: Product) -> None:
    """A group that is never null is one of absent values, a list an empty one."""
    selection = """updated editor { name } words cover { src } paper { src } box { wide } extra authors { name }
        credits { photos names thanks { text } by { name } } blocks { __typename } sources { label }"""
    assert story(paper, selection, "four") == {
        "updated": None,
        "editor": None,
        "words": [],
        "cover": None,
        "paper": None,
        "box": None,
        "extra": 0,
        "authors": [],
        "credits": {"photos": None, "names": [], "thanks": None, "by": None},
        "blocks": [],
        "sources": [],
    }


def test_blocks_are_told_apart_by_fragments(paper: Product) -> None:
    """Inline fragments, named ones and __typename, however deep blocks stand in blocks."""
    document = """{ story(by: {slug: "one"}) { blocks { __typename ...Parts ... on Box { inner { ...Parts } } } } }
        fragment Parts on Block { ... on Quote { by { name } byStatus } ...InBox ... on Gallery { grid on extra } }
        fragment InBox on Box { wide mood ratio stories { slug } note { about { slug } status text } }"""
    box = {"wide": True, "mood": "VERY_SAD", "ratio": 1.5, "stories": [{"slug": "three"}, {"slug": "two"}]}
    inner: dict[str, Any] = {"wide": False, "mood": None, "ratio": None, "stories": []}
    assert paper.data(document)["story"]["blocks"] == [
        {"__typename": "Quote", "by": {"name": "Ann"}, "byStatus": "RESOLVED"},
        {
            "__typename": "Box",
            **box,
            "note": {"about": {"slug": "two"}, "status": "RESOLVED", "text": "A note"},
            "inner": [
                {"by": {"name": "Bob"}, "byStatus": "RESOLVED"},
                {**inner, "note": {"about": None, "status": "DANGLING", "text": None}},
            ],
        },
        {"__typename": "Gallery", "grid": [[1, 2], [], [3]], "on": "2024-01-01T00:00:00Z", "extra": [1]},
        {"__typename": "Quote", "by": None, "byStatus": "DANGLING"},
    ]


def test_text_within_blocks_has_every_form(paper: Product) -> None:
    """Also excerpts of any length, and headings."""
    selection = """blocks { ... on Quote { text { markdown html text wordCount readingMinutes headings { level text }
        excerpt short: excerpt(length: 4) } } }"""
    assert story(paper, selection)["blocks"][0]["text"] == {
        "markdown": "# Head\n\nSome *text* with words",
        "html": '<h1 id="h-head">Head</h1>\n<p>Some <em>text</em> with words</p>\n',
        "text": "Head\n\nSome text with words",
        "wordCount": 5,
        "readingMinutes": 1,
        "headings": [{"level": 1, "text": "Head"}],
        "excerpt": "Head Some text with words",
        "short": "Hea…",
    }


def test_excerpts_within_blocks_have_bounds(paper: Product) -> None:
    """As those of an entry's own texts have."""
    document = '{ story(by: {slug: "one"}) { blocks { ... on Quote { text { excerpt(length: 0) } } } } }'
    assert "'length' must be 1 to 1000" in paper.error(document)["message"]


def test_groups_with_a_reference_hold_further_lists(paper: Product) -> None:
    """Of numbers, of groups with texts and references of their own, and of entries."""
    selection = "sources { pages also { slug } quotes { text { html excerpt(length: 3) } by { name } byStatus } }"
    quote = {"text": {"html": "<p>A <em>word</em></p>\n", "excerpt": "A…"}, "by": {"name": "Eve"}}
    assert story(paper, selection)["sources"][:2] == [
        {"pages": [1, 2], "also": [{"slug": "three"}, {"slug": "two"}], "quotes": [{**quote, "byStatus": "RESOLVED"}]},
        {"pages": None, "also": [], "quotes": []},
    ]


# References


def test_kept_references_can_be_unique_and_resolved(paper: Product) -> None:
    """What leads where an earlier one leads, and what leads nowhere, is left out where that is asked."""
    selection = """sources { label status story { slug } } all: sources(unique: false) { label }
        resolved: sources(resolved: true, unique: false) { label } one: sources(resolved: true) { label }"""
    found = story(paper, selection)
    assert [(each["label"], each["status"], each["story"]) for each in found["sources"]] == [
        ("First", "RESOLVED", {"slug": "two"}),
        ("Gone", "DANGLING", None),
        ("Own", "SELF", None),
        ("None", "DANGLING", None),
    ]
    assert names(found["all"], "label") == ["First", "Gone", "Own", "Again", "None"]
    assert names(found["resolved"], "label") == ["First", "Again"]
    assert names(found["one"], "label") == ["First"]


def test_lists_of_references_leave_out_what_leads_nowhere(paper: Product) -> None:
    """In the author's order; an entry never leads to itself."""
    assert names(story(paper, "related { slug }")["related"]) == ["two", "three", "two"]
    assert names(story(paper, "authors { name }")["authors"], "name") == ["Bob", "Ann", "Bob"]


@pytest.mark.parametrize(
    ("slug", "sequel", "status"), [("one", "two", "RESOLVED"), ("three", None, "SELF"), ("four", None, "DANGLING")]
)
def test_status_of_a_reference(slug: str, sequel: str | None, status: str, paper: Product) -> None:
    """Beside the reference that it tells of."""
    found = story(paper, "sequel { slug } sequelStatus", slug)
    assert found == {"sequel": sequel and {"slug": sequel}, "sequelStatus": status}


def test_singleton_is_asked_for_by_its_name(paper: Product) -> None:
    """With references in a list of groups that are not kept."""
    assert paper.data("{ site { title home { slug } menu { label to { slug } } about { text } } }")["site"] == {
        "title": "The magazine",
        "home": {"slug": "one"},
        "menu": [
            {"label": "First", "to": {"slug": "one"}},
            {"label": "Nowhere", "to": None},
            {"label": "Plain", "to": None},
        ],
        "about": {"text": "About\n\nWords."},
    }


def test_entries_lead_back_over_references_of_every_shape(paper: Product) -> None:
    """One, lists, those in lists of groups, those in groups, and those deep within; each owner once."""
    fields = ("relatedBy", "prequels", "citedBy", "shownIn", "alsoIn", "thankedIn")
    found = story(paper, " ".join(f"{each} {{ totalCount nodes {{ slug }} }}" for each in fields), "three")
    assert {name: slugs(page) for name, page in found.items()} == {
        "relatedBy": ["two", "one"],
        "prequels": ["two"],
        "citedBy": ["two"],
        "shownIn": [],
        "alsoIn": ["one"],
        "thankedIn": [],
    }
    assert all(page["totalCount"] == len(page["nodes"]) for page in found.values())
    found = story(paper, "shownIn { nodes { slug } } thankedIn { nodes { slug } } citedByCount", "two")
    assert (slugs(found["shownIn"]), slugs(found["thankedIn"]), found["citedByCount"]) == (["one"], ["one"], 1)


def test_people_are_counted_over_references_of_every_shape(paper: Product) -> None:
    """By another key than the identity, in lists with repetitions, within groups."""
    selection = """name editedCount edited { nodes { slug } } storyCount stories { nodes { slug } }
        creditedCount credited { nodes { slug } } quoted { nodes { slug } }"""
    found = paper.data(f"{{ people {{ nodes {{ {selection} }} }} }}")["people"]["nodes"]
    shown = [
        (each["name"], each["editedCount"], slugs(each["edited"]), each["storyCount"], slugs(each["stories"]),
         each["creditedCount"], slugs(each["credited"]), slugs(each["quoted"]))
        for each in found
    ]  # fmt: skip
    assert shown == [
        ("Ann", 2, ["two", "one"], 2, ["two", "one"], 0, [], []),
        ("Bob", 1, ["three"], 1, ["one"], 1, ["one"], []),
        ("Eve", 0, [], 1, ["three"], 0, [], ["one"]),
    ]


def test_lists_that_lead_back_have_pages(paper: Product) -> None:
    """Of a list of references too, whose links carry the default order; with orders and filters as all lists."""
    document = """query ($after: String) { person(by: {slug: "ann"}) {
        stories(first: 1, after: $after) { nodes { slug } pageInfo { hasNextPage hasPreviousPage endCursor } }
        byTitle: stories(orderBy: [TITLE_ASC], filter: {number: {lte: 1}}) { totalCount nodes { slug } } } }"""
    first = paper.data(document)["person"]
    assert slugs(first["stories"]) == ["two"]
    assert slugs(first["byTitle"]) == ["one"]
    second = paper.data(document, {"after": first["stories"]["pageInfo"]["endCursor"]})["person"]["stories"]
    assert (slugs(second), second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (
        ["one"],
        False,
        True,
    )


def test_walks_go_over_references_of_every_shape(paper: Product) -> None:
    """One, a list, a list of groups, a group within JSON; the nearest first, never the one that is walked from."""
    found = story(
        paper,
        "similar(depth: 3) { distance story { slug } } sequels(depth: 2) { distance story { slug } }"
        " cited(depth: 2) { distance story { slug } } shown { distance story { slug } }",
    )
    walked = {name: [(each["distance"], each["story"]["slug"]) for each in each_] for name, each_ in found.items()}
    assert walked == {
        "similar": [(1, "two"), (1, "three")],
        "sequels": [(1, "two"), (2, "three")],
        "cited": [(1, "two"), (2, "three")],
        "shown": [(1, "two")],
    }


def test_siblings_among_all_and_among_some(paper: Product) -> None:
    """By one value and then the identity; moments sort by time, not by text."""
    document = "{ stories { nodes { slug newer { slug } older { slug } nextInSection { slug } nextPage { slug } } } }"
    found = [
        tuple(value["slug"] if isinstance(value, dict) else value for value in each.values())
        for each in paper.data(document)["stories"]["nodes"]
    ]
    assert found == [
        ("two", None, "one", None, None),
        ("one", "two", "three", "three", "three"),
        ("four", "three", None, "one", None),
        ("three", "one", "four", None, "four"),
    ]


# Lookups


def test_entries_are_found_by_every_key(paper: Product) -> None:
    """The identity, another one, several fields together, and the id, whichever type it is of."""
    found = paper.data("""{ a: story(by: {url: "/stories/two"}) { id slug } c: section(slug: "long-reads") { id title }
        b: story(by: {place: {section: "long-reads", number: 3}}) { slug } d: tag(by: {slug: "small"}) { title }
        none: story(by: {place: {section: "long-reads", number: 2}}) { slug } }""")
    assert [found["a"]["slug"], found["b"]["slug"], found["none"]] == ["two", "three", None]
    assert (found["c"]["title"], found["d"]) == ("Long Reads", {"title": "small"})
    document = """query ($ids: [ID!]!) { nodes(ids: $ids) {
        __typename id ... on Story { slug } ... on Section { title } } }"""
    ids = [found["c"]["id"], "nothing", found["a"]["id"]]
    assert paper.data(document, {"ids": ids})["nodes"] == [
        {"__typename": "Section", "id": ids[0], "title": "Long Reads"},
        None,
        {"__typename": "Story", "id": ids[2], "slug": "two"},
    ]


def test_content_counts_entries_and_groups(paper: Product) -> None:
    """Of a group with a kept reference, how many there are; of those, how many lead nowhere."""
    counts = "storyCount personCount tagCount sectionCount sourceCount noteCount danglingCount"
    assert paper.data(f"{{ content {{ {counts} }} }}") == {
        "content": {
            "storyCount": 4, "personCount": 3, "tagCount": 3, "sectionCount": 2, "sourceCount": 6, "noteCount": 4,
            "danglingCount": 3,
        }
    }  # fmt: skip
