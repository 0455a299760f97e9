"""docs/frontends.md: its operations are valid, and its scalars are the schema's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import GraphQLScalarType, build_schema, is_specified_scalar_type, parse, validate

PROJECT = Path(__file__).parents[1]
PAGE = (PROJECT / "docs" / "frontends.md").read_text(encoding="utf-8")
SCHEMA = build_schema((PROJECT / "schema.graphql").read_text(encoding="utf-8"))
OPERATIONS = re.findall(r"graphql\(`(.*?)`\)", PAGE, re.DOTALL)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda text: text.split("(")[0].split()[-1])
def test_operation_is_valid(operation: str) -> None:
    """As the schema stands."""
    assert validate(SCHEMA, parse(operation)) == []


def test_operations_have_names_of_their_own() -> None:
    """Code generators refuse two of one name."""
    names = re.findall(r"^\s*query (\w+)", "\n".join(OPERATIONS), re.MULTILINE)
    assert len(names) == len(OPERATIONS) == len(set(names)) > 0


def test_every_scalar_is_mapped() -> None:
    """All that are not GraphQL's own, and ID, have a type in the generator's configuration."""
    (mapping,) = re.findall(r"scalars: \{(.*?)\}", PAGE)
    own = {name for name, kind in SCHEMA.type_map.items() if _is_own_scalar(kind)}
    assert set(re.findall(r"(\w+): ", mapping)) == {"ID", *own}


def _is_own_scalar(kind: object) -> bool:
    return isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
