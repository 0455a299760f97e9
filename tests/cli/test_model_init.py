"""The command `model init`: what it writes, what it prints, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.cli.exit_codes import ExitCode
from graphql_api.model.language import read_model
from tests.command_line import run

SITE = Path(__file__).parents[1] / "sites" / "studio_journal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two files."""
    (tmp_path / "notes").mkdir()
    for name in ("a", "b"):
        (tmp_path / "notes" / f"{name}.md").write_text(f"---\ntitle: {name}\n---\nText.\n")
    return tmp_path


def test_model_is_written_beside_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The types go to stdout, a line each; what to do next to stderr."""
    assert run("model", "init", "--seeds", folder) == ExitCode.OK
    captured = capsys.readouterr()
    assert captured.out == "Note: 2\n"
    assert f"graphql-api serve --seeds {folder}" in captured.err
    assert list(read_model((folder / "content.graphql").read_text()).entry_types) == ["Note"]


def test_model_can_be_written_elsewhere(tmp_path: Path) -> None:
    """Then the folder of the files stays as it is."""
    assert run("model", "init", "--seeds", SITE, "--output", tmp_path / "new.graphql") == ExitCode.OK
    assert set(read_model((tmp_path / "new.graphql").read_text()).entry_types) == {"Author", "Post", "Settings", "Tag"}
    assert not (SITE / "content.graphql").exists()


@pytest.mark.parametrize("kind", ["file", "link"])
def test_file_that_is_there_stays_as_it_is(folder: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A link that leads nowhere too."""
    file = folder / "content.graphql"
    if kind == "file":
        file.write_text("mine")
    else:
        file.symlink_to(folder / "nowhere")
    assert run("model", "init", "--seeds", folder) == ExitCode.USAGE
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "mine" if kind == "file" else file.is_symlink()


def test_folder_without_content_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No empty model is written."""
    assert run("model", "init", "--seeds", tmp_path) == ExitCode.UNREADABLE
    assert "There is no content" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_output_that_cannot_be_written_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its folder is not there."""
    assert run("model", "init", "--seeds", folder, "--output", folder / "no" / "new.graphql") == ExitCode.USAGE
    assert "cannot be written" in capsys.readouterr().err


def test_what_is_left_out_is_told_and_the_rest_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five of them, and how many more there are."""
    for number in range(7):
        (folder / f"empty{number}.md").write_text("")
    assert run("model", "init", "--seeds", folder) == ExitCode.OK
    told = capsys.readouterr().err
    assert told.count("It has neither keys nor text.") == 5
    assert "left out: 2 more" in told
