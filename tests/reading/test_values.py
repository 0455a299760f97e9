"""Values of a model's fields: what is absent, what is wrong, lists, groups, unions and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.records import Severity

from .seed_files import faults_of, read_files, values_of
from .test_sources import front, page

if TYPE_CHECKING:
    from pathlib import Path

ALL = """
type All @content(files: ["*.md"]) {
  path: String! @from(file: PATH) @key
  text: String
  name: ID
  number: Int
  score: Float
  yes: Boolean
  day: Date
  moment: DateTime
  link: Url
  any: JSON
  mood: Mood
  body: RichText @from(file: BODY)
}
enum Mood { GOOD BAD }
"""


def test_every_kind_is_read_from_plain_scalars(tmp_path: Path) -> None:
    """Only kinds of numbers and Booleans, and JSON, take a plain scalar for more than text."""
    text = front(
        *("text: 012", "name: 7", "number: -12", "score: 2", "yes: true", "day: 2024-02-29", "moment: 2024-02-29"),
        *("link: /a", "any: {a: [1, yes, ~]}", "mood: good"),
        body="Text",
    )
    values = values_of(tmp_path, ALL, text)
    assert (values.text, values.name, values.number, values.score, values.yes) == ("012", "7", -12, 2.0, True)
    assert (values.day, values.moment, values.link) == ("2024-02-29", "2024-02-29T00:00:00Z", "/a")
    assert (values.any, values.mood) == ({"a": [1, "yes", None]}, "GOOD")
    assert values.body.rendered.html == "<p>Text</p>\n"


@pytest.mark.parametrize("empty", ["", '""', '"  "', "null", "~"])
def test_what_is_there_and_empty_is_absent_but_for_text(tmp_path: Path, empty: str) -> None:
    """An empty text in quotes stays one; a `null` without quotes is nothing."""
    names = ("number", "score", "yes", "day", "moment", "link", "mood")
    values = values_of(tmp_path, ALL, front(*(f"{name}: {empty}" for name in (*names, "text"))))
    assert [getattr(values, name) for name in names] == [None] * len(names)
    assert values.text == ("" if empty.startswith('"') else None)


NULLS = (
    page(
        """
  optional: String  short: String @check(max: 9)  made: String @from(key: "made", slug: true)
  required: String! checked: String! @check(max: 9) standard: String @default(value: "x")
  other: String! @from(key: "other") @from(key: "more.other") either: String! @from(key: "either") @from(key: "or")
  number: ID group: Group! tags: [String!]! @from(key: "tags", split: ",")
