"""Guesses: what each of the rules makes of files that were written for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.inference.infer import infer
from graphql_api.inference.mending import mended
from graphql_api.model.globs import Globs
from graphql_api.model.language import read_model
from tests.inference.guessing import guessed, write_files

if TYPE_CHECKING:
    from pathlib import Path


def posts(*fronts: str, folder: str = "posts") -> dict[str, str]:
    """Return files with front matter, one for each text."""
    return {f"{folder}/post-{number}.md": f"---\n{front}\n---\nText.\n" for number, front in enumerate(fronts)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("true", "false"), "Boolean!"),
        (("1", "-20"), "Int!"),
        (("1", "2.5"), "Float!"),
        (('"1"', '"2"'), "String!"),
        (("012", "013"), "String!"),
        (("99999999999", "1"), "String!"),
        (("2024-01-31", "2023-12-01"), "Date!"),
        (("2024-01-31", "2023-12-01T08:00:00+02:00"), "DateTime!"),
        (("2024-01-31 08:00", "2024-02-01 09:00"), "String!"),
        (("2024-02-30", "2024-02-01"), "String!"),
        (("a.png", "b.WEBP"), "Image!"),
        (("{src: a.png}", "{src: b.png, alt: B}"), "Image!"),
        (("a.png", "{src: b.png}"), "Image!"),
        (("https://example.org", "/a/b"), "Url!"),
        (("https://example.org", "example.org"), "String!"),
        (("yes", "no"), "String!"),
        (("[1, 2]", "[3]"), "[Int!]!"),
        (("one", "[two, three]"), "[String!]!"),
        (("[[1, 2], [3, 4]]", "[[5, 6]]"), "[[Int!]!]!"),
        (("{a: 1}", "7"), "JSON!"),
        (("{a: 1, b: 2}", "{a: 3}"), "X!"),
        (("{name: a, n: 1}", "b"), "X!"),
        (("{column: a, n: 1}", "b", "{column: c}"), "X!"),
        (("{one: a, two: b}", "c"), "JSON!"),
        (("[{name: null, n: 1}]", "[b]"), "JSON!"),
        (("~", "2024-01-01"), "Date"),
        (('""', "text"), "String"),
        (("[]", "[a]"), "[String!]!"),
        (("12K", "3K"), "String!"),
    ],
)
def test_type_follows_from_all_values(tmp_path: Path, values: tuple[str, ...], expected: str) -> None:
    """Absent, null and empty are nothing; the others decide together."""
    found = guessed(tmp_path, posts(*(f"title: T{index}\nx: {value}" for index, value in enumerate(values))))
    assert found.line("Post", "x").split(" @")[0] == f"x: {expected}"
    assert (found.errors, found.unclaimed) == ((), ())


def test_number_with_one_unit_is_a_number(tmp_path: Path) -> None:
    """ "35min" is 35; two units are texts."""
    found = guessed(tmp_path, posts("a: 35min\nb: 35min", "a: 5min\nb: 1h"))
    assert found.line("Post", "a").startswith('a: Int! @from(key: "a", like: "{}min")')
    assert found.line("Post", "b").startswith("b: String!")
    assert found.errors == ()


def test_text_with_marks_is_markdown_and_breaks_on_one_line_are_escapes(tmp_path: Path) -> None:
    """Long texts with marks; a text of one line with a written break in it is unescaped."""
    long = "A **bold** word, and a [link](https://example.org), in a text that goes on and on for a while, to its end."
    found = guessed(tmp_path, posts(f"a: '{long}'\nb: '{long} \\n\\nMore.'", f"a: '{long}'\nb: '{long} \\n- one'"))
    assert found.line("Post", "a") == "a: RichText! @search"
    assert found.line("Post", "b").startswith('b: RichText! @from(key: "b", escapes: true)')


def test_few_short_texts_that_come_often_are_a_choice(tmp_path: Path) -> None:
    """Two to eight values, each four times on average; what people are called is none."""
    fronts = [f"grade: {grade}\nauthor: {grade}" for grade in ("easy", "hard") for _ in range(4)]
    found = guessed(tmp_path, posts(*fronts))
    assert found.line("Post", "grade") == "grade: Grade! @filter @facet"
    assert found.model.choices["Grade"].values == {"EASY": "EASY", "HARD": "HARD"}
    assert found.line("Post", "author") == "author: String! @filter @facet"
    assert "2 values: a choice?" in found.why("Post", "grade")


def test_spellings_that_are_no_names_are_kept(tmp_path: Path) -> None:
    """An enum's value says how it stands in files."""
    found = guessed(tmp_path, posts(*(f"kind: {kind}" for kind in ("2-page spread", "C#/F#") for _ in range(4))))
    assert set(found.model.choices["Kind"].values.values()) == {"2-page spread", "C#/F#"}
    assert found.errors == ()


