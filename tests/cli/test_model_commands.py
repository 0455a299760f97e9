"""The commands about a model: what they print and how they end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphql_api.cli.exit_codes import ExitCode, exit_code
from graphql_api.model.language import read_model
from graphql_api.model.problems import ModelError
from tests.command_line import run, run_program

if TYPE_CHECKING:
    from pathlib import Path

BAD = 'type Post @content(files: ["*.md"]) {\n  slug: String! @key\n  mood: Sting\n}\n'
WARNED = 'type Post @content(files: ["*.md"]) {\n  slug: String! @key\n}\nenum Mood { GOOD }\n'


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of seeds that commands take from the environment."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(tmp_path))
    return tmp_path


def test_without_a_model_the_built_in_one_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what a load would take."""
    assert run("model", "check") == ExitCode.OK
    assert capsys.readouterr().out == "the built-in model: no problems\n"


def test_a_problem_is_a_line_that_editors_can_follow(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line, column, severity, and what to do."""
    file = seeds / "content.graphql"
    file.write_text(BAD)
    assert run("model", "check") == ExitCode.PROBLEMS
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{file}:3:9: ERROR There is no type Sting. Did you mean String?")
    assert last == f"{file}: 1 error"


def test_a_file_can_be_named_and_warnings_are_no_failure(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is about errors alone."""
    (seeds / "content.graphql").write_text(BAD)
    file = seeds / "other.graphql"
    file.write_text("\ufeff" + WARNED)
    assert run("model", "check", "--model", file) == ExitCode.OK
    assert f"{file}:4:6: WARNING Nothing uses Mood." in capsys.readouterr().out


def test_problems_come_as_json_too(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object, and nothing else on stdout."""
    (seeds / "content.graphql").write_text(BAD)
    assert run("model", "check", "--json") == ExitCode.PROBLEMS
    document = json.loads(capsys.readouterr().out)
    assert (document["errors"], document["warnings"]) == (1, 0)
    (problem,) = document["problems"]
    assert (problem["severity"], problem["line"], problem["column"]) == ("ERROR", 3, 9)


def test_a_file_that_is_not_utf_8_is_a_usage_error(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The byte is told."""
    (seeds / "content.graphql").write_bytes(b"type \xff")
    assert run("model", "check") == ExitCode.USAGE
    assert "is not UTF-8 (byte 5). Save it as UTF-8." in capsys.readouterr().err


def test_a_command_that_meets_a_bad_model_ends_as_one_that_found_problems() -> None:
    """Also those that read a model on their way."""
    with pytest.raises(ModelError) as caught:
        read_model(BAD)
    assert exit_code(caught.value) is ExitCode.PROBLEMS


@pytest.mark.parametrize(
    "command",
    [
        ("load",),
        ("serve", "--port", "0"),
        ("schema",),
        ("client-config", "apollo"),
        ("model", "diff", "{seeds}/content.graphql"),
        ("run", "--", "true"),
    ],
    ids=" ".join,
)
def test_every_command_tells_a_mistake_of_the_model_by_file_line_and_column(
    command: tuple[str, ...], seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `check` does, on stderr; whoever loads a folder need not know that it has a model."""
    monkeypatch.setenv("GRAPHQL_API_STORE", str(seeds / "store"))
    (seeds / "content.graphql").write_text(BAD)
    (seeds / "a.md").write_text("Text.\n")
    arguments = [each.format(seeds=seeds) for each in command]
    ended = run_program(*arguments)
    assert ended.returncode == ExitCode.PROBLEMS
    assert f"{seeds}/content.graphql:3:9 There is no type Sting." in ended.stderr


POST = 'type Post @content(files: ["*.md"]) {\n  slug: String! @from(file: NAME) @key\n  mood: String\n}\n'


@pytest.mark.parametrize(
    ("changed", "code", "first"),
    [
        pytest.param(POST, ExitCode.OK, "Nothing changed for clients.", id="equal"),
        pytest.param(
            POST.replace("  mood", "  more: Int\n  mood"),
            ExitCode.OK,
            "SAFE Field Post.more was added.",
            id="field added",
        ),
        pytest.param(
            POST.replace("  mood: String\n", ""),
            ExitCode.PROBLEMS,
            "BREAKING Field Post.mood was removed.",
            id="field dropped",
        ),
    ],
)
def test_diff_says_what_a_changed_model_means_for_clients(
    changed: str, code: ExitCode, first: str, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What breaks them comes first, and is told to scripts by the exit code."""
    old = seeds / "old.graphql"
    old.write_text(POST)
    (seeds / "content.graphql").write_text(changed)
    assert run("model", "diff", str(old)) == code
    assert capsys.readouterr().out.splitlines()[0] == first
    assert run("model", "diff", str(old), "--json") == code
    document = json.loads(capsys.readouterr().out)
    told = [f"{each['impact']} {each['message']}" for each in document["changes"]]
    assert told[:1] == ([first] if told else [])


@pytest.mark.parametrize("command", [("model", "check"), ("check",), ("load", "--store", "store")])
def test_model_that_is_a_link_out_of_the_folder_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """What another file holds is in no message; a link within the folder is followed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("secret-token: 1")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.yml").write_text("s: a")
    (seeds / "content.graphql").symlink_to("../secret")
    assert run(*command, "--seeds", "seeds") != ExitCode.OK
    told = capsys.readouterr().err
    assert "is a link that leaves the seeds folder" in told
    assert "token" not in told
    (seeds / "content.graphql").unlink()
    (seeds / "model").write_text('type T @content(files: ["a.yml"]) { s: String! @key }')
    (seeds / "content.graphql").symlink_to("model")
    assert run(*command, "--seeds", "seeds") == ExitCode.OK


def test_model_that_is_too_large_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a file is that takes its place."""
    with (tmp_path / "content.graphql").open("wb") as file:
        file.truncate(1 << 40)
    assert run("model", "check", "--seeds", str(tmp_path)) == ExitCode.USAGE
    assert "more than 1,048,576 bytes" in capsys.readouterr().err
