"""Sites of several kinds, each with a model that was written by hand before: how near the guess comes."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.inference.gathering import collections_of
from graphql_api.inference.languages import NONE
from graphql_api.inference.scalars import is_nothing
from graphql_api.inference.walk import walk
from graphql_api.model.globs import Globs
from graphql_api.model.language import builtin_model, read_model
from graphql_api.reading.known_keys import known_keys
from tests.conftest import CORPUS_VARIABLE
from tests.inference.guessing import guess
from tests.sites.comparison import compared, json_fields
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from graphql_api.model.types import EntryType, Model

SITES = Path(__file__).parents[1] / "sites"
SEEDS = Path(__file__).parents[2] / "seeds"
OTHER_CONTENT = "other-content.tar.xz"
NAMES = tuple(sorted(folder.name for folder in SITES.iterdir() if (folder / "expected.graphql").is_file()))


@pytest.fixture(scope="module", params=NAMES)
def site(request: pytest.FixtureRequest) -> Path:
    """Return the folder of one site."""
    return SITES / str(request.param)


def test_there_are_sites_of_eight_kinds() -> None:
    """A blog of bundles, authors and tags, dates in names, docs, recipes, products, a glossary, a vault."""
    assert len(NAMES) == 8


def test_guess_loads_every_file_of_a_site_without_an_error(site: Path) -> None:
    """Without an edit, and each file is of one type."""
    found = guess(site)
    assert (found.errors, found.unclaimed) == ((), ())


def test_guess_has_nine_in_ten_fields_of_the_model_by_hand(site: Path) -> None:
    """By type and field: name, type and where a reference leads."""
    found = compared(read_model((site / "expected.graphql").read_text()), guess(site).model)
    assert found.share >= 0.9, found.different


def test_guess_has_next_to_no_field_of_any_value(site: Path) -> None:
    """At most 2 % of its fields are JSON."""
    model = guess(site).model
    assert len(json_fields(model)) <= 0.02 * _field_count(model)


def test_key_that_is_in_all_files_is_required(site: Path) -> None:
    """And one that is not in all is no error where it is absent."""
    model = guess(site).model
    checked = [_check_required(site, each) for each in model.entry_types.values() if each.globs and each.each == "FILE"]
    assert sum(checked) > 2


def test_guess_from_the_seeds_has_the_values_of_the_built_in_model() -> None:
    """What no file says (walks, what the store knows, an unused key) is left aside; names of types may differ."""
    found = guess(SEEDS)
    said = {key for seed in SEEDS.rglob("*.md") for key in re.findall(r"^(\w+):", seed.read_text(), re.MULTILINE)}
    (question,) = [each for each in found.model.entry_types.values() if each.globs]
    assert (found.errors, found.unclaimed, json_fields(found.model)) == ((), (), ())
    expected = {
        (field.name, str(field.type))
        for field in builtin_model().entry_types["Question"].fields
        if field.is_value and field.name not in {"articleId", "sourcePath", "subject", "score", "noIndex", "url"}
        if not known_keys([field]) or known_keys([field]) & said
    }
    assert expected <= {(field.name, str(field.type)) for field in question.fields}


@uncounted
def test_guess_from_a_real_site_loads_all_of_it(corpus: Path, tmp_path: Path) -> None:
    """Articles of two subjects, posts, and pages of blocks in several languages."""
    archive = Path(os.environ[CORPUS_VARIABLE], OTHER_CONTENT)
    if not archive.is_file():
        pytest.fail(f"{CORPUS_VARIABLE} is set, but there is no file {archive}")
    for subject in ("mathematics", "economics"):
        shutil.copytree(corpus / subject, tmp_path / subject)
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    found = guess(tmp_path)
    assert (found.errors, found.unclaimed, json_fields(found.model)) == ((), (), ())
    names = [name for name, _ in found.inferred.types]
    assert names == ["Page", "Post", "Question"]
    assert len(found.model.unions) == 1
    assert {"en", "zhHk", "fr", "sp"} == {field.name for field in found.model.groups["Translated"].fields}


def _field_count(model: Model) -> int:
    return sum(len(each.fields) for each in (*model.entry_types.values(), *model.groups.values()))


def _check_required(site: Path, type_: EntryType) -> int:
    """Assert that the fields whose keys are in all files of a type are required; return how many there are."""
    globs = Globs(type_.globs)
    files = [file for file in walk(site).files if globs.matches(file.path)]
    checked = 0
    for field in type_.fields:
        keys = [source.key[0] for source in field.sources if source.key]
        if not keys or field.type.is_list:
            continue
        is_in_all = all(any(not is_nothing(file.value.get(key)) for key in keys) for file in files)
        has_other_source = any(source.file for source in field.sources)
        assert field.type.is_required == (is_in_all or has_other_source), field.name
        checked += is_in_all
    return checked


def test_every_file_is_in_one_collection(site: Path) -> None:
    """None is forgotten, none is twice."""
    files = walk(site).files
    found = [file.path for each in collections_of(files, NONE) for file in each.files]
    assert sorted(found) == sorted(file.path for file in files)
