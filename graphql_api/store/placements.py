"""Placements: where the values of a field are stored, and what is known of a type before it has tables."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from graphql_api.kinds.kind import Storage
from graphql_api.kinds.registry import KINDS, choice
from graphql_api.model.searched import searched_paths
from graphql_api.model.types import Direction, Missing, Shape
from graphql_api.store.tables import Column, Role, Table

if TYPE_CHECKING:
    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import EntryType, Field, FieldType, Group, Key, Model

ADDRESS = "url"
"""The field that has the address of an entry's page."""
REVERSED = Storage.SORTED
"""The storage of a descending column that is read backwards: text cannot be negated."""


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
    """Return whether a list of scalars is filtered, counted or looked up by its values."""
    kind = kind_of(model, field.type)
    asked = field.is_filter or field.facet is not None or field.is_alias
    return field.type.is_list and asked and kind is not None and bool(kind.filter_name)


def has_address(type_: EntryType) -> bool:
    """Return whether entries of a type are looked up by their url: they have pages, or had other urls before."""
    return type_.page is not None or any(each.is_alias for each in type_.fields)


def groups_of(model: Model, type_: FieldType) -> tuple[str, ...]:
    """Return the names of the groups that values of a type are made of: one, or the members of a union."""
    if type_.shape is Shape.GROUP:
        return (type_.name,)
    if type_.shape is Shape.UNION:
        return tuple(dict.fromkeys(model.unions[type_.name].members.values()))
    return ()


def holds_itself(model: Model, group: str) -> bool:
    """Return whether values of a group can have others of it within, at any depth."""
    waiting, seen = [group], set[str]()
    while waiting:
        inner = [name for each in model.groups[waiting.pop()].fields for name in groups_of(model, each.type)]
        waiting += [name for name in inner if name not in seen]
        seen.update(inner)
    return group in seen


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


def carried_order(type_: EntryType) -> tuple[Field, Direction] | None:
    """Return the default order if links carry its key; None for one by what is counted later."""
    order = default_order(type_)
    return None if order is None or order[0].back else order


def content_columns(model: Model) -> tuple[Column, ...]:
    """Return the columns of the one row that says what a generation holds: a count for each type and group."""
    counted = [*model.entry_types, *counted_groups(model)]
    return (
        Column("pk", Storage.INTEGER, Role.PK),
        Column("version", Storage.TOKEN, Role.VERSION),
        Column("loaded_at", Storage.TOKEN),
        Column("model", Storage.TEXT),
        Column("globs", Storage.TEXT),
        Column("redirect_files", Storage.TEXT),
        *(Column(f"n{at}", Storage.INTEGER, Role.COUNT, name) for at, name in enumerate(counted, 1)),
        Column("dangling_count", Storage.INTEGER),
    )


def kept_reference(group: Group) -> Field | None:
    """Return the reference of a group that is shown wherever it leads: `unique` and `resolved` are about that."""
    fields = (each for each in group.fields if each.reference and not each.type.is_list)
    return next((each for each in fields if each.reference and each.reference.missing is Missing.KEEP), None)


def counted_groups(model: Model) -> tuple[str, ...]:
    """Return the groups that are told in `content`: those with a reference that is kept wherever it leads."""
    return tuple(group.name for group in model.groups.values() if kept_reference(group))


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


def kind_of(model: Model, type_: FieldType) -> Kind | None:
    """Return the kind of a scalar or an enum; None for other shapes."""
    if type_.shape is Shape.SCALAR:
        return KINDS[type_.name]
    return choice(model.choices[type_.name]) if type_.shape is Shape.ENUM else None
