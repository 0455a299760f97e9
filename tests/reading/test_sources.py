"""A field's value comes from where `@from` says, in its order, and is made of what is found as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.slugs import slug

from .seed_files import faults_of, read_files, values_of

if TYPE_CHECKING:
    from pathlib import Path


def page(fields: str) -> str:
    return f'type Page @content(files: ["**/*.md"]) {{ path: String! @from(file: PATH) @key {fields} }}'


def front(*lines: str, body: str = "") -> str:
    return "---\n" + "".join(f"{line}\n" for line in lines) + f"---\n{body}"


@pytest.mark.parametrize("key", ["readMore", "read_more", "read-more"])
def test_key_of_a_field_may_be_spelt_in_three_ways(tmp_path: Path, key: str) -> None:
    """camelCase, snake_case and kebab-case are one key."""
    assert values_of(tmp_path, page("readMore: String"), front(f"{key}: x")).readMore == "x"


def test_first_source_that_is_there_and_not_empty_counts(tmp_path: Path) -> None:
    """An empty text, list or mapping is passed over."""
    model = page('a: String @from(key: "x") @from(key: "y") @from(key: "z")')
    assert values_of(tmp_path, model, front('x: ""', "y: ", "z: last")).a == "last"
    assert values_of(tmp_path, model, front("x: first", "y: second", "z: last")).a == "first"


def test_first_source_that_is_there_counts_even_if_it_is_bad(tmp_path: Path) -> None:
    """It is told once, and nothing else is tried: the author must mend it anyway."""
    model = page('a: Int @from(key: "x") @from(key: "more.y")')
    found = faults_of(tmp_path, model, front("x: bad", "more: {y: worse}"))
    assert [(code, message.split("`")[1]) for code, _, message in found] == [("WRONG_TYPE", "x")]


def test_dots_lead_into_mappings_and_unknown_keys_there_are_told(tmp_path: Path) -> None:
    """What else stands in such a mapping is unknown."""
    model = page('a: String @from(key: "meta.open.title")')
    assert values_of(tmp_path, model, front("meta:", "  open:", "    title: x")).a == "x"
    assert values_of(tmp_path, model, front("meta: text")).a is None
    found = faults_of(tmp_path, model, front("meta:", "  open:", "    title: x", "    other: y", "  more: z"))
    assert [(code, line, message.split("`")[1]) for code, line, message in found] == [
        ("UNKNOWN_KEY", 5, "meta.open.other"),
        ("UNKNOWN_KEY", 6, "meta.more"),
    ]


@pytest.mark.parametrize(
    ("path", "name", "folder", "route"),
    [
        ("blog/2024/rome.md", "rome", "2024", "blog/2024/rome"),
        ("blog/rome/index.md", "rome", "rome", "blog/rome"),
        ("blog/_index.md", "blog", "blog", "blog"),
        ("a.b.md", "a.b", None, "a.b"),
        ("index.md", "index", None, ""),
    ],
)
def test_parts_of_a_file_are_values(tmp_path: Path, path: str, name: str, folder: str | None, route: str) -> None:
    """An index stands for its folder, but at the top, where there is none."""
    model = page(
        "name: String @from(file: NAME) folder: String @from(file: FOLDER) "
        "route: String! @from(file: ROUTE) body: String @from(file: BODY)"
    )
    page_values = values_of(tmp_path, model, front(body="\ntext\n"), path)
    assert (page_values.path, page_values.name, page_values.folder, page_values.route) == (path, name, folder, route)
    assert page_values.body == "text"


def test_templates_of_templates_do_not_multiply(tmp_path: Path) -> None:
    """Sixty of them that double each other's text would fill any memory."""
    chain = " ".join(f'c{at}: String @from(template: "{{c{at + 1}}}{{c{at + 1}}}")' for at in range(60))
    found = faults_of(tmp_path, page(f"{chain} c60: String"), front("c60: ab"))
    assert [code for code, _, _ in found] == ["INVALID_VALUE"]
    assert "more than 10,000 characters" in found[0][2]


def test_templates_of_a_named_entry_do_not_multiply(tmp_path: Path) -> None:
    """The text of a reference is as long as its author likes."""
    tag = 'type Tag @grouped { slug: String! @key t: String @from(template: "{slug}{slug}") }'
    found = faults_of(tmp_path, page("tags: [Tag!]!") + tag, front(f"tags: [{'a' * 6_000}]"))
    assert [code for code, _, _ in found] == ["INVALID_VALUE"]


