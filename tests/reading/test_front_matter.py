"""Front matter is split and read without changing a value, fast or with care."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.reading.events import Reading, read_events
from graphql_api.reading.front_matter import lines_of_keys, read_front_matter
from graphql_api.reading.outline import entries, is_plain
from graphql_api.reading.problems import Code, SeedError

SURPRISES = (
    *("No", "yes", "on", "true", "FALSE", "~", "null", "012", "-012", "0o17", "0x1F", "0b11", "1_000", "+5", "1:30:00"),
    *("1e3", "1.0", ".5", ".inf", "-.inf", ".nan", "2024-01-01", "2024-02-30", "=", "y", "-1", "5."),
)


def values_of(front: str) -> dict[str, object]:
    return read_front_matter(f"---\n{front}---\n").values


@pytest.mark.parametrize("text", SURPRISES)
def test_plain_values_stay_the_text_as_written(text: str) -> None:
    """An author named No, a title 012 and a time 1:30:00 are text, in ordinary front matter and in any other."""
    ordinary = f"title: {text}\nseo:\n  title: {text}\n"
    plain = f"# A comment.\n{ordinary}"
    unusual = f"title: {text}\nseo: {{title: {text}}}\n"
    assert is_plain(ordinary)
    assert is_plain(plain)
    assert not is_plain(unusual)
    wanted = {"title": text, "seo": {"title": text}}
    assert values_of(ordinary) == wanted
    assert values_of(plain) == wanted
    assert values_of(unusual) == wanted


def test_keys_are_text() -> None:
    """A key that YAML would take for a Boolean or a number is its letters, in front matter of any shape."""
    for rest in ("", 'more: "x"\n', "more: [x]\n"):
        assert values_of("true: a\n" + rest)["true"] == "a"


@pytest.mark.parametrize("rest", ["", 'more: "x"\n', "more: [x]\n"])
def test_only_typed_keys_are_numbers_and_booleans(rest: str) -> None:
    """`id`, `score` and `no_index` have types by YAML 1.2, at the top and in references; a quoted value is text."""
    values = values_of("id: -12\nscore: 1.5\nno_index: true\nrelated_article1:\n  id: 012\n" + rest)
    assert values["id"] == -12
    assert values["score"] == 1.5
    assert values["no_index"] is True
    assert values["related_article1"] == {"id": 12}
    assert values_of('id: "12"\n' + rest)["id"] == "12"


@pytest.mark.parametrize("rest", ["", 'more: "x"\n', "more: [x]\n"])
def test_key_without_a_value_is_none(rest: str) -> None:
    """Nothing written is nothing, whichever way the rest is read."""
    values = values_of("author:\nseo:\n  title:   \n" + rest)
    assert (values["author"], values["seo"]) == (None, {"title": None})


def test_front_matter_of_both_ways_has_equal_values() -> None:
    """What the fast parser may read, the careful one reads alike: quotes, folds, escapes and comments included."""
    front = (
        "# a comment\n"
        "id: 3\n\n"
        'one: "a \\"b\\" \\u00e9: #c"\n'
        "two: 'it''s: *x*'\n"
        "three: a:b C#.net - x & y\n"
        "four: >-\n    folded *text* &x\n    <<: more\n\n      deeper\n    ---\n"
        "five: |+\n  kept\n\n"
        "six:\n  seven:\n    eight: nine  \n"
        "ten: -x\n"
    )
    assert is_plain(front)
    assert values_of(front) == read_events(front).value


STARTS = ("a: ", "b: ", "id: ", "seo:", "- ", "? ", ": ", "", "# ", "&x ", '"k": ', "<<: ", "true: ", "a b: ", "%T ")
PLAIN = r"x¦012¦x y¦x: y¦x:y¦x #c¦x#c¦-x¦- x¦~¦¦ ¦&x y¦*x¦*x: y¦!t y¦!¦@¦=¦%¦?¦? x¦é¦---¦..."
MARKED = r""">-¦|¦|+¦>2¦>- # c¦> x¦"q"¦"q¦q"¦'q'¦'it''s'¦'q¦"a" b¦"\x"¦"\" #¦[x]¦[¦]¦{¦}¦{a: b}¦,"""
VALUES = (*PLAIN.split("¦"), *MARKED.split("¦"), "x\ty", "\t", "x\x85*y", "x\u2028&y", "\ufeff*x")
LINES = st.builds(
    lambda indent, start, value: " " * indent + start + value,
    st.sampled_from((0, 0, 0, 1, 2, 2, 4)),
    st.sampled_from(STARTS),
    st.sampled_from(VALUES),
)