"""
    )
    + "type Group { name: String  title: String! }"
)


@pytest.mark.parametrize("null", ["null", "Null", "NULL", "~"])
def test_plain_null_is_text_only_where_text_must_be(tmp_path: Path, null: str) -> None:
    """With `!` or a default it is the text that it is, if no other source has a value; in quotes it is text always."""
    names = ("optional", "short", "made", "required", "checked", "standard", "other", "either", "number", "tags")
    lines = [*(f"{name}: {null}" for name in names), f"group: {{name: {null}, title: {null}}}"]
    values = values_of(tmp_path, NULLS, front(*lines))
    assert [getattr(values, name) for name in names] == [None, None, None, *([null] * 5), None, []]
    assert (values.group.name, values.group.title) == (None, null)
    values = values_of(tmp_path, NULLS, front(*lines, "or: one", "more: {other: two}"))
    assert (values.either, values.other) == ("one", "two")
    quoted = values_of(tmp_path, NULLS, front(*(line.replace(null, f"'{null}'") for line in lines)))
    assert (quoted.optional, quoted.short, quoted.number, quoted.group.name) == (null, null, null, null)
    assert quoted.tags == [null]


@pytest.mark.parametrize("null", ["", "null", "~"])
def test_item_that_is_nothing_is_left_out(tmp_path: Path, null: str) -> None:
    """In lists of groups, of blocks, of keys with numbers, and of whatever is no text."""
    model = page("""
      groups: [Group!]! blocks: [Block!]! days: [Date!]! moods: [Mood!]! links: [Url!]! numbers: [Int!]!
      turns: [Turn!]! @from(keys: "turn{number}") words: [Word!]! rows: [[Int!]!]!
    """)
    model += """
      type Group { name: String! } union Block @block(key: "is") = Text type Text { text: String! } enum Mood { GOOD }
      type Turn { number: Int! name: String! } type Word { word: String! @from(key: ".") }
    """
    items = {
        "groups": "{name: a}",
        "blocks": "{is: Text, text: a}",
        "days": "2024-02-29",
        "moods": "good",
        "links": "/a",
        "numbers": "1",
        "words": "a",
        "rows": "[2]",
    }
    lines = [line for name, item in items.items() for line in (f"{name}:", f"  - {null}", f"  - {item}")]
    values = values_of(tmp_path, model, front(*lines, f"turn1: {null}", "turn2: {name: a}"))
    assert [each.name for each in (*values.groups, *values.turns)] == ["a", "a"]
    assert ([each.word for each in values.words], len(values.blocks)) == (["a"], 1)
    assert (values.days, values.moods, values.links, values.numbers) == (["2024-02-29"], ["GOOD"], ["/a"], [1])
    assert values.rows == [[2]]


def test_enum_may_have_a_value_that_is_spelt_as_a_null(tmp_path: Path) -> None:
    """For any other enum it is nothing."""
    model = page("a: Old b: New") + 'enum Old { NONE @is(value: "null") SOME } enum New { SOME }'
    values = values_of(tmp_path, model, front("a: null", "b: null"))
    assert (values.a, values.b) == ("NONE", None)


def test_file_without_front_matter_or_with_comments_alone_is_an_entry_without_keys(tmp_path: Path) -> None:
    """Where no key is required, that is a whole entry."""
    for text in ("", "Just text.\n", "---\n---\nJust text.\n", "---\n# nothing yet\n---\n", "--- title: x\n"):
        assert values_of(tmp_path, ALL, text).text is None
    assert values_of(tmp_path, ALL, "Just *text*.").body.rendered.text == "Just text."
    assert [code for code, _, _ in faults_of(tmp_path, ALL, "---\ntext: x\n")] == ["UNTERMINATED_FRONT_MATTER"]


def test_required_key_without_a_default_is_an_error(tmp_path: Path) -> None:
    """All that could stand in for it is named; a default or another source is enough."""
    model = page('a: String! b: Int! @default(value: 3) c: String! @from(key: "c") @from(key: "d") e: [String!]!')
    found = faults_of(tmp_path, model, front("b:"))
    assert [(code, message) for code, _, message in found] == [
        ("MISSING_KEY", "`a` is missing or empty. Add it."),
        ("MISSING_KEY", "`c` is missing or empty, and so is `d`. Write one of them."),
    ]
    values = values_of(tmp_path, model, front("a: x", "d: y"))
    assert (values.a, values.b, values.c, values.e) == ("x", 3, "y", [])


def test_defaults_are_values_of_their_kind(tmp_path: Path) -> None:
    """Of every kind, lists and enums included; what is written wins."""
    model = page(
        'a: Float! @default(value: 1) b: [String!]! @default(value: ["x", "y"]) c: Mood! @default(value: BAD) '
        'd: DateTime! @default(value: "2024-01-01") e: RichText! @default(value: "*x*") '
        "f: Boolean! @default(value: false)"
    )
    model += "enum Mood { GOOD BAD }"
    values = values_of(tmp_path, model, front())
    assert (values.a, values.b, values.c, values.d) == (1.0, ["x", "y"], "BAD", "2024-01-01T00:00:00Z")
    assert (values.e.rendered.text, values.f) == ("x", False)
    assert values_of(tmp_path, model, front("b: z", "f: true")).b == ["z"]


def test_lists_take_single_values_and_leave_out_what_is_nothing(tmp_path: Path) -> None:
    """In both styles of YAML; lists of lists too."""
    model = page("a: [Int!]! b: [[String!]!]! c: [Date!]")
    values = values_of(tmp_path, model, front("a: 5", "b: x"))
    assert (values.a, values.b, values.c) == ([5], [["x"]], None)
    values = values_of(tmp_path, model, front("a: [1, ~, 2]", "b:", "  - [x, y]", "  - z", "c:", "- 2024-01-01", "-"))
    assert (values.a, values.b, values.c) == ([1, 2], [["x", "y"], ["z"]], ["2024-01-01"])


def test_bad_item_of_a_list_is_named_with_its_place_and_line(tmp_path: Path) -> None:
    """Places count from 1."""
    found = faults_of(tmp_path, page("a: [Int!]!"), front("a:", "  - 1", "  - two", "  - 3"))
    assert found == [("WRONG_TYPE", 4, "`a[2]` is text ('two'). It must be an integer, without quotes.")]


def test_groups_nest_and_an_absent_one_is_one_of_absent_values(tmp_path: Path) -> None:
    """With `!`; without it, it is null."""
    model = page("seo: Seo! more: Seo") + 'type Seo { title: String! @default(value: "none") deep: Deep! }'
    model += "type Deep { number: Int list: [Deep!]! }"
    text = front("seo:", "  deep:", "    list:", "      - number: 1", "        list: [{number: 2}]")
    seed = read_files(tmp_path, model, {"a.md": text})
    assert seed["a.md"].entries[0].values[1:] == (("none", (None, ((1, ((2, ()),)),))), None)
    absent = read_files(tmp_path, model, {"a.md": front()})["a.md"]
    assert absent.entries[0].values[1:] == (("none", (None, ())), None)


def test_what_is_no_mapping_is_no_group(tmp_path: Path) -> None:
    """The message says which keys are wanted."""
    model = page("seo: Seo") + "type Seo { title: String! text: String! image: Image }"
    (found,) = faults_of(tmp_path, model, front("seo: [x]"))
    assert found[0] == "WRONG_TYPE"
    assert "with title, text" in found[2]


def test_union_is_told_by_its_key(tmp_path: Path) -> None:
    """Values are the member's number and its group; another block, or none, is an error that names those there are."""
    model = page("blocks: [Block!]!") + 'union Block @block(key: "type") = Text | Picture '
    model += 'type Text @is(value: "text/plain") { text: String! } type Picture @is(value: "pic") { src: Image! }'
    text = front("blocks:", "  - type: pic", "    src: https://example.org/a.png", "  - {type: text/plain, text: x}")
    (entry,) = read_files(tmp_path, model, {"a.md": text})["a.md"].entries
    assert entry.values[1] == ((1, (("https://example.org/a.png", None, None, None),)), (0, ("x",)))
    found = faults_of(
        tmp_path, model, front("blocks:", "  - type: video", "  - text: x", "  - type: pic", "    colour: x")
    )
    assert [(code, line, message.split("`")[1]) for code, line, message in found] == [
        ("INVALID_VALUE", 3, "blocks[1].type"),
        ("MISSING_KEY", 4, "blocks[2]"),
        ("MISSING_KEY", 5, "blocks[3].src"),
        ("UNKNOWN_KEY", 6, "blocks.colour"),
    ]
    assert "text/plain, pic" in found[0][2]


