"""Discovery finds every seed by stat alone and names whatever it cannot look at."""

from __future__ import annotations

import os
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import ContentError
from graphql_api.reading.discover import MAX_FILE_BYTES, MAX_WAYS_TO_A_FOLDER, SUFFIXES, Discovery, discover
from graphql_api.records import Severity

from .seed_files import built_in_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def paths(found: Discovery) -> list[str]:
    return [file.path for file in found.files]


def codes(found: Discovery) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in found.problems]


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be a user whom permissions bind, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        for path in folder.iterdir():
            path.chmod(0o777)


def test_seeds_are_found_in_order_of_path_with_their_stat(tmp_path: Path) -> None:
    """Equal trees give equal lists: the order is that of the paths, whatever the file system's."""
    for name in ("b/z.md", "b/a.md", "a.md", "b-c.md"):
        write(tmp_path / name, "four")
    found = discover(tmp_path)
    assert paths(found) == ["a.md", "b-c.md", "b/a.md", "b/z.md"]
    assert found.files[0].size_bytes == 4
    assert found.files[0].mtime_ns == (tmp_path / "a.md").stat().st_mtime_ns
    assert found.problems == ()


def test_only_visible_markdown_files_are_seeds(tmp_path: Path) -> None:
    """A hidden file or folder, and a name that does not end in .md, is no seed and no problem."""
    for name in (".hidden.md", ".git/a.md", "a/.b/c.md", "a/readme.txt", "a/x.MD", "a/y.md.orig"):
        write(tmp_path / name)
    write(tmp_path / "folder.md" / "inside.md")
    os.mkfifo(tmp_path / "pipe")
    assert discover(tmp_path) == Discovery(discover(tmp_path).files, (), frozenset())
    assert paths(discover(tmp_path)) == ["folder.md/inside.md"]


def test_every_format_of_entries_is_found_when_asked_for(tmp_path: Path) -> None:
    """Which of them hold entries is the model's to say."""
    names = ["a.json", "a.markdown", "a.md", "a.mdx", "a.toml", "a.yaml", "a.yml"]
    for name in (*names, "a.graphql", "a.txt"):
        write(tmp_path / name)
    assert paths(discover(tmp_path, SUFFIXES)) == names


def test_missing_seeds_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """Without a folder there is nothing to load, and an empty generation must not be the result."""
    with pytest.raises(ContentError, match="Create it"):
        discover(tmp_path / "missing")


def test_seeds_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    """A file in the folder's place is as wrong as no folder."""
    with pytest.raises(ContentError, match="not a folder"):
        discover(write(tmp_path / "seeds"))


def test_unreadable_seeds_folder_is_an_error(open_folder: Path) -> None:
    """Permission denied on the folder itself ends the load."""
    open_folder.chmod(0)
    with without_privileges(), pytest.raises(ContentError, match="Permission denied"):
        discover(open_folder)
    open_folder.chmod(0o777)


def test_permission_denied_on_a_folder_hides_all_below_it(open_folder: Path) -> None:
    """What cannot be looked at is never taken for deleted."""
    write(open_folder / "open.md")
    write(open_folder / "shut" / "a.md")
    (open_folder / "shut").chmod(0)
    with without_privileges():
        found = discover(open_folder)
    assert paths(found) == ["open.md"]
    assert codes(found) == [("PERMISSION_DENIED", "shut")]
    assert found.hides("shut/a.md")
    assert found.hides("shut/deeper/b.md")
    assert not found.hides("shutter/a.md")
    assert not found.hides("gone.md")


def test_permission_denied_on_a_file_is_named_when_it_is_read(open_folder: Path) -> None:
    """The file is there, so discovery lists it; reading it names the problem."""
    write(open_folder / "shut.md").chmod(0)
    reader = built_in_reader()
    with without_privileges():
        (file,) = discover(open_folder).files
        (seed,) = reader.read(open_folder, [file])
    assert [problem.code for problem in seed.problems] == ["PERMISSION_DENIED"]
    assert (seed.entries, seed.sha256, seed.file) == ((), None, file)


def test_permission_to_list_a_folder_but_not_to_look_at_its_files_is_named(open_folder: Path) -> None:
    """A folder with r but without x gives names and no stat."""
    write(open_folder / "listed" / "a.md")
    (open_folder / "listed").chmod(0o744)
    with without_privileges():
        if os.geteuid() == (open_folder / "listed").stat().st_uid:
            (open_folder / "listed").chmod(0o444)
        found = discover(open_folder)
    assert codes(found) == [("PERMISSION_DENIED", "listed/a.md")]
    assert found.hides("listed/a.md")


def test_nothing_is_hidden_by_a_clean_walk(tmp_path: Path) -> None:
    """Without a problem, a file that is not found is gone."""
    assert not discover(tmp_path).hides("a/b.md")


def test_unreadable_root_hides_everything() -> None:
    """A seeds folder that fails while it is walked says nothing about any file."""
    assert Discovery((), (), frozenset((".", "./"))).hides("a/b.md")


