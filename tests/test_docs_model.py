"""The pages about models: every model can be read, every file loads by its model, and every answer is the program's.

GRAPHQL_API_TEST_REWRITE=1 writes the answers and the guessed models anew instead: look at the difference.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from graphql_api.model.language import problems_of, read_model
from graphql_api.reading.compile import reader_of
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.records import Severity
from tests.documented_models import Example, examples_of, guessed_text, rewritten
from tests.engine.product import Product

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("model.md", "migrating.md")
REWRITE = bool(os.environ.get("GRAPHQL_API_TEST_REWRITE"))
EXAMPLES = [
    pytest.param(page, number, id=f"{page.removesuffix('.md')}-{number}-{example.title.replace(' ', '-')}")
    for page in PAGES
    for number, example in enumerate(examples_of((DOCS / page).read_text(encoding="utf-8")))
]


@pytest.fixture(scope="module", autouse=True)
def _pages_as_they_are(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Write the pages anew, if that is wished."""
    if not REWRITE:
        return
    folder = tmp_path_factory.mktemp("rewrite")

    def write(example: Example) -> Path:
        shutil.rmtree(folder)
        folder.mkdir()
        return example.write(folder)

    for page in PAGES:
        text = (DOCS / page).read_text(encoding="utf-8")
        (DOCS / page).write_text(rewritten(text, write, _answer), encoding="utf-8")


@pytest.fixture
def example(request: pytest.FixtureRequest) -> Example:
    """Return one example, as the page has it now."""
    page, number = request.param
    examples = examples_of((DOCS / str(page)).read_text(encoding="utf-8"))
    return examples[int(number)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that takes an example for all of them."""
    if "example" in metafunc.fixturenames:
        parameters = [pytest.param(each.values, id=each.id) for each in EXAMPLES]
        metafunc.parametrize("example", parameters, indirect=True)


def test_model_has_no_problem(example: Example, tmp_path: Path) -> None:
    """Not even a warning."""
    example.write(tmp_path)
    assert problems_of((tmp_path / "content.graphql").read_text()) == ()


def test_files_load_by_the_model(example: Example, tmp_path: Path) -> None:
    """Without an error."""
    example.write(tmp_path)
    reader = reader_of(read_model((tmp_path / "content.graphql").read_text()))
    read = reader.read(tmp_path, discover(tmp_path, SUFFIXES).files)
    assert [each for file in read for each in file.problems if each.severity is Severity.ERROR] == []
    assert any(file.entries for file in read)


def test_guess_is_what_the_page_says(example: Example, tmp_path: Path) -> None:
    """To the last comment."""
    example.write(tmp_path)
    if not example.model:
        page = (DOCS / "model.md").read_text(encoding="utf-8")
        assert example.guessed is not None
        assert page[slice(*example.guessed)] == guessed_text(tmp_path)


def test_answer_is_what_the_page_says(example: Example, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """All of it, in its order."""
    page = request.node.callspec.id.partition("-")[0]
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    if example.query:
        assert example.answer is not None
        documented = json.loads(text[slice(*example.answer)])
        assert documented == _answer(example.write(tmp_path), example.query)


def _answer(site: Path, query: str) -> Any:
    with Product(site / ".store") as product:
        product.load(site)
        return product.data(query)
