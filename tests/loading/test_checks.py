"""What must hold of a generation before it is published."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NoReturn

import pytest

from graphql_api.errors import StoreError
from graphql_api.loading import publish
from graphql_api.loading.checks import checks_of
from graphql_api.model.language import builtin_model
from graphql_api.store.driver import sqlite3
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.layout import layout_of
from graphql_api.store.tables import Role
from tests.loading.seed_folder import related

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder


@pytest.fixture
def generation(seeds: SeedFolder) -> Path:
    """Return a copy of a generation with a reference."""
    seeds.write("a", more=related(1, "b"))
    seeds.write("b")
    seeds.load()
    path = seeds.root / "copy.sqlite"
    shutil.copyfile(generation_path(seeds.store, read_pointer(seeds.store)), path)
    return path


def names() -> dict[str, str]:
    """Return the names of tables and columns of the built-in model."""
    layout = layout_of(builtin_model())
    question, subject = layout.entries["Question"], layout.entries["Subject"]
    references = question.lists["relatedArticles"]
    columns = {
        "question": references.find("question", Role.TARGET),
        "subject": question.main.find("subject", Role.TARGET),
        "count": subject.main.find("questionCount", Role.COUNT),
    }
    tables = {"references": references, "main": question.main, "details": question.details, "subjects": subject.main}
    return {name: each.name for name, each in (tables | columns).items() if each}


def run_checks(path: Path) -> list[str]:
    """Return what each check that fails says."""
    failures = []
    for check in checks_of(path, layout_of(builtin_model())):
        try:
            check()
        except StoreError as error:
            failures.append(str(error))
    return failures


def test_good_generation_passes(generation: Path) -> None:
    """And is not changed by that."""
    before = generation.read_bytes()
    assert run_checks(generation) == []
    assert generation.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE {references} SET {question} = 99", ["broken keys: 1"]),
        ("UPDATE {details} SET pk = 99 WHERE pk = 1; UPDATE {main} SET {subject} = 99", ["broken keys: 3"]),
        ("DELETE FROM {details} WHERE pk = 1", ["the counts of Question differ"]),
        ("UPDATE {subjects} SET {count} = 7", ["the counts of Subject differ"]),
    ],
)
def test_what_is_inconsistent_is_told(generation: Path, damage: str, told: list[str]) -> None:
    """By the check that sees it."""
    db = sqlite3.connect(generation)
    db.executescript(damage.format(**names()))
    db.close()
    failures = run_checks(generation)
    assert len(failures) == len(told)
    assert all(part in failure for part, failure in zip(told, failures, strict=True))


def test_what_fails_a_check_is_not_published(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was current stays so, and nothing is left behind."""
    seeds.write("a")
    seeds.load()
    pointer = read_pointer(seeds.store)

    def fail() -> NoReturn:
        raise StoreError("It is inconsistent.")

    monkeypatch.setattr(publish, "checks_of", lambda *_: [fail])
    seeds.write("b")
    with pytest.raises(StoreError, match="inconsistent"):
        seeds.load()
    assert read_pointer(seeds.store) == pointer
    assert {path.name for path in (seeds.store / "generations").iterdir()} == {pointer.file}
