"""The cookbook: every operation in docs/queries.md is answered as it says, on the project's own seeds.

GRAPHQL_API_TEST_REWRITE=1 writes the answers anew instead: after a change of seeds, look at the difference.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cookbook import COOKBOOK, Recipe, answered, recipes, rewritten, shortened
from tests.engine.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[1]
EXAMPLES = PROJECT / "graphql_api" / "server" / "examples"
RECIPES = recipes()
REWRITE = bool(os.environ.get("GRAPHQL_API_TEST_REWRITE"))


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return an engine over the project's own seeds."""
    with Product(tmp_path_factory.mktemp("store")) as product:
        product.load(PROJECT / "seeds")
        if REWRITE:
            text = COOKBOOK.read_text(encoding="utf-8")
            COOKBOOK.write_text(rewritten(text, product.data), encoding="utf-8")
        yield product


@pytest.fixture(scope="module")
def answers(product: Product) -> dict[str, Any]:
    """Return the whole answer of every recipe, by title; each is asked in turn, as a reader would."""
    return {recipe.title: data for recipe, data in answered(RECIPES, product.data)}


def named(recipe: Recipe) -> str:
    """Return the name of a recipe's test."""
    return recipe.title.lower().replace(" ", "-")


@pytest.mark.parametrize("title", [pytest.param(recipe.title, id=named(recipe)) for recipe in RECIPES])
def test_answer_is_what_the_cookbook_says(title: str, answers: dict[str, Any]) -> None:
    """The documented answer is the product's, shortened by rule and by nothing else."""
    documented = next(recipe.answer_text for recipe in recipes() if recipe.title == title)
    assert json.loads(documented) == {"data": shortened(answers[title])}


def test_cookbook_is_as_it_would_be_written(product: Product) -> None:
    """To the last blank, so that a rewrite shows only what has changed."""
    text = COOKBOOK.read_text(encoding="utf-8")
    assert rewritten(text, product.data) == text


def test_every_operation_is_one_statement(product: Product) -> None:
    """One request, one statement: whatever an operation asks for."""
    for _ in range(2):
        product.store.asked.clear()
        assert len(list(answered(RECIPES, product.data))) == len(product.store.asked)


def test_cookbook_has_tasks_enough_and_says_something_of_each() -> None:
    """At least 22, under names of their own, each with a sentence."""
    assert len(RECIPES) >= 22
    assert len({recipe.title for recipe in RECIPES}) == len(RECIPES)
    for recipe in RECIPES:
        assert recipe.text.rstrip("`").endswith("."), recipe.title
        assert recipe.operation.lstrip("# ").strip(), recipe.title


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.graphql")), ids=lambda path: path.stem)
def test_tabs_of_graphiql_are_recipes(path: Path) -> None:
    """An example of GraphiQL stands in the cookbook as it is, with its variables."""
    variables = path.with_suffix(".json")
    text = variables.read_text(encoding="utf-8") if variables.exists() else None
    assert (path.read_text(encoding="utf-8"), text) in [(each.operation, each.variables_text) for each in RECIPES]


def test_first_recipe_is_the_first_tab() -> None:
    """A new reader and a new user of GraphiQL begin at the same place: an article and its neighbours."""
    assert RECIPES[0].operation == min(EXAMPLES.glob("*.graphql")).read_text(encoding="utf-8")


def test_walking_by_cursor_gives_every_url_once(product: Product) -> None:
    """The loop that the recipe for static builds describes ends with all urls, in whatever sizes it goes."""
    operation = next(recipe.operation for recipe in RECIPES if recipe.title == "All urls for a static build")
    whole = [node["url"] for node in product.data(operation)["questions"]["nodes"]]
    small, after, walked = operation.replace("first: 100", "first: 7"), None, list[str]()
    while True:
        page = product.data(small, {"after": after})["questions"]
        walked += [node["url"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert walked == whole == sorted(set(whole))
    assert len(whole) == product.data("{ content { questionCount } }")["content"]["questionCount"]


def test_filters_in_the_documentation_are_filters(product: Product) -> None:
    """What docs/filters.md shows as a filter can be copied."""
    text = (PROJECT / "docs" / "filters.md").read_text(encoding="utf-8")
    filters = [json.loads(found) for found in re.findall(r"`(\{\".+?\})`", text)]
    assert len(filters) > 10
    for each in filters:
        product.data("query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }", {"f": each})


@pytest.mark.parametrize("name", ["queries.md", "filters.md", "search.md"])
def test_links_lead_somewhere(name: str) -> None:
    """To a page beside it, and to a heading of that page."""
    folder = PROJECT / "docs"
    for target in re.findall(r"\]\((?!http)([^)]+)\)", (folder / name).read_text(encoding="utf-8")):
        path, _, heading = target.partition("#")
        headings = re.findall(r"^#+ (.+)$", (folder / path).read_text(encoding="utf-8"), re.MULTILINE)
        assert not heading or heading in [each.lower().replace(" ", "-") for each in headings]


def test_shortening_keeps_what_is_short_and_marks_what_is_not() -> None:
    """A list of four shows two and a mark; a long text ends with one; a cursor is only a mark."""
    assert shortened({"a": [1, 2, 3], "b": [1, 2, 3, 4]}) == {"a": [1, 2, 3], "b": [1, 2, "…"]}
    assert shortened({"text": "word " * 50}) == {"text": "word " * 47 + "word […]"}
    assert shortened({"edges": [{"cursor": "abc"}], "endCursor": None}) == {
        "edges": [{"cursor": "[…]"}],
        "endCursor": None,
    }
