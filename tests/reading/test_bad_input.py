"""Every bad seed ends in a named problem with its file, its line where there is one, and a stable code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.events import MAX_DEPTH
from graphql_api.reading.front_matter import MAX_FRONT_MATTER_BYTES
from graphql_api.records import Severity

from .seed_files import article_of, problem_of, seed_of, seed_text, seed_with

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "NO_FRONT_MATTER", 1),
        ("Just a text.\n\n---\ntitle: x\n---\n", "NO_FRONT_MATTER", 1),
        ("--- title: x\n---\n", "NO_FRONT_MATTER", 1),
        ("---\ntitle: x\n", "UNTERMINATED_FRONT_MATTER", 1),
        ("---", "UNTERMINATED_FRONT_MATTER", 1),
        ("---\ntitle: x\n ---\n", "UNTERMINATED_FRONT_MATTER", 1),
        ("---\n---\n", "FRONT_MATTER_NOT_A_MAPPING", 2),
        ("---\n# only a comment\n---\n", "FRONT_MATTER_NOT_A_MAPPING", 2),
        ("---\n- a\n- b\n---\n", "FRONT_MATTER_NOT_A_MAPPING", 2),
        ("---\na text\n---\n", "FRONT_MATTER_NOT_A_MAPPING", 2),
        ("---\n~\n---\n", "FRONT_MATTER_NOT_A_MAPPING", 2),
    ],
)
def test_front_matter_that_is_none_is_named(tmp_path: Path, text: str, code: str, line: int) -> None:
    """A file without front matter, with an unterminated one, a list or a scalar is no article."""
    problem = problem_of(tmp_path, text)
    assert (problem.severity, problem.code, problem.path, problem.line) == (Severity.ERROR, code, "seed.md", line)


@pytest.mark.parametrize(
    ("more", "code", "line"),
    [
        ("seo: {\n", "INVALID_YAML", 9),
        ("author: Ada: a life\n", "INVALID_YAML", 8),
        ('author: "open\n', "INVALID_YAML", 8),
        ('author: "a" b\n', "INVALID_YAML", 8),
        ("author: @ada\n", "INVALID_YAML", 8),
        ("seo:\n\ttitle: x\n", "INVALID_YAML", 9),
        ("author: a\n  question: b\n", "INVALID_YAML", 9),
        ('author: "\\uD800"\n', "INVALID_YAML", 8),
        ('author: "\\UFFFFFFFF"\n', "INVALID_YAML", None),
        ("...\nauthor: x\n", "INVALID_YAML", 9),
        ("[a]: b\n", "INVALID_YAML", 8),
        ("author: a\nauthor: b\n", "DUPLICATE_KEY", 9),
        ("seo:\n  title: a\n  title: b\n", "DUPLICATE_KEY", 10),
        ("seo: {title: a, title: b}\n", "DUPLICATE_KEY", 8),
        ("author: &a Ada\n", "ANCHOR_REFUSED", 8),
        ("&a author: Ada\n", "ANCHOR_REFUSED", 8),
        ("author: *a\n", "ALIAS_REFUSED", 8),
        ("author: !!str Ada\n", "TAG_REFUSED", 8),
        ("author: ! Ada\n", "TAG_REFUSED", 8),
        ("seo: !map {}\n", "TAG_REFUSED", 8),
        ("seo: !x!map {}\n", "INVALID_YAML", 8),
        ("seo: !!map {}\n", "TAG_REFUSED", 8),
        ("seo:\n  <<: {title: x}\n", "MERGE_KEY_REFUSED", 9),
        (f"seo: {'[' * 32}{']' * 32}\n", "NESTING_TOO_DEEP", 8),
        (f"seo: {'{a: ' * 40}\n", "NESTING_TOO_DEEP", 8),
        (f"seo: {'[' * 40}\n", "NESTING_TOO_DEEP", 8),
        ("--- another document\n", "INVALID_YAML", 8),
        (f"seo: [{'x, ' * 10_000}]\n", "FRONT_MATTER_TOO_LARGE", 8),
    ],
)
def test_front_matter_that_is_not_plain_data_is_named(tmp_path: Path, more: str, code: str, line: int | None) -> None:
    """Invalid YAML, duplicate keys and everything that YAML has beyond data name their line."""
    problem = problem_of(tmp_path, seed_text(more=more))
    assert (problem.severity, problem.code) == (Severity.ERROR, code)
    assert line is None or problem.line == line


@pytest.mark.parametrize(
    "text",
    [
        ">-\n    *emphasis* &amp; <<: !important\n    &x *y !z\n",
        "What is an A* search & why!",
        '"*Really*: &c. <<: !x"',
        "'it''s *x*' # a comment: &x",
    ],
)
def test_markdown_in_a_text_is_no_anchor_alias_or_tag(tmp_path: Path, text: str) -> None:
    """Only a node of YAML can have one; the same characters in a text are that text."""
    article_of(tmp_path, seed_text(title=text))


def test_nesting_of_thirty_two_levels_is_allowed(tmp_path: Path) -> None:
    """The limit itself is fine: what is wrong here is only that the key is unknown."""
    lists = MAX_DEPTH - 1
    assert problem_of(tmp_path, seed_text(more=f"deep: {'[' * lists}{']' * lists}\n")).code == "UNKNOWN_KEY"


def test_front_matter_over_256_kibibytes_is_named(tmp_path: Path) -> None:
    """The limit counts bytes, not characters, and itself is fine."""
    start = len(seed_text(answer="").split("---\n")[1].encode())
    fits = seed_text(answer="é" * ((MAX_FRONT_MATTER_BYTES - start) // 2))
    assert seed_of(tmp_path, fits).problems == ()
    problem = problem_of(tmp_path, fits.replace("answer: ", "answer: éé"))
    assert (problem.code, problem.line) == ("FRONT_MATTER_TOO_LARGE", 1)


def test_invalid_utf_8_is_named_with_its_byte_and_line(tmp_path: Path) -> None:
    """The offset is that of the file's bytes, a byte-order mark and CRs included."""
    data = b"\xef\xbb\xbf---\r\ntitle: caf\xe9\r\n---\r\n"
    problem = problem_of(tmp_path, data)
    assert (problem.code, problem.line) == ("INVALID_UTF8", 2)
    assert "(byte 18)" in problem.message
    assert data[18] == 0xE9


