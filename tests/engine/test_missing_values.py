"""Fields that may be missing: two-valued filters, and orders in which a missing value comes last both ways."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder
from tests.random_seeds import random_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODEL = """
type Thing @content(files: ["things/*.md"]) {
  slug: String! @from(file: NAME) @key
  text: String @filter @order
  number: Int @filter @order
  decimal: Float @filter @order
  day: Date @filter @order
  moment: DateTime @filter @order
  choice: Choice @filter @order
  plain: Int @filter
  apart: Float @filter
  flag: Boolean @filter
  link: Url @filter
}
enum Choice { RED GREEN BLUE }
"""
VALUES: dict[str, list[Any]] = {
    "text": ["", "A", "a", "b%_", "Äh", "ähm", "z\U0001f600", "\ufffd"],
    "number": [-5, 0, 1, 2, 2**31 - 1],
    "decimal": [-1.5, 0.0, 0.1, 1e21, 3.0],
    "day": ["0999-12-31", "2024-02-29", "2024-03-01", "9999-12-31"],
    "moment": ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.500000Z", "2024-01-01T00:00:01Z", "1960-01-01T00:00:00Z"],
    "choice": ["RED", "GREEN", "BLUE"],
    "plain": [-1, 0, 7],
    "apart": [0.5, 2.0],
    "flag": [True, False],
    "link": ["/a", "https://b.example/%"],
}
SORTED = ("text", "number", "decimal", "day", "moment", "choice")
THINGS = 40
Thing = dict[str, Any]


@pytest.fixture(scope="module")
def things() -> list[Thing]:
    """Things in the order of their slugs; about a third of their values is missing."""
    chosen = random.Random(random_seeds(1)[0])
    return [
        {"slug": f"t{at:02}"}
        | {name: chosen.choice(values) if chosen.random() < 0.65 else None for name, values in VALUES.items()}
        for at in range(THINGS)
    ]


@pytest.fixture(scope="module")
def product(things: list[Thing], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An engine over the things."""
    site = SiteFolder(tmp_path_factory.mktemp("things"), MODEL)
    for thing in things:
        said = [f"{name}: {_yaml(value)}" for name, value in thing.items() if name != "slug" and value is not None]
        front = "\n".join(said)
        site.page(f"things/{thing['slug']}.md", front or "other: 1")
    site.load()
    with Product(site.store) as product:
        yield product


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def folded(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    """Return a test of texts that ignores case."""
    return lambda value, given: value is not None and test(value.casefold(), given.casefold())


def ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return a test of values that is false of a missing one."""
    return lambda value, given: value is not None and test(_sortable(value), _sortable(given))


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, given: value == given,
    "ne": lambda value, given: value != given,
    "in": lambda value, given: value is not None and value in given,
    "notIn": lambda value, given: value is None or value not in given,
    "gt": ordered(lambda value, given: value > given),
    "gte": ordered(lambda value, given: value >= given),
    "lt": ordered(lambda value, given: value < given),
    "lte": ordered(lambda value, given: value <= given),
    "contains": folded(lambda value, given: given in value),
    "startsWith": folded(lambda value, given: value.startswith(given)),
    "exists": lambda value, given: (value is not None) == given,
}


def _sortable(value: Any) -> Any:
    """Return what a value sorts by: moments by time, which their texts do not where some have fractions."""
    if isinstance(value, str) and value.endswith("Z") and "T" in value:
        return value.removesuffix("Z").ljust(26, ".").replace(".", "0")
    return value


def operators_of(product: Product, name: str) -> list[str]:
    """Return the operators of a field's filter."""
    document = """{ __type(name: "ThingFilter") { inputFields { name type { inputFields { name } } } } }"""
    fields = {each["name"]: each["type"]["inputFields"] for each in product.data(document)["__type"]["inputFields"]}
    return [each["name"] for each in fields[name]]


def given_values(operator: str, values: list[Any]) -> list[Any]:
    """Return values to ask an operator for."""
    if operator == "exists":
        return [True, False]
    if operator in ("in", "notIn"):
        return [[], values[:1], values[::2], values]
    return values


@pytest.mark.parametrize("name", VALUES)
def test_operators_are_two_valued(name: str, things: list[Thing], product: Product) -> None:
    """Each holds or does not, also of a missing value: what `not` keeps is exactly the rest."""
    document = """query ($filter: ThingFilter, $not: ThingFilter) {
        things(filter: $filter, first: 100) { nodes { slug } }
        rest: things(filter: $not, first: 100) { nodes { slug } } }"""
    operators = operators_of(product, name)
    assert "exists" in operators
    for operator in operators:
        for given in given_values(operator, VALUES[name]):
            filter_ = {name: {operator: given}}
            data = product.data(document, {"filter": filter_, "not": {"not": filter_}})
            found, rest = ([node["slug"] for node in data[key]["nodes"]] for key in ("things", "rest"))
            expected = [each["slug"] for each in things if OPERATORS[operator](each[name], given)]
            assert found == expected, filter_
            assert rest == [each["slug"] for each in things if each["slug"] not in expected], filter_


@pytest.mark.parametrize(("name", "direction"), [*itertools.product(SORTED, ("ASC", "DESC"))])
def test_missing_values_come_last_in_both_directions(
    name: str, direction: str, things: list[Thing], product: Product
) -> None:
    """And pages lead over them forwards, backwards and by offset."""
    document = """query ($order: [ThingOrder!], $first: Int, $after: String, $last: Int, $before: String) {
        things(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
            nodes { slug } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""
    there = sorted((each for each in things if each[name] is not None), key=lambda each: _sortable(each[name]))
    if direction == "DESC":
        groups = [list(group) for _, group in itertools.groupby(there, key=lambda each: each[name])]
        there = [each for group in reversed(groups) for each in group]
    expected = [each["slug"] for each in [*there, *(each for each in things if each[name] is None)]]
    order = [f"{name.upper()}_{direction}"]
    assert walked(product, document, {"order": order}, "first") == expected
    assert walked(product, document, {"order": order}, "last") == expected


def walked(product: Product, document: str, variables: dict[str, Any], size: str) -> list[str]:
    """Return the slugs of all pages of seven, from the start or from the end."""
    found: list[str] = []
    forwards = size == "first"
    cursor = None
    while True:
        page = product.data(document, variables | {size: 7, "after" if forwards else "before": cursor})["things"]
        slugs = [node["slug"] for node in page["nodes"]]
        found = [*found, *slugs] if forwards else [*slugs, *found]
        cursor = page["pageInfo"]["endCursor" if forwards else "startCursor"]
        if not page["pageInfo"]["hasNextPage" if forwards else "hasPreviousPage"]:
            return found


@pytest.mark.parametrize("first", ["NUMBER_DESC", "DECIMAL_ASC", "CHOICE_DESC"])
def test_orders_of_several_fields(first: str, things: list[Thing], product: Product) -> None:
    """The later one decides between equal ones, the missing ones too."""
    document = """query ($order: [ThingOrder!], $first: Int, $after: String, $last: Int, $before: String) {
        things(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
            nodes { slug } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""
    name, direction = first.lower().split("_")
    ranks = {value: at for at, value in enumerate(sorted(VALUES[name], reverse=direction == "desc"))}
    days = {value: -at for at, value in enumerate(sorted(VALUES["day"]))}
    key = {each["slug"]: (ranks.get(each[name], 99), days.get(each["day"], 99), each["slug"]) for each in things}
    variables = {"order": [first, "DAY_DESC"]}
    assert walked(product, document, variables, "first") == sorted(key, key=key.__getitem__)
    assert walked(product, document, variables, "last") == sorted(key, key=key.__getitem__)
