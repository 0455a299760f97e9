"""Listings: a whole list before it is cut into pages: its rows, which of them are kept, and how they are sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.engine.conditions import count_conditions
from graphql_api.engine.cost import PER_ROW_COUNTED, PLAIN_LIST_LENGTH, Entries, Share, filter_weight
from graphql_api.engine.cursors import cursor_context, place_values
from graphql_api.engine.filters import (
    FilterConditions,
    conditions_of_link,
    linked_by,
)
from graphql_api.engine.orders import OrderKey, order_keys, terms_of
from graphql_api.engine.sources import Source, key_of, value_of
from graphql_api.store.placements import carried_order
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.engine.orders import Term
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import EntryScope
    from graphql_api.engine.sources import Variables
    from graphql_api.model.types import Back
    from graphql_api.model.types import Field as ModelField
    from graphql_api.store.sites import Site


class Listing(Struct, frozen=True):
    """A whole list of entries of `scope`.

    `source` is a FROM clause's content and `where` its conditions; `columns` are the SQL names of the order's `keys`;
    `is_in_order` says that an index gives the rows in this order; `place` gives SQL for a row's place, from its alias
    and its keys, and `read_place` reads it back from a cursor; `kept_total` is SQL for the number of rows where it is
    kept somewhere; `with_` is a common table expression that `source` needs; `among_first` gives a cheap condition that
    keeps the first rows, as many as its argument says, and leaves out most others; `is_whole` says that it has every
    entry of its type; `rows` is how many there are for its cost, and `weight` what looking at one of them costs;
    `pks` is SQL for the keys of all rows, for facets, as `sql.counted` takes them.
    """

    scope: EntryScope
    source: str
    where: tuple[str, ...]
    keys: Sequence[OrderKey]
    columns: Sequence[str]
    place: Callable[[str, Sequence[str]], str]
    context: Source
    rows: Entries | Share
    weight: int = PER_ROW_COUNTED
    is_in_order: bool = False
    kept_total: str | None = None
    read_place: Callable[[str, str, str], list[Any]] = place_values
    with_: str | None = None
    among_first: Callable[[str], str] | None = None
    is_whole: bool = False
    pks: str | None = None

    @property
    def total(self) -> str:
        """SQL for the number of rows."""
        return self.kept_total or f"(SELECT count(*) FROM {self.source} {self.condition()})"

    def condition(self, *more: str) -> str:
        """Return the WHERE clause for the list's own conditions and `more`."""
        conditions = [*self.where, *filter(None, more)]
        return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def whole_listing(planner: Planner, field: Field, type_name: str) -> Listing:
    """Return the list of all entries of a type, with the field's filter and order."""
    rows = planner.scope(type_name)
    terms = terms_of(rows.entry, field.arguments.get("orderBy"))
    linked = linked_by(field.arguments.get("filter"), rows) if _is_carried(rows, terms) else None
    if linked:
        return _linked_listing(planner, field, rows, terms, *linked)
    where = filter_conditions(planner, field, rows)
    keys = order_keys(planner.layout, rows.entry, terms)
    total = planner.layout.content.find(type_name, Role.COUNT)
    return Listing(
        scope=rows,
        source=rows.rows(),
        where=tuple(where),
        keys=keys,
        columns=[rows.column(key.column) for key in keys],
        place=place_of_row,
        is_in_order=_has_index(rows, terms) and not where,
        context=_context(rows, terms, field),
        rows=Entries(type_name),
        weight=PER_ROW_COUNTED + filter_weight(field.arguments.get("filter")),
        kept_total=f"(SELECT {total.name} FROM content)" if total and not where else None,
        is_whole=not where,
    )


def _linked_listing(  # noqa: PLR0917 - what a listing is made of
    planner: Planner,
    field: Field,
    rows: EntryScope,
    terms: Sequence[Term],
    list_: ModelField,
    key: Any,  # noqa: ANN401
) -> Listing:
    """Return the entries whose list of references has one entry: found by the links, which carry the order."""
    site = rows.entry.site((list_.name,))
    link = planner.alias(site.table)
    rest = filter_conditions(planner, field, rows, list_)
    keys = order_keys(planner.layout, rows.entry, terms)
    return Listing(
        scope=rows,
        source=_source(rows, site, link),
        where=(*conditions_of_link(planner, rows, list_, link, key), *rest),
        keys=keys,
        columns=[f"{link}.carried", *(rows.column(each.column) for each in keys[1:])],
        place=place_of_row,
        is_in_order=not rest,
        context=_context(rows, terms, field),
        rows=Share(rows.entry.type.name, list_.type.name, PLAIN_LIST_LENGTH),
        weight=PER_ROW_COUNTED + filter_weight(field.arguments.get("filter")),
    )