def test_utf_16_is_named(tmp_path: Path) -> None:
    """Another encoding is no silence either."""
    assert problem_of(tmp_path, seed_text().encode("utf-16")).code == "INVALID_UTF8"


def test_nul_is_named(tmp_path: Path) -> None:
    """NUL ends texts in many a program, so no text has one, be it a byte or an escape."""
    problem = problem_of(tmp_path, seed_text("one\ntwo\0"))
    assert (problem.code, problem.line) == ("NUL_CHARACTER", 11)
    problem = problem_of(tmp_path, seed_text(title='"a\\0b"'))
    assert (problem.code, problem.line) == ("NUL_CHARACTER", 4)


@pytest.mark.parametrize("key", ["id", "url", "title", "date", "subject", "answer"])
@pytest.mark.parametrize("value", [None, "", '"  "'])
def test_missing_or_empty_required_key_is_named(tmp_path: Path, key: str, value: str | None) -> None:
    """The message says which key; an answer is missing only if there is no body either."""
    if key == "id" and value:
        value = ""
    problem = problem_of(tmp_path, seed_with({key: value}))
    assert (problem.severity, problem.code) == (Severity.ERROR, "MISSING_KEY")
    assert f"`{key}`" in problem.message
    assert (problem.line is None) == (value is None)


