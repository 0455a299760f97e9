"""Every format gives the same values, within the same bounds, and says where something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.front_matter import MAX_FRONT_MATTER_BYTES, line_of_body, lines_of

from .seed_files import faults_of, read_files, values_of

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Thing @content(files: ["*.*"]) {
  path: String! @from(file: PATH) @key
  title: String!
  size: Int
  on: Date
  tags: [String!]!
  seo: Seo
}
type Seo { title: String links: [Link!]! }
type Link { url: Url! }
"""
YAML = 'title: "A: b"\nsize: 3\non: 2024-03-09\ntags: [x, y]\nseo:\n  title: s\n  links:\n    - url: /a\n'
JSON = """{
  "title": "A: b", "size": 3,
  "on": "2024-03-09",
  "tags": ["x", "y"],
  "seo": {"title": "s", "links": [
    {"url": "/a"}]}
}
"""
TOML = 'title = "A: b"\nsize = 3\non = 2024-03-09\ntags = ["x", "y"]\n[seo]\ntitle = "s"\n[[seo.links]]\nurl = "/a"\n'
FILES = {
    "a.md": f"---\n{YAML}---\ntext",
    "a.markdown": f"---\n{YAML}---\n",
    "a.mdx": f"+++\n{TOML}+++\ntext",
    "b.md": JSON + "text\n",
    "a.yml": YAML,
    "a.yaml": f"---\n{YAML}",
    "a.json": JSON,
    "a.toml": TOML,
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_values(tmp_path: Path, name: str, mark: str, end: str) -> None:
    """Also with a byte-order mark and with any line ends."""
    (tmp_path / name).write_bytes((mark + FILES[name].replace("\n", end)).encode())
    (seed,) = read_files(tmp_path, MODEL, {}).values()
    assert seed.problems == ()
    assert seed.entries[0].values == (name, "A: b", 3, "2024-03-09", ("x", "y"), ("s", (("/a",),)))


@pytest.mark.parametrize("name", FILES)
def test_problems_have_their_line_in_every_format(tmp_path: Path, name: str) -> None:
    """Of a key at the top, and of one within lists and mappings."""
    text = FILES[name].replace("3\n", '"x"\n').replace("3,", '"x",').replace("/a", "a")
    found = faults_of(tmp_path, MODEL, text, name)
    lines = text.split("\n")
    wanted = [next(at for at, line in enumerate(lines, 1) if part in line) for part in ("size", "url")]
    assert [code for code, _, _ in found] == ["WRONG_TYPE", "INVALID_URL"]
    assert [line for _, line, _ in found] == wanted
    assert "`seo.links[1].url`" in found[1][2]


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("a.json", '{"title": "x",\n}', "INVALID_JSON", 2),
        ("a.json", '{"title": NaN}', "INVALID_JSON", None),
        ("a.json", '{"title": "\\ud800"}', "INVALID_JSON", None),
        ("a.json", '{"title": "x", "\\udc00": 1}', "INVALID_JSON", None),
        ("a.json", f'{{"title": "\\u0061", "size": {"9" * 5_000}}}', "ID_OUT_OF_RANGE", 1),
        ("a.json", '{"title": "x", "title": "y"}', "DUPLICATE_KEY", None),
        ("a.json", '"text"', "FRONT_MATTER_NOT_A_MAPPING", 1),
        ("a.json", "[1]", "FRONT_MATTER_NOT_A_MAPPING", 1),
        ("a.json", "", "FRONT_MATTER_NOT_A_MAPPING", 1),
        ("a.json", "[" * 100_000, "NESTING_TOO_DEEP", None),
        ("a.json", '{"a":' * 40 + "1" + "}" * 40, "NESTING_TOO_DEEP", None),
        ("a.json", f'{{"a": [{"1," * 10_000}1]}}', "FRONT_MATTER_TOO_LARGE", None),
        ("a.json", f'{{"a": "{"x" * MAX_FRONT_MATTER_BYTES}"}}', "FRONT_MATTER_TOO_LARGE", None),
        ("a.json", '{"title": "a\\u0000b"}', "NUL_CHARACTER", 1),
        ("b.md", '{\n"title": "x"\n"size": 1\n}\n', "INVALID_JSON", 3),
        ("b.md", '{\n"title": "x"\n', "UNTERMINATED_FRONT_MATTER", 1),
        ("a.toml", 'title = "x"\nsize = \n', "INVALID_TOML", 2),
        ("a.toml", 'title = "x"\ntitle = "y"\n', "INVALID_TOML", 2),
        ("a.toml", f"size = {'9' * 5_000}\n", "INVALID_TOML", None),
        ("a.toml", "x = " + "[" * 50_000, "NESTING_TOO_DEEP", None),
        ("a.toml", "\n" + "a." * 50_000 + "a = 1\n", "NESTING_TOO_DEEP", 2),
        ("b.md", "+++\ntitle = x\n+++\n", "INVALID_TOML", 2),
        ("b.md", '+++\ntitle = "x"\n', "UNTERMINATED_FRONT_MATTER", 1),
        ("a.yml", "title: x\n---\ntitle: y\n", "INVALID_YAML", 2),
        ("a.yml", "title: x\ntitle: y\n", "DUPLICATE_KEY", 2),
        ("a.yml", "title: &x y\n", "ANCHOR_REFUSED", 1),
        ("a.yml", "- x\n", "FRONT_MATTER_NOT_A_MAPPING", 1),
        ("a.md", "", "NO_FRONT_MATTER", 1),
        ("a.yml", "# nothing\n", "FRONT_MATTER_NOT_A_MAPPING", 1),
    ],
)
def test_bad_file_is_named_in_every_format(tmp_path: Path, name: str, text: str, code: str, line: int | None) -> None:
    """Nothing ends in a traceback or takes long; the code says what it is."""
    found = faults_of(tmp_path, MODEL, text, name)
    assert [(code_, line_) for code_, line_, _ in found] == [(code, line)]