def test_template_puts_values_of_other_fields_together(tmp_path: Path) -> None:
    """Dots lead into dates, groups and references; where a part is absent, so is the whole."""
    model = page(
        'url: String @from(template: "/{date.year}/{date.month}/{day}-{seo.slug}/{tag}") day: Int date: DateTime '
        "seo: Seo tag: Tag"
    )
    model += "type Seo { slug: String } type Tag @grouped { slug: String! @from(slug: true) @key }"
    text = front("date: 2024-03-09", "day: 7", "seo:", "  slug: x", "tag: A B")
    assert values_of(tmp_path, model, text).url == "/2024/03/7-x/a-b"
    assert values_of(tmp_path, model, front("date: 2024-03-09")).url is None


def test_field_may_be_taken_from_another_one_wherever_that_stands(tmp_path: Path) -> None:
    """Fields are read in the order in which they need each other; a wrong one is told once."""
    model = page(
        'b: String @from(field: "a", like: "{}-*") a: String @from(field: "c") c: String! '
        'n: Int @from(field: "m") m: Int'
    )
    values = values_of(tmp_path, model, front("c: x-y", "m: 0"))
    assert (values.a, values.b, values.n) == ("x-y", "x", 0)
    assert [code for code, _, _ in faults_of(tmp_path, model, front("c: [x]"))] == ["WRONG_TYPE"]


@pytest.mark.parametrize(
    ("arguments", "value", "wanted"),
    [
        ('like: "{}min"', "35min", "35"),
        ('like: "{}min"', "long", None),
        ('like: "/a/{}/*"', "/a/b/c", "b"),
        ('like: "/a/{}/*"', "/a/b/c?d", None),
        ('like: "/a/{}/*"', "/a/../c", None),
        ('like: "/a/{**}"', "/a/b/c", "b/c"),
        ("slug: true", "What’s C++ & Ärger?", "whats-cplusplus-arger"),
        ("escapes: true", r"one\ntwo", "one\ntwo"),
    ],
)
def test_value_is_made_of_what_is_found(tmp_path: Path, arguments: str, value: str, wanted: str | None) -> None:
    """A part of it, as a slug, with its escapes undone."""
    model = page(f'a: String @from(key: "a", {arguments})')
    assert values_of(tmp_path, model, front(f"a: '{value}'")).a == wanted


def test_text_is_split_into_a_list(tmp_path: Path) -> None:
    """Items are trimmed, empty ones dropped; a list stays a list, and slugs are made of each."""
    model = page('a: [String!]! @from(key: "a", split: ",") b: [String!] @from(key: "b", split: ";", slug: true)')
    values = values_of(tmp_path, model, front("a: x, ,y z,", "b: A B; C"))
    assert (values.a, values.b) == (["x", "y z"], ["a-b", "c"])
    values = values_of(tmp_path, model, front("a: [x, 'y, z']", "b: ' ; '"))
    assert (values.a, values.b) == (["x", "y", "z"], None)


def test_numbered_keys_are_a_list_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """The placeholder fills the field of its name; gaps are fine, and what does not match is unknown."""
    model = page('links: [Link!]! @from(keys: "link{at}")') + "type Link { at: Int! url: String! }"
    text = front("link10:", "  url: ten", "link2:", "  url: two", "link3: ", "links: x")
    seed = read_files(tmp_path, model, {"a.md": text})["a.md"]
    assert seed.entries[0].values[1] == ((2, "two"), (10, "ten"))
    assert [problem.message.split("`")[1] for problem in seed.problems] == ["links"]


def test_named_keys_are_a_list_in_the_order_of_the_file(tmp_path: Path) -> None:
    """A prefix with dots leads to the mapping whose keys they are; an item may be a text."""
    model = page('hours: [Hours!]! @from(keys: "open.{day}")')
    model += 'type Hours { day: String! at: String @from(key: ".") }'
    values = values_of(tmp_path, model, front("open:", "  sunday: never", "  mon: 9-12"))
    assert [(hours.day, hours.at) for hours in values.hours] == [("sunday", "never"), ("mon", "9-12")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Machine Learning", "machine-learning"),
        ("  C#  ", "csharp"),
        ("C", "c"),
        ("Don't_stop!", "dont-stop"),
        ("Straße 5 ①", "strasse-5-1"),
        ("日本 語", "日本-語"),
        ("Привет", "привет"),
        ("🚀", "1f680"),
        ("  ", ""),
    ],
)
def test_slug_keeps_letters_of_every_script_and_never_gets_lost(text: str, wanted: str) -> None:
    """Two different names should not meet, and a name never becomes nothing."""
    assert slug(text) == wanted


@pytest.mark.parametrize("key", ["readMore", "read_more", "read-more"])
def test_empty_text_is_one_however_its_key_is_spelt(tmp_path: Path, key: str) -> None:
    """It is there, as it is under a key of one word."""
    assert values_of(tmp_path, page("readMore: String"), front(f'{key}: ""')).readMore == ""
    assert values_of(tmp_path, page("readMore: Int"), front(f'{key}: ""')).readMore is None
