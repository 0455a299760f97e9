"""Columns: what each field of an entry type adds to the tables, and the indexes that keep what a model promises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from graphql_api.kinds.kind import Storage
from graphql_api.kinds.registry import KINDS, choice
from graphql_api.model.searched import searched_paths
from graphql_api.model.types import Direction, Missing, Shape
from graphql_api.store.tables import Column, Index, Role, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import EntryType, Field, FieldType, Key, Model
    from graphql_api.store.layout import Searched, Site

REVERSED = Storage.SORTED
"""The storage of a descending column that is read backwards: text cannot be negated."""
LINKED = "target IS NOT NULL AND NOT target_repeated"
"""Which rows of a list of references link entries, each pair once; whoever asks in these words finds their index."""
_NUMBERS = {Storage.INTEGER, Storage.REAL}
_TEXT_ROLES = (
    (Role.WORDS, Storage.INTEGER),
    (Role.MINUTES, Storage.INTEGER),
    (Role.LEAD, Storage.TEXT),
    (Role.EXCERPT, Storage.JSON),
    (Role.HEADINGS, Storage.JSON),
    (Role.MARKDOWN, Storage.JSON),
    (Role.TEXT, Storage.TEXT),
    (Role.HTML, Storage.JSON),
)


class Placement(Enum):
    """Where the values of a field are stored."""

    SCALAR = auto()
    """A column."""
    RICH_TEXT = auto()
    """Several columns of the wide table."""
    ONE = auto()
    """A reference: columns of the narrow table."""
    LIST = auto()
    """A list of references: a table."""
    CHILD = auto()
    """A list of groups with a reference each: a table."""
    JSON = auto()
    """A column of JSON."""


def placement(model: Model, field: Field) -> Placement:
    """Return where the values of a field of an entry type are stored."""
    type_ = field.type
    if field.reference:
        return Placement.LIST if type_.is_list else Placement.ONE
    if type_.is_list:
        inner = type_.item
        is_child = inner is not None and inner.shape is Shape.GROUP and not inner.is_list
        return Placement.CHILD if is_child and _has_reference(model, type_.name) else Placement.JSON
    if type_.shape in {Shape.SCALAR, Shape.ENUM}:
        return Placement.RICH_TEXT if type_.name == "RichText" else Placement.SCALAR
    return Placement.JSON


def is_asked_by_value(model: Model, field: Field) -> bool:
    """Return whether a list of scalars is filtered or counted by its values."""
    kind = _kind(model, field.type)
    asked = field.is_filter or field.facet is not None
    return field.type.is_list and asked and kind is not None and bool(kind.filter_name)


def groups_of(model: Model, type_: FieldType) -> tuple[str, ...]:
    """Return the names of the groups that values of a type are made of: one, or the members of a union."""
    if type_.shape is Shape.GROUP:
        return (type_.name,)
    if type_.shape is Shape.UNION:
        return tuple(dict.fromkeys(model.unions[type_.name].members.values()))
    return ()


def order_fields(type_: EntryType) -> tuple[Field, ...]:
    """Return the fields that entries are sorted by: the identity's, then each with @order."""
    identity = [type_.field(name) for name in type_.keys[0].fields] if type_.keys else []
    return (*identity, *(each for each in type_.fields if each.is_order and each not in identity))


def default_order(type_: EntryType) -> tuple[Field, Direction] | None:
    """Return the field and direction of the default order; None where that is the identity alone."""
    for each in type_.fields:
        if each.default_order:
            return each, each.default_order
    return None


def content_columns(model: Model) -> tuple[Column, ...]:
    """Return the columns of the one row that says what a generation holds: a count for each type and group."""
    counted = [*model.entry_types, *counted_groups(model)]
    return (
        Column("pk", Storage.INTEGER, Role.PK),
        Column("version", Storage.TOKEN, Role.VERSION),
        Column("loaded_at", Storage.TOKEN),
        Column("model", Storage.TEXT),
        Column("globs", Storage.TEXT),
        *(Column(f"n{at}", Storage.INTEGER, Role.COUNT, name) for at, name in enumerate(counted, 1)),
        Column("dangling_count", Storage.INTEGER),
    )


