"""Redirect files: every form in which old urls and new ones can be written, and what is wrong with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import ContentError
from graphql_api.reading.redirect_files import NAMES, RedirectFile, find_redirects
from graphql_api.records import SeedFile, Severity

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = [("/old", "/new"), ("/a%20b", "https://other.example/x?y=1")]
FORMS = {
    "redirects.yml": "/old: /new\n# why\n/a%20b: https://other.example/x?y=1\n",
    "redirects.yaml": "- {from: /old, to: /new}\n- [/a%20b, 'https://other.example/x?y=1']\n",
    "redirects.json": '{"redirects": [{"old": "/old", "new": "/new"}, ["/a%20b", "https://other.example/x?y=1"]]}',
    "redirects.toml": (
        '[[redirects]]\nsource = "/old"\ndestination = "/new"\n'
        '[[redirects]]\nsource = "/a%20b"\ndestination = "https://other.example/x?y=1"\n'
    ),
    "redirects.csv": 'old,new\n/old,/new\n\n"/a%20b","https://other.example/x?y=1",301\n',
    "_redirects": "# moved\n/old  /new\n/app /index.html 200\n\n/a%20b\thttps://other.example/x?y=1 301!\n",
}


def said(folder: Path, name: str, text: str) -> RedirectFile:
    """Return what is read from a file of redirects."""
    (folder / name).write_text(text, encoding="utf-8")
    (file,) = find_redirects(folder).read()
    return file


def faults(file: RedirectFile) -> list[tuple[str, int | None]]:
    """Return code and line of each problem."""
    return [(problem.code, problem.line) for problem in file.problems]


@pytest.mark.parametrize("name", NAMES)
def test_every_form_says_the_same(name: str, tmp_path: Path) -> None:
    """A mapping, a list of pairs, a table, or lines; what the columns are called and remarks are left out."""
    file = said(tmp_path, name, FORMS[name])
    assert (faults(file), file.path) == ([], name)
    assert [(move.old, move.new) for move in file.moves] == PAIRS


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("redirects.yml", "/old: /new\n/x: [1]\n", 2),
        ("redirects.yml", "- /old\n", 1),
        ("redirects.yml", "/old: new page\n", 1),
        ("redirects.yml", "just text\n", None),
        ("redirects.json", '[\n{"from": "/old", "to": "/new"},\n{"from": "/x"}\n]', 3),
        ("redirects.json", '{"/old": "javascript:alert(1)"}', 1),
        ("redirects.toml", '"/old" = "/new"\n"/x" = 1\n', 2),
        ("redirects.csv", "/old,/new\n/x\n", 2),
        ("redirects.csv", "/old,/new\n/x,\n", 2),
        ("_redirects", "/old /new\n/x\n", 2),
        ("_redirects", "/old /new\n/blog/* /posts/:splat 301\n", 2),
        ("_redirects", f"/old /new\n/{'x' * 3000} /y\n", 2),
    ],
)
def test_row_that_is_no_pair_of_urls_is_told_with_its_line(
    name: str, text: str, line: int | None, tmp_path: Path
) -> None:
    """The others hold."""
    file = said(tmp_path, name, text)
    assert faults(file) == [("INVALID_VALUE", line)]
    assert [move.old for move in file.moves] == ["/old"] * (line is not None and line > 1)


@pytest.mark.parametrize(
    ("name", "text", "severity", "moves"),
    [
        ("_redirects", "/old /new\n/blog/* /posts/:splat 301\n", Severity.WARNING, 1),
        ("redirects.yml", "/old: /new\n/blog/*: /posts/:splat\n", Severity.ERROR, 1),
        ("_redirects", "---\nlayout: none\n---\n{% for p in site.pages %}\n/x {{ p.url }}\n", Severity.WARNING, 0),
        ("_redirects", "/old /new\n/x\n", Severity.ERROR, 1),
    ],
)
def test_what_a_web_server_or_a_generator_understands_is_no_error_in_its_own_file(
    name: str, text: str, severity: Severity, moves: int, tmp_path: Path
) -> None:
    """A pattern is right in _redirects, and a template is for who fills it in; each is told once."""
    file = said(tmp_path, name, text)
    assert [problem.severity for problem in file.problems] == [severity]
    assert (len(file.moves), file.is_read) == (moves, True)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("redirects.yml", "/old: {\n", "INVALID_YAML"),
        ("redirects.yml", "/old: /a\n/old: /b\n", "DUPLICATE_KEY"),
        ("redirects.json", "{", "INVALID_JSON"),
        ("redirects.toml", "x", "INVALID_TOML"),
        ("redirects.csv", '"/old', "INVALID_VALUE"),
        ("_redirects", "\0", "NUL_CHARACTER"),
    ],
)
def test_file_that_cannot_be_read_says_nothing(name: str, text: str, code: str, tmp_path: Path) -> None:
    """And is told."""
    file = said(tmp_path, name, text)
    assert [problem.code for problem in file.problems] == [code]
    assert (file.moves, file.is_read) == ((), False)


def test_fingerprint_changes_with_what_a_file_holds(tmp_path: Path) -> None:
    """Without any file there is none."""
    assert find_redirects(tmp_path).fingerprint() == ""
    (tmp_path / "redirects.csv").write_text("/a,/b\n")
    before = find_redirects(tmp_path).fingerprint()
    (tmp_path / "redirects.csv").write_text("/a,/c\n")
    assert before != find_redirects(tmp_path).fingerprint() != ""
    assert find_redirects(tmp_path).without([SeedFile("redirects.csv", 0, 0)]).files == ()


def test_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    """Another one in its place would be a surprise; a folder is none."""
    for name in ("moved.csv", "."):
        with pytest.raises(ContentError, match="--redirects"):
            find_redirects(tmp_path, tmp_path / name)
    (tmp_path / "moved.csv").write_text("/a,/b\n")
    (file,) = find_redirects(tmp_path, tmp_path / "moved.csv").read()
    assert (file.path, len(file.moves)) == (str(tmp_path / "moved.csv"), 1)


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A content repository must not show what lies beside it."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("/a,/b\n")
    (folder / "redirects.csv").symlink_to(tmp_path / "secret.csv")
    (file,) = find_redirects(folder).read()
    assert faults(file) == [("LINK_LEAVES_FOLDER", None)]
    assert not file.is_read
