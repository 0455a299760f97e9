"""What stands in every file is told once, with how many files and which have it."""

from __future__ import annotations

from graphql_api.reading.problems import Code, error, warning
from graphql_api.reading.telling import told_once


def test_unknown_key_is_told_once_with_its_first_files() -> None:
    """At its first place; three files are named, the others counted, and one file is named by the problem itself."""
    problems = [warning(Code.UNKNOWN_KEY, f"{name}.md", "The key `a` is unknown.", 3) for name in "edcba"]
    problems += [warning(Code.UNKNOWN_KEY, "b.md", "The key `b` is unknown.", 2)]
    assert [(problem.path, problem.line, problem.message) for problem in told_once(problems)] == [
        ("a.md", 3, "The key `a` is unknown. It is in 5 files: a.md, b.md, c.md and 2 more."),
        ("b.md", 2, "The key `b` is unknown."),
    ]
    (told,) = told_once(problems[3:5])
    assert told.message == "The key `a` is unknown. It is in 2 files: a.md, b.md."


def test_key_that_is_twice_in_a_file_counts_once() -> None:
    """Items of a list have the same unknown key."""
    (told,) = told_once([warning(Code.UNKNOWN_KEY, "a.md", "The key `a[].b` is unknown.", line) for line in (5, 4)])
    assert (told.line, told.message) == (4, "The key `a[].b` is unknown.")


def test_other_problems_are_all_told_by_place_those_without_a_line_last() -> None:
    """Two files with one fault are two problems."""
    problems = [error(Code.MISSING_KEY, path, "Same.", line) for path, line in (("b", None), ("b", 2), ("a", 9))]
    assert [(problem.path, problem.line) for problem in told_once(problems)] == [("a", 9), ("b", 2), ("b", None)]


def test_key_that_is_unknown_to_two_types_is_told_once() -> None:
    """What one of them could do about it is not what the other could."""
    told = told_once(
        [
            warning(
                Code.UNKNOWN_KEY,
                "a.md",
                "The key `sub title` is unknown and ignored. If `subTitle` is meant, mend it.",
                3,
            ),
            warning(Code.UNKNOWN_KEY, "b.md", "The key `sub title` is unknown and ignored. Remove it.", 2),
            warning(Code.UNKNOWN_KEY, "b.md", "The key `sub` is unknown and ignored. Remove it.", 1),
        ]
    )
    assert [(each.path, each.message.partition(" It is in ")[2]) for each in told] == [
        ("a.md", "2 files: a.md, b.md."),
        ("b.md", ""),
    ]
