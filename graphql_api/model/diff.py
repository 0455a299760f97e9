"""Diff: what a new schema means for clients of the old one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from graphql.utilities.find_schema_changes import BreakingChange, DangerousChange, SafeChangeType, find_schema_changes
from msgspec import Struct

if TYPE_CHECKING:
    from graphql import GraphQLSchema


class Impact(StrEnum):
    """What a change does to clients."""

    BREAKING = "BREAKING"
    """A query that was valid is no longer, or gets null where it could not."""
    DANGEROUS = "DANGEROUS"
    """A query stays valid, and a client may meet what it does not expect."""
    SAFE = "SAFE"


class Change(Struct, frozen=True):
    """One change, in one sentence."""

    impact: Impact
    message: str


def changes(old: GraphQLSchema, new: GraphQLSchema) -> list[Change]:
    """Return what changed from one schema to another, what breaks clients first; descriptions do not count."""
    found = [
        Change(_impact(change), change.description.rstrip(".") + ".")
        for change in find_schema_changes(old, new)
        if change.type is not SafeChangeType.DESCRIPTION_CHANGED
    ]
    return sorted(found, key=lambda change: (list(Impact).index(change.impact), change.message))


def _impact(change: object) -> Impact:
    if isinstance(change, BreakingChange):
        return Impact.BREAKING
    return Impact.DANGEROUS if isinstance(change, DangerousChange) else Impact.SAFE