def test_keys_in_any_spelling_are_fields_in_camel_case(tmp_path: Path) -> None:
    """What the name alone does not say is said."""
    found = guessed(tmp_path, posts("page_title: a\nside-note: b\nOG Image: c\nSEO: d\n1st: e\nцвет: f\nid: 3"))
    lines = [
        found.line("Post", name) for name in ("pageTitle", "sideNote", "ogImage", "seo", "n1st", "field6", "postId")
    ]
    assert lines[:2] == ["pageTitle: String!", "sideNote: String!"]
    assert lines[2:6] == [
        'ogImage: String! @from(key: "OG Image")',
        'seo: String! @from(key: "SEO")',
        'n1st: String! @from(key: "1st")',
        'field6: String! @from(key: "цвет")',
    ]
    assert lines[6].startswith('postId: Int! @from(key: "id")')
    assert found.errors == ()


def test_two_spellings_of_one_key_are_one_field(tmp_path: Path) -> None:
    """`linkTitle` here and `linktitle` there are both read."""
    found = guessed(tmp_path, posts("linkTitle: a", "linktitle: b"))
    assert found.line("Post", "linkTitle").startswith(
        'linkTitle: String! @from(key: "linkTitle") @from(key: "linktitle")'
    )
    assert found.errors == ()


def test_what_a_program_needs_is_left_out_and_content_is_not(tmp_path: Path) -> None:
    """A constant author is content; so is a question that always equals the title."""
    fronts = (f"layout: post\n_x: 1a\ntitle: T{n}\npage_title: T{n}\nquestion: T{n}\nauthor: A" for n in range(4))
    found = guessed(tmp_path, posts(*fronts))
    assert found.model.entry_types["Post"].ignore == {"layout", "_x", "page_title"}
    assert [each.name for each in found.model.entry_types["Post"].fields] == [
        "slug",
        "title",
        "question",
        "author",
        "body",
    ]
    assert "# left out: `page_title`, always equal to `title`" in found.text


def test_numbered_keys_with_mappings_are_a_list(tmp_path: Path) -> None:
    """Each with its number."""
    found = guessed(tmp_path, posts("link1: {to: a}\nlink2: {to: b}", "link2: {to: c}"))
    assert found.line("Post", "links") == 'links: [Link!]! @from(keys: "link{position}")'
    assert [str(each.type) for each in found.model.groups["Link"].fields] == ["Int!", "String!"]
    assert found.errors == ()


def test_mapping_by_names_of_things_is_a_list(tmp_path: Path) -> None:
    """Keys that are no names, with values of one shape."""
    found = guessed(tmp_path, posts("sizes: {'S / M': {cm: 3}, 'L / XL': {cm: 4}}\nscores: {'1 a': 2, '2 b': 3}"))
    assert found.line("Post", "sizes") == 'sizes: [Size!]! @from(keys: "sizes.{name}")'
    assert [each.name for each in found.model.groups["Size"].fields] == ["name", "cm"]
    assert [str(each.type) for each in found.model.groups["Score"].fields] == ["String!", "Int!"]
    assert found.errors == ()


def test_groups_of_equal_keys_are_one_type(tmp_path: Path) -> None:
    """Wherever they stand; texts in several languages are another."""
    found = guessed(
        tmp_path,
        {
            **posts("a: {en: x, fr: y}\nlink: {label: a, href: /a}"),
            "site.yml": "b: {en: x, zh_hk: z}\nlinks:\n- {label: b, href: /b}\n- {label: c, href: /c}\n",
        },
    )
    assert [each.name for each in found.model.groups["Translated"].fields] == ["en", "fr", "zhHk"]
    assert found.line("Post", "link") == "link: Link!"
    assert found.line("Site", "links") == "links: [Link!]!"
    assert set(found.model.groups) == {"Translated", "Link"}


