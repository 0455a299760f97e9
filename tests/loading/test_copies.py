"""The beginning of the next generation: equal to the current one, and nobody else's file."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.loading.copies import make_equal
from graphql_api.store.generations import building_path, generation_path, read_pointer, reading, take_unread

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

CHUNK = 65_536


def publish_two(seeds: SeedFolder) -> tuple[Path, Path]:
    """Publish twice; return the older generation and the current one."""
    paths = []
    for title in "AB":
        seeds.write("a", title=title)
        seeds.load()
        paths.append(generation_path(seeds.store, read_pointer(seeds.store)))
    return paths[0], paths[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that examples may share."""
    return tmp_path_factory.mktemp("copies")


@given(
    size=st.integers(0, 3 * CHUNK + 1),
    other=st.integers(0, 3 * CHUNK + 1),
    changed=st.lists(st.integers(0, 3 * CHUNK), max_size=4),
)
def test_any_file_becomes_equal_to_any_other(folder: Path, size: int, other: int, changed: list[int]) -> None:
    """Shorter, longer or as long, whichever bytes differ."""
    wanted = bytearray(b"abcdefg" * (size // 7 + 1))[:size]
    (folder / "file").write_bytes((b"abcdefg" * (other // 7 + 1))[:other])
    for place in changed:
        if place < size:
            wanted[place] = 0
    (folder / "source").write_bytes(wanted)
    make_equal(folder / "file", folder / "source")
    assert (folder / "file").read_bytes() == wanted


def test_only_what_differs_is_written(folder: Path) -> None:
    """What is equal costs the disk nothing: this file's holes stay holes."""
    source = bytearray(20 * CHUNK)
    source[3 * CHUNK + 5] = 1
    (folder / "source").write_bytes(source)
    with (folder / "file").open("wb") as file:
        file.truncate(len(source))
    make_equal(folder / "file", folder / "source")
    assert (folder / "file").read_bytes() == source
    assert (folder / "file").stat().st_blocks * 512 <= 2 * CHUNK


def test_generation_before_the_current_one_is_built_upon(seeds: SeedFolder) -> None:
    """Its file becomes that of the next one, and the current one stays as it is."""
    older, current = publish_two(seeds)
    inode, content = older.stat().st_ino, current.read_bytes()
    seeds.write("b", title="C")
    seeds.load()
    path = generation_path(seeds.store, read_pointer(seeds.store))
    assert path.stat().st_ino == inode
    assert current.read_bytes() == content
    assert not older.exists()
    assert seeds.query("SELECT title FROM question ORDER BY title") == [("B",), ("C",)]


def test_generation_that_somebody_reads_is_not_built_upon(seeds: SeedFolder) -> None:
    """A server may not have had a request since; it goes on as it was."""
    older, _ = publish_two(seeds)
    with reading(older):
        content = older.read_bytes()
        seeds.write("a", title="C")
        seeds.load()
        assert older.read_bytes() == content
    assert seeds.query("SELECT title FROM question") == [("C",)]


@pytest.mark.parametrize("how", ["hard link", "symbolic link", "folder", "nothing"])
def test_what_is_not_only_a_generation_is_not_built_upon(seeds: SeedFolder, how: str) -> None:
    """Somebody's copy by a link must not change."""
    older, current = publish_two(seeds)
    content = older.read_bytes()
    kept = seeds.root / "kept"
    match how:
        case "hard link":
            kept.hardlink_to(older)
        case "symbolic link":
            older.rename(kept)
            older.symlink_to(kept)
        case "folder":
            older.unlink()
            older.mkdir()
        case "nothing":
            older.unlink()
    assert not take_unread(seeds.store)
    assert not building_path(seeds.store).exists()
    assert current.exists()
    assert not kept.exists() or kept.read_bytes() == content


def test_reader_that_comes_too_late_is_told(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has opened the file by its name, and a load takes that before it is locked."""
    older, _ = publish_two(seeds)

    def lock(file: int, how: int) -> None:
        monkeypatch.undo()
        assert take_unread(seeds.store)
        fcntl.flock(file, how)

    monkeypatch.setattr(fcntl, "flock", lock)
    with pytest.raises(FileNotFoundError), reading(older):
        pass
