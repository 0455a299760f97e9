"""A real site whole, its articles, its posts and its pages of blocks: no error, and the oracle's answers."""

from __future__ import annotations

import os
import random
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.loading.model_file import MODEL_FILE
from tests.conftest import CORPUS_VARIABLE
from tests.oracle.comparison import compare
from tests.oracle.declarations import Model
from tests.oracle.everything import everything, whole_entry
from tests.oracle.sides import Sides, both
from tests.random_seeds import seed_of_run
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = uncounted

MODEL = (Path(__file__).parents[1] / "model" / "models" / "quicktakes.graphql").read_text(encoding="utf-8")
OTHER_CONTENT = "other-content.tar.xz"
QUESTIONS = 100


@pytest.fixture(scope="module")
def sides(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Both sides over all that there is of the site: the other content is unpacked beside the sample."""
    archive = Path(os.environ[CORPUS_VARIABLE], OTHER_CONTENT)
    if not archive.is_file():
        pytest.fail(f"{CORPUS_VARIABLE} is set, but there is no file {archive}")
    seeds = corpus.parent
    with tarfile.open(archive) as files:
        files.extractall(seeds, filter="data")
    (seeds / MODEL_FILE).write_text(MODEL, encoding="utf-8")
    with both(Model(MODEL), seeds, tmp_path_factory.mktemp("store")) as sides:
        yield sides


def test_whole_site_loads_without_an_error(sides: Sides) -> None:
    """Every file is an entry, and both sides say so."""
    assert sides.told == sides.site.told()
    assert not [each for each in sides.told if each[0] == "ERROR"]
    assert {name: len(entries) for name, entries in sides.site.entries.items()} == {
        "Question": 11_670, "Subject": 16, "Post": 33, "Page": 7
    }  # fmt: skip


def test_posts_and_pages_are_equal_in_every_field(sides: Sides) -> None:
    """All of them, and the first page of the questions and subjects."""
    for document in everything(sides.site, sides.oracle.schema):
        compare(sides.product, sides.oracle.execute, document, None)


def test_a_sample_of_the_questions_is_equal_in_every_field(sides: Sides) -> None:
    """Each by its url."""
    whole = whole_entry(sides.site, sides.oracle.schema, "Question")
    draw = random.Random(seed_of_run())
    for each in draw.sample(sides.site.entries["Question"], QUESTIONS):
        document = f"query ($url: String!) {{ question(by: {{url: $url}}) {whole} }}"
        compare(sides.product, sides.oracle.execute, document, {"url": each.values["url"]})
