"""The schema: its file, its contract, its descriptions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    graphql_sync,
    is_input_object_type,
    is_introspection_type,
    is_specified_scalar_type,
    print_type,
    validate_schema,
)
from graphql.utilities.print_schema import print_input_value

from graphql_api.model.language import builtin_model, read_model
from graphql_api.schema import build, making

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
BUILT = build.build_schema(builtin_model())
SCHEMA = BUILT.graphql
# The public contract, which tests also build their oracle from. The schema may say more, never less or otherwise.
CONTRACT = build_schema((PROJECT / "tests" / "oracle" / "schema.graphql").read_text(encoding="utf-8"))
# What inputs and enums have beyond the contract, by type, like {"QuestionFilter": {"reviewedBy"}}.
MORE: dict[str, set[str]] = {}
_SENTENCE = re.compile(r"[A-Z0-9].*[.]", re.DOTALL)


def own_types() -> list[GraphQLNamedType]:
    """Return the schema's types without those that every schema has."""
    return [
        type_
        for type_ in SCHEMA.type_map.values()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]


def test_introspection_says_of_inputs_alone_whether_they_are_one_of() -> None:
    """Section 4.5.2: every other kind of type has null there."""
    answered = graphql_sync(SCHEMA, "{ __schema { types { name kind isOneOf } } }").data
    assert answered is not None
    said = {each["name"]: each["isOneOf"] for each in answered["__schema"]["types"] if each["isOneOf"] is not None}
    inputs = {name: type_.is_one_of for name, type_ in SCHEMA.type_map.items() if is_input_object_type(type_)}
    assert said == inputs
    assert set(said.values()) == {True, False}


def test_what_makes_a_schema_keeps_nothing_of_it() -> None:
    """A server makes one for each model that is published, and lets the one before go."""
    build.build_schema(builtin_model())
    assert making._annotation.cache_info().currsize == 0


def fields_of(type_: GraphQLNamedType) -> dict[str, Any]:
    """Return the fields of an object, interface or input type; none for another."""
    has_fields = isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)
    return dict(type_.fields) if has_fields else {}  # type: ignore[attr-defined]


def contract_types() -> list[str]:
    """Return the names of the contract's types that its root types lead to, of those that the schema has."""
    roots = [CONTRACT.query_type] + [
        root
        for root, ours in (
            (CONTRACT.mutation_type, SCHEMA.mutation_type),
            (CONTRACT.subscription_type, SCHEMA.subscription_type),
        )
        if ours
    ]
    found: dict[str, GraphQLNamedType] = {}
    waiting: list[Any] = list(roots)
    while waiting:
        type_ = waiting.pop()
        if type_.name not in found:
            found[type_.name] = type_
            waiting += [get_named_type(used) for used in used_by(type_)]
    return sorted(found)


def used_by(type_: GraphQLNamedType) -> Iterator[Any]:
    """Yield the types that a type's fields and arguments have, and the objects that an interface stands for."""
    for field in fields_of(type_).values():
        yield field.type
        yield from (argument.type for argument in getattr(field, "args", {}).values())
    if isinstance(type_, GraphQLInterfaceType):
        yield from CONTRACT.get_implementations(type_).objects


def signature(field: Any) -> tuple[str, list[str]]:
    """Return the type of a field, and its arguments with their types and defaults."""
    arguments = getattr(field, "args", {})
    return str(field.type), [print_input_value(name, each) for name, each in arguments.items()]


def described() -> Iterator[tuple[str, str | None]]:
    """Yield the description of every type, field, argument, enum value and input field, with its place."""
    for type_ in own_types():
        yield type_.name, type_.description
        for name, field in fields_of(type_).items():
            yield f"{type_.name}.{name}", field.description
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{type_.name}.{name}({argument_name}:)", argument.description
        if isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                yield f"{type_.name}.{name}", value.description


def test_schema_is_valid() -> None:
    """By the specification's own rules for type systems."""
    assert validate_schema(SCHEMA) == []


@pytest.mark.parametrize("value", ["_rowid_", "_missing_", "_generate_next_value_", "mro", "name", "None", "_"])
def test_enum_has_values_that_python_reserves(value: str) -> None:
    """They are names in GraphQL as any others."""
    model = f'type T @content(files: ["a.md"]) {{ s: String! @key  e: E @filter @facet }} enum E {{ {value} OTHER }}'
    enum = build.build_schema(read_model(model)).graphql.type_map["E"]
    assert isinstance(enum, GraphQLEnumType)
    assert {name: each.value for name, each in enum.values.items()} == {value: value, "OTHER": "OTHER"}


def test_file_is_the_schema() -> None:
    """After a change: graphql-api schema > schema.graphql."""
    assert (PROJECT / "schema.graphql").read_text(encoding="utf-8") == build.sdl(BUILT)


def test_file_builds_the_same_schema() -> None:
    """What clients generate code from has every type that the server answers with."""
    again = build_schema((PROJECT / "schema.graphql").read_text(encoding="utf-8"))
    for type_ in own_types():
        assert print_type(again.type_map[type_.name]) == print_type(type_)


@pytest.mark.parametrize("name", contract_types())
def test_type_keeps_the_contract(name: str) -> None:
    """Every field, argument, default and null-ability, every enum value, every interface."""
    promised, ours = CONTRACT.type_map[name], SCHEMA.type_map[name]
    assert isinstance(ours, type(promised))
    for field_name, field in fields_of(promised).items():
        assert signature(fields_of(ours)[field_name]) == signature(field), field_name
    if isinstance(promised, GraphQLEnumType) and isinstance(ours, GraphQLEnumType):
        assert set(ours.values) == set(promised.values) | MORE.get(name, set())
    if isinstance(promised, GraphQLObjectType) and isinstance(ours, GraphQLObjectType):
        assert [each.name for each in ours.interfaces] == [each.name for each in promised.interfaces]
    if isinstance(promised, GraphQLInputObjectType) and isinstance(ours, GraphQLInputObjectType):
        assert ours.is_one_of == promised.is_one_of
        assert set(ours.fields) == set(promised.fields) | MORE.get(name, set())


def test_query_takes_no_argument_beyond_the_contract_that_is_required() -> None:
    """A client that was written to the contract is valid for ever."""
    ours = fields_of(SCHEMA.type_map["Query"])
    for name, promised in fields_of(CONTRACT.type_map["Query"]).items():
        assert set(ours[name].args) == set(promised.args), name


@pytest.mark.parametrize(("place", "text"), [pytest.param(*each, id=each[0]) for each in described()])
def test_description_is_a_sentence(place: str, text: str | None) -> None:
    """Whoever explores the schema is told what each thing is."""
    assert text, place
    assert _SENTENCE.fullmatch(text) or text.startswith(("true: ", "Opaque; ")), text
    assert "\n" not in text
    assert "  " not in text
