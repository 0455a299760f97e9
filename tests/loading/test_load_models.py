"""Loading by other models: lists of references, references within JSON, several entries in a file, and so on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.loading.blog import BLOG
from tests.loading.contents import spellings, words, words_of_texts
from tests.loading.site_folder import SiteFolder, counts, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """A blog with two authors and a site."""
    site = SiteFolder(tmp_path, BLOG)
    site.write("authors.yml", "ann:\n  name: Ann\nbob:\n  name: Bob\n")
    site.write("site.yml", "title: A site\nhome: one\n")
    return site


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], SiteFolder]:
    """What makes a folder with a model."""
    return lambda model: SiteFolder(tmp_path / "other", model)


def titles(site: SiteFolder, table: str = "post") -> list[str]:
    return [title for (title,) in site.query(f"SELECT title FROM {table} ORDER BY title")]


def test_every_type_of_a_model_is_loaded(site: SiteFolder) -> None:
    """Files, items of a file, a singleton, and what only references name; files that nobody claims are left alone."""
    site.page("posts/one.md", "title: One\nauthors: [ann]\ntags: [Big Things]")
    site.write("README.md", "No front matter.")
    report = site.load()
    assert (counts(report), report.problems) == ((4, 0, 0, 0), ())
    assert site.query("SELECT post_count, author_count, tag_count, site_count FROM told") == [(1, 2, 1, 1)]
    assert site.query("SELECT slug, name, entry_path, entry_item FROM author ORDER BY slug") == [
        ("ann", "Ann", "authors.yml", "ann"),
        ("bob", "Bob", "authors.yml", "bob"),
    ]
    assert site.query("SELECT slug, title, post_count FROM tag") == [("big-things", "Big Things", 1)]
    assert site.query("SELECT s.title, p.title FROM site AS s JOIN post AS p ON p.pk = s.home_target") == [
        ("A site", "One")
    ]


def test_list_of_references_is_in_the_authors_order(site: SiteFolder) -> None:
    """With a repetition marked as one."""
    site.page("posts/one.md", "title: One\nauthors: [bob, ann, bob]")
    site.load()
    sql = """
    SELECT position, a.name, authors_status, authors_repeated
    FROM post_authors AS r JOIN author AS a ON a.pk = r.authors_target
    ORDER BY position
    """
    assert site.query(sql) == [(1, "Bob", "RESOLVED", 0), (2, "Ann", "RESOLVED", 0), (3, "Bob", "RESOLVED", 1)]
    assert site.query("SELECT name, post_count FROM author ORDER BY name") == [("Ann", 1), ("Bob", 1)]


def test_references_within_blocks_have_slots(site: SiteFolder) -> None:
    """A reference within JSON is the number of its row in the table of its site."""
    blocks = """
blocks:
  - {type: quote, text: Hello, of: bob}
  - {type: box, posts: [two, one], note: {about: two, text: T}}
  - {type: quote, text: Again, of: ann}
  - {type: box, posts: []}