@pytest.mark.parametrize(
    ("name", "text", "place", "remedy"),
    [
        ("a.json", '{"title": "x",\n "size": 1,}', "at column 12", "no comma may stand behind the last item"),
        ("a.toml", 'title = "x"\nsize = x\n', "at column 8", "a text needs quotes"),
        ("a.toml", 'title = "x"\ntitle = "y"\n', "at column", "the key is there twice: keep one"),
        ("a.md", '{"title": "x"}\n\nText.\n', "does not begin with front matter", "{ and the } on lines of their own"),
        ("a.md", " \n", "The file is empty, and needs", "Write the keys between two lines ---"),
        ("a.yml", "seo:\n\ttitle: x\n", "any token", "YAML takes no tabs there: indent with spaces"),
        ("a.md", "---\n\ttitle: x\n---\n", "any token", "YAML takes no tabs there: indent with spaces"),
        ("a.yml", "title: a: b\n", "not allowed", "a text with a colon in it needs quotes"),
        ("a.yml", "title: @x\n", "any token", "a text that begins with @ needs quotes"),
        ("a.md", "---\ntitle: `x`\n---\n", "any token", "a text that begins with ` needs quotes"),
        ("a.yml", "title: %x\n", "any token", "a text that begins with % needs quotes"),
        ("a.yml", 'title: "a "b"\nsize: 1\n', "expected", 'a " within a text in quotes needs a \\ before it'),
        ("a.yml", "<<<<<<< HEAD\ntitle: x\n=======\ntitle: y\n>>>>>>> z\n", "not allowed", "keep one, and take"),
        ("a.yml", "title: x\n---\ntitle: y\n", "more than one", "make files of the others"),
        ("a.md", "---\ntitle:x\nsize:1\n---\n", "is a single value.", "with a space behind the colon"),
        ("a.yml", "- title: x\n", "The file is a list.", "let the model say `each: ITEM`"),
        ("a.yml", "size: 3000000000\ntitle: x\n", "does not fit 32 bits", "or Float in the model"),
    ],
)
def test_bad_file_is_told_with_its_place_and_what_to_do(
    tmp_path: Path, name: str, text: str, place: str, remedy: str
) -> None:
    """The parser's words are for programmers; behind them stands what authors do mostly."""
    ((_, _, message),) = faults_of(tmp_path, MODEL, text, name)
    assert place in message
    assert remedy in message


ITEMS = 'type Person @content(files: ["people.*"], each: ITEM) { slug: String! @from(file: KEY) @key name: String! }'
PEOPLE = {
    "people.yml": "ada:\n  name: Ada\nbob:\n  name: Bob\n",
    "people.json": '{"ada": {"name": "Ada"}, "bob": {"name": "Bob"}}',
    "people.toml": '[ada]\nname = "Ada"\n[bob]\nname = "Bob"\n',
}


@pytest.mark.parametrize("name", PEOPLE)
def test_each_item_of_a_mapping_is_an_entry(tmp_path: Path, name: str) -> None:
    """Its key is the item."""
    seed = read_files(tmp_path, ITEMS, {name: PEOPLE[name]})[name]
    assert [(entry.item, entry.values) for entry in seed.entries] == [("ada", ("ada", "Ada")), ("bob", ("bob", "Bob"))]


def test_each_item_of_a_list_is_an_entry_by_its_number(tmp_path: Path) -> None:
    """One that is wrong leaves the others alone; its label and its line say which."""
    text = "- name: Ada\n- nam: Bob\n- x\n- name: Cy\n"
    seed = read_files(tmp_path, ITEMS, {"people.yml": text})["people.yml"]
    assert [(entry.item, entry.values) for entry in seed.entries] == [("1", ("1", "Ada")), ("4", ("4", "Cy"))]
    assert set(seed.failed) == {"2", "3"}
    assert [(problem.code, problem.line, problem.message.split("`")[1]) for problem in seed.problems] == [
        ("UNKNOWN_KEY", 2, "nam"),
        ("MISSING_KEY", 2, "[2].name"),
        ("WRONG_TYPE", 3, "[3]"),
    ]