@pytest.mark.parametrize(
    ("check", "kind", "value", "words"),
    [
        ("min: 1, max: 5", "Int", "6", "is 6. It must be at most 5."),
        ("min: 1, max: 5", "Float", "0.5", "is 0.5. It must be at least 1."),
        ("max: 3", "String", "four", "has 4 characters. It must have at most 3."),
        ("max: 3", "[String!]", "[abc, four]", "`a[2]` has 4 characters"),
        ("min: 2", "String", "f", "has 1 character. It must have at least 2."),
        ('like: "*.png"', "String", "a.jpg", "is 'a.jpg'. Write it *.png, where * is any text."),
        ('like: "??:??"', "String", "'1:00'", "is '1:00'. Write it ??:??, where ? is any one character."),
        ("max: 3", "RichText", "four", "has 4 characters"),
    ],
)
def test_check_refuses_or_leaves_out(tmp_path: Path, check: str, kind: str, value: str, words: str) -> None:
    """An ERROR refuses the entry; with WARNING the value counts as absent, an item is left out."""
    found = faults_of(tmp_path, page(f"a: {kind} @check({check})"), front(f"a: {value}"))
    assert [code for code, _, _ in found] == ["INVALID_VALUE"]
    assert words in found[0][2]
    model = page(f"a: {kind} @check({check}, level: WARNING)")
    seed = read_files(tmp_path, model, {"a.md": front(f"a: {value}")})["a.md"]
    assert [(problem.severity, problem.code) for problem in seed.problems] == [(Severity.WARNING, "INVALID_VALUE")]
    assert words in seed.problems[0].message
    assert seed.entries[0].values[1] == (("abc",) if kind[0] == "[" else None)


