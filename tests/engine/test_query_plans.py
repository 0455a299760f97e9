"""One operation, one statement, and indexes for it: what the store is asked and how SQLite goes about it.

The golden files hold operation, variables, SQL, values, query plan and answer side by side, on the project's own seeds.
GRAPHQL_API_TEST_REWRITE=1 writes them anew instead: look at the difference.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cookbook import answered, recipes, shortened, with_cursors
from tests.engine.further_operations import FURTHER

if TYPE_CHECKING:
    from tests.engine.product import Product

GOLDEN = Path(__file__).parent / "golden"
REWRITE = bool(os.environ.get("GRAPHQL_API_TEST_REWRITE"))
RECIPES = recipes()
# No index can find what stands inside a text, and counts of nearly everything count nearly everything.
DECLARED_SCANS = {"Text in a title, ignoring case"}
DECLARED_COUNTS = {"Without a score"}
GOLDEN_RECIPES = {
    "an-article-and-its-neighbours": "An article and its neighbours",
    "related-articles-that-lead-nowhere": "Related articles that lead nowhere",
    "breadcrumbs": "Breadcrumbs from the path",
    "previous-and-next": "Previous and next in the subject",
    "what-links-here": "What links here",
    "neighbourhood": "The neighbourhood, two steps out",
    "menu": "The subjects for a menu",
    "newest-of-each-subject": "Subjects with their newest questions",
    "page-after-a-cursor": "A subject page, forwards",
    "page-before-a-cursor": "A subject page, backwards",
    "filter": "Any of several conditions",
    "facets": "Facets of a subject",
    "search": "Site search with snippets and facets",
    "by-id": "By id",
    "version": "The version of the content",
}


@dataclass(frozen=True)
class Asked:
    """An operation with the variables that it was asked with, and its answer on the seeds."""

    operation: str
    variables: dict[str, Any]
    data: Any


@pytest.fixture(scope="module")
def asked(product: Product) -> dict[str, Asked]:
    """Return every recipe of the cookbook by title, cursors in its variables put in."""
    before: Any = None
    found = {}
    for recipe, data in answered(RECIPES, product.data):
        found[recipe.title] = Asked(recipe.operation, with_cursors(recipe.variables, before), data)
        before = data
    return found


def scans(product: Product, operation: str, variables: dict[str, Any]) -> list[str]:
    """Return the steps of the query plan that read a table, or an index of the questions, from end to end."""
    steps = product.steps(operation, variables)
    return [step.detail for step in steps if step.is_full_scan or step.detail.startswith("SCAN e1_")]


def unbounded(product: Product, operation: str, variables: dict[str, Any]) -> list[str]:
    """Return the scans that no LIMIT ends: an index walked in its order is a page, unless the rows are counted."""
    plan, _ = product.plan(operation, variables)
    counts = re.search(r"count\(\*\)( AS count)? FROM e1", plan.sql or "")
    page = " USING INDEX " if counts else " INDEX "
    return [detail for detail in scans(product, operation, variables) if page not in detail]


@pytest.mark.parametrize("title", [recipe.title for recipe in RECIPES])
def test_documented_operation_scans_no_table(title: str, asked: dict[str, Asked], product: Product) -> None:
    """Rows are found by index; what is read from the start is read in the order of an index, up to its limit."""
    unexpected = unbounded(product, asked[title].operation, asked[title].variables)
    if title in DECLARED_SCANS | DECLARED_COUNTS:
        assert unexpected, f"{title} no longer scans: take it off the list"
        assert title in DECLARED_SCANS or all(" USING COVERING INDEX " in detail for detail in unexpected)
        return
    assert unexpected == []


@pytest.mark.parametrize("title", [recipe.title for recipe in RECIPES])
def test_plans_are_the_same_on_the_sample(
    title: str, asked: dict[str, Asked], product: Product, sample: Product
) -> None:
    """More rows do not make SQLite go about an operation in another way, so the plans above hold for real sizes."""
    one = asked[title]
    assert sample.steps(one.operation, one.variables) == product.steps(one.operation, one.variables)


@pytest.mark.parametrize("title", sorted(DECLARED_SCANS))
def test_recipe_that_scans_says_so(title: str) -> None:
    """Who copies it must know."""
    text = " ".join(next(recipe.text for recipe in RECIPES if recipe.title == title).split())
    assert "no index can help" in text


@pytest.mark.parametrize("name", FURTHER)
def test_further_operation_is_one_statement_without_a_scan(name: str, product: Product) -> None:
    """Not only what the documentation shows."""
    operation, variables = FURTHER[name]
    product.store.asked.clear()
    product.data(operation, variables)
    assert len(product.store.asked) == 1
    assert unbounded(product, operation, variables) == []


def test_introspection_asks_the_store_nothing(product: Product) -> None:
    """The schema answers what is asked of the schema."""
    product.store.asked.clear()
    assert product.data("{ __schema { queryType { name } } __typename }")["__schema"]["queryType"]["name"] == "Query"
    assert product.steps("{ __schema { queryType { name } } }") == []


def test_forty_subjects_with_three_questions_each_are_one_statement(sample: Product) -> None:
    """Nested pages are planned with what holds them; nothing is asked per subject."""
    operation = """query ($filter: QuestionFilter) { subjects(first: 40) { nodes { title
        questions(first: 3, filter: $filter, orderBy: [DATE_DESC]) { totalCount nodes { title url } } } } }"""
    sample.store.asked.clear()
    subjects = sample.data(operation, {"filter": {"date": {"gte": "2000-01-01"}}})["subjects"]["nodes"]
    assert len(sample.store.asked) == 1
    assert len(subjects) == 16
    assert all(len(subject["questions"]["nodes"]) == 3 for subject in subjects)


def test_variables_never_become_sql(product: Product) -> None:
    """Whatever text a client sends is bound: the statement is the same for every value."""
    operation, variables = FURTHER["by every text"]
    plan, values = product.plan(operation, variables)
    other = {"text": "'; DROP TABLE question; --", "url": '" OR 1 = 1', "slug": "%s %d ?1"}
    other_plan, other_values = product.plan(operation, other)
    assert plan.sql == other_plan.sql
    assert values != other_values
    for text in other.values():
        assert text not in str(plan.sql)
    assert product.data(operation, other)["question"] is None


@pytest.mark.parametrize("name", GOLDEN_RECIPES)
def test_operation_becomes_the_statement_in_its_golden_file(
    name: str, asked: dict[str, Asked], product: Product
) -> None:
    """A change of the planner shows as a change of SQL that can be read."""
    text = golden(product, asked[GOLDEN_RECIPES[name]])
    path = GOLDEN / f"{name}.txt"
    if REWRITE:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def golden(product: Product, one: Asked) -> str:
    """Return the content of a golden file."""
    plan, values = product.plan(one.operation, one.variables)
    steps = [f"{'  ' * step.depth}{step.detail}" for step in product.steps(one.operation, one.variables)]
    parts = {
        "operation": one.operation.rstrip(),
        "variables": as_json(stable(one.variables)),
        "SQL": str(plan.sql),
        "values": as_json(stable(values)),
        "query plan": "\n".join(steps),
        "data": as_json(stable(shortened(one.data))),
    }
    return "\n".join(f"== {title}\n{text}\n" for title, text in parts.items())


def stable(value: Any) -> Any:
    """Return `value` without what compression makes of a cursor, which is another text on another machine."""
    if isinstance(value, dict):
        return {key: stable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stable(item) for item in value]
    return "a cursor" if isinstance(value, str) and re.fullmatch(r"[\w-]{60,}", value) else value


def as_json(value: Any) -> str:
    """Return readable JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def test_every_golden_file_belongs_to_an_operation() -> None:
    """None is left behind."""
    assert {path.stem for path in GOLDEN.iterdir()} == set(GOLDEN_RECIPES)