def test_lists_told_apart_by_a_key_are_a_union(tmp_path: Path) -> None:
    """Also where blocks hold blocks; and a key that decides nothing is a value."""
    blocks = "blocks:\n- {_type: hero, title: a}\n- {_type: columns, blocks: [{_type: hero, title: b}]}\n"
    plain = "links:\n- {type: x, url: /a}\n- {type: y, url: /b}"
    found = guessed(tmp_path, {**posts(blocks + plain), "about.md": "---\nblocks: [{_type: hero, title: c}]\n---\n"})
    assert found.model.unions["Block"].members == {"hero": "Hero", "columns": "Columns"}
    assert found.line("Columns", "blocks") == "blocks: [Block!]!"
    assert found.line("Post", "links") == "links: [Link!]!"
    assert found.errors == ()


def test_weak_key_that_decides_over_the_others_makes_a_union(tmp_path: Path) -> None:
    """`type` alone is enough if each type has keys of its own."""
    found = guessed(tmp_path, posts("parts:\n- {type: text, words: a}\n- {type: photo, src: a.png, credit: b}"))
    assert set(found.model.unions["Part"].members) == {"text", "photo"}
    assert found.errors == ()


def test_bundles_belong_to_the_folder_above_and_sections_together(tmp_path: Path) -> None:
    """`index.md` alone in its folder is an entry; all `_index.md` are one type."""
    files = {f"posts/{name}/index.md": f"---\ntitle: {name}\ndate: 2024-01-01\n---\nText" for name in ("a", "b", "c")}
    files |= {f"{folder}/_index.md": "---\ntitle: All\n---\n" for folder in ("posts", "talks")}
    files |= {"talks/one.md": "---\ntitle: One\nspeaker: S\nroom: 3\n---\n"}
    found = guessed(tmp_path, files)
    assert found.inferred.types == (("Section", 2), ("Post", 3), ("Talk", 1))
    assert found.line("Post", "slug").startswith("slug: String! @from(file: NAME) @key")
    assert found.unclaimed == ()


def test_file_unlike_its_folder_stands_alone(tmp_path: Path) -> None:
    """And the globs of the others leave it out."""
    files = posts(*(f"title: T{n}\ndate: 2024-01-0{n + 1}\ntags: [a]" for n in range(4)))
    found = guessed(tmp_path, {**files, "posts/LICENSE.md": "Free to use."})
    assert found.inferred.types == (("License", 1), ("Post", 4))
    assert found.unclaimed == ()


def test_one_odd_file_is_an_exception_in_its_folder(tmp_path: Path) -> None:
    """Files to come are like the others."""
    files = {f"_clients/c{n}.md": f"---\nname: N{n}\nlogo: l.png\nsince: 2000\n---\n" for n in range(4)}
    found = guessed(tmp_path, {**files, "_clients/_defaults.md": "---\nsort: false\n---\n"})
    assert found.model.entry_types["Client"].globs == ("_clients/*.md", "!_clients/_defaults.md")
    assert found.inferred.types == (("Defaults", 1), ("Client", 4))


def test_folders_of_years_are_no_types(tmp_path: Path) -> None:
    """Nor are those of months."""
    months = ("2022/01", "2022/12", "2024/03")
    found = guessed(tmp_path, {f"blog/{month}/a{n}.md": f"---\nt{n}: 1\n---\nx" for n, month in enumerate(months)})
    assert found.inferred.types == (("Post", 3),)


def test_folders_of_two_kinds_of_entries_are_two_types(tmp_path: Path) -> None:
    """However alike their keys are: authors are no tags."""
    files = {f"content/{folder}/{n}.md": "---\nname: a\n---\n" for folder in ("authors", "tags") for n in "ab"}
    found = guessed(tmp_path, {**files, "README.md": "Text"})
    assert found.inferred.types == (("Readme", 1), ("Author", 2), ("Tag", 2))