def test_url_form_is_told_with_the_names_of_what_is_taken_from_it(tmp_path: Path) -> None:
    """A check of a url has a code of its own."""
    model = page('url: String! @check(like: "/*/*.html") a: String! @from(field: "url", like: "/{}/*.html")')
    ((code, line, message),) = faults_of(tmp_path, model, front("url: /x"))
    assert (code, line) == ("INVALID_URL", 2)
    assert "Write it /<a>/*.html" in message


def test_hidden_entries_are_counted_and_need_not_be_complete(tmp_path: Path) -> None:
    """They are no entries, no failures and no problems."""
    model = page("title: String! draft: Boolean! @default(value: false) @hidden")
    seed = read_files(tmp_path, model, {"a.md": front("draft: true", "title: [x]")})["a.md"]
    assert (seed.entries, seed.problems, seed.hidden, set(seed.failed)) == ((), (), 1, set())
    model = page("title: String! published: Boolean! @default(value: true) @hidden(when: false)")
    assert read_files(tmp_path, model, {"a.md": front("published: false")})["a.md"].hidden == 1
    assert values_of(tmp_path, model, front("title: x")).title == "x"
    assert [code for code, _, _ in faults_of(tmp_path, model, front("published: maybe", "title: x"))] == ["WRONG_TYPE"]


def test_unknown_keys_that_other_sites_know_come_with_a_hint(tmp_path: Path) -> None:
    """The directive that would use them is named; keys to be ignored are not told at all."""
    model = page("a: String").replace('["**/*.md"]', '["**/*.md"], ignore: ["layout", "seo.old"]')
    model = model.replace("a: String", "a: String seo: Seo") + "type Seo { title: String }"
    keys = ("draft: true", "tags: [x]", "layout: post", "redirect_from: /x", "xyz: 1", "seo: {old: 1, new: 2}")
    found = {message.split("`")[1]: message for _, _, message in faults_of(tmp_path, model, front(*keys))}
    assert list(found) == ["draft", "tags", "redirect_from", "xyz", "seo.new"]
    assert "@hidden" in found["draft"]
    assert "@grouped" in found["tags"]
    assert "@aliases" in found["redirect_from"]
    assert "mend its spelling" in found["xyz"]


def test_field_of_a_group_may_be_taken_from_another_one_there(tmp_path: Path) -> None:
    """As in an entry; also where a key gives one of them."""
    model = page('seo: Seo! parts: [Part!]! @from(keys: "part{at}")')
    model += 'type Seo { title: String! short: String @from(field: "title", like: "{} *") }'
    model += 'type Part { at: Int! url: String! @from(template: "/part/{at}/{name}") name: String! }'
    text = front("seo:", "  title: one two", "part3:", "  name: x")
    (entry,) = read_files(tmp_path, model, {"a.md": text})["a.md"].entries
    assert entry.values[1:] == (("one two", "one"), ((3, "/part/3/x", "x"),))


def test_names_that_keys_give_may_have_dots(tmp_path: Path) -> None:
    """Dots lead into mappings in the pattern, not in the file."""
    model = page('hosts: [Host!]! @from(keys: "hosts.{name}")')
    model += "type Host { name: ID! port: Int! }"
    text = front("hosts:", "  x.org: {port: 80}", "  y.org: {port: 81}")
    (entry,) = read_files(tmp_path, model, {"a.md": text})["a.md"].entries
    assert entry.values[1] == (("x.org", 80), ("y.org", 81))
