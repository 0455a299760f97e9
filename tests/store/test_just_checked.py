"""What a load has just read whole: no server reads it again at once, and in doubt each does."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from graphql_api.store import just_checked, served_file, sqlite
from graphql_api.store.generations import check_bytes, generation_path, read_pointer, write_pointer
from graphql_api.store.just_checked import is_just_checked, note_checked
from graphql_api.store.served_file import ServedFile
from graphql_api.store.sqlite import SQLiteStore
from tests.store.test_sqlite import DEADLINE_SECONDS, TITLES, answer, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder


@pytest.fixture
def compared(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Publish an entry; return the list of the files that a server compares with their checksums from then on."""
    files: list[Path] = []

    def compare(path: Path, *others: Any) -> None:
        files.append(path)
        check_bytes(path, *others)

    seeds.write("a", title="A")
    seeds.load()
    monkeypatch.setattr(sqlite, "check_bytes", compare)
    return files


def current(seeds: SeedFolder) -> Path:
    """Return the file of the current generation."""
    return generation_path(seeds.store, read_pointer(seeds.store))


def serve(seeds: SeedFolder) -> None:
    """Open what is published, and ask for it."""

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            assert (await answer(store, TITLES, ()))[1][1] == "A"

    run(test())


def test_what_a_load_has_just_read_is_not_read_again(seeds: SeedFolder, compared: list[Path]) -> None:
    """Nor after it was called otherwise."""
    serve(seeds)
    seeds.load(label="A")
    serve(seeds)
    assert compared == []


@pytest.mark.parametrize("what", ["touched", "copied", "another link", "another checksum", "older", "other start"])
def test_whatever_does_not_fit_is_compared(
    seeds: SeedFolder, compared: list[Path], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The file, its name, the pointer, the time and the machine."""
    path, pointer = current(seeds), read_pointer(seeds.store)
    if what == "touched":
        os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    elif what == "copied":
        copy = path.read_bytes()
        path.unlink()
        path.write_bytes(copy)
    elif what == "another link":
        (path.parent / "link").hardlink_to(path)
    elif what == "another checksum":
        # A pointer of an earlier program has none, and its file is known by its size.
        write_pointer(seeds.store, replace(pointer, checksum=""))
    elif what == "older":
        monkeypatch.setattr(served_file, "SECONDS_A_CHECK_HOLDS", 0.0)
    else:
        monkeypatch.setattr(just_checked, "_boot", lambda: "another")
    serve(seeds)
    assert compared == [path]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"read": "x"}', '{"read": 1e308}', "[" * 100_000])
def test_what_is_noted_is_a_shortcut_only(seeds: SeedFolder, compared: list[Path], text: str) -> None:
    """Damaged, or gone, it costs a comparison."""
    (seeds.store / "checked.json").write_text(text)
    serve(seeds)
    (seeds.store / "checked.json").unlink()
    serve(seeds)
    assert compared == [current(seeds)] * 2


def test_file_that_has_changed_since_it_was_read_is_not_noted(seeds: SeedFolder, compared: list[Path]) -> None:
    """Not by its size or time; another name is no change."""
    path, pointer = current(seeds), read_pointer(seeds.store)
    before = path.stat()
    (seeds.store / "checked.json").unlink()
    os.utime(path, ns=(1, 1))
    note_checked(seeds.store, pointer, path, before)
    assert not (seeds.store / "checked.json").exists()
    note_checked(seeds.store, pointer, path, path.stat())
    with path.open("rb") as file:
        assert is_just_checked(seeds.store, pointer, ServedFile(file))
    assert json.loads((seeds.store / "checked.json").read_text())["checksum"] == pointer.checksum
    assert compared == []
