"""What takes a file's place, or happens to it, between finding and reading is named."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.model.language import read_model
from graphql_api.reading.compile import reader_of
from graphql_api.reading.discover import MAX_FILE_BYTES
from graphql_api.reading.problems import Code, error
from graphql_api.reading.seed_bytes import twice
from graphql_api.records import Problem, SeedFile

from .seed_files import built_in_reader, seed_text

if TYPE_CHECKING:
    from graphql_api.reading.entry import SeedEntries


def read_seed(root: Path, file: SeedFile) -> SeedEntries:
    (seed,) = built_in_reader().read(root, [file])
    return seed


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
    model = read_model('type Status @content(files: ["status"]) { path: String! @from(file: PATH) @key }')
    (seed,) = reader_of(model).read(Path("/proc/self"), [SeedFile("status", 0, 0)])
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
