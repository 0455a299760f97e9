"""Facets: counts over a whole listing, by a value, a year or an entry; the most frequent first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from graphql_api.engine import sql
from graphql_api.engine.cost import GROUPED, PER_ROW_GROUPED, PLAIN_LIST_LENGTH, Asked, Entries
from graphql_api.engine.expression import Expression, sql_value, stored_value
from graphql_api.engine.orders import order_keys, sorting, terms_of
from graphql_api.engine.scope import EntryScope, MadeScope
from graphql_api.kinds.kind import Storage
from graphql_api.model.types import DatePart
from graphql_api.schema.mapping import FacetOf
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.engine.cost import Factor
    from graphql_api.engine.listings import Listing
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.model.types import Field as ModelField

MAX_FACETS = 100


def facets(planner: Planner, field: Field, listing: Listing) -> Expression:
    """Return the facets of every entry in `listing`."""

    def value(member: Field) -> Expression:
        mapping = planner.mapping(member)
        assert isinstance(mapping, FacetOf)  # noqa: S101 - facets hold nothing else
        each = mapping.field
        length = PLAIN_LIST_LENGTH if each.type.is_list else 1
        planner.meter.add((PER_ROW_GROUPED + listing.weight) * length, listing.rows, what=GROUPED)
        if each.reference:
            return _by_entry(planner, member, listing, each)
        if each.type.is_list:
            return _by_element(planner, member, listing, each)
        return _by_value(planner, member, listing, each, mapping.facet.by)

    return planner.members(field.type, planner.selections.below(field.type, field.nodes), value)


def _by_entry(planner: Planner, field: Field, listing: Listing, each: ModelField) -> Expression:
    """Return the counts by the entry that a reference leads to; equal counts in the default order of those."""
    row, target = planner.alias("facet"), planner.scope(each.type.name)
    with planner.meter.times(_length(field, Entries(each.type.name))):
        item = planner.object(field.type, field.nodes, MadeScope({"count": sql_value(f"{row}.count")}, target))
    counts = (
        _links(planner, field, listing, each)
        if each.type.is_list
        else _counts(planner, field, listing, partial(EntryScope.sql, field_name=each.name, role=Role.TARGET))
    )
    rows = f"({counts}) AS {row}\nJOIN {target.entry.main.name} AS {target.alias} ON {target.pk} = {row}.value"
    keys = order_keys(planner.layout, target.entry, terms_of(target.entry, None))
    order = sorting(keys, [target.column(key.column) for key in keys])
    rows = "\n".join([rows, *target.joins])
    return planner.items(item, rows, f"ORDER BY {row}.count DESC, {order}", _limit(planner, field))


def _by_value(planner: Planner, field: Field, listing: Listing, each: ModelField, by: DatePart | None) -> Expression:
    """Return the counts by a field's own value, or by a part of its date."""
    kind = planner.layout.kind_of(each.type)
    assert kind is not None  # noqa: S101 - the model was checked: facets count scalars
    storage = Storage.INTEGER if by else kind.storage

    def value(scope: EntryScope) -> str:
        column = scope.sql(each.name)
        if by is None:
            return column
        start, length = (1, 4) if by is DatePart.YEAR else (6, 2)
        return f"CAST(substr({column}, {start}, {length}) AS INTEGER)"

    return _items(planner, field, _counts(planner, field, listing, value), storage)


def _by_element(planner: Planner, field: Field, listing: Listing, each: ModelField) -> Expression:
    """Return the counts by the elements of a list; an entry counts once for each."""
    table = listing.scope.entry.values[each.name]
    column = table.find(each.name, Role.VALUE)
    assert column is not None  # noqa: S101 - what the table is for
    if listing.pks:
        values = f"SELECT DISTINCT owner_pk AS owner, {column.name} AS value FROM {table.name}"
        return _items(planner, field, _kept(planner, field, listing.pks, values), column.storage)
    row = planner.alias(table.name)
    counts = (
        f"SELECT {row}.value AS value, count(DISTINCT {row}.owner_pk) AS count FROM {listing.source}\n"
        f"JOIN {table.name} AS {row} ON {row}.owner_pk = {listing.scope.pk} {listing.condition()} GROUP BY 1"
    )
    return _items(planner, field, counts, column.storage)


def _items(planner: Planner, field: Field, counts: str, storage: Storage) -> Expression:
    row = planner.alias("facet")
    values = {"count": sql_value(f"{row}.count"), "value": stored_value(f"{row}.value", storage)}
    with planner.meter.times(_length(field, MAX_FACETS)):
        item = planner.object(field.type, field.nodes, MadeScope(values))
    order = f"ORDER BY {row}.count DESC, {row}.value"
    return planner.items(item, f"({counts}) AS {row}", order, _limit(planner, field))


def _counts(planner: Planner, field: Field, listing: Listing, value_of: Callable[[EntryScope], str]) -> str:
    """Return the counts of a value of the entry's row over the listing; entries without one do not count."""
    if listing.pks:
        entry = listing.scope.entry
        row = EntryScope(planner.layout, entry, entry.main.name, planner.alias)
        value = value_of(row)
        values = f"SELECT pk AS owner, {value} AS value FROM {entry.main.name} WHERE {value} IS NOT NULL"
        return _kept(planner, field, listing.pks, values)
    value = value_of(listing.scope)
    where = listing.condition(f"{value} IS NOT NULL")
    return f"SELECT {value} AS value, count(*) AS count FROM {listing.source} {where} GROUP BY 1"


def _links(planner: Planner, field: Field, listing: Listing, each: ModelField) -> str:
    """Return the counts of the entries that a list of references leads to; an entry counts once for each."""
    table = listing.scope.entry.lists[each.name].name
    if listing.pks:
        values = f"SELECT owner_pk AS owner, target AS value FROM {table}"
        return _kept(planner, field, listing.pks, f"{values} WHERE target IS NOT NULL AND NOT target_repeated")
    row = planner.alias(table)
    kept = f"{row}.target IS NOT NULL AND NOT {row}.target_repeated"
    counted = f"SELECT {row}.target AS value, count(*) AS count"
    if listing.is_whole:
        return f"{counted} FROM {table} AS {row} WHERE {kept} GROUP BY 1"
    owners = f"SELECT {listing.scope.pk} FROM {listing.source} {listing.condition()}"
    return f"{counted} FROM {table} AS {row} WHERE {kept} AND {row}.owner_pk IN ({owners}) GROUP BY 1"


def _kept(planner: Planner, field: Field, pks: str, values: str) -> str:
    """Return the counts over some entries of what is kept in memory: a SELECT of (owner, value), alike in all plans."""
    return sql.counted(values, pks, _first(planner, field) or "NULL")


def _length(field: Field, among: Factor) -> Factor:
    """Return how many facets are shown."""
    first = field.arguments.get("first")
    return among if first is None else Asked(first, MAX_FACETS, among if isinstance(among, Entries) else None)


def _limit(planner: Planner, field: Field) -> str:
    first = _first(planner, field)
    return sql.limit(first) if first else ""


def _first(planner: Planner, field: Field) -> str:
    """Return the place of how many facets are asked for; nothing for all."""
    first = field.arguments.get("first")
    return planner.bind(planner.between(first, "first", 1, MAX_FACETS)) if first is not None else ""
