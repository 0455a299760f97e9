"""Hints: where front matter that is no YAML is wrong, often above where the parser gives up, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reading.seed_files import faults_of

if TYPE_CHECKING:
    from pathlib import Path

MODEL = 'type Note @content(files: ["*.md"]) { slug: String! @from(file: NAME) @key title: String! }'


@pytest.mark.parametrize(
    ("front", "line", "remedy"),
    [
        ('title: "open\ndate: 1\n', 2, 'the " that opens on this line is not closed'),
        ('title: "open\nsize: 1\nauthor: "b"\n', 2, 'the " that opens on this line is not closed'),
        ("size: 1\ntitle: 'open\nauthor: 'b'\n", 3, "the ' that opens on this line is not closed"),
        ("size: 1\ntitle: 'It's late'\n", 3, "write an apostrophe twice within '…', or put the text in \"…\""),
        ('title: "Say "hi" now"\n', 2, 'a " within a text in quotes needs a \\ before it'),
        ("title: a\ntags: [a, b\nsize: 1\n", 3, "the [ that opens on this line is not closed"),
        ("title: a\nseo: {a: b\nsize: 1\n", 3, "the { that opens on this line is not closed"),
        ("title: a\ntags:\n-one\n-two\n", 4, "an item of a list needs a space behind its -"),
        ("title: a\nfurther text\nsize: 1\n", 3, "the line has no `key:`. Further lines of a text are indented"),
        ("title: a\n size: 1\n", 3, "keys of one level begin in the same column"),
        ("title: a\nseo:\n  a: b\n c: d\n", 5, "keys of one level begin in the same column"),
        ("title: *Important*\n", 2, "a text that begins with * needs quotes"),
        ("title: !Hola!\n", 2, "a text that begins with ! needs quotes"),
        ("title: & more\n", 2, "a text that begins with & needs quotes"),
        ("title: > more\n", 2, "a text that begins with > needs quotes"),
        ("title: [Draft] a\n", 2, "a text that begins with [ needs quotes"),
        ("title: {{ page }}\n", 2, "a text that begins with { needs quotes"),
        ("title: 50% off: now\ntags:\n- a\n", 2, "a text with a colon in it needs quotes"),
        (
            "size: 1\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n",
            3,
            "a merge has left both sides in the file: keep one",
        ),
    ],
)
def test_what_authors_do_mostly_is_named_on_its_line(tmp_path: Path, front: str, line: int, remedy: str) -> None:
    """The parser's reason stands before it."""
    ((code, at, message),) = faults_of(tmp_path, MODEL, f"---\n{front}---\n", "a.md")
    assert (code, at) == ("INVALID_YAML", line)
    assert message.startswith("The front matter is not valid YAML: ")
    assert f" Mend it; {remedy}" in message


@pytest.mark.parametrize(("front", "is_told"), [("title: #1 of all\n", True), ("title: # mine\n", False)])
def test_text_that_yaml_takes_for_a_comment_is_told(tmp_path: Path, front: str, is_told: bool) -> None:
    """Its author sees a title that is there; behind a # with a space stands what is meant as a comment."""
    ((code, at, message),) = faults_of(tmp_path, MODEL, f"---\n{front}---\n")
    assert (code, at) == ("MISSING_KEY", 2)
    assert message.endswith("What follows a # is a comment: put the text in quotes.") == is_told


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Text.\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", 5),
        ("```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n```\n", None),
        ("<<<<<<< HEAD\nand no more of it\n", None),
        ("<<<<<<<<<< HEAD\n=======\n>>>>>>> other\n", None),
    ],
)
def test_merge_that_left_both_sides_in_a_text_is_told(tmp_path: Path, body: str, line: int | None) -> None:
    """It is shown like any text, so it is a warning; code may be about it."""
    found = faults_of(tmp_path, MODEL, f"---\ntitle: a\n---\n{body}", "a.md")
    assert [(code, at) for code, at, _ in found] == ([("MERGE_MARKS", line)] if line else [])


@pytest.mark.parametrize(
    ("written", "is_told"),
    [("red, green", True), ("[red, green]", False), ("['red, green']", False), ("red", False), ("red,", False)],
)
def test_text_that_reads_like_several_is_one_item_with_a_warning(tmp_path: Path, written: str, is_told: bool) -> None:
    """A list says which of both is meant."""
    model = MODEL.replace("title: String!", "tags: [String!]!")
    found = faults_of(tmp_path, model, f"---\ntags: {written}\n---\n", "a.md")
    assert [(code, at) for code, at, _ in found] == ([("TEXT_WITH_COMMAS", 2)] if is_told else [])


def test_sentence_and_split_text_are_not_told(tmp_path: Path) -> None:
    """One is longer than a name, the other is a list."""
    sentence = "notes: It rained for the whole day and the night, and then some more.\n"
    model = MODEL.replace("title: String!", 'notes: [String!]! tags: [String!]! @from(key: "tags", split: ",")')
    assert faults_of(tmp_path, model, f"---\n{sentence}tags: red, green\n---\n", "a.md") == []