def test_new_file_in_a_folder_is_of_its_type(tmp_path: Path) -> None:
    """The globs are those of folders, not of files."""
    found = guessed(tmp_path, posts("title: a", "title: b"))
    (tmp_path / "posts/deep").mkdir()
    (tmp_path / "posts/deep/new.md").write_text("---\ntitle: c\n---\n")
    assert Globs(found.model.entry_types["Post"].globs).matches("posts/deep/new.md")
    assert infer(tmp_path).types == (("Post", 3),)


def test_file_names_lose_their_dates_and_numbers(tmp_path: Path) -> None:
    """Where nine in ten have one."""
    dated = {f"_posts/2024-0{n}-01-word-{n}.md": f"---\ntitle: T{n}\n---\n" for n in range(1, 4)}
    numbered = {f"guide/{n}.step-{n}.md": f"---\nheading: T{n}\nicon: i{n}\n---\n" for n in range(8, 12)}
    found = guessed(tmp_path, {**dated, **numbered})
    assert found.line("Post", "slug").startswith('slug: String! @from(file: NAME, like: "????-??-??-{}") @key')
    assert found.line("Guide", "slug").startswith('slug: String! @from(file: NAME, like: "*.{}") @key')
    assert found.errors == ()


def test_names_that_repeat_make_the_path_the_key(tmp_path: Path) -> None:
    """Two files of one name in two folders."""
    found = guessed(tmp_path, {f"docs/{folder}/intro.md": "---\ntitle: a\nx: 1\n---\n" for folder in ("a", "b")})
    assert found.line("Doc", "path").startswith("path: String! @from(file: ROUTE) @key")


def test_slug_that_only_some_files_have_falls_back_on_the_name(tmp_path: Path) -> None:
    """As the generators do it."""
    found = guessed(tmp_path, posts("slug: other", "title: b"))
    assert found.line("Post", "slug").startswith('slug: String! @from(key: "slug") @from(file: NAME) @key')
    assert found.errors == ()


def test_parts_of_urls_are_taken(tmp_path: Path) -> None:
    """The last is the slug; one that a key spells is a grouped type."""
    fronts = [
        f"url: /learn/{s}/notes/n{n}\nsubject: {s.title()}\ntitle: N{n}" for n in range(3) for s in ("maths", "art")
    ]
    found = guessed(tmp_path, posts(*fronts))
    assert found.line("Post", "subject").startswith('subject: Subject! @from(field: "url", like: "/learn/{}/notes/*")')
    assert found.line("Post", "slug").startswith('slug: String! @from(field: "url", like: "/learn/*/notes/{}")')
    assert found.model.entry_types["Subject"].is_grouped
    assert found.errors == ()


def test_body_that_stands_in_for_a_text_is_its_second_source(tmp_path: Path) -> None:
    """The key is absent exactly where there is a body."""
    long = "A **bold** word in a text that goes on and on for a while, until it has come to its end, at last."
    files = {"notes/a.md": f"---\nanswer: '{long}'\n---\n", "notes/b.md": "---\ntitle: b\n---\nThe answer.\n"}
    found = guessed(tmp_path, files)
    assert found.line("Note", "answer").startswith('answer: RichText! @from(key: "answer") @from(file: BODY)')
    assert found.errors == ()


def test_items_of_a_list_and_of_a_mapping_are_entries(tmp_path: Path) -> None:
    """By their own keys; a mapping of unlike mappings is one entry."""
    found = guessed(
        tmp_path,
        {
            "people.yml": "jane: {name: Jane, age: 3}\njoe: {name: Joe, age: 4}\n",
            "shops.json": '[{"city": "A", "code": "x"}, {"city": "B", "code": "y"}]',
            "numbers.json": "[1, 2, 3]",
            "site.toml": "[seo]\ntitle = 'a'\n[nav]\nopen = true\nitems = ['b']\n",
        },
    )
    assert dict(found.inferred.types) == {"Person": 2, "Shop": 2, "Number": 3, "Site": 1}
    assert found.line("Person", "slug").startswith("slug: String! @from(file: KEY) @key")
    assert found.line("Shop", "code").startswith("code: String! @key")
    assert found.line("Number", "value").startswith('value: Int! @from(key: ".")')
    assert (found.errors, found.unclaimed) == ((), ())


