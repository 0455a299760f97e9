"""Columns: what each field of an entry type adds to its tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.kinds.kind import Storage
from graphql_api.model.searched import searched_paths
from graphql_api.store.placements import (
    ADDRESS,
    REVERSED,
    Placement,
    has_address,
    kind_of,
    order_fields,
    placement,
    title_field,
)
from graphql_api.store.tables import Column, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.types import EntryType, Field, Model

_NUMBERS = {Storage.INTEGER, Storage.REAL}


class Columns(Struct, dict=True):
    """Makes the columns of one entry type."""

    model: Model
    type: EntryType

    @cached_property
    def _title(self) -> str:
        return title_field(self.model, self.type)

    def is_given_by_writer(self, column: Column) -> bool:
        """Return whether a column holds the pk of a grouped entry, which is there as soon as somebody names it."""
        return column.role is Role.TARGET and self.model.entry_types[self.type.field(column.field).type.name].is_grouped

    def asked(self, field: Field, name: str) -> Iterator[Column]:
        """Yield the columns of a field in the narrow table."""
        if field.back and not field.type.is_list:
            yield Column(name, Storage.INTEGER, Role.COUNT, field.name)
            if field.is_order:
                yield Column(f"{name}_desc", Storage.INTEGER, Role.DESCENDING, field.name)
        if not field.is_value:
            return
        if placement(self.model, field) is Placement.ONE:
            yield from self.reference(field, name, is_repeated=False)
        elif self.is_asked(field):
            yield Column(name, self.storage(field), Role.VALUE, field.name, nullable=not self._is_required(field))
            yield from self._companions(field, name)
        if field.is_filter and self._is_asked_by_presence(field):
            yield Column(f"{name}_has", Storage.BOOLEAN, Role.HAS, field.name)

    def _companions(self, field: Field, name: str) -> Iterator[Column]:
        """Yield the columns by which a field is sorted and compared."""
        kind = kind_of(self.model, field.type)
        if kind is None:
            return
        required, order = self._is_required(field), kind.order
        sorted_by = order is not None and (
            field in order_fields(self.type)
            or (field.is_filter and order.storage in _NUMBERS and kind.storage is not Storage.INTEGER)
        )
        if order and (sorted_by or field.name in self._sorting_siblings()):
            if not (required and order.storage in {kind.storage, Storage.SORTED}):
                yield Column(f"{name}_asc", order.storage if required else Storage.SORTED, Role.ASCENDING, field.name)
            if order.descending and sorted_by:
                yield Column(
                    f"{name}_desc",
                    Storage.REAL if order.storage is Storage.REAL else Storage.INTEGER,
                    Role.DESCENDING,
                    field.name,
                )
            elif not required and sorted_by:
                yield Column(f"{name}_desc", REVERSED, Role.DESCENDING, field.name)
        if (field.is_filter or field.name == self._title) and "contains" in kind.operators:
            yield Column(f"{name}_folded", Storage.TEXT, Role.FOLDED, field.name, nullable=not required)

    def reference(self, field: Field, name: str, *, is_repeated: bool = True) -> Iterator[Column]:
        """Yield the columns of a reference; one that is not in a list repeats none."""
        yield Column(name, Storage.INTEGER, Role.TARGET, field.name, nullable=True)
        yield Column(f"{name}_key", Storage.TEXT, Role.KEY, field.name, nullable=True)
        yield Column(f"{name}_status", Storage.TOKEN, Role.STATUS, field.name, nullable=True)
        if self.model.entry_types[field.type.name].is_grouped:
            yield Column(f"{name}_names", Storage.JSON, Role.NAMES, field.name, nullable=True)
        if is_repeated:
            yield Column(f"{name}_repeated", Storage.BOOLEAN, Role.REPEATED, field.name)

    def own(self) -> Iterator[Column]:
        """Yield the columns of the entry itself."""
        yield Column("path", Storage.TEXT, Role.PATH)
        yield Column("item", Storage.TEXT, Role.ITEM)
        yield Column("node_id", Storage.TOKEN, Role.NODE_ID)
        yield Column("place", Storage.TOKEN, Role.PLACE)
        yield Column("place_check", Storage.INTEGER, Role.PLACE_CHECK)
        yield Column("digest", Storage.BYTES, Role.DIGEST)
        if any(each.unlisted_when is not None for each in self.type.fields):
            yield Column("unlisted", Storage.BOOLEAN, Role.UNLISTED)

    def is_asked(self, field: Field) -> bool:
        """Return whether a scalar is in the narrow table."""
        if placement(self.model, field) is not Placement.SCALAR:
            return False
        named = {name for key in self.type.keys for name in key.fields}
        named |= self._sorting_siblings() | {self._title} | ({ADDRESS} if has_address(self.type) else set())
        return bool(
            field.is_filter or field.is_order or field.facet or field.name in named or field.name in self._compared()
        )

    def is_shown_again(self, field: Field) -> bool:
        """Return whether a short value of the narrow table stands in the wide one too.

        So who lists entries with their texts reads one row of each. Those of grouped entries change in place.
        """
        if self.type.is_grouped or not field.is_value or not self.is_asked(field):
            return False
        named = {name for key in self.type.keys for name in key.fields} | {self._title, ADDRESS}
        return field.is_order or field.name in named

    def _sorting_siblings(self) -> set[str]:
        """Return the fields by which the entry before one, or after it, is found."""
        return {name for each in self.type.fields if each.sibling for name in each.sibling.by}

    def _compared(self) -> set[str]:
        """Return the fields that `orBy` of any reference to this type compares."""
        return {
            name
            for types in (self.model.entry_types, self.model.groups)
            for type_ in types.values()
            for each in type_.fields
            if each.reference and (each.type.name == self.type.name or type_ is self.type)
            for names in each.reference.or_by
            for name in names
        }

    def _is_asked_by_presence(self, field: Field) -> bool:
        kind = kind_of(self.model, field.type)
        return field.type.is_list or kind is None or not kind.filter_name

    def is_one_column(self, field: Field) -> bool:
        """Return whether a field is stored as one value."""
        return placement(self.model, field) in {Placement.SCALAR, Placement.JSON}

    def _is_required(self, field: Field) -> bool:
        return field.type.is_required

    def storage(self, field: Field) -> Storage:
        """Return how a field that is one column is stored."""
        kind = None if field.type.is_list else kind_of(self.model, field.type)
        return kind.storage if kind else Storage.JSON

    def search_paths(self) -> Iterator[tuple[str, float]]:
        """Yield the dotted path and the weight of each searched text."""
        for path, weight in searched_paths(self.model, self.type):
            yield ".".join(path), weight

    def searched_apart(self) -> Iterator[str]:
        """Yield the paths of searched texts that no column has as text."""
        for path, _ in self.search_paths():
            name, _, inner = path.partition(".")
            each = self.type.field(name)
            kind = None if each.type.is_list else kind_of(self.model, each.type)
            if inner or kind is None or (kind.storage is not Storage.TEXT and each.type.name != "RichText"):
                yield path
