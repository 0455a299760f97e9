"""Vocabulary: the directives and built-in types that a model is written in, read from `vocabulary.graphql`."""

from __future__ import annotations

from functools import cache

from graphql import GraphQLSchema, build_schema

from graphql_api.kinds.registry import KINDS
from graphql_api.model.texts import package_text

SCALARS = frozenset(KINDS)
"""The types of values that a field can have, and that no model declares. Each is a kind."""
REFERENCE_STATUS = "ReferenceStatus"


@cache
def vocabulary() -> GraphQLSchema:
    """Return the vocabulary as a schema, for its directives and their arguments' types."""
    return build_schema(package_text("vocabulary.graphql"), assume_valid=True)