def careful(front: str) -> Reading | SeedError:
    try:
        return read_events(front)
    except SeedError as refusal:
        return refusal


@given(st.lists(LINES, max_size=8).map(lambda lines: "".join(f"{line}\n" for line in lines)))
def test_ordinary_front_matter_never_holds_what_the_fast_parser_must_not_see(front: str) -> None:
    """In what `is_plain` lets through, the careful parser finds no anchor, alias, tag, list, other value or line."""
    if not is_plain(front):
        return
    reading = careful(front)
    if isinstance(reading, SeedError):
        assert reading.code in {Code.INVALID_YAML, Code.DUPLICATE_KEY}
    elif reading.value is not None:
        assert values_of(front) == reading.value
        assert {entry.path: entry.line for entry in entries(front)} == reading.lines


def test_dashes_within_an_answer_do_not_end_the_front_matter() -> None:
    """Only a line that begins with three dashes does; a rule in the body is the body's."""
    text = "---\nanswer: >-\n    one --- two\n    ---\n    three\ntitle: x\n---\nbody\n\n---\n\nmore\n"
    read = read_front_matter(text)
    assert read.values == {"answer": "one --- two --- three", "title": "x"}
    assert read.body == "body\n\n---\n\nmore"


def test_closing_line_may_be_the_last_without_an_end() -> None:
    """A file that ends with its front matter has an empty body."""
    assert read_front_matter("---\ntitle: x\n---").body == ""


def test_dashes_may_be_more_and_have_spaces_behind_them() -> None:
    """As python-frontmatter has it."""
    assert read_front_matter("-----  \ntitle: x\n---- \t\nbody").values == {"title": "x"}


@pytest.mark.parametrize("rest", ["", 'more: "x"\n', "more: [x]\n"])
def test_lines_are_those_of_the_file(rest: str) -> None:
    """Blank lines above the front matter count, and so do the lines of block scalars."""
    text = f"\n\n---\ntitle: >-\n  a\n  b\n\n# comment\nseo:\n  title: x\nid: 1\n{rest}---\n"
    lines = lines_of_keys(text)
    assert lines["title",] == 4
    assert lines["seo",] == 9
    assert lines["seo", "title"] == 10
    assert lines["id",] == 11


def test_entries_tell_empty_from_quoted() -> None:
    """A value that is not plain has no source text, and an empty one has an empty text."""
    found = [(entry.path, entry.plain) for entry in entries("a: 1\nb:\n  c: 'key:'\nd: >-\n  x\n")]
    assert found == [(("a",), "1"), (("b",), ""), (("b", "c"), None), (("d",), None)]


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


@pytest.mark.parametrize("rest", ["", 'more: "x"\n', "more: [x]\n"])
def test_numbers_too_long_for_python_to_print_are_read(rest: str) -> None:
    """No number of any length ends in a traceback; as text it stays as written."""
    digits = "9" * 5000
    values = values_of(f"title: {digits}\nid: {digits}\n{rest}")
    assert values["title"] == digits
    assert values["id"] == 10**5000 - 1


def test_key_that_yaml_would_type_is_text() -> None:
    """A key `true` or `null` is that word."""
    assert values_of("true: a\nnull: b\n") == {"true": "a", "null": "b"}
    assert values_of("1: a\n") == {"1": "a"}