def test_values_that_name_entries_are_references(tmp_path: Path) -> None:
    """By slug, by title or by a path; the own name aside; with how many do."""
    files = {f"authors/{name}.yml": f"name: {name.title()} Doe\n" for name in ("ann", "bob")}
    files |= posts(
        "author: ann\neditor: Ann Doe\nwriter: content/authors/bob.yml\nid_of_file: post-0\nparent: post-1",
        "author: bob\neditor: Bob Doe\nwriter: content/authors/ann.yml\nid_of_file: post-1\nparent: post-0",
        "author: nobody\neditor: Bob Doe\nwriter: content/authors/ann.yml\nid_of_file: post-2",
    )
    found = guessed(tmp_path, files)
    assert found.line("Post", "author") == "author: Author @filter @facet"
    assert "slug of Author in 2 of 3" in found.why("Post", "author")
    assert found.line("Post", "editor") == 'editor: Author! @ref(by: "name", missing: ERROR) @filter @facet'
    assert found.line("Post", "writer").startswith(
        'writer: Author! @from(key: "writer", like: "content/authors/{}.yml")'
    )
    assert found.line("Post", "idOfFile").startswith("idOfFile: String!")
    assert found.line("Post", "parent") == "parent: Post @filter @facet"
    assert found.line("Author", "posts") == 'posts: [Post!]! @back(of: "Post.author")'
    assert found.errors == ()


def test_url_in_a_group_gets_the_entry_that_it_leads_to(tmp_path: Path) -> None:
    """Beside it: what leads nowhere can be shown all the same."""
    fronts = [
        f"url: /n/{n}\nsee:\n- {{label: x, url: /n/{(n + 1) % 4}/}}\n- {{label: y, url: /n/{(n + 2) % 4}}}"
        for n in range(4)
    ]
    found = guessed(tmp_path, posts(*fronts, folder="notes"))
    assert found.line("See", "note") == 'note: Note @from(key: "url") @ref(missing: KEEP)'
    assert found.line("See", "status") == 'status: ReferenceStatus! @from(field: "note")'
    assert found.errors == ()


def test_lists_of_texts_that_repeat_are_entries_of_their_own(tmp_path: Path) -> None:
    """Tags; steps, however often one comes again, are none."""
    found = guessed(tmp_path, posts("tags: [a, b]\nsteps: [mix, stir]", "tags: [a]\nsteps: [mix, stir]", "tags: a"))
    assert found.line("Post", "tags") == "tags: [Tag!]! @filter @facet"
    assert found.line("Tag", "slug") == "slug: String! @from(slug: true) @key"
    assert found.line("Tag", "postCount") == 'postCount: Int! @back(of: "Post.tags") @order'
    assert found.line("Post", "steps").startswith("steps: [String!]!")


def test_tags_that_a_file_lists_are_open_for_those_that_it_does_not(tmp_path: Path) -> None:
    """A type with files and @grouped: what is only named is there too."""
    listed = "rivers: {title: Rivers, text: Wet.}\nhills: {title: Hills, text: High.}\n"
    found = guessed(tmp_path, {**posts("tags: [Rivers, roads]", "tags: [roads]", "tags: [towns]"), "tags.yml": listed})
    assert found.line("Post", "tags") == "tags: [Tag!]! @filter @facet"
    assert found.line("Tag", "slug").startswith("slug: String! @from(file: KEY) @from(slug: true) @key")
    assert found.line("Tag", "text") == "text: String"
    assert found.model.entry_types["Tag"].is_grouped
    assert found.errors == ()


def test_facets_of_one_name_are_of_one_type(tmp_path: Path) -> None:
    """The second type gets one of its own."""
    files = posts(*(f"author: A{n % 2}\ntitle: T{n}" for n in range(8)))
    files |= {f"talks/{n}.md": f"---\nauthor: ann\nroom: r{n}\n---\n" for n in range(4)}
    files |= {"authors/ann.yml": "name: Ann\nage: 3\n", "authors/bob.yml": "name: Bob\nage: 3\n"}
    found = guessed(tmp_path, files)
    assert found.line("Post", "author") == "author: String! @filter @facet"
    assert found.line("Talk", "author").endswith('@facet(name: "talkAuthor")')


