"""What other models promise to answer: filters of lists and references, facets, searches, and by which plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.magazine import magazine
from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILTERS = {
    '{words: {has: "a"}}': ["two", "one"],
    '{words: {hasAny: ["b", "nothing"]}}': ["one"],
    "{words: {hasAny: []}}": [],
    '{words: {hasAll: ["a", "b"]}}': ["one"],
    "{words: {hasAll: []}}": ["two", "one", "four", "three"],
    "{not: {words: {hasAll: []}}}": [],
    '{words: {has: "A"}}': [],
    "{hasWords: false}": ["four", "three"],
    "{sizes: {has: 2}}": ["two", "one"],
    "{sizes: {hasAny: [1.5, 7]}}": ["one"],
    "{sizes: {hasAll: [2, 1.5]}}": ["one"],
    "{moods: {has: VERY_SAD}}": ["one"],
    "{moods: {hasAny: [VERY_SAD, WILD]}}": ["two", "one"],
    "{moods: {hasAll: [CALM, WILD]}}": [],
    '{authors: {has: "ann"}}': ["two", "one"],
    '{authors: {hasAll: ["ann", "bob"]}}': ["one"],
    '{authors: {hasAll: ["ann", "nobody"]}}': [],
    '{authors: {hasAny: ["eve", "nobody"]}}': ["three"],
    '{authors: {has: "gone"}}': [],
    "{hasAuthors: true}": ["two", "one", "three"],
    '{tags: {has: "big-things"}}': ["two", "one"],
    '{not: {tags: {has: "big-things"}}}': ["four", "three"],
    '{tags: {has: "big-things", hasAny: ["small"]}}': ["one"],
    '{tags: {has: "big-things"}, authors: {has: "ann"}, hasCover: true}': ["one"],
    '{tags: {has: "big-things"}, and: [{authors: {has: "bob"}}]}': ["one"],
    '{tags: {has: null}, authors: {has: "eve"}}': ["three"],
    '{related: {has: "three"}}': ["two", "one"],
    "{hasRelated: false}": ["four"],
    "{hasCover: true}": ["one"],
    "{hasSources: true}": ["two", "one"],
    '{editor: {eq: "ann@example.org"}}': ["two", "one"],
    '{editor: {ne: "ann@example.org"}}': ["four", "three"],
    '{editor: {eq: "gone@example.org"}}': [],
    '{not: {editor: {eq: "gone@example.org"}}}': ["two", "one", "four", "three"],
    '{editor: {in: ["bob@example.org", "x"]}}': ["three"],
    '{editor: {notIn: ["bob@example.org", "x"]}}': ["two", "one", "four"],
    '{editor: {startsWith: "ANN"}}': ["two", "one"],
    '{editor: {contains: "EXAMPLE"}}': ["two", "one", "three"],
    '{not: {editor: {contains: "EXAMPLE"}}}': ["four"],
    "{editor: {exists: false}}": ["four"],
    '{published: {gt: "2024-03-01T08:00:00Z"}}': ["two"],
    '{published: {gte: "2024-03-01T09:00:00+01:00"}}': ["two", "one"],
    '{published: {eq: "2024-03-02T08:00:00.500Z"}}': ["two"],
    '{published: {lt: "2024-03-02T08:00:00.500Z"}}': ["one", "four", "three"],
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An engine over the magazine."""
    site = magazine(tmp_path_factory.mktemp("magazine"))
    site.load()
    with Product(site.store) as product:
        yield product


@pytest.mark.parametrize("filter_", FILTERS)
def test_filter_keeps(filter_: str, paper: Product) -> None:
    """Lists by what they have, references by the key that they name, moments by time; `not` is the exact rest."""
    document = f"""{{ stories(filter: {filter_}) {{ totalCount nodes {{ slug }} }}
        rest: stories(filter: {{not: {filter_}}}) {{ totalCount }} }}"""
    found = paper.data(document)
    assert [node["slug"] for node in found["stories"]["nodes"]] == FILTERS[filter_]
    assert found["stories"]["totalCount"] + found["rest"]["totalCount"] == 4


def test_filters_may_come_from_variables(paper: Product) -> None:
    """Enum values shape the statement, numbers and texts do not."""
    document = "query ($filter: StoryFilter) { stories(filter: $filter) { nodes { slug } } }"
    for filter_ in ({"moods": {"hasAny": ["VERY_SAD"]}}, {"sizes": {"hasAll": [1.5, 2]}}, {"words": {"has": "b"}}):
        assert paper.data(document, {"filter": filter_})["stories"]["nodes"] == [{"slug": "one"}]