"""
    site.page("posts/one.md", f"title: One\nauthors: [ann]\n{blocks}")
    site.page("posts/two.md", "title: Two\nauthors: [ann]")
    assert site.load().problems == ()
    ((stored,),) = site.query("SELECT blocks FROM post WHERE slug = 'one'")
    assert json.loads(stored) == [
        [0, ["Hello", 0]],
        [1, [[0, 1], [0, "T"]]],
        [0, ["Again", 1]],
        [1, [[], None]],
    ]
    assert site.query("SELECT position, of_key, of_status FROM post_blocks_quote_of ORDER BY position") == [
        (0, "bob", "RESOLVED"),
        (1, "ann", "RESOLVED"),
    ]
    assert site.query("SELECT position, posts_key, posts_status FROM post_blocks_box_posts ORDER BY position") == [
        (0, "two", "RESOLVED"),
        (1, "one", "SELF"),
    ]
    assert site.query("SELECT about_key, about_status FROM post_blocks_note_about") == [("two", "RESOLVED")]


def test_kept_reference_is_stored_with_its_status(site: SiteFolder) -> None:
    """KEEP shows a reference as it was written, wherever it leads."""
    sources = "sources:\n  - {label: A, to: two}\n  - {label: B, to: one}\n  - {label: C, to: gone}\n  - {label: D}"
    site.page("posts/one.md", f"title: One\nauthors: [ann]\n{sources}")
    site.page("posts/two.md", "title: Two\nauthors: [ann]")
    assert site.load().problems == ()
    assert site.query("SELECT label, post_status FROM post_sources ORDER BY position") == [
        ("A", "RESOLVED"),
        ("B", "SELF"),
        ("C", "DANGLING"),
        ("D", None),
    ]
    assert site.query("SELECT source_count, dangling_count FROM told") == [(4, 1)]


def test_reference_that_leads_nowhere_is_left_out_with_a_warning(site: SiteFolder) -> None:
    """WARN names the file and the line; the reference is found once its entry comes."""
    site.page("posts/one.md", "title: One\nauthors: [ann]\nrelated:\n  - two\n  - three")
    site.page("posts/two.md", "title: Two\nauthors: [ann]")
    report = site.load()
    assert told(report) == [("WARNING", "REFERENCE_DANGLING", "posts/one.md")]
    assert report.problems[0].line == 6
    assert "three" in report.problems[0].message
    assert told(site.load()) == told(report)
    site.page("posts/three.md", "title: Three\nauthors: [bob]")
    assert site.load().problems == ()
    assert site.query("SELECT related_status FROM post_related ORDER BY position") == [("RESOLVED",), ("RESOLVED",)]
    site.remove("posts/three.md")
    assert told(site.load()) == told(report)


def test_entry_whose_reference_must_lead_somewhere_is_refused(site: SiteFolder) -> None:
    """ERROR keeps a new entry out until what it names is there."""
    site.page("posts/one.md", "title: One\nauthors:\n  - ann\n  - eve")
    site.page("posts/two.md", "title: Two\nauthors: [bob]\nrelated: [one]")
    report = site.load()
    assert told(report) == [
        ("ERROR", "REFERENCE_DANGLING", "posts/one.md"),
        ("WARNING", "REFERENCE_DANGLING", "posts/two.md"),
        ("WARNING", "REFERENCE_DANGLING", "site.yml"),
    ]
    assert report.problems[0].line == 5
    assert titles(site) == ["Two"]
    assert (words(site.store), spellings(site.store)) == words_of_texts(site.store)
    assert told(site.load()) == told(report)
    site.write("authors.yml", "ann:\n  name: Ann\nbob:\n  name: Bob\neve:\n  name: Eve\n")
    assert site.load().problems == ()
    assert titles(site) == ["One", "Two"]


@pytest.mark.parametrize(
    "authors", ["ann:\n  name: Ann\neve:\n  nick: Eve\n", "eve:\n  name: Eve\nann:\n  name: Ann\neve:\n  name: Eva\n"]
)
def test_reference_to_what_has_an_error_is_not_told_to_be_missing(site: SiteFolder, authors: str) -> None:
    """The entry is in its file, without a name, or twice: adding it would mend nothing."""
    site.write("authors.yml", authors)
    site.page("posts/one.md", "title: One\nauthors: [eve]")
    site.page("posts/two.md", "title: Two\nauthors: []\nrelated: [one]")
    messages = [each.message for each in site.load().problems if each.code == "REFERENCE_DANGLING"]
    assert messages[0] == (
        "`authors` names the Author eve, and none with that slug is loaded."
        " Add it, mend its file if it has an error, or name another one."
    )
    assert messages[1] == (
        "`related` names the Post one, and none with that slug is loaded."
        " It is left out. Add it, mend its file if it has an error, or take the reference out."
    )


@pytest.mark.parametrize("force", [False, True])
def test_refused_entry_falls_back_to_its_last_good_form(site: SiteFolder, *, force: bool) -> None:
    """What was published stays as long as that leads somewhere itself; then the entry goes."""
    site.page("posts/one.md", "title: One\nauthors: [ann]")
    site.load()
    site.page("posts/one.md", "title: Changed\nauthors: [eve]")
    report = site.load(force=force)
    assert told(report) == [("ERROR", "REFERENCE_DANGLING", "posts/one.md")]
    assert (titles(site), counts(report)) == (["One"], (0, 0, 0, 4))
    assert (words(site.store), spellings(site.store)) == words_of_texts(site.store)
    site.write("authors.yml", "bob:\n  name: Bob\n")
    report = site.load(force=force)
    assert ("ERROR", "REFERENCE_DANGLING", "posts/one.md") in told(report)
    assert (titles(site), counts(report)) == ([], (0, 0, 2, 2))
    site.write("authors.yml", "ann:\n  name: Ann\neve:\n  name: Eve\n")
    assert site.load(force=force).problems == ()
    assert titles(site) == ["Changed"]


def test_entry_that_was_not_touched_goes_with_what_it_cannot_be_without(site: SiteFolder) -> None:
    """A load that removes an author removes the posts that name nobody else."""
    site.page("posts/one.md", "title: One\nauthors: [ann]")
    site.page("posts/two.md", "title: Two\nauthors: [bob]")
    site.load()
    site.write("authors.yml", "bob:\n  name: Bob\n")
    report = site.load()
    assert ("ERROR", "REFERENCE_DANGLING", "posts/one.md") in told(report)
    assert titles(site) == ["Two"]
    site.write("authors.yml", "ann:\n  name: Ann\nbob:\n  name: Bob\n")
    assert site.load().problems == ()
    assert titles(site) == ["One", "Two"]


def test_refusals_go_on_until_none_is_left(make: Callable[[str], SiteFolder]) -> None:
    """Each entry names the one before it; without the first, none of them can be."""
    site = make(
        'type Stage @content(files: ["*.md"]) { slug: String! @from(file: NAME) @key'
        " before: Stage @ref(missing: ERROR) }"
    )
    for number in range(5):
        site.page(f"s{number}.md", f"before: s{number - 1}" if number else "")
    assert counts(site.load()) == (5, 0, 0, 0)
    site.remove("s0.md")
    report = site.load()
    assert told(report) == [("ERROR", "REFERENCE_DANGLING", f"s{number}.md") for number in range(1, 5)]
    assert counts(report) == (0, 0, 5, 0)


def test_hidden_entries_are_no_entries(site: SiteFolder) -> None:
    """They are counted, and in nothing else; references to them lead nowhere."""
    site.page("posts/one.md", "title: One\nauthors: [ann]\nrelated: [two]")
    site.page("posts/two.md", "title: Two\nauthors: [ann]\ntags: [x]\ndraft: true")
    report = site.load()
    assert (report.hidden, counts(report)) == (1, (4, 0, 0, 0))
    assert told(report) == [("WARNING", "REFERENCE_DANGLING", "posts/one.md")]
    assert site.query("SELECT count(*) FROM tag") == [(0,)]
    assert site.query("SELECT count(*) FROM s1_word WHERE word = 'two'") == [(0,)]
    assert site.load().hidden == 1


@pytest.mark.parametrize("force", [False, True])
def test_hiding_is_a_removal_and_no_shrinking(site: SiteFolder, *, force: bool) -> None:
    """A form that is hidden does not fall back, and any number of entries may hide in one load."""
    for number in range(5):
        site.page(f"posts/p{number}.md", f"title: P{number}\nauthors: [ann]")
    site.write("site.yml", "title: A site\n")
    site.load()
    for number in range(4):
        site.page(f"posts/p{number}.md", f"title: P{number}\nauthors: [ann]\ndraft: true")
    report = site.load(allow_shrink=False, force=force)
    assert (report.removed, report.hidden, titles(site)) == (4, 4, ["P4"])


def test_own_file_of_a_grouped_entry_comes_first(site: SiteFolder) -> None:
    """What only references name is there too; without its file, an entry is again what they say."""
    site.page("posts/one.md", "title: One\nauthors: [ann]\ntags: [go, rust]")
    site.write("tags/go.yml", "slug: go\ntitle: The Go language\n")
    site.write("tags/idle.yml", "slug: idle\ntitle: Nobody names it\n")
    tags = "SELECT slug, title, post_count, entry_path FROM tag ORDER BY slug"
    own = [
        ("go", "The Go language", 1, "tags/go.yml"),
        ("idle", "Nobody names it", 0, "tags/idle.yml"),
        ("rust", "rust", 1, ""),
    ]
    report = site.load()
    assert (site.query(tags), report.added) == (own, 6)
    site.remove("tags/go.yml")
    site.remove("tags/idle.yml")
    site.load()
    assert site.query(tags) == [("go", "go", 1, ""), ("rust", "rust", 1, "")]
    site.write("tags/go.yml", "slug: go\ntitle: The Go language\n")
    site.write("tags/idle.yml", "slug: idle\ntitle: Nobody names it\n")
    site.load()
    assert site.query(tags) == own
    site.remove("posts/one.md")
    site.load()
    assert site.query(tags) == [("go", "The Go language", 0, "tags/go.yml"), own[1]]


def test_duplicate_of_another_key_has_a_code_of_its_own(site: SiteFolder) -> None:
    """Every key is unique, whatever it is called; both entries are named, and their file once."""
    site.write("authors.yml", "ann:\n  name: Ann\nbob:\n  name: Ann\n")
    report = site.load()
    assert told(report)[0] == ("ERROR", "DUPLICATE_KEY_VALUE", "authors.yml")
    said = "The name Ann stands in this file more than once. Give each Author a name of its own."
    assert (report.problems[0].line, report.problems[0].message) == (4, said)
    assert site.query("SELECT count(*) FROM author") == [(0,)]
    site.write("authors.yml", "ann:\n  name: Ann\nbob:\n  name: Bob\n")
    assert counts(site.load())[:3] == (2, 0, 0)


def test_item_that_is_gone_from_its_file_is_gone(site: SiteFolder) -> None:
    """And one that takes its key under another name clashes with nobody."""
    site.load()
    site.write("authors.yml", "anna:\n  name: Ann\nbob:\n  name: Bob\n")
    assert counts(site.load()) == (1, 0, 1, 2)
    assert site.query("SELECT slug FROM author ORDER BY slug") == [("anna",), ("bob",)]


def test_item_with_an_error_keeps_its_last_good_form(site: SiteFolder) -> None:
    """The other items of its file do not."""
    site.load()
    site.write("authors.yml", "ann:\n  name: Anne\nbob:\n  name: []\n")
    report = site.load()
    assert counts(report) == (0, 1, 0, 2)
    assert site.query("SELECT name FROM author ORDER BY name") == [("Anne",), ("Bob",)]


def test_key_of_several_fields_is_one_key(make: Callable[[str], SiteFolder]) -> None:
    """Only all of them together must differ."""
    site = make("""
    type Page @content(files: ["*.md"]) @key(name: "place", fields: ["folder", "number"]) {
      slug: String! @from(file: NAME) @key
      folder: String! @filter
      number: Int! @filter
    }
    """)
    site.page("a.md", "folder: x\nnumber: 1")
    site.page("b.md", "folder: x\nnumber: 2")
    site.page("c.md", "folder: y\nnumber: 1")
    assert (site.load().problems, site.load().unchanged) == ((), 3)
    site.page("d.md", "folder: x\nnumber: 1")
    report = site.load()
    assert told(report) == [("ERROR", "DUPLICATE_KEY_VALUE", "a.md"), ("ERROR", "DUPLICATE_KEY_VALUE", "d.md")]
    said = "The folder x, number 1 also stands in d.md. Give each Page other values."
    assert (report.problems[0].line, report.problems[0].message) == (2, said)
    assert site.query("SELECT slug FROM page ORDER BY slug") == [("a",), ("b",), ("c",)]
    site.page("a.md", "folder: y\nnumber: 3")
    assert site.load().problems == ()
    assert site.query("SELECT slug FROM page ORDER BY slug") == [("a",), ("b",), ("c",), ("d",)]


def test_version_changes_with_the_entry_and_where_its_references_lead(site: SiteFolder) -> None:
    """And with nothing else; the moment of an entry is that of its version."""

    def versions() -> dict[str, tuple[str, str]]:
        rows = site.query("SELECT slug, entry_version, entry_updated_at FROM post")
        return {slug: (version, moment) for slug, version, moment in rows}

    site.page("posts/one.md", "title: One\nauthors: [ann]\nrelated: [two]")
    site.page("posts/three.md", "title: Three\nauthors: [ann]")
    site.load()
    first = versions()
    site.page("posts/two.md", "title: Two\nauthors: [ann]")
    site.load()
    second = versions()
    assert second["three"] == first["three"]
    assert second["one"][0] != first["one"][0]
    assert second["one"][1] > first["one"][1]
    site.page("posts/two.md", "title: Two again\nauthors: [ann]")
    site.load(force=True)
    third = versions()
    assert (third["one"], third["three"]) == (second["one"], second["three"])
    assert third["two"][0] != second["two"][0]
    site.remove("posts/two.md")
    site.load()
    assert versions()["one"][0] == first["one"][0]


def test_other_model_is_built_anew(site: SiteFolder) -> None:
    """Every file is read again by it; what it declares alike keeps its last good form."""
    site.page("posts/one.md", "title: One\nauthors: [ann]")
    before = site.load()
    site.write("authors.yml", "ann: [\n")
    site.model(BLOG.replace("type Site", 'type Extra @content(files: ["x/*.yml"]) { n: Int! @key }\ntype Site'))
    report = site.load()
    assert [code for _, code, _ in told(report)] == ["INVALID_YAML", "NO_FILES"]
    assert counts(report) == (0, 0, 0, 4)
    assert report.version != before.version
    assert site.query("SELECT name, post_count FROM author ORDER BY name") == [("Ann", 1), ("Bob", 0)]
    site.model(BLOG.replace("slug: String! @from(file: KEY) @key", "slug: String! @from(file: KEY) @key @filter"))
    report = site.load()
    assert counts(report)[2] == 3
    assert site.query("SELECT count(*) FROM author") == [(0,)]


def test_renamed_file_is_no_change_where_the_model_does_not_show_it(make: Callable[[str], SiteFolder]) -> None:
    """Where a file lies is not part of its entry."""
    site = make('type Page @content(files: ["**/*.md"]) { slug: String! @key }')
    site.page("a.md", "slug: s")
    version = site.load().version
    (site.root / "a.md").rename(site.root / "b.md")
    report = site.load()
    assert (report.version, report.published) == (version, False)
    assert site.query("SELECT entry_path FROM page") == [("b.md",)]


def test_file_that_two_types_claim_is_a_problem(make: Callable[[str], SiteFolder]) -> None:
    """It is nobody's then."""
    site = make(
        'type Page @content(files: ["*.md"]) { slug: String! @key }\n'
        'type Post @content(files: ["p*.md"]) { slug: String! @key }'
    )
    site.page("a.md", "slug: s")
    site.page("p.md", "slug: t")
    report = site.load()
    assert [path for _, _, path in told(report)] == ["p.md"]
    assert report.added == 1