def test_default_order_is_the_newest_then_the_place_then_the_title(tmp_path: Path) -> None:
    """One of them; a Boolean that could hide says so."""
    found = guessed(
        tmp_path,
        {
            **posts("title: a\ndate: 2024-01-01\nweight: 3\ndraft: true\npublished: false"),
            "guides/a.md": "---\ntitle: a\nweight: 2\nlevel: 1\n---\n",
            "talks/a.md": "---\ntitle: a\nroom: x\nfloor: y\n---\n",
        },
    )
    assert found.line("Post", "date") == "date: Date! @filter @order(default: DESC) @facet(by: YEAR)"
    assert found.line("Guide", "weight") == "weight: Int! @filter @order(default: ASC)"
    assert found.line("Talk", "title") == "title: String! @order(default: ASC) @search(weight: 8)"
    assert "@hidden would keep" in found.why("Post", "draft")
    assert "@hidden(when: false) would keep" in found.why("Post", "published")


def test_several_things_with_names_that_repeat_are_asked_about(tmp_path: Path) -> None:
    """Only a person knows whether they are entries."""
    found = guessed(tmp_path, posts(*("makers: [{name: Ann, role: x}, {name: Bob, role: y}]" for _ in range(3))))
    assert "2 names in 6: entries of their own?" in found.why("Post", "makers")


def test_names_of_the_api_get_another(tmp_path: Path) -> None:
    """A folder `images`, a key `content`, a folder in another script, a name that is its own plural."""
    files = {
        f"{folder}/{n}.md": f"---\ntitle: {folder} {n}\nn{folder[:1]}: 1\n---\n"
        for n in "ab"
        for folder in ("nodes", "заметки", "news", "queries")
    }
    found = guessed(tmp_path, {**files, "queries/c.md": "---\nnode: {a: 1}\nnq: 2\ntitle: x\n---\n"})
    assert (found.errors, found.unclaimed) == ((), ())
    assert found.model.entry_types["News"].plural == "newsList"


def pages(*paths: str) -> dict[str, str]:
    """Return files with a title and a text at paths."""
    return {path: f"---\ntitle: {path}\n---\nText.\n" for path in paths}


def test_folders_of_languages_are_one(tmp_path: Path) -> None:
    """What is the same in every language is of one type, and so is the next language; each says its own."""
    languages = ("en", "de", "fr", "pt-br")
    files = pages(*(f"{each}/docs/{name}.md" for each in languages for name in ("start", "more", "end")))
    files |= posts("date: 2024-01-01", "date: 2024-01-02", "date: 2024-01-03", folder="en/blog")
    files |= posts("date: 2024-01-01", "date: 2024-01-02", folder="de/blog")
    found = guessed(tmp_path, files)
    assert (found.errors, found.unclaimed) == ((), ())
    assert found.inferred.types == (("Post", 5), ("Doc", 12))
    assert 'type Doc @content(files: ["*/docs/**/*.md"]' in found.text
    assert 'type Post @content(files: ["*/blog/**/*.md"])' in found.text
    assert found.line("Doc", "language").startswith('language: String! @from(file: PATH, like: "{}/**") @filter @facet')


def test_language_at_the_top_is_of_the_type_of_its_translations(tmp_path: Path) -> None:
    """The site's own language has no folder in many sites."""
    names = ("start", "more", "end")
    found = guessed(tmp_path, pages(*(f"{folder}docs/{name}.md" for folder in ("", "ta/", "fr/") for name in names)))
    assert (found.errors, found.unclaimed, found.inferred.types) == ((), (), (("Doc", 9),))


def test_folders_of_two_letters_are_not_always_languages(tmp_path: Path) -> None:
    """Without a translation they are folders like others."""
    found = guessed(tmp_path, pages("js/docs/one.md", "go/docs/two.md", "it/docs/three.md"))
    assert (found.errors, found.unclaimed) == ((), ())
    assert "language" not in found.text


def test_next_years_folder_is_of_the_type_of_those_before(tmp_path: Path) -> None:
    """Three folders beside each other that nothing else lies in are a pattern."""
    years = pages(*(f"blog/{year}/{month}/x-{year}.md" for year in (2023, 2024, 2025) for month in ("01", "02")))
    found = guessed(tmp_path, {**years, "blog/index.md": "# All\n", "about.md": "---\nlayout: x\n---\nText.\n"})
    assert (found.errors, found.unclaimed) == ((), ())
    assert '"blog/*/**/*.md"' in found.text