@pytest.mark.parametrize("body", ["", "&nbsp;", "\n \n", "&nbsp;\n\n&nbsp;\u00a0", "\u200b\ufeff\n\u2060\u00ad"])
def test_empty_body_is_no_answer(tmp_path: Path, body: str) -> None:
    """The CMS writes &nbsp; below every front matter."""
    assert problem_of(tmp_path, seed_text(body, answer=None)).code == "MISSING_KEY"


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        *((key, "[a]", "a list") for key in ("id", "url", "title", "date", "subject", "answer", "author", "seo")),
        *((key, "{a: b}", "a mapping") for key in ("id", "url", "title", "date", "subject", "answer", "score")),
        ("id", "seven", "text ('seven')"),
        ("id", '"7"', "text ('7')"),
        # YAML 1.1 reads numbers in these, as some programs still do; YAML 1.2 reads text.
        *(("id", text, f"text ('{text}')") for text in ("1_000", "1:30:00", "0b11", "1,000", "１")),
        ("id", "7.0", "a decimal number (7.0)"),
        ("id", "true", "a Boolean (True)"),
        ("score", "high", "text ('high')"),
        ("score", "true", "a Boolean (True)"),
        ("score", ".nan", "a decimal number (nan)"),
        ("score", "-.inf", "a decimal number (-inf)"),
        ("score", "9" * 400, "an integer (9999"),
        ("score", "9" * 5000, "an integer (…)"),
        ("no_index", "no", "text ('no')"),
        ("no_index", "1", "an integer (1)"),
        ("seo", "text", "text ('text')"),
    ],
)
def test_wrong_type_is_named_with_key_and_value(tmp_path: Path, key: str, value: str, kind: str) -> None:
    """A value of another type is never converted; the message says what it is and what it must be."""
    problem = problem_of(tmp_path, seed_with({key: value}))
    assert (problem.severity, problem.code) == (Severity.ERROR, "WRONG_TYPE")
    assert f"`{key}` is {kind}" in problem.message
    assert "It must be" in problem.message
    assert problem.line is not None


@pytest.mark.parametrize("date", ["2024-02-30", "2023-02-29", "2024-13-01", "0000-01-01", "0001-00-10"])
def test_impossible_date_is_named(tmp_path: Path, date: str) -> None:
    """A day that no calendar has is an error, quoted or not."""
    for value in (date, f'"{date}"'):
        problem = problem_of(tmp_path, seed_text(date=value))
        assert (problem.code, problem.line) == ("INVALID_DATE", 5)
        assert date in problem.message


@pytest.mark.parametrize("date", ["2024-1-1", "20240101", "2024-W01-1", "2024-01-01T10:00:00Z", "01/02/2024", "soon"])
def test_date_of_another_form_is_named(tmp_path: Path, date: str) -> None:
    """Only YYYY-MM-DD can be read in one way alone."""
    problem = problem_of(tmp_path, seed_text(date=date))
    assert problem.code == "INVALID_DATE"
    assert "YYYY-MM-DD" in problem.message


@pytest.mark.parametrize("number", ["2147483648", "-2147483649", "99999999999999999999"])
def test_id_beyond_32_bits_is_named(tmp_path: Path, number: str) -> None:
    """GraphQL's Int has 32 bits, so no answer could show it."""
    assert problem_of(tmp_path, seed_text(id=number)).code == "ID_OUT_OF_RANGE"


@pytest.mark.parametrize(
    "url",
    [
        *("learn/a/questions/b", "/learn/a/questions/b/", "/learn/a/questions/b?c", "/learn/a/questions/b#c"),
        *("/learn/a/questions/", "/learn//questions/b", "/learn/a/b/questions/c", "/learn/a/answers/b"),
        *(
            "https://example.org/learn/a/questions/b",
            "/learn/../questions/b",
            "/learn/a/questions/.",
            '"/learn/a b/questions/c"',
        ),
    ],
)
def test_url_of_another_form_is_named(tmp_path: Path, url: str) -> None:
    """The url is the article's identity, and its parts are the subject's and the article's."""
    problem = problem_of(tmp_path, seed_text(url=url))
    assert (problem.code, problem.line) == ("INVALID_URL", 3)
    assert "/learn/<subject-slug>/questions/<slug>" in problem.message
