"""Durability: what is written is on the disk before it is published, or it is not published."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import NoGenerationError, StoreError
from graphql_api.store.generations import read_pointer

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder


@pytest.mark.parametrize("failing", [1, 2])
def test_write_that_was_lost_is_never_published(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """The kernel tells once that it has lost a write, maybe long before the end; the load that hears it ends there."""
    synchronise, calls = os.fsync, iter(range(1, 1_000))

    def fsync(descriptor: int) -> None:
        if next(calls) == failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        synchronise(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    seeds.write("a")
    with pytest.raises(StoreError, match="Input/output error"):
        seeds.load()
    with pytest.raises(NoGenerationError):
        read_pointer(seeds.store)
    assert list((seeds.store / "generations").iterdir()) == []


def test_folder_that_cannot_be_synchronised_at_the_very_end_is_told(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pointer is replaced by then, so the new content is served; only a power cut could take it back."""
    synchronise = os.fsync

    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink() == seeds.store:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        synchronise(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    seeds.write("a")
    with pytest.raises(StoreError, match=r"is published, but .+ cannot be synchronised \(Input/output error\)"):
        seeds.load()
    assert read_pointer(seeds.store).version


def test_file_is_synchronised_while_it_is_written_and_at_its_end(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last synchronisation of the generation comes before its name and the pointer are made durable."""
    synchronise, names = os.fsync, []

    def fsync(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        synchronise(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    seeds.write("a")
    seeds.load()
    end = ["next.building", "generations", "current.tmp", "store"]
    assert names == ["next.building", *end]
    names.clear()
    seeds.write("b")
    seeds.load()
    end.insert(2, "previous.tmp")
    assert names[-5:] == end
    assert set(names[:-5]) == {"next.building"}
