"""Every bad seed ends in a named problem with its file, its line where there is one, and a stable code."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import graphql_api
from graphql_api.content.discover import MAX_FILE_BYTES
from graphql_api.content.events import MAX_DEPTH
from graphql_api.content.front_matter import MAX_FRONT_MATTER_BYTES
from graphql_api.content.problems import Code, error
from graphql_api.content.seed import read_seed
from graphql_api.content.source import twice
from graphql_api.records import Problem, SeedFile, Severity

from .seed_files import article_of, problem_of, seed_of, seed_text, seed_with

PROJECT = Path(graphql_api.__file__).parents[1]

READ_UNDER_LIMITS = """
import json, resource, sys
from pathlib import Path
from graphql_api.content.discover import discover
from graphql_api.content.seed import read_seed

resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
folder = Path(sys.argv[1])
seed = read_seed(folder, discover(folder).files[0])
peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([peak_kib, [[problem.code, problem.message] for problem in seed.problems]]))
"""


def bomb() -> str:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)]
    return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(levels)


HOSTILE = {
    "open_brackets": ("a: " + "[" * 30_000 + "\n", "NESTING_TOO_DEEP"),
    "closed_brackets": ("a: " + "[" * 30_000 + "]" * 30_000 + "\n", "NESTING_TOO_DEEP"),
    "open_braces": ("a: " + "{a: " * 30_000 + "\n", "NESTING_TOO_DEEP"),
    "compact_sequences": ("- " * 100_000 + "x\n", "NESTING_TOO_DEEP"),
    "sequences_below_a_key": ("a:\n  " + "- " * 100_000 + "x\n", "NESTING_TOO_DEEP"),
    "explicit_keys": ("? " * 100_000 + "x\n", "INVALID_YAML"),
    "deep_mappings": ("".join(" " * level + "a:\n" for level in range(700)), "NESTING_TOO_DEEP"),
    "alias_bomb": (bomb(), "ANCHOR_REFUSED"),
    "repeated_text": (f'a: &a "{"x" * 60_000}"\nb: [{", ".join(["*a"] * 40_000)}]\n', "ANCHOR_REFUSED"),
    "alias_to_itself": ("a: &a [*a]\n", "ANCHOR_REFUSED"),
    "object_tag": ('a: !!python/object/apply:os.system ["true"]\n', "TAG_REFUSED"),
    "empty_lists": (f"a: [{'[], ' * 60_000}]\n", "FRONT_MATTER_TOO_LARGE"),
    "pairs_in_a_list": (f"a: [{'a: b, ' * 40_000}]\n", "FRONT_MATTER_TOO_LARGE"),
    "anchors_in_a_row": ("a: " + "&a " * 80_000 + "\n", "ANCHOR_REFUSED"),
    "number_of_200,000_digits": (f"id: {'9' * 200_000}\n", "ID_OUT_OF_RANGE"),
    "many_lines_and_a_bad_one": ("key: text\n" * 20_000 + "- x\n", "DUPLICATE_KEY"),
    "hidden_in_a_quoted_text": ('a: ["\n  b: >-\n    x", &a y, *a]\n', "ANCHOR_REFUSED"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_ends_in_a_named_problem(tmp_path: Path, name: str) -> None:
    """No nesting, bomb or length takes the process down, 256 MiB of memory or 20 seconds of a processor."""
    front, code = HOSTILE[name]
    (tmp_path / "seed.md").write_text(f"---\n{front}---\n")
    command = [sys.executable, "-c", READ_UNDER_LIMITS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=PROJECT, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    peak_kib, problems = json.loads(done.stdout)
    assert code in [found for found, _ in problems]
    assert all(len(message) < 600 for _, message in problems)
    assert peak_kib < 256 * 1024


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
        ('author: "open\n', "INVALID_YAML", 9),
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
    assert "Byte 18 " in problem.message
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


@pytest.mark.parametrize("body", ["", "&nbsp;", "\n \n", "&nbsp;\n\n&nbsp;\u00a0"])
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


def test_fifo_in_a_files_place_is_named(tmp_path: Path) -> None:
    """A FIFO that comes between finding and reading does not make the reader wait."""
    os.mkfifo(tmp_path / "a.md")
    (problem,) = read_seed(tmp_path, SeedFile("a.md", 1, 1)).problems
    assert problem.code == "NOT_A_FILE"


def test_socket_in_a_files_place_is_named(tmp_path: Path) -> None:
    """Nor does a socket end in a traceback."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "a.md"))
        (problem,) = read_seed(tmp_path, SeedFile("a.md", 1, 1)).problems
    assert problem.code == "NOT_A_FILE"


def test_link_in_a_files_place_is_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    """A link that comes between finding and reading leads nowhere outside either."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "secret.md").write_text(seed_text())
    (tmp_path / "seeds" / "a.md").symlink_to("../secret.md")
    (problem,) = read_seed(tmp_path / "seeds", SeedFile("a.md", 1, 1)).problems
    assert problem.code == "LINK_LEAVES_FOLDER"


def test_file_that_has_vanished_is_named(tmp_path: Path) -> None:
    """A file removed between finding and reading asks for another load."""
    (problem,) = read_seed(tmp_path, SeedFile("a.md", 1, 1)).problems
    assert problem.code == "FILE_VANISHED"


def test_file_that_the_system_cannot_open_is_named(tmp_path: Path) -> None:
    """Any other error keeps the operating system's reason."""
    (problem,) = read_seed(tmp_path, SeedFile("a" * 300 + ".md", 1, 1)).problems
    assert problem.code == "FILE_UNREADABLE"
    assert "name too long" in problem.message


def test_file_that_has_grown_over_the_limit_is_not_read(tmp_path: Path) -> None:
    """The limit holds at reading too."""
    (tmp_path / "a.md").touch()
    os.truncate(tmp_path / "a.md", MAX_FILE_BYTES + 1)
    seed = read_seed(tmp_path, SeedFile("a.md", 1, 1))
    assert [problem.code for problem in seed.problems] == ["FILE_TOO_LARGE"]
    assert seed.sha256 is None


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_file_that_changes_while_it_is_read_twice_is_named() -> None:
    """A file of /proc has no size and yet bytes: to every reader it changes while it is read."""
    seed = read_seed(Path("/proc/self"), SeedFile("status", 0, 0))
    assert [problem.code for problem in seed.problems] == ["FILE_CHANGED"]
    assert seed.sha256 is None


def test_reading_is_tried_once_again_and_no_more() -> None:
    """One change is forgiven; a second is a problem."""
    problem = error(Code.FILE_CHANGED, "a.md", "for this test")
    left: list[Problem | None] = [None, problem, problem]
    assert twice(lambda: left.pop(0)) is problem
    assert len(left) == 1
    left = [None, None, problem]
    assert twice(lambda: left.pop(0)) is None


def test_every_code_is_in_the_manual_and_every_section_has_a_code() -> None:
    """`docs/problems.md` has one section per code, with cause, example and remedy."""
    manual = (PROJECT / "docs" / "problems.md").read_text()
    sections = re.split(r"^### ", manual, flags=re.MULTILINE)[1:]
    assert [section.split("\n", 1)[0] for section in sections] == [f"`{code}`" for code in Code]
    for section in sections:
        assert re.search(
            r"^\*\*Cause\.\*\*\s.*^\*\*Example\.\*\*\s.*^\*\*Remedy\.\*\*\s", section, re.DOTALL | re.MULTILINE
        )
