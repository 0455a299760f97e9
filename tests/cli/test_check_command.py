"""`check` for machines: GitHub's annotations, and the files that a hook before a commit names."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphql_api.cli.exit_codes import ExitCode
from graphql_api.reading.discover import SUFFIXES
from tests.command_line import run, seed, write_seeds

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, in the current one, with ten good seeds, one with an error, and one with a warning."""
    monkeypatch.chdir(tmp_path)
    folder = write_seeds(tmp_path / "seeds", 10)
    (folder / "50%, bad.md").write_text("Only text.\n")
    (folder / "strange.md").write_text(seed(11, "unheard_of: 1\n"))
    return folder


def test_problems_are_annotations_of_a_workflow(capsys: pytest.CaptureFixture[str]) -> None:
    """One command a problem, with the path as the repository has it; what commands are made of is escaped."""
    assert run("check", "--format", "github") == ExitCode.PROBLEMS
    error, warning = capsys.readouterr().out.splitlines()
    assert error.startswith("::error file=seeds/50%25%2C bad.md,line=1,title=NO_FRONT_MATTER::")
    assert warning.startswith("::warning file=seeds/strange.md,line=")
    assert ",title=UNKNOWN_KEY::" in warning


def test_path_of_an_annotation_is_relative_to_the_repository(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the folder was called on the command line."""
    run("check", "--format", "github", "--seeds", seeds.resolve())
    assert " file=seeds/strange.md," in capsys.readouterr().out


def test_problems_of_a_model_are_annotations_too(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the line; the command ends as it does without them."""
    (seeds / "content.graphql").write_text('type Page @content(files: ["*.md"]) { title: Nonsense! }\n')
    assert run("check", "--format", "github") == ExitCode.PROBLEMS
    assert "::error file=seeds/content.graphql,line=1,title=MODEL::" in capsys.readouterr().out


def test_model_with_mistakes_is_told_by_file_line_and_column(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As `model check` tells them: a person, and an editor, must know where to go."""
    (seeds / "content.graphql").write_text('type Page @content(files: ["*.md"]) { title: Nonsense! }\n')
    assert run("check") == ExitCode.PROBLEMS
    told = capsys.readouterr().out
    assert told.startswith("seeds/content.graphql:1:")
    assert ": ERROR There is no type Nonsense." in told
    assert run("model", "check", "--seeds", "seeds") == ExitCode.PROBLEMS
    assert capsys.readouterr().out == told


@pytest.mark.parametrize(
    ("files", "code", "told"),
    [
        (["seeds/0.md"], ExitCode.OK, []),
        (["seeds/strange.md", "README.md"], ExitCode.OK, ["strange.md"]),
        (["seeds/50%, bad.md", "seeds/0.md"], ExitCode.PROBLEMS, ["50%, bad.md"]),
        (["seeds/gone.md"], ExitCode.OK, []),
        (["seeds/content.graphql"], ExitCode.PROBLEMS, ["50%, bad.md", "strange.md"]),
        ([], ExitCode.PROBLEMS, ["50%, bad.md", "strange.md"]),
    ],
)
def test_only_the_problems_of_named_files_count(
    files: list[str], code: ExitCode, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Who commits one article is not kept from it by another one; a changed model concerns them all."""
    assert run("check", "--format", "json", *files) == code
    document: Any = json.loads(capsys.readouterr().out)
    assert [problem["path"] for problem in document["problems"]] == told


def test_files_that_are_no_seeds_are_passed_over_without_reading_any(capsys: pytest.CaptureFixture[str]) -> None:
    """A hook is called with whatever a commit holds."""
    assert run("check", "--seeds", "nowhere", "README.md", "seeds/picture.png") == ExitCode.OK
    assert capsys.readouterr() == ("", "None of these files is a seed below nowhere.\n")


def test_problem_that_another_file_causes_is_told_of_the_named_one(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All seeds are read: two with one url are known only together."""
    (seeds / "twin.md").write_text(seed(3))
    assert run("check", "--format", "json", "seeds/twin.md") == ExitCode.PROBLEMS
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {problem["path"] for problem in problems} == {"twin.md"}


def test_repository_is_one_of_hooks() -> None:
    """Its entry is a command of this program, and it is called for every kind of seed."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "graphql-api check"
    for suffix in (*SUFFIXES, ".graphql"):
        name = f"seeds/name{suffix}"
        assert subprocess.run(["grep", "-qE", hook["files"]], input=name, text=True, check=False).returncode == 0


def test_files_of_no_type_are_named(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first three, and how many more; as JSON their number."""
    model = 'type Page @content(files: ["4.md"]) { slug: String! @from(file: NAME) @key }\n'
    (seeds / "content.graphql").write_text(model)
    assert run("check") == ExitCode.OK
    named = "0.md, 1.md, 2.md, and 8 more"
    assert f"files of no type: 11 ({named})" in capsys.readouterr().out.splitlines()
    run("check", "--json")
    assert json.loads(capsys.readouterr().out)["unclaimed"] == 11