def test_lists_of_data_in_folders_of_their_own_stay_apart(tmp_path: Path) -> None:
    """Plugins are no themes, although they have the same keys."""
    files = {
        f"_data/{folder}/{name}.yml": f"name: {name}\nlink: https://example.org/{name}\n"
        for folder in ("plugins", "themes")
        for name in ("one", "two", "three", "four")
    }
    found = guessed(tmp_path, files)
    assert (found.errors, found.unclaimed, found.inferred.types) == ((), (), (("Plugin", 4), ("Theme", 4)))


@pytest.mark.parametrize(("configuration", "left"), [("config.toml", 4), ("about.md", 0)])
def test_themes_are_content_where_no_program_is(tmp_path: Path, configuration: str, left: int) -> None:
    """Beside a program's configuration such a folder is the program's; a site can be about themes."""
    files = pages(*(f"themes/{name}/index.md" for name in ("one", "two", "three")), "posts/a.md", "posts/b.md")
    found = infer(write_files(tmp_path, {**files, configuration: "title = 'x'\n"}))
    assert len(found.left_out) == left


def test_types_that_lie_among_each_other_become_one(tmp_path: Path) -> None:
    """A hundred exceptions are no pattern, and a model takes no more."""
    files = {}
    for number in range(150):
        front = "kind: a\nsize: 1\nweight: 2" if number % 2 else "name: b\nplace: c\ntown: d"
        files[f"folder-{number:03}/x{number}.md"] = f"---\n{front}\n---\nText.\n"
    found = guessed(tmp_path, files)
    assert (found.errors, found.unclaimed) == ((), ())


def test_files_of_programs_are_left_out(tmp_path: Path) -> None:
    """A JSON Schema says what files hold, and is none of them; what is too large for an entry has no type."""
    schema = '{"$schema": "https://json-schema.org/draft-07/schema", "title": "x"}'
    large = '{"name": "x", "text": "' + "long " * 60_000 + '"}'
    found = infer(write_files(tmp_path, {**posts("title: A"), "a.json": schema, "b.json": large, "nx.json": "{}"}))
    assert {path: reason.split(".")[0].split(";")[0] for path, reason in found.left_out} == {
        "a.json": "It is a JSON Schema",
        "b.json": "The file has 300025 bytes",
        "nx.json": "It is the configuration of a program",
    }


def test_warning_takes_nothing_out_of_a_guess() -> None:
    """Beside an error, which is mended: members of a union may differ, and a model says so without losing a field."""
    text = """type Page @content(files: ["*.md"]) {
  slug: String! @from(file: NAME) @key
  blocks: [Block!]!
  x: [JSON!]! @from(keys: "a.{name}")
}
union Block @block(key: "type") = Hero | Quote
type Hero {
  link: Url
}
type Quote {
  link: Url!
}
"""
    assert "  link: Url!\n" in mended(text)
    read_model(mended(text))


def test_group_of_numbered_keys_shares_no_type_with_one_that_has_no_numbers(tmp_path: Path) -> None:
    """However alike they are: the number is a field of the one, which the other has not got."""
    item = "title: T\n    parent: p{n}\n    weight: {n}\n"
    files = {f"as/{n}.md": f"---\nt: 1\nmenu:\n  part_{n}:\n    {item.format(n=n)}---\nx\n" for n in range(1, 8)}
    files |= {f"bs/{n}.md": f"---\nu: 1\nmenu:\n  whole:\n    {item.format(n=n)}---\nx\n" for n in range(1, 8)}
    found = guessed(tmp_path, files)
    assert found.line("Menu", "parts") == 'parts: [Part!]! @from(keys: "part_{position}")'
    assert found.line("BMenu", "whole") == "whole: Whole!"
    assert found.errors == ()


def test_type_of_which_nothing_is_left_is_any_value() -> None:
    """A type without fields is none, and nothing of the model could be read."""
    head = 'type A @content(files: ["*.md"]) {\n  slug: String! @from(file: NAME) @key\n  x: X!\n}\n'
    text = mended(f"{head}\ntype X {{\n  parts: [Nope!]!\n}}\n")
    assert '  value: JSON @from(key: ".")\n}' in text
    read_model(text)
