"""Front matter is split and read without changing a value, fast or with care."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.kinds.plain import Plain
from graphql_api.reading.front_matter import lines_of, read_front_matter
from graphql_api.reading.ordinary import read_ordinary

SURPRISES = (
    *("No", "yes", "on", "true", "FALSE", "~", "null", "012", "-012", "0o17", "0x1F", "0b11", "1_000", "+5", "1:30:00"),
    *("1e3", "1.0", ".5", ".inf", "-.inf", ".nan", "2024-01-01", "2024-02-30", "=", "y", "-1", "5."),
)


def values_of(front: str) -> Any:
    return read_front_matter(f"---\n{front}---\n").value


@pytest.mark.parametrize("text", SURPRISES)
def test_plain_values_stay_the_text_as_written(text: str) -> None:
    """An author named No, a title 012 and a time 1:30:00 are text, in ordinary front matter and in any other."""
    ordinary = f"title: {text}\nseo:\n  title: {text}\n"
    plain = f"# A comment.\n{ordinary}"
    unusual = f"title: {text}\nseo: {{title: {text}}}\n"
    assert read_ordinary(plain) is None
    wanted = {"title": text, "seo": {"title": text}}
    assert values_of(ordinary) == wanted
    assert values_of(plain) == wanted
    assert values_of(unusual) == wanted


def test_keys_are_text() -> None:
    """A key that YAML would take for a Boolean or a number is its letters, in front matter of any shape."""
    for rest in ("", 'more: "x"\n', "more: [x]\n"):
        assert values_of("true: a\n" + rest)["true"] == "a"


@pytest.mark.parametrize("rest", ["", "more: [x]\n"])
def test_plain_scalars_that_could_be_more_are_marked(rest: str) -> None:
    """Kinds of numbers and Booleans ask what they are; a quoted one is text, and so is what could be nothing else."""
    values = values_of('id: -12\nscore: 1.5\nno_index: true\ntitle: No\nseo:\n  id: 012\nquoted: "12"\n' + rest)
    assert [type(values[key]) for key in ("id", "score", "no_index", "title", "quoted")] == [Plain] * 3 + [str] * 2
    assert type(values["seo"]["id"]) is Plain


@pytest.mark.parametrize("rest", ["", 'more: "x"\n', "more: [x]\n"])
def test_key_without_a_value_is_none(rest: str) -> None:
    """Nothing written is nothing, whichever way the rest is read."""
    values = values_of("author:\nseo:\n  title:   \n" + rest)
    assert (values["author"], values["seo"]) == (None, {"title": None})


def test_dashes_within_an_answer_do_not_end_the_front_matter() -> None:
    """Only a line that begins with three dashes does; a rule in the body is the body's."""
    text = "---\nanswer: >-\n    one --- two\n    ---\n    three\ntitle: x\n---\nbody\n\n---\n\nmore\n"
    read = read_front_matter(text)
    assert read.value == {"answer": "one --- two --- three", "title": "x"}
    assert read.body == "body\n\n---\n\nmore"


def test_closing_line_may_be_the_last_without_an_end() -> None:
    """A file that ends with its front matter has an empty body."""
    assert read_front_matter("---\ntitle: x\n---").body == ""


def test_dashes_may_be_more_and_have_spaces_behind_them() -> None:
    """As python-frontmatter has it."""
    assert read_front_matter("-----  \ntitle: x\n---- \t\nbody").value == {"title": "x"}


@pytest.mark.parametrize("rest", ["", 'more: "x"\n', "more: [x]\n"])
def test_lines_are_those_of_the_file(rest: str) -> None:
    """Blank lines above the front matter count, and so do the lines of block scalars."""
    text = f"\n\n---\ntitle: >-\n  a\n  b\n\n# comment\nseo:\n  title: x\nid: 1\n{rest}---\n"
    lines = lines_of(text, ".md")
    assert lines["title",] == 4
    assert lines["seo",] == 9
    assert lines["seo", "title"] == 10
    assert lines["id",] == 11


def test_unicode_line_ends_are_text() -> None:
    """YAML 1.2 ends lines at line feeds only, and so does the careful way."""
    assert values_of("title: a\x85b\u2028c\u2029d\nmore: [x]\n")["title"] == "a\x85b\u2028c\u2029d"


def test_control_characters_are_text_both_ways() -> None:
    """A bell in a title is odd, but no reason to lose an article; both ways agree."""
    assert values_of("title: a\x07b\n") == {"title": "a\x07b"}
    assert values_of("title: a\x07b\nmore: [x]\n")["title"] == "a\x07b"


def test_escaped_surrogate_pair_is_one_character() -> None:
    """JSON writes emoji so, and both ways read them alike."""
    for rest in ("", "more: [x]\n"):
        assert values_of('title: "\\uD83D\\uDE00"\n' + rest)["title"] == "😀"


def test_key_that_yaml_would_type_is_text() -> None:
    """A key `true` or `null` is that word."""
    assert values_of("true: a\nnull: b\n") == {"true": "a", "null": "b"}
    assert values_of("1: a\n") == {"1": "a"}
