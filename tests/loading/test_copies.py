"""The beginning of the next generation: equal to the current one, and nobody else's file."""

from __future__ import annotations

import fcntl
import threading
import time
from typing import TYPE_CHECKING, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.loading.copies import make_equal, sums_of
from graphql_api.store import kept
from graphql_api.store.generations import building_path, checksum_of, generation_path, read_pointer, reading
from graphql_api.store.kept import taken_spare

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

CHUNK = 65_536
MIB = 1 << 20


def publish_three(seeds: SeedFolder) -> list[Path]:
    """Publish three times; return the spare, the generation before the current one, and the current one."""
    paths = []
    for title in "ABC":
        seeds.write("a", title=title)
        seeds.load()
        paths.append(generation_path(seeds.store, read_pointer(seeds.store)))
    return paths


def copy_over(file: Path, source: Path, *, are_pieces_known: bool = False) -> None:
    """Make a file equal to another, whose pieces have been summed up before or not."""
    pieces = sums_of(source).pieces if are_pieces_known else ()
    with file.open("rb+") as opened:
        make_equal(opened, source, pieces)


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
    copy_over(folder / "file", folder / "source")
    assert (folder / "file").read_bytes() == wanted


@pytest.mark.parametrize("other", [0, 1, MIB, 5 * MIB, 9 * MIB + 7, 10 * MIB])
@pytest.mark.parametrize("size", [0, 1, MIB - 1, 5 * MIB, 9 * MIB + 7])
def test_pieces_that_are_known_make_it_equal_too(folder: Path, size: int, other: int) -> None:
    """Whether the file was shorter or longer, in the first piece of those that are read at once and in the last."""
    wanted = bytearray(b"abcdefg" * (size // 7 + 1))[:size]
    (folder / "file").write_bytes((b"abcdefg" * (other // 7 + 1))[:other])
    for place in (3, MIB + 5, 4 * MIB, size - 1):
        if 0 <= place < size:
            wanted[place] ^= 255
    (folder / "source").write_bytes(wanted)
    assert sums_of(folder / "source").checksum == checksum_of(folder / "source")
    copy_over(folder / "file", folder / "source", are_pieces_known=True)
    assert (folder / "file").read_bytes() == wanted


def test_end_of_a_file_is_not_taken_for_what_was_read_before_it(folder: Path) -> None:
    """A piece that is cut short is another one, whatever stood in its place four MiB before."""
    (folder / "file").write_bytes(bytes(5 * MIB - 10))
    (folder / "source").write_bytes(bytes(5 * MIB))
    assert sums_of(folder / "file").pieces[4] != sums_of(folder / "source").pieces[4]
    copy_over(folder / "file", folder / "source", are_pieces_known=True)
    assert (folder / "file").read_bytes() == bytes(5 * MIB)


def test_of_the_source_only_what_differs_is_read(folder: Path) -> None:
    """What is equal by its checksum is left as it is, whatever the source holds there by now."""
    (folder / "file").write_bytes(bytes(3 * MIB))
    (folder / "source").write_bytes(bytes(3 * MIB))
    pieces = sums_of(folder / "source").pieces
    with (folder / "source").open("rb+") as source:
        source.write(b"later")
    with (folder / "file").open("rb+") as file:
        file.seek(2 * MIB)
        file.write(b"other")
        file.flush()
        make_equal(file, folder / "source", pieces)
    assert (folder / "file").read_bytes() == bytes(3 * MIB)


def test_only_what_differs_is_written(folder: Path) -> None:
    """What is equal costs the disk nothing: this file's holes stay holes."""
    source = bytearray(20 * CHUNK)
    source[3 * CHUNK + 5] = 1
    (folder / "source").write_bytes(source)
    with (folder / "file").open("wb") as file:
        file.truncate(len(source))
    copy_over(folder / "file", folder / "source")
    assert (folder / "file").read_bytes() == source
    assert (folder / "file").stat().st_blocks * 512 <= 2 * CHUNK


def test_spare_is_built_upon(seeds: SeedFolder) -> None:
    """Its file becomes that of the next one; the current one and the one before it stay as they are."""
    spare, *others = publish_three(seeds)
    inode, contents = spare.stat().st_ino, [path.read_bytes() for path in others]
    seeds.write("b", title="D")
    seeds.load()
    path = generation_path(seeds.store, read_pointer(seeds.store))
    assert path.stat().st_ino == inode
    assert [path.read_bytes() for path in others] == contents
    assert not spare.exists()
    assert seeds.query("SELECT title FROM question ORDER BY title") == [("C",), ("D",)]


def test_generation_that_somebody_reads_is_not_built_upon(seeds: SeedFolder) -> None:
    """A server may not have had a request since; it goes on as it was."""
    spare, *_ = publish_three(seeds)
    with reading(spare):
        content = spare.read_bytes()
        seeds.write("a", title="D")
        seeds.load()
        assert spare.read_bytes() == content
    assert seeds.query("SELECT title FROM question") == [("D",)]


def test_generation_that_somebody_copies_is_not_rewritten(seeds: SeedFolder) -> None:
    """A program that copies takes no lock of ours: it gets the bytes that were there when it began."""
    paths = publish_three(seeds)
    contents = [path.read_bytes() for path in paths]
    files = [path.open("rb") for path in paths]
    try:
        halves = [file.read(len(content) // 2) for file, content in zip(files, contents, strict=True)]
        for title in "DEFGHIJ":
            seeds.write("a", title=title)
            seeds.load()
        copies = [half + file.read() for half, file in zip(halves, files, strict=True)]
    finally:
        for file in files:
            file.close()
    assert copies == contents
    assert len(kept.generation_files(seeds.store)) == 3


def test_who_opens_the_spare_in_the_moment_it_is_taken_gets_it_whole(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the lease, which tells; then the file is let go as it is."""
    spare, *_ = publish_three(seeds)
    content = spare.read_bytes()
    read: list[bytes] = []
    opener = threading.Thread(target=lambda: read.append(building_path(seeds.store).read_bytes()))

    def is_alone(file: BinaryIO) -> bool:
        opener.start()
        end = time.monotonic() + 30
        while alone(file):
            assert time.monotonic() < end
        return False

    alone = kept._is_alone
    monkeypatch.setattr(kept, "_is_alone", is_alone)
    with taken_spare(seeds.store) as taken:
        assert taken is None
    opener.join()
    assert read == [content]


@pytest.mark.parametrize("how", ["hard link", "symbolic link", "folder", "nothing", "no leases"])
def test_what_is_not_only_a_spare_is_not_built_upon(
    seeds: SeedFolder, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's copy by a link must not change; nor may a file of which nobody can tell whether it is being copied."""
    spare, *others = publish_three(seeds)
    content = spare.read_bytes()
    aside = seeds.root / "aside"
    match how:
        case "hard link":
            aside.hardlink_to(spare)
        case "symbolic link":
            spare.rename(aside)
            spare.symlink_to(aside)
        case "folder":
            spare.unlink()
            spare.mkdir()
        case "nothing":
            spare.unlink()
        case "no leases":
            monkeypatch.setattr(fcntl, "F_SETLEASE", 1_000_000)
    with taken_spare(seeds.store) as taken:
        assert taken is None
    assert not building_path(seeds.store).exists()
    assert all(path.exists() for path in others)
    assert not aside.exists() or aside.read_bytes() == content
    seeds.write("a", title="D")
    seeds.load()
    assert seeds.query("SELECT title FROM question") == [("D",)]
    assert not aside.exists() or aside.read_bytes() == content


def test_reader_that_comes_too_late_is_told(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has opened the file by its name, and another takes its place before it is locked."""
    spare, *_ = publish_three(seeds)

    def lock(file: int, how: int) -> None:
        monkeypatch.undo()
        spare.rename(building_path(seeds.store))
        spare.write_bytes(b"another")
        fcntl.flock(file, how)

    monkeypatch.setattr(fcntl, "flock", lock)
    with pytest.raises(FileNotFoundError), reading(spare):
        pass
