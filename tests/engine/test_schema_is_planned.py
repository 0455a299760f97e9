"""Every field of every object type plans and executes, wherever in the schema it is reached."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from graphql_api.model.language import builtin_model
from graphql_api.schema.build import build_schema
from graphql_api.schema.live import LIVE_TYPES

if TYPE_CHECKING:
    from tests.engine.product import Product

SCHEMA = build_schema(builtin_model()).graphql
URL = "/learn/linguistics/questions/why-does-german-have-the-letter-ss"
# What the fields that need arguments are asked with.
ARGUMENTS = {
    ("Query", "node"): "(id: $id)",
    ("Query", "nodes"): "(ids: [$id])",
    ("Query", "question"): f'(by: {{ url: "{URL}" }})',
    ("Query", "subject"): '(slug: "linguistics")',
    ("Query", "search"): '(query: "letter")',
    ("Query", "changes"): "(since: 1)",
    ("Query", "redirect"): '(url: "/old")',
}


@dataclass(frozen=True)
class Step:
    """A field of `parent` that leads to `target`; `is_abstract` where its own type is an interface."""

    parent: GraphQLObjectType
    name: str
    target: GraphQLObjectType

    @property
    def is_abstract(self) -> bool:
        return isinstance(get_named_type(self.parent.fields[self.name].type), GraphQLInterfaceType)

    def around(self, text: str) -> str:
        """Return the field with `text` selected of it."""
        below = f"... on {self.target.name} {{ {text} }}" if self.is_abstract else text
        return f"{self.name}{ARGUMENTS.get((self.parent.name, self.name), '')} {{ {below} }}"


def object_types() -> list[GraphQLObjectType]:
    """Return the schema's own object types."""
    return [
        type_
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__") and type_.name not in LIVE_TYPES
    ]


def targets(type_: GraphQLNamedType) -> list[GraphQLObjectType]:
    """Return the object types that a value of `type_` can have."""
    if isinstance(type_, GraphQLInterfaceType):
        return list(SCHEMA.get_implementations(type_).objects)
    return [type_] if isinstance(type_, GraphQLObjectType) else []


def steps() -> list[Step]:
    """Return each field that leads from an object type to an object type."""
    return [
        Step(type_, name, target)
        for type_ in object_types()
        for name, field in type_.fields.items()
        for target in targets(get_named_type(field.type))
    ]


def ways_to_types() -> dict[str, list[Step]]:
    """Return the shortest way from Query to each type, breadth first."""
    ways: dict[str, list[Step]] = {"Query": []}
    waiting = deque(["Query"])
    while waiting:
        here = waiting.popleft()
        for step in steps():
            if step.parent.name == here and step.target.name not in ways:
                ways[step.target.name] = [*ways[here], step]
                waiting.append(step.target.name)
    return ways


WAYS = ways_to_types()
FIELDS = [(type_.name, name) for type_ in object_types() for name in type_.fields]
PAIRS = [
    pytest.param(step, name, id=f"{step.parent.name}-{step.name}-{step.target.name}-{name}")
    for step in steps()
    for name in step.target.fields
]


def selection(type_: GraphQLObjectType, name: str) -> str:
    """Return the field, with something selected of it where it is an object."""
    target = get_named_type(type_.fields[name].type)
    below = "" if is_leaf_type(target) else f" {{ __typename {leaf(target)} }}"
    return f"{name}{ARGUMENTS.get((type_.name, name), '')}{below}"


def leaf(type_: GraphQLNamedType) -> str:
    """Return a leaf field of an object or interface type, if it has one."""
    fields: dict[str, GraphQLField] = type_.fields  # type: ignore[attr-defined]
    return next((name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))), "")


def operation(way: list[Step], last: str) -> str:
    """Return the operation that goes `way` and selects `last` at its end."""
    text = reduce(lambda inner, step: step.around(inner), reversed(way), last)
    head = "query ($id: ID!) " if "$id" in text else ""
    return f"{head}{{ {text} }}"


def asked(product: Product, text: str) -> Any:
    """Return the data of an operation; its id is that of a subject, or else of a question."""
    found = product.data(f'{{ question(by: {{ url: "{URL}" }}) {{ id subject {{ id }} }} }}')["question"]
    one = found["subject"] if "on Subject" in text else found
    return product.data(text, {"id": one["id"]} if "$id" in text else None)


def at(data: Any, way: list[Step]) -> list[Any]:
    """Return the objects at the end of `way`, out of every list on it."""
    found = [data]
    for step in way:
        values = [value[step.name] for value in found]
        found = [item for value in values for item in (value if isinstance(value, list) else [value]) if item]
    return found


def fits(value: Any, type_: Any) -> bool:
    """Return whether a JSON value can be of a GraphQL type, as far as null and lists go."""
    if isinstance(type_, GraphQLNonNull):
        return value is not None and fits(value, type_.of_type)
    if value is None:
        return True
    if isinstance(type_, GraphQLList):
        return isinstance(value, list) and all(fits(item, type_.of_type) for item in value)
    return type_.name == "JSON" or isinstance(value, dict) != is_leaf_type(get_named_type(type_))


@pytest.mark.parametrize(("type_name", "name"), FIELDS)
def test_field_plans_and_executes(type_name: str, name: str, product: Product) -> None:
    """By the shortest way from Query, the field is there and has a value that its type allows."""
    type_ = SCHEMA.get_type(type_name)
    assert isinstance(type_, GraphQLObjectType)
    way = WAYS[type_name]
    objects = at(asked(product, operation(way, selection(type_, name))), way)
    assert objects or type_name == "ChangedEntry"  # nothing has changed since the first publish
    for value in objects:
        assert set(value) == {name}
        assert fits(value[name], type_.fields[name].type)


@pytest.mark.parametrize(("step", "name"), PAIRS)
def test_field_plans_after_each_field_that_leads_to_it(step: Step, name: str, product: Product) -> None:
    """A type means the same, however one comes to it: its rows are of different kinds in SQL."""
    way = [*WAYS[step.parent.name], step]
    for value in at(asked(product, operation(way, selection(step.target, name))), way):
        assert fits(value[name], step.target.fields[name].type)


def test_every_type_is_reached_from_query() -> None:
    """Nothing in the schema is out of these tests' reach, nor a client's."""
    assert set(WAYS) == {type_.name for type_ in object_types()}


def test_every_field_says_what_it_shows() -> None:
    """The planner has a mapping for each, and for nothing else."""
    assert set(build_schema(builtin_model()).mappings) == {*FIELDS, ("Node", "id")}