def test_facets_count_each_entry_once_for_each_value(paper: Product) -> None:
    """By reference, by list of references, by value of a list, by month and year; the most frequent first."""
    found = paper.data("""{ stories { facets { years { year count } months { month count }
        editors { editor { name } count } authors { author { name } count }
        few: authors(first: 2) { author { slug } } tags { tag { slug } count }
        words { word count } word: words(first: 1) { word } } } }""")["stories"]["facets"]
    assert found == {
        "years": [{"year": 2023, "count": 2}, {"year": 2024, "count": 2}],
        "months": [{"month": 5, "count": 2}, {"month": 6, "count": 1}],
        "editors": [{"editor": {"name": "Ann"}, "count": 2}, {"editor": {"name": "Bob"}, "count": 1}],
        "authors": [
            {"author": {"name": "Ann"}, "count": 2},
            {"author": {"name": "Bob"}, "count": 1},
            {"author": {"name": "Eve"}, "count": 1},
        ],
        "few": [{"author": {"slug": "ann"}}, {"author": {"slug": "bob"}}],
        "tags": [{"tag": {"slug": "big-things"}, "count": 2}, {"tag": {"slug": "small"}, "count": 2}],
        "words": [{"word": "a", "count": 2}, {"word": "b", "count": 1}],
        "word": [{"word": "a"}],
    }


def test_facets_are_of_what_is_kept(paper: Product) -> None:
    """By a filter, by a search, and by an entry that references lead back to."""
    facets = "facets { authors { author { slug } count } words { word count } }"
    found = paper.data(f"""{{ stories(filter: {{tags: {{has: "small"}}}}) {{ {facets} }}
        searchStories(query: "first") {{ {facets} }} person(by: {{slug: "bob"}}) {{ stories {{ {facets} }} }} }}""")
    one = {
        "authors": [{"author": {"slug": "ann"}, "count": 1}, {"author": {"slug": "bob"}, "count": 1}],
        "words": [{"word": "a", "count": 1}, {"word": "b", "count": 1}],
    }
    assert [found["stories"]["facets"], found["searchStories"]["facets"]] == [one, one]
    assert found["person"]["stories"]["facets"] == one


def test_facets_of_lists_have_bounds(paper: Product) -> None:
    """A list of values can be as long as authors make it."""
    message = paper.error("{ stories { facets { words(first: 101) { count } } } }")["message"]
    assert "'first' must be 1 to 100" in message


# Search


