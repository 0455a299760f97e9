"""The folder of a store: pointer, lock, and what is kept of old generations."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import LoadBusyError, NoGenerationError, StoreError
from graphql_api.store.generations import (
    Pointer,
    checksum_of,
    generation_path,
    load_lock,
    pointer_path,
    read_pointer,
    reading,
    remove_leftovers,
    write_pointer,
)
from graphql_api.store.kept import remove_spares

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

POINTER = Pointer("v1", "v1-abc.sqlite", 5, "abc", "tables", "code", "model")


def files(folder: SeedFolder) -> set[str]:
    return {path.name for path in (folder.store / "generations").iterdir()}


def publish_some(folder: SeedFolder, count: int) -> list[str]:
    """Publish `count` generations and return the names of their files."""
    names = []
    for number in range(count):
        folder.write("a", title=f"Title {number}")
        folder.load()
        names.append(read_pointer(folder.store).file)
    return names


def test_pointer_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A pointer survives its file."""
    write_pointer(tmp_path, POINTER)
    assert read_pointer(tmp_path) == POINTER
    assert generation_path(tmp_path, POINTER) == tmp_path / "generations" / "v1-abc.sqlite"
    assert [path.name for path in tmp_path.iterdir()] == ["current.json"]


def test_store_without_pointer_has_no_generation(tmp_path: Path) -> None:
    """Nothing published is told as such, with what to do."""
    with pytest.raises(NoGenerationError, match="graphql-api load"):
        read_pointer(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 1, "more": 2}', "\ufeff", "null"])
def test_broken_pointer_is_a_store_error(tmp_path: Path, text: str) -> None:
    """A pointer that cannot be understood is no traceback."""
    (tmp_path / "current.json").write_text(text)
    with pytest.raises(StoreError, match=r"current\.json"):
        read_pointer(tmp_path)


def test_second_lock_is_refused_at_once(tmp_path: Path) -> None:
    """Of two loads at once the second says so."""
    with load_lock(tmp_path), pytest.raises(LoadBusyError, match="under way"), load_lock(tmp_path):
        pass
    with load_lock(tmp_path):
        pass


def test_reading_a_generation_that_is_gone_says_so(tmp_path: Path) -> None:
    """Whoever opens a generation that a load has just removed can look at the pointer again."""
    with pytest.raises(FileNotFoundError), reading(tmp_path / "gone.sqlite"):
        pass


def test_reading_a_generation_of_another_size_is_refused(tmp_path: Path) -> None:
    """A file that was cut short is noticed before anything is read from it."""
    (tmp_path / "a.sqlite").write_bytes(b"12345")
    with reading(tmp_path / "a.sqlite", 5):
        pass
    with pytest.raises(OSError, match="it has 5 bytes, and 6 were published"), reading(tmp_path / "a.sqlite", 6):
        pass


def test_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    """XXH3 with 128 bits, as other programs compute it."""
    (tmp_path / "a").write_bytes(b"abc")
    assert checksum_of(tmp_path / "a") == "06b05ab6733a618578af5f94892f3950"


def test_current_previous_and_spare_generations_are_kept(seeds: SeedFolder) -> None:
    """The current generation, the one before it and a spare stay; older ones go."""
    names = publish_some(seeds, 5)
    assert files(seeds) == set(names[-3:])


def test_generation_that_is_read_stays(seeds: SeedFolder) -> None:
    """A load removes nothing that somebody reads; once nobody does, the next load removes it."""
    (first,) = publish_some(seeds, 1)
    with reading(seeds.store / "generations" / first):
        names = publish_some(seeds, 5)
        assert files(seeds) == {first, *names[-3:]}
    for title in ("One more", "And another"):
        seeds.write("a", title=title)
        seeds.load()
    assert len(files(seeds)) == 3
    assert first not in files(seeds)


@pytest.mark.parametrize("pointer", ["older tables", "older version"])
def test_generation_that_the_pointer_names_stays_until_there_is_another(seeds: SeedFolder, pointer: str) -> None:
    """Whoever cannot read it must not take it from those who can."""
    (name,) = publish_some(seeds, 1)
    path = seeds.store / "current.json"
    said = json.loads(path.read_text())
    said["tables"] = "0123456789abcdef"
    if pointer == "older version":
        said["sha256"] = said.pop("checksum")
    path.write_text(json.dumps(said))
    (seeds.store / "generations" / "newer.sqlite").touch()
    remove_spares(seeds.store)
    assert files(seeds) == {name}
    report = seeds.load(force=True)
    assert (report.published, report.problems) == (True, ())


def test_what_cannot_be_removed_stops_no_load(seeds: SeedFolder) -> None:
    """It only takes place."""
    publish_some(seeds, 1)
    folder = seeds.store / "generations" / "folder.sqlite"
    folder.mkdir()
    os.utime(folder, (0, 0))
    names = publish_some(seeds, 4)
    assert files(seeds) == {"folder.sqlite", *names[-3:]}


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "null", "7", "{}", '"text"', "\xff"])
def test_pointer_that_says_nonsense_is_replaced_by_the_next_load(seeds: SeedFolder, text: str) -> None:
    """It is an error with a remedy, and the remedy works."""
    publish_some(seeds, 1)
    pointer_path(seeds.store).write_text(text, encoding="latin-1")
    assert_replaced(seeds)


@pytest.mark.parametrize("file", [None, 5, [], True, "x\0y", "../x", "\ud800"])
def test_pointer_that_names_no_file_is_replaced_by_the_next_load(seeds: SeedFolder, file: object) -> None:
    """What it names is opened only if it can be a name."""
    publish_some(seeds, 1)
    said = json.loads(pointer_path(seeds.store).read_text())
    pointer_path(seeds.store).write_text(json.dumps({**said, "file": file}))
    assert_replaced(seeds)


def assert_replaced(seeds: SeedFolder) -> None:
    with pytest.raises(StoreError, match="Load again: that replaces it"):
        read_pointer(seeds.store)
    report = seeds.load()
    assert [problem.code for problem in report.problems] == ["GENERATION_DAMAGED"]
    assert read_pointer(seeds.store).version == report.version


def test_leftovers_of_dead_loads_go(tmp_path: Path) -> None:
    """Only what is being built by nobody is removed; generations are another matter."""
    (tmp_path / "generations").mkdir()
    for name in ("next.building", "next.building-journal", "a.sqlite"):
        (tmp_path / "generations" / name).touch()
    (tmp_path / "current.tmp").touch()
    remove_leftovers(tmp_path)
    assert not (tmp_path / "current.tmp").exists()
    remove_spares(tmp_path)
    assert [path.name for path in (tmp_path / "generations").iterdir()] == ["a.sqlite"]


def test_pointer_names_size_and_hash_of_the_file(seeds: SeedFolder) -> None:
    """What is published can be checked by anybody who has the folder."""
    publish_some(seeds, 1)
    pointer = read_pointer(seeds.store)
    path = generation_path(seeds.store, pointer)
    assert (path.stat().st_size, checksum_of(path)) == (pointer.size_bytes, pointer.checksum)
    assert json.loads((seeds.store / "current.json").read_text())["version"] == pointer.version
    assert pointer.file == f"{pointer.version}-{pointer.checksum[:16]}.sqlite"
