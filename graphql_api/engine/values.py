"""Values: the fields that a model declares, wherever their values are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine.cost import PER_TEXT, PLAIN_LIST_LENGTH, TEXTS
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.scope import ChildScope, EntryScope, JsonScope, MadeScope, TextScope
from graphql_api.model.types import EntryPart, Shape
from graphql_api.store.placements import Placement, kept_reference, placement
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope
    from graphql_api.model.types import Field as ModelField
    from graphql_api.model.types import FieldType
    from graphql_api.schema.mapping import Part

_LONG = {Role.MARKDOWN, Role.HTML, Role.TEXT}


def declared(planner: Planner, field: Field, scope: AnyScope, each: ModelField) -> Expression:
    """Return the value of a field that the model declares, and that has a value of its own."""
    if isinstance(scope, EntryScope):
        return _of_entry(planner, field, scope, each)
    if isinstance(scope, ChildScope):
        return _of_child(planner, field, scope, each)
    assert isinstance(scope, JsonScope)  # noqa: S101 - fields are declared on entries and groups
    return _of_group(planner, field, scope, each)


def part(planner: Planner, field: Field, scope: AnyScope, mapping: Part) -> Expression:
    """Return a part of a value that has parts."""
    if mapping.role in _LONG:
        planner.meter.add(PER_TEXT, what=TEXTS)
    if isinstance(scope, TextScope):
        if mapping.role != Role.HEADINGS:
            return scope.entry.value(scope.field_name, Role(mapping.role))
        base = scope.entry.sql(scope.field_name, Role.HEADINGS)
        return _list_of(planner, field, JsonScope(scope.entry.entry, scope.entry.pk, scope.field_name, base))
    assert isinstance(scope, JsonScope)  # noqa: S101 - what has parts is a text, or JSON
    inner = scope.at(mapping.position)
    return _list_of(planner, field, inner) if mapping.role == Role.HEADINGS else inner.value()


def made(planner: Planner, field: Field, scope: MadeScope, name: str) -> Expression:
    """Return a value of a row that the planner made, or what it shows of the entry there."""
    if name == "node":
        return planner.object(field.type, field.nodes, scope.entry)
    return scope.values[name]


# Fields of entries


def _of_entry(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    if not each.is_value:
        return _told(scope, each)
    match placement(planner.layout.model, each):
        case Placement.SCALAR if not _has_parts(each.type):
            return scope.value(each.name)
        case Placement.RICH_TEXT:
            return _rich_text(planner, field, scope, each)
        case Placement.ONE:
            return _reference(planner, field, scope.one(scope.entry.site((each.name,))))
        case Placement.LIST:
            return _references(planner, field, scope, each)
        case Placement.CHILD:
            return _children(planner, field, scope, each)
        case Placement.JSON | Placement.SCALAR:
            inner = JsonScope(scope.entry, scope.pk, each.name, scope.sql(each.name))
            return _json(planner, field, inner, each.type)


def _told(scope: EntryScope, each: ModelField) -> Expression:
    """Return what the store tells of an entry, and no file says."""
    if each.status_of:
        return _status(scope.sql(each.status_of, Role.STATUS))
    if each.back:
        return scope.value(each.name, Role.COUNT)
    column = "version" if each.entry is EntryPart.VERSION else "updated_at"
    return Expression('"%s"', (scope.column(column),))


def _rich_text(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    value = planner.object(field.type, field.nodes, TextScope(scope, each.name))
    if each.type.is_required:  # where the entry is missing, nothing of it is shown
        return value
    return sql_value(f"CASE WHEN {scope.sql(each.name, Role.WORDS)} IS NULL THEN 'null' ELSE {value.sql()} END")


def _reference(planner: Planner, field: Field, target: EntryScope) -> Expression:
    value = planner.entry(field, target)
    if not target.optional:
        return value
    return sql_value(f"CASE WHEN {target.pk} IS NULL THEN 'null' ELSE {value.sql()} END")


def _references(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    """Return the entries that a list of references leads to; what leads nowhere is left out."""
    table = scope.entry.lists[each.name]
    row, target = planner.alias(table.name), planner.scope(each.type.name)
    target.join(f"{row}.target")
    with planner.meter.times(PLAIN_LIST_LENGTH) as listed:
        item = planner.entry(field, target)
    rows = "\n".join([f"{table.name} AS {row}", *target.joins])
    return planner.items(
        item, rows, f"WHERE {row}.owner_pk = {scope.pk}", f"ORDER BY {row}.position", is_long=listed.is_long
    )


def _children(planner: Planner, field: Field, scope: EntryScope, each: ModelField) -> Expression:
    table = scope.entry.lists[each.name]
    row = ChildScope(
        planner.layout, scope.entry, each.name, each.type.name, table, planner.alias(table.name), planner.alias
    )
    with planner.meter.times(PLAIN_LIST_LENGTH) as listed:
        item = planner.object(field.type, field.nodes, row)
    where = [f"{row.owner_pk} = {scope.pk}", *_kept(planner, field, row, each)]
    return planner.items(
        item, row.rows(), f"WHERE {' AND '.join(where)}", f"ORDER BY {row.alias}.position", is_long=listed.is_long
    )


def _kept(planner: Planner, field: Field, row: ChildScope, each: ModelField) -> list[str]:
    """Return the conditions that the arguments `unique` and `resolved` set on a list of groups."""
    reference = kept_reference(planner.layout.model.groups[each.type.name])
    where: list[str] = []
    if reference is None:
        return where
    if field.arguments.get("unique"):
        where.append(f"NOT {row.sql(reference.name, Role.REPEATED)}")
    if field.arguments.get("resolved"):
        where.append(f"{row.sql(reference.name, Role.TARGET)} IS NOT NULL")
    return where


def _status(column: str) -> Expression:
    return Expression('"%s"', (f"coalesce({column}, 'DANGLING')",))


# Fields of groups


def _of_child(planner: Planner, field: Field, scope: ChildScope, each: ModelField) -> Expression:
    if each.status_of:
        return _status(scope.sql(each.status_of, Role.STATUS))
    if each.reference and not each.type.is_list:
        return _reference(planner, field, scope.one(each.name))
    column = scope.sql(each.name)
    if each.type.shape in {Shape.SCALAR, Shape.ENUM} and not each.type.is_list and not _has_parts(each.type):
        return scope.value(each.name, nullable=not each.type.is_required)
    inner = JsonScope(scope.entry, scope.owner_pk, scope.top, column)
    if each.reference:
        return _nested_reference(planner, field, inner, scope.group, each)
    return _json(planner, field, inner, each.type)


def _of_group(planner: Planner, field: Field, scope: JsonScope, each: ModelField) -> Expression:
    """Return the value of a field of a group within JSON."""
    group = planner.layout.model.groups[scope.group]
    names = [inner.name for inner in group.fields]
    if each.status_of:
        return _status_of_slot(planner, scope, each.status_of, names)
    inner = scope.at(names.index(each.name))
    if each.reference:
        return _nested_reference(planner, field, inner, scope.group, each)
    return _json(planner, field, inner, each.type)


def _nested_reference(planner: Planner, field: Field, slot: JsonScope, group: str, each: ModelField) -> Expression:
    """Return the entry that a reference within JSON leads to, or the entries of a list of them."""
    table = slot.entry.nested[slot.top, group, each.name]
    row, target = planner.alias(table.name), planner.scope(each.type.name)
    target.join(f"{row}.target")
    with planner.meter.times(PLAIN_LIST_LENGTH if each.type.is_list else 1) as listed:
        item = planner.entry(field, target)
    rows = "\n".join([f"{table.name} AS {row}", *target.joins])
    owner = f"{row}.owner_pk = {slot.owner_pk}"
    if not each.type.is_list:
        return planner.optional(item, rows, f"WHERE {owner} AND {row}.position = {slot.sql}")
    slots = planner.alias("slot")
    where = f"WHERE {owner} AND {row}.position = {slots}.value"
    return planner.items(
        item, f"{slot.elements()} AS {slots}\nCROSS JOIN {rows}", where, f"ORDER BY {slots}.key", is_long=listed.is_long
    )


def _status_of_slot(planner: Planner, scope: JsonScope, reference: str, names: list[str]) -> Expression:
    table = scope.entry.nested[scope.top, scope.group, reference]
    row = planner.alias(table.name)
    slot = scope.at(names.index(reference)).sql
    found = f"SELECT {row}.target_status FROM {table.name} AS {row}"
    return _status(f"({found} WHERE {row}.owner_pk = {scope.owner_pk} AND {row}.position = {slot})")


# JSON


def _json(planner: Planner, field: Field, scope: JsonScope, type_: FieldType) -> Expression:
    """Return a value within JSON: as it is, or what is selected of it."""
    if type_.item and not _is_whole(type_.item):
        return _or_null(scope, type_, _items(planner, field, scope, type_.item))
    if _is_whole(type_):
        return sql_value(f"coalesce({scope.json}, 'null')") if not type_.is_required else scope.value()
    return _or_null(scope, type_, _object(planner, field, scope, type_))


def _or_null(scope: JsonScope, type_: FieldType, value: Expression) -> Expression:
    if type_.is_required:
        return value
    return sql_value(f"CASE WHEN {scope.is_null} THEN 'null' ELSE {value.sql()} END")


def _items(planner: Planner, field: Field, scope: JsonScope, item: FieldType) -> Expression:
    """Return a list of what is selected of each element."""
    element = planner.alias("element")
    with planner.meter.times(PLAIN_LIST_LENGTH) as listed:
        value = _json(planner, field, scope.within(f"{element}.value"), item)
    elements, where = _kept_elements(planner, field, scope, item)
    return planner.items(value, f"{elements} AS {element}", *where, f"ORDER BY {element}.key", is_long=listed.is_long)


def _kept_elements(planner: Planner, field: Field, scope: JsonScope, item: FieldType) -> tuple[str, list[str]]:
    """Return the FROM item of a list within JSON, and which of it `unique` and `resolved` leave of groups."""
    unique, resolved = (field.arguments.get(name) for name in ("unique", "resolved"))
    group = planner.layout.model.groups.get(item.name)
    reference = kept_reference(group) if group else None
    if group is None or reference is None or not (unique or resolved):
        return scope.elements(), []
    table = scope.entry.nested[scope.top, group.name, reference.name].name
    slot = f"every.value ->> '$[{group.fields.index(reference)}]'"
    # One without a reference repeats none: no key of an entry is negative.
    place = "coalesce(led.target, led.target_key, -1 - every.key)"
    elements = (
        f"(SELECT every.key, every.value, led.target,"
        f" row_number() OVER (PARTITION BY {place} ORDER BY every.key) AS nth"
        f" FROM {scope.elements()} AS every"
        f" LEFT JOIN {table} AS led ON led.owner_pk = {scope.owner_pk} AND led.position = {slot})"
    )
    conditions = [*(["nth = 1"] if unique else []), *(["target IS NOT NULL"] if resolved else [])]
    return elements, [f"WHERE {' AND '.join(conditions)}"]


def _object(planner: Planner, field: Field, scope: JsonScope, type_: FieldType) -> Expression:
    if type_.shape is Shape.UNION:
        return _member(planner, field, scope, type_.name)
    group = type_.name if type_.shape is Shape.GROUP else ""
    inner = JsonScope(scope.entry, scope.owner_pk, scope.top, scope.base, scope.path, group)
    return planner.object(planner.type_named(type_.name), field.nodes, inner)


def _member(planner: Planner, field: Field, scope: JsonScope, union: str) -> Expression:
    """Return what is selected of the group that a value of a union is."""
    cases = []
    for number, name in enumerate(planner.layout.model.unions[union].members.values()):
        value = planner.object(planner.type_named(name), field.nodes, scope.at(1, name))
        cases.append(f"WHEN {number} THEN {value.sql()}")
    return sql_value("\n".join([f"CASE {scope.at(0).sql}", *cases, "END"]))


def _list_of(planner: Planner, field: Field, scope: JsonScope) -> Expression:
    """Return a list of objects that have parts."""
    element = planner.alias("element")
    with planner.meter.times(PLAIN_LIST_LENGTH) as listed:
        item = planner.object(field.type, field.nodes, scope.within(f"{element}.value"))
    return planner.items(item, f"{scope.elements()} AS {element}", f"ORDER BY {element}.key", is_long=listed.is_long)


def _has_parts(type_: FieldType) -> bool:
    return type_.name in {"RichText", "Image", "File"}


def _is_whole(type_: FieldType) -> bool:
    """Return whether values of a type are shown as they are stored."""
    if type_.item:
        return _is_whole(type_.item)
    return type_.shape is Shape.ENUM or (type_.shape is Shape.SCALAR and not _has_parts(type_))
