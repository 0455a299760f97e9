"""Indexes: those of an entry type's narrow table, which keep what its model promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.kinds.kind import Storage
from graphql_api.model.types import Direction
from graphql_api.store.placements import (
    ADDRESS,
    REVERSED,
    default_order,
    has_address,
    key_column,
    key_columns,
    order_fields,
    title_field,
)
from graphql_api.store.tables import Index, Role, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.types import EntryType, Model
    from graphql_api.store.sites import Site


def indexes(model: Model, type_: EntryType, main: Table, sites: list[Site]) -> tuple[Index, ...]:
    """Return the indexes of the narrow table of a type; for siblings only where no other one finds them."""
    made = _Indexes(model, type_, main)
    found = list(made.ordinary(sites))
    there = {index.columns for index in found}
    for columns in dict.fromkeys(made.sibling_keys()):
        if columns not in there:
            found.append(Index(f"{main.name}_sibling_{len(found)}", columns))
    return tuple(found)


class _Indexes(Struct, frozen=True):
    model: Model
    type: EntryType
    main: Table

    def sibling_keys(self) -> Iterator[tuple[str, ...]]:
        """Yield the columns by which the entries before one and after it are found."""
        main = self.main
        for each in self.type.fields:
            if each.sibling:
                names = dict.fromkeys([*each.sibling.by, *(self.type.keys[0].fields if self.type.keys else ())])
                by = [main.find(name, Role.ASCENDING) or main.find(name, Role.VALUE) for name in names]
                within = each.sibling.in_ or ""
                first = main.find(within, Role.TARGET) or main.find(within, Role.VALUE)
                yield tuple(column.name for column in (first, *by) if column)

    def ordinary(self, sites: list[Site]) -> Iterator[Index]:
        """Yield one index for each key, and for each order over all and by each reference that a list follows back."""
        main = self.main
        yield Index(f"{main.name}_node_id", ("node_id",), unique=True)
        yield Index(f"{main.name}_path", ("path", "item"), is_early=True)
        for number, key in enumerate(self.type.keys):
            # What references say of a grouped entry is checked by nobody.
            is_unique = number == 0 or not self.type.is_grouped
            yield Index(f"{main.name}_key_{number}", key_columns(main, key), unique=is_unique, is_early=True)
        keys = list(self._order_keys())
        ones = [site for site in sites if site.table == main.name]
        for number, order in enumerate(keys):
            yield Index(f"{main.name}_order_{number}", (*order, *self._identity()))
        for site in ones:
            target = main.find(site.column_field, Role.TARGET)
            assert target is not None  # noqa: S101 - every reference has one
            yield Index(f"{main.name}_{target.name}_identity", (target.name, *self._identity()))
            for number, order in enumerate(keys if self._is_followed_back(site) else ()):
                yield Index(f"{main.name}_{target.name}_{number}", (target.name, *order, *self._identity()))
            if names := main.find(site.column_field, Role.NAMES):
                yield Index(f"{main.name}_{target.name}_names", (target.name, names.name))
        yield from self._filter_indexes()

    def _is_followed_back(self, site: Site) -> bool:
        """Return whether a list of another type holds the entries whose reference leads to it."""
        return any(
            each.back and each.type.is_list and (each.back.type_name, each.back.path) == (site.owner_type, site.path)
            for type_ in self.model.entry_types.values()
            for each in type_.fields
        )

    def _filter_indexes(self) -> Iterator[Index]:
        """Yield an index for each value that is asked for by itself, and has none from a key or an order."""
        main = self.main
        for each in self.type.fields:
            column = main.find(each.name, Role.VALUE)
            covered = each.is_order or (each.is_key and each.name != "") or column is None
            folded = main.find(each.name, Role.FOLDED)
            is_asked = each.is_filter or each.facet or (each.name == ADDRESS and has_address(self.type))
            if column and not covered and is_asked and column.storage is not Storage.BOOLEAN:
                yield Index(f"{main.name}_{column.name}_value", (column.name, *self._default_key(), *self._identity()))
            if folded and each.name == title_field(self.model, self.type):
                yield Index(f"{main.name}_{folded.name}", (folded.name,))

    def _order_keys(self) -> Iterator[tuple[str, ...]]:
        main = self.main
        for each in order_fields(self.type):
            if each.name in (self.type.keys[0].fields if self.type.keys else ()):
                continue
            value = (
                main.find(each.name, Role.ASCENDING)
                or main.find(each.name, Role.VALUE)
                or main.find(each.name, Role.COUNT)
            )
            descending = main.find(each.name, Role.DESCENDING)
            if value:
                yield (value.name,)
            if descending:
                yield (f"{descending.name} DESC" if descending.storage is REVERSED else descending.name,)
            elif value:
                yield (f"{value.name} DESC",)

    def _default_key(self) -> tuple[str, ...]:
        main = self.main
        order = default_order(self.type)
        if order is None:
            return ()
        each, direction = order
        column = main.find(each.name, Role.DESCENDING) if direction is Direction.DESC else None
        column = column or main.find(each.name, Role.ASCENDING) or main.find(each.name, Role.VALUE)
        return (column.name,) if column else ()

    def _identity(self) -> tuple[str, ...]:
        main = self.main
        return tuple(key_column(main, name) for name in self.type.keys[0].fields) if self.type.keys else ("pk",)