def counted_groups(model: Model) -> tuple[str, ...]:
    """Return the groups that are told in `content`: those with a reference that is kept wherever it leads."""
    return tuple(
        group.name
        for group in model.groups.values()
        if any(each.reference and each.reference.missing is Missing.KEEP for each in group.fields)
    )


def title_field(model: Model, type_: EntryType) -> str:
    """Return the field by which an entry is called: the heaviest of its plain texts that are searched, or ""."""
    texts = {each.name for each in type_.fields if each.type.name == "String" and not each.type.is_list}
    found = [(weight, path[0]) for path, weight in searched_paths(model, type_) if len(path) == 1 and path[0] in texts]
    return max(found, key=lambda each: each[0], default=(0.0, ""))[1]


def key_column(main: Table, name: str) -> str:
    """Return the column by which a key knows its field: of a reference, the key that it names."""
    column = main.find(name, Role.VALUE) or main.find(name, Role.KEY)
    assert column is not None  # noqa: S101 - keys are in the narrow table
    return column.name


def key_columns(main: Table, key: Key) -> tuple[str, ...]:
    """Return the columns of a key, in the order of its fields."""
    return tuple(key_column(main, name) for name in key.fields)


def _has_reference(model: Model, group: str) -> bool:
    return any(each.reference and not each.type.is_list for each in model.groups[group].fields)


def _kind(model: Model, type_: FieldType) -> Kind | None:
    if type_.shape is Shape.SCALAR:
        return KINDS[type_.name]
    return choice(model.choices[type_.name]) if type_.shape is Shape.ENUM else None


@dataclass
class Maker:
    """Makes the tables of one entry type, whose number is part of their names."""

    model: Model
    type: EntryType
    number: int

    def main_table(self, name: str, sites: list[Site]) -> Table:
        """Return the narrow table: what is asked of an entry, and its own columns."""
        asked = [column for at, each in enumerate(self.type.fields) for column in self._asked(each, f"c{at}")]
        # First what only the writer knows, so that all that readers make follows as it is.
        given = [column for column in asked if self.is_given_by_writer(column)]
        columns = [
            Column("pk", Storage.INTEGER, Role.PK),
            Column("version", Storage.TOKEN, Role.VERSION),
            Column("updated_at", Storage.TOKEN, Role.UPDATED_AT),
            *given,
            *(column for column in asked if column not in given),
            *self._own(),
        ]
        keys = {f"c{self._at(each.name)}": f"e{self._number_of(each)}" for each in self._ones()}
        table = Table(name, tuple(columns), ("pk",), keys)
        indexes = tuple(self._indexes(table, sites))
        return Table(name, table.columns, table.primary_key, keys, indexes)

    def is_given_by_writer(self, column: Column) -> bool:
        """Return whether a column holds the pk of a grouped entry, which is there as soon as somebody names it."""
        return column.role is Role.TARGET and self.model.entry_types[self.type.field(column.field).type.name].is_grouped

    def details_table(self, name: str) -> Table:
        """Return the wide table: what is only shown, long texts last."""
        shown = [
            Column(f"c{at}", self._storage(each), Role.VALUE, each.name, nullable=True)
            for at, each in enumerate(self.type.fields)
            if each.is_value and not self._is_asked(each) and self._is_one_column(each)
        ]
        searched = [
            Column(f"s{at}", Storage.TEXT, Role.SEARCHED, path) for at, path in enumerate(self._searched_apart())
        ]
        texts = [
            Column(f"c{at}_{role.lower()}", storage, role, each.name, nullable=True)
            for role, storage in _TEXT_ROLES
            for at, each in enumerate(self.type.fields)
            if each.is_value and placement(self.model, each) is Placement.RICH_TEXT
        ]
        own = [Column("pk", Storage.INTEGER, Role.PK)]
        return Table(name, (*own, *shown, *searched, *texts), ("pk",), {"pk": f"e{self.number}"})

    def list_table(self, field: Field, at: int) -> Table:
        """Return the table of a list of references."""
        columns = [*_row(), *self._reference(field, "target")]
        carried = default_order(self.type)
        by_target = ["target", "owner_pk", "target_repeated"]  # the last so that the index covers what asks for links
        if carried:
            columns.append(Column("carried", Storage.SORTED, Role.CARRIED))
            by_target.insert(1, f"carried{' DESC' if self._carries_backwards(carried) else ''}")
        name = f"l{self.number}_{at}"
        return self._references_table(name, columns, {"target": f"e{self._number_of(field)}"}, [(by_target, LINKED)])

    def _carries_backwards(self, order: tuple[Field, Direction]) -> bool:
        """Return whether the default order reads its column backwards: text cannot be negated."""
        kind = _kind(self.model, order[0].type)
        return order[1] is Direction.DESC and kind is not None and kind.order is not None and not kind.order.descending

    def child_table(self, field: Field, at: int) -> Table:
        """Return the table of a list of groups that hold a reference each."""
        columns = list(_row())
        targets = {}
        for number, inner in enumerate(self.model.groups[field.type.name].fields):
            if inner.reference and not inner.type.is_list:
                columns += self._reference(inner, f"c{number}")
                targets[f"c{number}"] = f"e{self._number_of(inner)}"
            elif inner.is_value:
                columns.append(Column(f"c{number}", self._storage(inner), Role.VALUE, inner.name, nullable=True))
        indexed = [([target, "owner_pk"], f"{target} IS NOT NULL") for target in targets]
        fields = self.model.groups[field.type.name].fields
        compared = {names[0] for inner in fields if inner.reference for names in inner.reference.or_by}
        return self._references_table(f"l{self.number}_{at}", columns, targets, indexed, compared)

    def nested_table(self, field: Field, number: int) -> Table:
        """Return the table of the references that stand within JSON."""
        compared = dict.fromkeys(name for names in (field.reference.or_by if field.reference else ()) for name in names)
        columns = [
            *_row(),
            *self._reference(field, "target"),
            *(
                Column(f"a{at}", Storage.SORTED, Role.ALTERNATIVE, name, nullable=True)
                for at, name in enumerate(compared)
            ),
        ]
        targets = {"target": f"e{self._number_of(field)}"}
        return self._references_table(
            f"r{self.number}_{number}",
            columns,
            targets,
            [(["target", "owner_pk"], "target IS NOT NULL")],
            set(compared),
        )

    def values_table(self, field: Field, at: int) -> Table:
        """Return the table of the values of a list of scalars."""
        kind = _kind(self.model, field.type)
        assert kind is not None  # noqa: S101 - only scalars are asked by value
        columns = (*_row(), Column("value", kind.storage, Role.VALUE, field.name))
        name = f"v{self.number}_{at}"
        index = Index(f"{name}_value", ("value", "owner_pk"))
        return Table(name, columns, ("owner_pk", "position"), {"owner_pk": f"e{self.number}"}, (index,))

    def searched(self, main: Table, details: Table) -> Iterator[Searched]:
        """Yield the columns of the full-text index, in the order of the fields."""
        from graphql_api.store.layout import Searched  # noqa: PLC0415 - the one describes the other

        for path, weight in self._search_paths():
            name = path.partition(".")[0]
            for table in (main, details):
                for role in (Role.SEARCHED, Role.TEXT, Role.VALUE):
                    column = table.find(path if role is Role.SEARCHED else name, role)
                    if column and (role is Role.SEARCHED or "." not in path):
                        yield Searched(path, weight, table.name, column.name)
                        break
                else:
                    continue
                break

    # Columns

    def _asked(self, field: Field, name: str) -> Iterator[Column]:
        """Yield the columns of a field in the narrow table."""
        if field.back and not field.type.is_list:
            yield Column(name, Storage.INTEGER, Role.COUNT, field.name)
            if field.is_order:
                yield Column(f"{name}_desc", Storage.INTEGER, Role.DESCENDING, field.name)
        if not field.is_value:
            return
        if placement(self.model, field) is Placement.ONE:
            yield from self._reference(field, name, is_repeated=False)
        elif self._is_asked(field):
            yield Column(name, self._storage(field), Role.VALUE, field.name, nullable=not self._is_required(field))
            yield from self._companions(field, name)
        if field.is_filter and self._is_asked_by_presence(field):
            yield Column(f"{name}_has", Storage.BOOLEAN, Role.HAS, field.name)

    def _companions(self, field: Field, name: str) -> Iterator[Column]:
        """Yield the columns by which a field is sorted and compared."""
        kind = _kind(self.model, field.type)
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

    def _reference(self, field: Field, name: str, *, is_repeated: bool = True) -> Iterator[Column]:
        """Yield the columns of a reference; one that is not in a list repeats none."""
        yield Column(name, Storage.INTEGER, Role.TARGET, field.name, nullable=True)
        yield Column(f"{name}_key", Storage.TEXT, Role.KEY, field.name, nullable=True)
        yield Column(f"{name}_status", Storage.TOKEN, Role.STATUS, field.name, nullable=True)
        if self.model.entry_types[field.type.name].is_grouped:
            yield Column(f"{name}_names", Storage.JSON, Role.NAMES, field.name, nullable=True)
        if is_repeated:
            yield Column(f"{name}_repeated", Storage.BOOLEAN, Role.REPEATED, field.name)

    def _own(self) -> Iterator[Column]:
        yield Column("path", Storage.TEXT, Role.PATH)
        yield Column("item", Storage.TEXT, Role.ITEM)
        yield Column("node_id", Storage.TOKEN, Role.NODE_ID)
        yield Column("place", Storage.TOKEN, Role.PLACE)
        yield Column("place_check", Storage.INTEGER, Role.PLACE_CHECK)
        yield Column("digest", Storage.BYTES, Role.DIGEST)
        if any(each.unlisted_when is not None for each in self.type.fields):
            yield Column("unlisted", Storage.BOOLEAN, Role.UNLISTED)

    # Indexes

    def _indexes(self, main: Table, sites: list[Site]) -> Iterator[Index]:
        """Yield the indexes of the narrow table; for siblings only where no other one finds them."""
        found = {}
        for index in self._ordinary_indexes(main, sites):
            found[index.columns] = index
            yield index
        for columns in dict.fromkeys(self._sibling_keys(main)):
            if columns not in found:
                found[columns] = Index(f"{main.name}_sibling_{len(found)}", columns)
                yield found[columns]

    def _sibling_keys(self, main: Table) -> Iterator[tuple[str, ...]]:
        """Yield the columns by which the entries before one and after it are found."""
        for each in self.type.fields:
            if each.sibling:
                names = dict.fromkeys([*each.sibling.by, *(self.type.keys[0].fields if self.type.keys else ())])
                by = [main.find(name, Role.ASCENDING) or main.find(name, Role.VALUE) for name in names]
                within = each.sibling.in_ or ""
                first = main.find(within, Role.TARGET) or main.find(within, Role.VALUE)
                yield tuple(column.name for column in (first, *by) if column)

    def _ordinary_indexes(self, main: Table, sites: list[Site]) -> Iterator[Index]:
        """Yield one index for each key, and for each order over all and by each reference that a list follows back."""
        yield Index(f"{main.name}_node_id", ("node_id",), unique=True)
        yield Index(f"{main.name}_path", ("path", "item"), is_early=True)
        for number, key in enumerate(self.type.keys):
            # What references say of a grouped entry is checked by nobody.
            is_unique = number == 0 or not self.type.is_grouped
            yield Index(f"{main.name}_key_{number}", key_columns(main, key), unique=is_unique, is_early=True)
        keys = list(self._order_keys(main))
        ones = [site for site in sites if site.table == main.name]
        for number, order in enumerate(keys):
            yield Index(f"{main.name}_order_{number}", (*order, *self._identity(main)))
        for site in ones:
            target = main.find(site.column_field, Role.TARGET)
            assert target is not None  # noqa: S101 - every reference has one
            yield Index(f"{main.name}_{target.name}_identity", (target.name, *self._identity(main)))
            for number, order in enumerate(keys if self._is_followed_back(site) else ()):
                yield Index(f"{main.name}_{target.name}_{number}", (target.name, *order, *self._identity(main)))
            if names := main.find(site.column_field, Role.NAMES):
                yield Index(f"{main.name}_{target.name}_names", (target.name, names.name))
        yield from self._filter_indexes(main)

    def _is_followed_back(self, site: Site) -> bool:
        """Return whether a list of another type holds the entries whose reference leads to it."""
        return any(
            each.back and each.type.is_list and (each.back.type_name, each.back.path) == (site.owner_type, site.path)
            for type_ in self.model.entry_types.values()
            for each in type_.fields
        )

    def _filter_indexes(self, main: Table) -> Iterator[Index]:
        """Yield an index for each value that is asked for by itself, and has none from a key or an order."""
        for each in self.type.fields:
            column = main.find(each.name, Role.VALUE)
            covered = each.is_order or (each.is_key and each.name != "") or column is None
            folded = main.find(each.name, Role.FOLDED)
            if column and not covered and (each.is_filter or each.facet) and column.storage is not Storage.BOOLEAN:
                yield Index(
                    f"{main.name}_{column.name}_value", (column.name, *self._default_key(main), *self._identity(main))
                )
            if folded and each.name == self._title:
                yield Index(f"{main.name}_{folded.name}", (folded.name,))

    def _order_keys(self, main: Table) -> Iterator[tuple[str, ...]]:
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

    def _default_key(self, main: Table) -> tuple[str, ...]:
        order = default_order(self.type)
        if order is None:
            return ()
        each, direction = order
        column = main.find(each.name, Role.DESCENDING) if direction is Direction.DESC else None
        column = column or main.find(each.name, Role.ASCENDING) or main.find(each.name, Role.VALUE)
        return (column.name,) if column else ()

    def _identity(self, main: Table) -> tuple[str, ...]:
        return tuple(self._key_column(main, name) for name in self.type.keys[0].fields) if self.type.keys else ("pk",)

    def _key_column(self, main: Table, name: str) -> str:
        return key_column(main, name)

    # What is asked

    def _is_asked(self, field: Field) -> bool:
        """Return whether a scalar is in the narrow table."""
        if placement(self.model, field) is not Placement.SCALAR:
            return False
        named = {name for key in self.type.keys for name in key.fields}
        named |= self._sorting_siblings() | {self._title}
        return bool(
            field.is_filter or field.is_order or field.facet or field.name in named or field.name in self._compared()
        )

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
        kind = _kind(self.model, field.type)
        return field.type.is_list or kind is None or not kind.filter_name

    def _is_one_column(self, field: Field) -> bool:
        return placement(self.model, field) in {Placement.SCALAR, Placement.JSON}

    def _is_required(self, field: Field) -> bool:
        return field.type.is_required

    def _storage(self, field: Field) -> Storage:
        kind = None if field.type.is_list else _kind(self.model, field.type)
        return kind.storage if kind else Storage.JSON

    def _ones(self) -> list[Field]:
        return [each for each in self.type.fields if each.is_value and placement(self.model, each) is Placement.ONE]

    def _at(self, name: str) -> int:
        return next(at for at, each in enumerate(self.type.fields) if each.name == name)

    def _number_of(self, field: Field) -> int:
        return list(self.model.entry_types).index(field.type.name) + 1

    # Search

    @cached_property
    def _title(self) -> str:
        return title_field(self.model, self.type)

    def _search_paths(self) -> Iterator[tuple[str, float]]:
        """Yield the dotted path and the weight of each searched text."""
        for path, weight in searched_paths(self.model, self.type):
            yield ".".join(path), weight

    def _searched_apart(self) -> Iterator[str]:
        """Yield the paths of searched texts that no column has as text."""
        for path, _ in self._search_paths():
            name, _, inner = path.partition(".")
            each = self.type.field(name)
            kind = None if each.type.is_list else _kind(self.model, each.type)
            if inner or kind is None or (kind.storage is not Storage.TEXT and each.type.name != "RichText"):
                yield path

    def _references_table(
        self,
        name: str,
        columns: list[Column],
        targets: dict[str, str],
        indexed: list[tuple[list[str], str]],  # columns, and of which rows
        compared: Collection[str] = (),
    ) -> Table:
        indexes = [Index(f"{name}_{by[0]}", tuple(by), where=where) for by, where in indexed]
        indexes += [
            Index(f"{name}_{column.name}", (column.name,))
            for column in columns
            if column.role is Role.KEY or (column.role in {Role.VALUE, Role.ALTERNATIVE} and column.field in compared)
        ]
        keys = {"owner_pk": f"e{self.number}", **targets}
        return Table(name, tuple(columns), ("owner_pk", "position"), keys, tuple(indexes))


def _row() -> tuple[Column, Column]:
    return Column("owner_pk", Storage.INTEGER, Role.OWNER), Column("position", Storage.INTEGER, Role.POSITION)
