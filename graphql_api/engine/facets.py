"""Facets: counts over a whole listing, by subject, by year and by author; the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.scope import relation_of

if TYPE_CHECKING:
    from graphql_api.engine.expression import Expression
    from graphql_api.engine.listings import Listing
    from graphql_api.engine.planner import Field, Planner


def facets(planner: Planner, field: Field, listing: Listing) -> Expression:
    """Return the facets of every question in `listing`."""

    def value(member: Field) -> Expression:
        match member.name:
            case "subjects":
                return _subjects(planner, member, listing)
            case "years":
                year = f"CAST(substr({listing.scope.column('date')}, 1, 4) AS INTEGER)"
                return _values(planner, member, listing, "year", year)
            case _:
                return _values(planner, member, listing, "author", listing.scope.column("author"))

    return planner.members(field.type, planner.selections.below(field.type, field.nodes), value)


def _subjects(planner: Planner, field: Field, listing: Listing) -> Expression:
    scope = planner.scope("subject_facet")
    subject = scope.one(relation_of(scope.table, "subject"), planner.alias("subject"))
    item = planner.object(field.type, field.nodes, scope)
    counts = _counts(listing, "pk", listing.scope.column("subject_pk"))
    order = f"ORDER BY {scope.column('count')} DESC, {subject.column('title')}, {subject.column('slug')}"
    return planner.items(item, scope.rows(counts), order)


def _values(planner: Planner, field: Field, listing: Listing, name: str, value: str) -> Expression:
    scope = planner.scope(f"{name}_facet")
    item = planner.object(field.type, field.nodes, scope)
    order = f"ORDER BY {scope.column('count')} DESC, {scope.column(name)}"
    return planner.items(item, scope.rows(_counts(listing, name, value)), order)


def _counts(listing: Listing, name: str, value: str) -> str:
    """Return the counts of `value`, which is named `name`, over the listing."""
    return f"(SELECT {value} AS {name}, count(*) AS count FROM {listing.source} {listing.condition()} GROUP BY 1)"