def back_listing(planner: Planner, field: Field, scope: EntryScope, back: Back) -> Listing:
    """Return the list of the entries whose references lead to `scope`, with the field's filter and order."""
    rows = planner.scope(back.type_name)
    site = rows.entry.site(back.path)
    terms = terms_of(rows.entry, field.arguments.get("orderBy"))
    keys = order_keys(planner.layout, rows.entry, terms)
    columns = [rows.column(key.column) for key in keys]
    filter_ = filter_conditions(planner, field, rows)
    link = planner.alias(site.table) if site.shape is SiteShape.LIST else ""
    if link and _is_carried(rows, terms):
        columns[0] = f"{link}.carried"
    total = None if filter_ else _kept_count(scope, back)
    return Listing(
        scope=rows,
        source=_source(rows, site, link),
        where=(*_leading_to(planner, scope, rows, site, link), *filter_),
        keys=keys,
        columns=columns,
        place=place_of_row,
        is_in_order=not filter_ and (columns[0].endswith(".carried") if link else _follows_one(site, rows, terms)),
        context=_context(rows, terms, field),
        rows=Share(back.type_name, scope.entry.type.name, 1 if site.shape is SiteShape.ONE else PLAIN_LIST_LENGTH),
        weight=PER_ROW_COUNTED + filter_weight(field.arguments.get("filter")),
        kept_total=scope.column(total) if total else None,
    )  # fmt: skip


def filter_conditions(planner: Planner, field: Field, rows: EntryScope, linked: ModelField | None = None) -> list[str]:
    """Return the conditions of the field's filter on the entries of `rows`; none without a filter.

    `linked` is a list whose `has` is seen to already. Raises BadUserInputError for a filter that goes over a bound.
    """
    filter_ = field.arguments.get("filter")
    if not filter_:
        return []
    try:
        planner.count_conditions(count_conditions(filter_))
    except ValueError as error:
        raise planner.refusal(f"{error}") from error
    if linked:
        rest = {name: value for name, value in filter_[linked.name].items() if name != "has"}
        filter_ = {name: value for name, value in filter_.items() if name != linked.name}
        filter_ |= {linked.name: rest} if rest else {}
        if not filter_:
            return []
    return [FilterConditions(planner, rows).condition(filter_)]


def context_source(names: Sequence[str], *values: Any) -> Source:  # noqa: ANN401 - arguments
    """Return the source of the cursors' context, which names the order and the values of the arguments that select."""

    def read(variables: Variables) -> str:
        return cursor_context(names, [value_of(value, variables) for value in values])

    return Source(read, ("context", tuple(names), key_of(list(values))))


def place_of_row(alias: str, _: Sequence[str]) -> str:
    """Return SQL for the place of a row."""
    return f"{alias}.place"


def _context(rows: EntryScope, terms: Sequence[Term], field: Field) -> Source:
    named = (rows.entry.type.name, *(f"{name}_{direction}" for name, direction in terms))
    return context_source(named, field.arguments.get("filter"))


def _has_index(rows: EntryScope, terms: Sequence[Term]) -> bool:
    """Return whether an index sorts the rows: there is one for each single order, followed by the identity."""
    identity = rows.entry.type.keys[0].fields if rows.entry.type.keys else ()
    return len([name for name, _ in terms if name not in identity]) <= 1


def _follows_one(site: Site, rows: EntryScope, terms: Sequence[Term]) -> bool:
    """Return whether an index sorts what a reference of the entries' own row leads back to."""
    return site.shape is SiteShape.ONE and _has_index(rows, terms)


def _is_carried(rows: EntryScope, terms: Sequence[Term]) -> bool:
    """Return whether links carry the first key of an order: that of the default order."""
    carried = carried_order(rows.entry.type)
    identity = rows.entry.type.keys[0].fields
    others = [term for term in terms if term[0] not in identity]
    return carried is not None and others == [(carried[0].name, carried[1])] and terms[0] == others[0]


def _source(rows: EntryScope, site: Site, link: str) -> str:
    if not link:
        return rows.rows()
    # A cross join keeps the order: from the links to their owners, never from all entries to the links.
    return f"{site.table} AS {link} CROSS JOIN {rows.entry.main.name} AS {rows.alias} ON {rows.pk} = {link}.owner_pk"


def _leading_to(planner: Planner, scope: EntryScope, rows: EntryScope, site: Site, link: str) -> list[str]:
    """Return the conditions that keep the rows whose reference leads to the entry of `scope`, each once."""
    table = planner.layout.tables[site.table]
    target, repeated = (table.find(site.column_field, role) for role in (Role.TARGET, Role.REPEATED))
    assert target is not None  # noqa: S101 - every reference has one
    if site.shape is SiteShape.ONE:
        return [f"{rows.column(target.name)} = {scope.pk}"]
    if link:
        assert repeated is not None  # noqa: S101 - every list has it
        return [f"{link}.{target.name} = {scope.pk}", f"NOT {link}.{repeated.name}"]
    found = f"SELECT owner_pk FROM {site.table} WHERE {target.name} = {scope.pk}{site.followed()}"
    return [f"{rows.pk} IN ({found})"]


def _kept_count(scope: EntryScope, back: Back) -> str | None:
    """Return the column that keeps how many there are, if a field of the entry's type does."""
    for each in scope.entry.type.fields:
        if each.back == back and not each.type.is_list:
            column = scope.entry.main.find(each.name, Role.COUNT)
            return column.name if column else None
    return None
