"""Mutation: what can be done beside asking, and the types that only its answers have."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLObjectType

from graphql_api.schema.making import Argument, Member, empty_class, make_type, many, optional
from graphql_api.schema.mapping import Special

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo, GraphQLSchema

LIVE_TYPES = ("Mutation", "LoadReport", "LoadProblem", "Subscription", "ContentChange")
"""The types whose fields no plan shows: their values come from what was done."""

_text: Any = str


@strawberry.enum(description="How much a problem costs.")
class ProblemSeverity(Enum):
    """See the descriptions."""

    ERROR = strawberry.enum_value("ERROR", description="The entry's new form is kept out.")
    WARNING = strawberry.enum_value("WARNING", description="The entry is published all the same.")


LoadProblem, LoadReport, Mutation = (empty_class(name) for name in ("LoadProblem", "LoadReport", "Mutation"))


def _told(name: str, type_: Any, description: str, *arguments: Argument) -> Member:  # noqa: ANN401 - an annotation
    return Member(name, type_, Special(name), description, arguments)


make_type(
    LoadProblem,
    [
        _told("severity", ProblemSeverity, "How much it costs."),
        _told("code", str, "Stable; docs/problems.md explains each."),
        _told("path", str, "The file, relative to the seeds folder."),
        _told("line", optional(int), "The line in it, from 1; null where it is about the whole file."),
        _told("message", str, "What is wrong, and what to do."),
    ],
    "One thing that is wrong with one seed file.",
)
make_type(
    LoadReport,
    [
        _told("version", str, "The version of the content that is served now."),
        _told("published", bool, "Whether the load published anything; false when the content was current already."),
        _told("added", int, "How many entries are new."),
        _told("changed", int, "How many entries are other than before."),
        _told("removed", int, "How many entries are gone."),
        _told("unchanged", int, "How many entries are as before."),
        _told("seconds", float, "How long the load took."),
        _told("problems", many(LoadProblem), "Every problem of the seeds that is known, by path and line."),
    ],
    "What a load did.",
)
make_type(
    Mutation,
    [
        _told(
            "reloadContent",
            LoadReport,
            "Load the seeds again, and publish what has changed. Needs `Authorization: Bearer` with the admin's token.",
            Argument("force", bool, "Read every seed again, changed or not.", False),  # noqa: FBT003 - a default
        )
    ],
    "What can be done.",
)


def resolve_members(schema: GraphQLSchema) -> None:
    """Have the fields of LIVE_TYPES show the members of mappings; one that can be called is, with the arguments."""
    for name in LIVE_TYPES:
        type_ = schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - they are
        for field in type_.fields.values():
            field.resolve = _member


def _member(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:  # noqa: ANN401 - a value of any field
    value = source[info.field_name]
    return value(**arguments) if callable(value) else value
