"""Listings: a whole list before it is cut into pages: its rows, which of them are kept, and how they are sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.engine.cursors import cursor_context, place_values
from graphql_api.engine.filters import FilterConditions, count_conditions
from graphql_api.engine.orders import OrderKey, order_keys, order_names
from graphql_api.engine.scope import Scope, relation_of
from graphql_api.engine.sources import Source, key_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.sources import Variables
    from graphql_api.schema.mapping import Pages


_KEYS_OF_ONE_ORDER = 2  # its own, and the one that makes it total


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list of rows of `scope`.

    `source` is a FROM clause's content and `where` its conditions; `columns` are the SQL names of the order's `keys`;
    `is_in_order` says that an index gives the rows in this order; `place` gives SQL for a row's place, from its alias
    and its keys, and `read_place` reads it back from a cursor; `kept_total` is SQL for the number of rows where it is
    kept somewhere; `with_` is a common table expression that `source` needs; `among_first` gives a cheap condition that
    keeps the first rows, as many as its argument says, and leaves out most others.
    """

    scope: Scope
    source: str
    where: tuple[str, ...]
    keys: Sequence[OrderKey]
    columns: Sequence[str]
    place: Callable[[str, Sequence[str]], str]
    context: Source
    is_in_order: bool = False
    kept_total: str | None = None
    read_place: Callable[[str, str, str], list[Any]] = place_values
    with_: str | None = None
    among_first: Callable[[str], str] | None = None

    @property
    def total(self) -> str:
        """SQL for the number of rows."""
        return self.kept_total or f"(SELECT count(*) FROM {self.source} {self.condition()})"

    def condition(self, *more: str) -> str:
        """Return the WHERE clause for the list's own conditions and `more`."""
        conditions = [*self.where, *filter(None, more)]
        return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def table_listing(planner: Planner, field: Field, scope: Scope | None, mapping: Pages) -> Listing:
    """Return the list of a table's rows, or of those that a relation leads to, with the field's filter and order."""
    rows = planner.scope(mapping.table)
    where = [
        *_relation_conditions(scope, rows, mapping.relation),
        *filter_conditions(planner, field, rows.alias),
    ]
    names = order_names(mapping.table, field.arguments.get("orderBy"))
    keys = order_keys(mapping.table, names)
    return Listing(
        scope=rows,
        source=rows.rows(),
        where=tuple(where),
        keys=keys,
        columns=[rows.column(key.column) for key in keys],
        place=_place,
        is_in_order=_has_index(mapping, names) and not field.arguments.get("filter"),
        context=context_source((mapping.table, *names), field.arguments.get("filter")),
        kept_total=_counted(scope, mapping.total) if mapping.total and not field.arguments.get("filter") else None,
    )


def filter_conditions(planner: Planner, field: Field, alias: str) -> list[str]:
    """Return the conditions of the field's filter on the question `alias`; none without a filter.

    Raises BadUserInputError for a filter that goes over a bound.
    """
    filter_ = field.arguments.get("filter")
    if not filter_:
        return []
    try:
        planner.count_conditions(count_conditions(filter_))
    except ValueError as error:
        raise planner.refusal(f"{error}") from error
    return [FilterConditions(alias, planner.bind, planner.dialect).condition(filter_)]


def context_source(names: Sequence[str], *values: Any) -> Source:  # noqa: ANN401 - arguments
    """Return the source of the cursors' context, which names the order and the values of the arguments that select."""

    def read(variables: Variables) -> str:
        return cursor_context(names, [value_of(value, variables) for value in values])

    return Source(read, ("context", tuple(names), key_of(list(values))))


def _place(alias: str, _: Sequence[str]) -> str:
    return f"{alias}.place"


def _has_index(mapping: Pages, names: Sequence[str]) -> bool:
    """Return whether an index sorts the rows: there is one for each single order, over all and within a subject."""
    return mapping.relation in (None, "questions") and len(names) <= _KEYS_OF_ONE_ORDER


def _relation_conditions(scope: Scope | None, rows: Scope, name: str | None) -> list[str]:
    if scope is None or name is None:
        return []
    return [relation_of(scope.table, name).on.format(source=scope.alias, target=rows.alias)]


def _counted(scope: Scope | None, column: str) -> str:
    """Return the count that a row keeps of its list, or `content` of a whole table."""
    return scope.column(column) if scope else f"(SELECT {column} FROM content)"
