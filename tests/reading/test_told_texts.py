"""What authors lose in texts is told, a warning for each kind and file, with the line of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reading.seed_files import read_files

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Post @content(files: ["*.md"]) {
  slug: String! @from(file: NAME) @key
  intro: RichText
  answer: RichText @from(key: "answer", escapes: true)
  body: RichText @from(file: BODY)
  notes: [Note!]!
}
type Note { text: RichText }
type Tip @content(files: ["*.yml", "*.json"], each: ITEM) { slug: String! @from(file: KEY) @key text: RichText! }
"""


def told(folder: Path, name: str, text: str) -> list[tuple[int | None, str, str]]:
    """Return line, code and message of what is told of one file."""
    [seed] = read_files(folder, MODEL, {name: text}).values()
    assert {each.severity for each in seed.problems} <= {"WARNING"}
    return [(each.line, each.code, each.message) for each in seed.problems]


@pytest.mark.parametrize(
    ("body", "line", "code", "begins"),
    [
        ("a\n\n<font color=red>b</font>", 5, "HTML_LEFT_OUT", "<font> is left out; what is in it is shown. Write"),
        ("<p onclick='a()'>b</p>", 3, "HTML_LEFT_OUT", '"onclick" of <p> is left out.'),
        ("a\n\n<p class='x'>b</p>", 5, "HTML_LEFT_OUT", '"class" of <p> is left out.'),
        ("a <script>b()</script>", 3, "HTML_LEFT_OUT", "<script> is left out with all that is in it."),
        ("a\n<blink>b</blink> <blink>c</blink>", 4, "HTML_LEFT_OUT", "<blink> is left out; what is in it is shown. Wr"),
        ("<a-b>c</a-b>\n<x-y>z</x-y>", 3, "HTML_LEFT_OUT", "<a-b> is left out; what is in it is shown. So is 1 more"),
        (
            "<q1>\n<q2>\n<q3>",
            3,
            "HTML_LEFT_OUT",
            "<q1> is left out; what is in it is shown. So are 2 more of its kind.",
        ),
        ("a\n[b](javascript:c)", 4, "ADDRESS_LEFT_OUT", 'The address of "javascript:c" is left out: "javascript:" may'),
        ("![b](data:x)", 3, "ADDRESS_LEFT_OUT", 'The address of "data:x" is left out'),
        (r"a $x$ $\foo{y}$", 3, "FORMULA_AS_SOURCE", r"The formula $\foo{y}$ is shown as its source"),
        ("a\n\n```math\n\\foo\n```", 3, "FORMULA_AS_SOURCE", "The formula $$\\foo"),
        ("a\n\n[b](#c)", 5, "LINK_DANGLING", 'The link "#c" leads nowhere: nothing on the page has this id.'),
        ("a\n\n[^b]: c", 5, "NOTE_LEFT_OUT", 'The note "[^b]" is left out: nothing refers to it. Refer to it'),
        ("<b>" * 1001, 3, "HTML_AS_TEXT", "Raw HTML is shown as text from <b> on."),
    ],
)
def test_each_kind_is_told_with_its_line(body: str, line: int, code: str, begins: str, tmp_path: Path) -> None:
    """Of the body, whose lines begin below the front matter."""
    [(its_line, its_code, message)] = told(tmp_path, "a.md", f"---\n---\n{body}\n")
    assert (its_line, its_code) == (line, code)
    assert message.startswith(begins)


def test_each_kind_is_told_once_a_file(tmp_path: Path) -> None:
    """Whichever text of the file it is in; another kind is another warning."""
    text = "---\nintro: <font>a</font>\nnotes:\n  - text: plain\n  - text: <center>b</center>\n---\n<font>c [d](#e)\n"
    assert [(line, code) for line, code, _ in told(tmp_path, "a.md", text)] == [
        (2, "HTML_LEFT_OUT"),
        (7, "LINK_DANGLING"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.md", "---\nintro: plain\nnotes:\n  - text: a\n  - text: |\n      b\n\n      <font>c\n---\n", 8),
        ("a.md", "---\nanswer: >-\n  a\\n\\nb\n  <font>c\n---\n", 4),
        ("a.md", "+++\nintro = '''\na\n<font>'''\n+++\n", 4),
        ("a.md", '---\nintro: "a <f\\u006fnt>"\n---\n', 2),
        ("a.yml", "a:\n  text: b\nb:\n  text: <font>\n", 4),
        ("a.json", '{\n"a": {"text": "b"},\n"b": {\n"text": "<font>"}}\n', 4),
        ("a.md", "no front matter\n\n<font>\n", 3),
    ],
)
def test_lines_are_found_in_every_format(name: str, text: str, line: int, tmp_path: Path) -> None:
    """Where the words are, or where the text begins if they are written in another way."""
    assert [(each[0], each[1]) for each in told(tmp_path, name, text)] == [(line, "HTML_LEFT_OUT")]


def test_what_is_shown_as_meant_is_not_told(tmp_path: Path) -> None:
    """Allowed HTML, formulas, links within the page and to other sites."""
    body = '## A\n\n[b](#a) <sub>c</sub> <div align="center">d</div> $\\alpha$ [e](https://e.example) [f](tel:1)[^g]'
    body += "\n\n[^g]: h"
    assert told(tmp_path, "a.md", f"---\n---\n{body}\n") == []