def test_search_of_one_type(paper: Product) -> None:
    """A title that begins with what was typed comes first, also where titles cannot be filtered by."""
    found = paper.data("""{ typed: searchStories(query: "thre") { nodes { slug } edges { score } }
        text: searchStories(query: "second") { totalCount nodes { slug } edges { snippet { html } } } }""")
    assert found["typed"]["nodes"] == [{"slug": "three"}]
    assert found["typed"]["edges"][0]["score"] > 100
    assert found["text"]["totalCount"] == 2
    assert all("<mark>second</mark>" in each["snippet"]["html"] for each in found["text"]["edges"])


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An engine over two types whose texts are searched wherever they stand."""
    site = SiteFolder(tmp_path_factory.mktemp("notes"), NOTES)
    site.page("pages/a.md", "title: Alpha Adrian\nlabels: [Red Fox]\nblocks: [{type: quote, text: An *elk* here}]")
    site.page(
        "pages/b.md", "title: Beta\nblocks: [{type: box, notes: [{text: badger, by: newt}], inner: {text: heron}}]"
    )
    for number in range(5):
        site.page(
            f"posts/p{number}.md", f"title: Common {number}\nby: mole\nsources: [{{label: lynx {number}, by: newt}}]"
        )
    site.write("authors/mole.yml", "name: Mole Adrian\n")
    site.write("authors/newt.yml", "name: Newt\n")
    assert site.load().problems == ()
    with Product(site.store) as product:
        yield product


NOTES = """
type Page @content(files: ["pages/*.md"]) {
  slug: String! @from(file: NAME) @key
  title: String! @search(weight: 4)
  blocks: [Block!]!
  labels: [Label!]! @search(of: "name")
}
union Block @block(key: "type") = Quote | Box
type Quote @is(value: "quote") { text: RichText! @search by: String }
type Box @is(value: "box") { notes: [Note!]! inner: Note }
type Note { text: String! @search(weight: 2) by: Author @search(of: "name") to: Page @ref(missing: KEEP) }
type Label @grouped { slug: String! @from(slug: true) @key name: String! }
type Post @content(files: ["posts/*.md"]) {
  slug: String! @from(file: NAME) @key
  title: String! @search(weight: 4)
  sources: [Source!]!
  by: Author @search(of: "name")
}
type Source { label: String! @search by: Author @search(of: "name") to: Post @ref(missing: KEEP) }
type Author @content(files: ["authors/*.yml"]) { slug: String! @from(file: NAME) @key name: String! }
"""


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("elk", "a"),
        ("fox", "a"),
        ("badger", "b"),
        ("heron", "b"),
        ("lynx", "p0"),
        ("mole", "p0"),
        ("newt", "b"),
        ("newt", "p4"),
        ("com", "p0"),
    ],
)
def test_searched_texts_are_found_wherever_they_stand(word: str, slug: str, notes: Product) -> None:
    """In blocks, in lists of groups, in groups with references, in grouped and in other entries that are named."""
    document = (
        "query ($query: String!) { searchAll(query: $query) { nodes { ... on Page { slug } ... on Post { slug } } } }"
    )
    assert {"slug": slug} in notes.data(document, {"query": word})["searchAll"]["nodes"]


def test_search_over_all_types_has_pages(notes: Product) -> None:
    """One order over all types, by cursor as by offset."""
    document = """query ($after: String, $offset: Int) {
        searchAll(query: "adrian", first: 1, after: $after, offset: $offset) {
            totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } }"""
    walked: list[str] = []
    after = None
    for _ in range(6):
        page = notes.data(document, {"after": after})["searchAll"]
        after = page["pageInfo"]["endCursor"]
        walked += [node["id"] for node in page["nodes"]]
        assert (page["totalCount"], page["edges"][0]["cursor"]) == (6, after)
        assert page["pageInfo"]["hasNextPage"] == (len(walked) < 6)
    assert len(set(walked)) == 6
    by_offset = [notes.data(document, {"offset": at})["searchAll"]["nodes"][0]["id"] for at in range(6)]
    assert by_offset == walked


def test_search_over_all_types_counts_by_type(notes: Product) -> None:
    """Only of those asked for."""
    found = notes.data("""{ searchAll(query: "adrian") { totalCount facets { types { type count } } }
        pages: searchAll(query: "adrian", types: [PAGE]) { totalCount facets { types { type count } } }
        none: searchAll(query: "adrian", types: []) { totalCount nodes { id } } }""")
    post, page = {"type": "POST", "count": 5}, {"type": "PAGE", "count": 1}
    assert found["searchAll"] == {"totalCount": 6, "facets": {"types": [post, page]}}
    assert found["pages"] == {"totalCount": 1, "facets": {"types": [page]}}
    assert found["none"] == {"totalCount": 0, "nodes": []}


def test_cursor_of_another_search_is_refused(notes: Product) -> None:
    """It names a place among other matches."""
    cursor = notes.data('{ searchAll(query: "adrian") { pageInfo { endCursor } } }')["searchAll"]["pageInfo"]
    other = 'query ($after: String) { searchAll(query: "other", after: $after) { nodes { id } } }'
    assert notes.error(other, {"after": cursor["endCursor"]})["extensions"]["code"] == "BAD_USER_INPUT"


# Plans

PLANS = [
    *(f"{{ stories(filter: {filter_}) {{ nodes {{ slug }} }} }}" for filter_ in FILTERS),
    "{ people(orderBy: [STORY_COUNT_DESC]) { nodes { name } } }",
    '{ story(by: {url: "/stories/one"}) { title } person(by: {email: "x"}) { name } }',
    """{ story(by: {place: {section: "a", number: 1}}) {
        newer { slug } older { slug } nextInSection { slug } nextPage { slug } } }""",
    """{ story(by: {slug: "one"}) {
        relatedBy { nodes { slug } } prequels { nodes { slug } } citedBy { nodes { slug } }
        shownIn { nodes { slug } } alsoIn { nodes { slug } } } }""",
    """{ story(by: {slug: "one"}) { similar(depth: 3) { distance }
        cited(depth: 3) { distance } shown(depth: 3) { distance } sequels { distance } } }""",
    """{ searchAll(query: "word") { nodes { id } }
        searchStories(query: "word", filter: {tags: {has: "a"}}) { totalCount } }""",
]


@pytest.mark.parametrize("document", PLANS)
def test_no_table_is_read_whole(document: str, paper: Product) -> None:
    """What is asked is found by an index, or read in the order of one."""
    assert [step.detail for step in paper.steps(document) if step.is_full_scan] == []


def test_facets_read_no_wide_table(paper: Product) -> None:
    """What has no filter is counted from indexes and from the narrow table."""
    document = """{ stories { facets { years { count } months { count } editors { count } authors { count }
        words { count } } } }"""
    scanned = {step.detail for step in paper.steps(document) if step.is_full_scan}
    assert all(detail.startswith("SCAN e1_") for detail in scanned)


def test_entries_are_found_in_one_table_where_the_wide_one_has_all(paper: Product) -> None:
    """Those of a page, and those that their lists lead to: SQLite leaves out the join that nothing is asked of."""
    document = """{ stories(filter: {authors: {has: "ann"}}, last: 2) {
        nodes { title body { html } authors { name bio { html } } } } }"""
    stories = paper.data(document)["stories"]["nodes"]
    statement = paper.store.asked[-1]
    steps = [step.detail for step in paper.steps(document)]
    left_out = re.findall(r"LEFT JOIN \w+ AS (\w+) ON \w+\.pk", statement)
    assert len(left_out) == 2
    assert not [step for step in steps if step.split()[1] in left_out]
    assert [[author["name"] for author in story["authors"]] for story in stories] == [["Ann"], ["Bob", "Ann", "Bob"]]


# Size


@uncounted
def test_two_hundred_types_are_built_and_asked(tmp_path: Path) -> None:
    """As many as a model may have; by id they are all looked for in one statement."""
    fields = "slug: String! @from(file: NAME) @key title: String! @filter @order @search next: Kind{}"
    types = [
        f'type Kind{number} @content(files: ["{number}/*.md"]) {{ {fields.format((number + 1) % 200)} }}'
        for number in range(200)
    ]
    site = SiteFolder(tmp_path, "\n".join(types))
    for number in (0, 1, 199):
        site.page(f"{number}/a.md", f"title: Word {number}\nnext: a")
    site.load()
    with Product(site.store) as product:
        found: Any = product.data('{ kind199(by: {slug: "a"}) { id next { title next { title } } } }')["kind199"]
        assert found["next"] == {"title": "Word 0", "next": {"title": "Word 1"}}
        document = "query ($id: ID!) { node(id: $id) { __typename ... on Kind199 { title } } }"
        assert product.data(document, {"id": found["id"]})["node"] == {"__typename": "Kind199", "title": "Word 199"}
        assert product.data('{ searchAll(query: "word") { totalCount } }')["searchAll"] == {"totalCount": 3}


def test_key_may_be_called_as_the_argument_of_other_lookups(tmp_path: Path) -> None:
    """A grouped type is asked for by its key, whatever that is called."""
    site = SiteFolder(
        tmp_path,
        """type Work @content(files: ["*.md"]) { slug: String! @from(file: NAME) @key made: Maker! }
        type Maker @grouped { by: String! @key works: [Work!]! @back(of: "Work.made") }""",
    )
    site.page("a.md", "made: x")
    site.load()
    with Product(site.store) as product:
        assert product.data('{ maker(by: "x") { works { nodes { slug } } } }')["maker"]["works"]["nodes"] == [
            {"slug": "a"}
        ]


def test_pages_of_what_names_an_entry_are_read_in_the_order_of_the_links(paper: Product) -> None:
    """Newest first is the links' own order, in both directions: nothing is sorted but equal dates."""
    page = """query ($first: Int, $after: String, $last: Int, $before: String) {
        stories(filter: {tags: {has: "big-things"}}, first: $first, after: $after, last: $last, before: $before) {
            totalCount nodes { slug } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""
    first = paper.data(page, {"first": 1})["stories"]
    second = paper.data(page, {"first": 1, "after": first["pageInfo"]["endCursor"]})["stories"]
    back = paper.data(page, {"last": 1, "before": second["pageInfo"]["startCursor"]})["stories"]
    assert [each["nodes"][0]["slug"] for each in (first, second, back)] == ["two", "one", "two"]
    assert [each["totalCount"] for each in (first, second, back)] == [2, 2, 2]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    nodes = '{ stories(filter: {tags: {has: "big-things"}}, first: 1) { nodes { slug } } }'
    plan = [step.detail for step in paper.steps(nodes)]
    assert any("l1_" in detail and "_target (target=?)" in detail for detail in plan)
    assert "USE TEMP B-TREE FOR LAST TERM OF ORDER BY" in plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan
