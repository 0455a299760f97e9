"""What is checked ahead is not checked again, and what is damaged is found all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.store import served_file, sqlite
from graphql_api.store.ahead import CheckAhead
from graphql_api.store.sqlite import SQLiteStore
from tests.store.test_damage import current, flip, publish_two
from tests.store.test_sqlite import DEADLINE_SECONDS, TITLES, answer, run

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder


def test_what_was_found_sound_ahead_is_not_checked_again(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are read once."""
    _, new = publish_two(seeds)
    monkeypatch.setattr(sqlite, "check_bytes", lambda *_: pytest.fail("checked again"))

    async def test() -> None:
        with CheckAhead(seeds.store) as ahead:
            async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str, ahead=ahead) as store:
                assert await answer(store, TITLES, ()) == (new, (new, "New"))

    run(test())


@pytest.mark.parametrize("is_damaged_before", [True, False])
def test_damage_is_found_whenever_it_happens(seeds: SeedFolder, *, is_damaged_before: bool) -> None:
    """Before it was checked ahead, or since."""
    old, _ = publish_two(seeds)

    async def test() -> None:
        if is_damaged_before:
            flip(current(seeds), 8_200)
        with CheckAhead(seeds.store) as ahead:
            pass
        if not is_damaged_before:
            flip(current(seeds), 8_200)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str, ahead=ahead) as store:
            assert await answer(store, TITLES, ()) == (old, (old, "Old"))

    run(test())


def test_what_was_checked_long_ago_is_checked_again(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk can lose what nobody has touched."""
    publish_two(seeds)
    monkeypatch.setattr(served_file, "SECONDS_A_CHECK_HOLDS", 0.0)
    checked: list[object] = []
    monkeypatch.setattr(sqlite, "check_bytes", lambda *given: checked.append(given))

    async def test() -> None:
        with CheckAhead(seeds.store) as ahead:
            pass
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str, ahead=ahead) as store:
            await store.version()

    run(test())
    assert len(checked) == 1


def test_generation_that_was_published_since_is_checked_itself(seeds: SeedFolder) -> None:
    """Another one than what was checked ahead, and none at all, are no reason to trust."""
    seeds.write("a", title="Old")
    seeds.load()
    with CheckAhead(seeds.store) as ahead:
        pass
    old = seeds.load().version
    seeds.write("a", title="New")
    seeds.load()

    async def test() -> None:
        flip(current(seeds), 8_200)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str, ahead=ahead) as store:
            assert await answer(store, TITLES, ()) == (old, (old, "Old"))

    run(test())


def test_nothing_to_check_is_no_error(seeds: SeedFolder) -> None:
    """Whoever opens the store says that there is nothing."""
    with CheckAhead(seeds.store):
        pass