def test_items_may_be_texts(tmp_path: Path) -> None:
    """A key of "." is the item itself."""
    model = 'type Word @content(files: ["*.yml"], each: ITEM) { text: String! @from(key: ".") @key }'
    seed = read_files(tmp_path, model, {"a.yml": "[x, y, 12]"})["a.yml"]
    assert [entry.values for entry in seed.entries] == [("x",), ("y",), ("12",)]


def test_file_of_many_entries_may_be_large(tmp_path: Path) -> None:
    """Over 256 KiB and 10,000 values; 100,000 is the bound."""
    text = "".join(f"- name: {'x' * 20}{number}\n" for number in range(20_000))
    seed = read_files(tmp_path, ITEMS, {"people.yml": text})["people.yml"]
    assert (len(text) > MAX_FRONT_MATTER_BYTES, len(seed.entries), seed.problems) == (True, 20_000, ())
    found = faults_of(tmp_path, ITEMS, "[" + "a," * 100_000 + "]", "people.yml")
    assert [code for code, _, _ in found] == ["FRONT_MATTER_TOO_LARGE"]


def test_single_value_holds_no_entries(tmp_path: Path) -> None:
    """A list or a mapping does; an empty file has none."""
    assert [code for code, _, _ in faults_of(tmp_path, ITEMS, "text\n", "people.yml")] == ["WRONG_TYPE"]
    assert read_files(tmp_path, ITEMS, {"people.yml": "# none\n"})["people.yml"].entries == ()


def test_singleton_may_be_a_list(tmp_path: Path) -> None:
    """A field that takes the whole value needs no mapping."""
    model = 'type Menu @singleton(file: "menu.json") { links: [Link!]! @from(key: ".") } type Link { url: Url! }'
    values = values_of(tmp_path, model, '[{"url": "/a"}, {"url": "/b"}]', "menu.json")
    assert [link.url for link in values.links] == ["/a", "/b"]


def test_two_types_that_claim_a_file_are_both_named(tmp_path: Path) -> None:
    """Neither gets an entry of it."""
    model = 'type A @content(files: ["a/*.md"]) { p: String! @from(file: PATH) @key } '
    model += 'type B @content(files: ["**/*.md", "!b/*"]) { p: String! @from(file: PATH) @key }'
    read = read_files(tmp_path, model, {"a/x.md": "", "b/x.md": "", "c/x.md": "", "c/x.yml": "- ["})
    (problem,) = read["a/x.md"].problems
    assert (problem.code, set(read["a/x.md"].failed)) == ("CLAIMED_TWICE", {""})
    assert "A and B" in problem.message
    assert [entry.type_name for entry in read["c/x.md"].entries] == ["B"]
    for unclaimed in ("b/x.md", "c/x.yml"):
        assert read[unclaimed][1:] == (None, (), (), 0, frozenset())


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("import A from 'a'\n\nText\n", 5),
        ("Text\n\n  <Chart a={1} />\n", 7),
        ("Text\n\n</Chart>\n", 7),
        ("Text <>x</>\n", 5),
        ("Text\n\n{props.title}\n", 7),
        ("```js\nimport x\n<A/>\n```\n\n`<A/>` 1 < 2\n", None),
        ("An import, and <em>HTML</em> in $\\frac{a}{b}$\n", None),
    ],
)
def test_jsx_is_told_with_its_line(tmp_path: Path, body: str, line: int | None) -> None:
    """Once for each file, and only in .mdx; code is none."""
    text = f"---\ntitle: x\n\n---\n{body}"
    found = faults_of(tmp_path, MODEL, text, "a.mdx")
    assert [(code, at) for code, at, _ in found] == ([("JSX_NOT_RUN", line)] if line else [])
    (tmp_path / "a.mdx").unlink()
    assert faults_of(tmp_path, MODEL, text, "a.md") == []


def test_line_of_a_body_counts_what_is_above() -> None:
    """Blank lines too; a file without front matter begins with its text."""
    assert line_of_body("\n---\na: b\n---\n\n\ntext\n") == 7
    assert line_of_body("+++\na = 1\n+++\ntext") == 4
    assert line_of_body("\n\ntext") == 3


def test_lines_of_toml_are_those_of_tables_and_keys() -> None:
    """Arrays of tables count their items from 0."""
    text = '[a]\nb.c = 1\n"d e" = 2\n[[f]]\nx = 1\n[[f]]\nx = 2\n'
    lines = lines_of(text, ".toml")
    assert (lines["a",], lines["a", "b", "c"], lines["a", "d e"]) == (1, 2, 3)
    assert (lines["f",], lines["f", 0], lines["f", 0, "x"], lines["f", 1], lines["f", 1, "x"]) == (4, 4, 5, 6, 7)


def test_items_keep_their_places_in_named_values(tmp_path: Path) -> None:
    """The key of an item is there for its other fields, too."""
    model = 'type P @content(files: ["*.yml"], each: ITEM) '
    model += '{ url: String! @from(template: "/p/{slug}") @key slug: String! @from(file: KEY) }'
    seed = read_files(tmp_path, model, {"a.yml": "ada: \n"})["a.yml"]
    assert seed.problems == ()
    assert seed.entries[0].values == ("/p/ada", "ada")