def test_links_that_stay_in_the_folder_are_followed(tmp_path: Path) -> None:
    """A link to a file or folder inside, also to a hidden one, counts as what it points at."""
    write(tmp_path / ".data" / "a.md", "linked text")
    write(tmp_path / ".data" / "more" / "b.md")
    (tmp_path / "a.md").symlink_to(".data/a.md")
    (tmp_path / "folder").symlink_to(".data/more")
    found = discover(tmp_path)
    assert paths(found) == ["a.md", "folder/b.md"]
    assert found.files[0].size_bytes == len("linked text")
    assert found.problems == ()


def test_seeds_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    """Inside means inside the folder that the link points at."""
    write(tmp_path / "real" / ".data" / "a.md")
    (tmp_path / "real" / "a.md").symlink_to(".data/a.md")
    (tmp_path / "seeds").symlink_to("real")
    found = discover(tmp_path / "seeds")
    assert (paths(found), codes(found)) == (["a.md"], [])


def test_links_that_leave_the_folder_are_named(tmp_path: Path) -> None:
    """Neither a file nor a folder from outside gets in, nor a folder whose name only begins like the root's."""
    write(tmp_path / "seeds-old" / "a.md")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "file.md").symlink_to(tmp_path / "seeds-old" / "a.md")
    (seeds / "folder").symlink_to(tmp_path / "seeds-old")
    (seeds / "null.md").symlink_to("/dev/null")
    found = discover(seeds)
    assert found.files == ()
    assert codes(found) == [(("LINK_LEAVES_FOLDER"), name) for name in ("file.md", "folder", "null.md")]
    assert found.hides("folder/a.md")


def test_links_to_other_things_than_seeds_are_ignored(tmp_path: Path) -> None:
    """A link to a file whose own name is not a seed's is no seed."""
    write(tmp_path / "notes.txt")
    (tmp_path / "link").symlink_to("notes.txt")
    assert discover(tmp_path) == Discovery((), (), frozenset())


def test_link_loops_are_named(tmp_path: Path) -> None:
    """Links to each other, to oneself and to a folder above end the walk there, with a name."""
    write(tmp_path / "a" / "x.md")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "one.md").symlink_to("two.md")
    (tmp_path / "two.md").symlink_to("one.md")
    found = discover(tmp_path)
    assert paths(found) == ["a/x.md"]
    assert codes(found) == [("LINK_LOOP", "a/up"), ("LINK_LOOP", "one.md"), ("LINK_LOOP", "two.md")]


def test_broken_link_is_named(tmp_path: Path) -> None:
    """A link to nothing is not silence: its article may be published."""
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    found = discover(tmp_path)
    assert codes(found) == [("LINK_BROKEN", "gone.md")]
    assert found.hides("gone.md")


def test_link_that_the_system_refuses_is_named(tmp_path: Path) -> None:
    """An error without a name of its own keeps the operating system's reason."""
    (tmp_path / "long.md").symlink_to("x" * 300)
    (problem,) = discover(tmp_path).problems
    assert problem.code == "FILE_UNREADABLE"
    assert "name too long" in problem.message


def test_folders_that_link_to_each_other_do_not_multiply(tmp_path: Path) -> None:
    """Twenty levels of two links each have a million paths; the walk stays linear and says where it stopped."""
    for level in range(20):
        folder = tmp_path / f"{level:02}"
        write(folder / "a.md")
        if level:
            (tmp_path / f"{level - 1:02}" / "one").symlink_to(folder)
            (tmp_path / f"{level - 1:02}" / "two").symlink_to(folder)
    found = discover(tmp_path)
    assert len(found.files) <= 20 * MAX_WAYS_TO_A_FOLDER
    assert {code for code, _ in codes(found)} == {"LINK_REPEATED"}


def test_fifo_and_socket_are_named_and_never_opened(tmp_path: Path) -> None:
    """Opening a FIFO would wait for a writer for ever."""
    os.mkfifo(tmp_path / "fifo.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.md"))
        found = discover(tmp_path)
    assert codes(found) == [("NOT_A_FILE", "fifo.md"), ("NOT_A_FILE", "socket.md")]


def test_file_over_five_mebibytes_is_named_by_its_stat(tmp_path: Path) -> None:
    """The limit itself is allowed; one byte more is not."""
    for name, size in (("most.md", MAX_FILE_BYTES), ("over.md", MAX_FILE_BYTES + 1)):
        os.truncate(write(tmp_path / name), size)
    found = discover(tmp_path)
    assert paths(found) == ["most.md"]
    assert codes(found) == [("FILE_TOO_LARGE", "over.md")]
    assert str(MAX_FILE_BYTES + 1) in found.problems[0].message


def test_name_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    """A path is text in every answer, so a name without one cannot be kept."""
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))).write_text("x")
    write(tmp_path / "café.md")
    found = discover(tmp_path)
    assert paths(found) == ["café.md"]
    assert codes(found) == [("NAME_NOT_UTF8", r"caf\xe9.md")]


def test_every_problem_of_discovery_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """An unreadable seed is never a mere warning, and the message ends with what to do."""
    os.mkfifo(tmp_path / "fifo.md")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    for problem in discover(tmp_path).problems:
        assert problem.severity is Severity.ERROR
        assert problem.line is None
        assert problem.message.count(". ") >= 1
