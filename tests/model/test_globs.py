"""Globs say which files are meant, hidden ones never are, and no path makes them slow."""

from __future__ import annotations

import random
import re
import time

import pytest

from graphql_api.model.globs import Globs, is_literal
from graphql_api.model.wildcards import PatternError
from tests.random_seeds import random_seeds

MEANT = [
    *((["**/*.md"], "a.md", True), (["**/*.md"], "a/b/c.md", True), (["**/*.md"], "a/b.yml", False)),
    *((["*.md"], "a.md", True), (["*.md"], "a/b.md", False), (["posts/**/*.md"], "posts/a.md", True)),
    *((["posts/**/*.md"], "posts/a/b.md", True), (["posts/**/*.md"], "x/posts/a.md", False)),
    *((["a/**/b/**/c.md"], "a/x/b/y/c.md", True), (["a/**/b/**/c.md"], "a/b/c.md", True)),
    *((["a/**/b/**/c.md"], "a/c.md", False), (["**/b/*/c.md"], "b/b/x/c.md", True), (["posts/**"], "posts/a/b", True)),
    *((["posts/**"], "posts", False), (["**"], "a", True), (["?.md"], "a.md", True), (["?.md"], "ab.md", False)),
    *((["a*b*.md"], "a1b2.md", True), (["a*a.md"], "a.md", False), (["a.md"], "axmd", False), (["*.md"], ".md", False)),
    *((["**/*.md"], ".git/a.md", False), (["**/*.md"], "a/.b.md", False), (["**/*"], "a/.b/c.md", False)),
    *((["**/*.md", "!drafts/**"], "drafts/a.md", False), (["!drafts/**", "**/*.md"], "drafts/a.md", False)),
    *((["**/*.md", "!**/README.md"], "a/README.md", False), (["**/*.md", "!**/README.md"], "a/b.md", True)),
    *(
        (["!a.md"], "a.md", False),
        (["!a.md"], "b.md", False),
        (["site.yml"], "site.yml", True),
        (["*.md"], "a.md\n", False),
    ),
    *(([], "a.md", False), (["a.md", "b/*.md"], "b/x.md", True), (["*.MD"], "a.md", False), (["a/*/c"], "a//c", False)),
]


@pytest.mark.parametrize(("patterns", "path", "is_meant"), MEANT)
def test_a_path_is_meant_by_a_glob_unless_one_takes_it_out(patterns: list[str], path: str, is_meant: bool) -> None:
    """The order of the globs does not count."""
    assert Globs(patterns).matches(path) is is_meant


@pytest.mark.parametrize(
    ("glob", "reason"),
    [
        *(("", "empty"), ("!", "empty"), ("/a.md", "a / too many"), ("a/", "a / too many"), ("a//b", "a / too many")),
        *(("../a.md", "starts with a dot"), ("./a.md", "starts with a dot"), (".x/*.md", "starts with a dot")),
        *(("a**.md", "beside other characters"), ("*.{md,mdx}", "brackets"), ("[ab].md", "brackets")),
        *(("a\\b", "backslash"), ("a" * 501, "501 characters")),
    ],
)
def test_a_malformed_glob_says_what_to_do(glob: str, reason: str) -> None:
    """The sentence becomes the model's problem."""
    with pytest.raises(PatternError, match=re.escape(reason)):
        Globs([glob])


def test_a_literal_glob_names_one_file() -> None:
    """A singleton's file is one."""
    assert is_literal("site.yml")
    assert not any(map(is_literal, ("*.yml", "a?.yml", "!a.yml", "**/a.yml")))


@pytest.mark.parametrize(
    "glob", ["*a*a*a*a*a*a*a*b", "**/a/**/a/**/a/**/b", "**/" + "*a" * 80 + "*b", "**/" * 120 + "b", "**/a*/a*/a*/b"]
)
@pytest.mark.parametrize("path", ["a" * 4_000, "a/" * 2_000 + "a", "aaaa/" * 800 + "c"])
def test_no_path_makes_a_glob_slow(glob: str, path: str) -> None:
    """A path has 4,096 bytes at most."""
    globs = Globs([glob])
    started = time.process_time()
    globs.matches(path)
    assert time.process_time() - started < 1


def _is_meant(names: list[str], path: list[str]) -> bool:
    """Say by trying everything whether a path is meant: the rule itself."""
    if not names:
        return not path
    if names[0] == "**":
        last = len(names) == 1
        return any(_is_meant(names[1:], path[at:]) for at in range(len(path) + 1)) or (last and bool(path))
    if not path:
        return False
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in names[0])
    return bool(path[0]) and re.fullmatch(expression, path[0]) is not None and _is_meant(names[1:], path[1:])


@pytest.mark.parametrize("seed", random_seeds(3))
def test_globs_are_equal_to_trying_every_length(seed: int) -> None:
    """On generated globs and paths."""
    draw = random.Random(seed)
    compared = 0
    while compared < 3_000:
        names = ["".join(draw.choice("ab*?") for _ in range(draw.randrange(1, 4))) for _ in range(draw.randrange(1, 4))]
        names = [draw.choice([name, "**"]) for name in names]
        path = ["".join(draw.choice("aab") for _ in range(draw.randrange(1, 4))) for _ in range(draw.randrange(1, 5))]
        try:
            globs = Globs(["/".join(names)])
        except PatternError:
            continue
        compared += 1
        expected = _is_meant(names, path) and not (names[-1] == "**" and not _is_meant([*names, "*"], path))
        assert globs.matches("/".join(path)) == expected, (names, path)
