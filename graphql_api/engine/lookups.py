"""Lookups: what stands at the root of a query and is one thing, or some with ids."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.engine import sql
from graphql_api.engine.changes import sequence
from graphql_api.engine.cost import Asked
from graphql_api.engine.expression import Expression, or_null, sql_value, stored_value
from graphql_api.engine.limits import MAX_NODES
from graphql_api.engine.scope import MadeScope
from graphql_api.engine.sources import constant, derived
from graphql_api.store.addresses import page_key, without_query
from graphql_api.store.placements import ADDRESS, key_column, key_columns
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope, EntryScope
    from graphql_api.engine.sources import Source
    from graphql_api.schema.mapping import Counted

_ARGUMENTS_PER_CALL = 100


def lookup(planner: Planner, field: Field, type_name: str) -> Expression:
    """Return the one entry that the arguments name, or null."""
    scope = planner.scope(type_name)
    item = planner.object(field.type, field.nodes, scope)
    if scope.entry.type.is_singleton:
        return planner.optional(item, scope.rows(), "LIMIT 1")
    return planner.optional(item, scope.rows(), f"WHERE {_named(planner, scope, field.arguments)}")


def _named(planner: Planner, scope: EntryScope, arguments: Any) -> str:  # noqa: ANN401 - of the type's own shape
    """Return the condition that a row is the entry which the arguments name."""
    type_ = scope.entry.type
    if not isinstance(arguments.get("by"), dict):  # a key may have that name
        ((_, value),) = arguments.items()
        return _key_is(planner, scope, key_columns(scope.entry.main, type_.keys[0]), [value])
    ((name, value),) = arguments["by"].items()
    if name == "id":
        return f"{scope.column('node_id')} = {planner.bind(value)}"
    key = next(each for each in type_.keys if each.name == name)
    values = [value] if len(key.fields) == 1 else [value[part] for part in key.fields]
    if key.fields == (ADDRESS,):
        return f"{scope.column(key_column(scope.entry.main, ADDRESS))} = {_address_now(planner, value)}"
    return _key_is(planner, scope, key_columns(scope.entry.main, key), values)


def _key_is(planner: Planner, scope: EntryScope, columns: tuple[str, ...], values: list[Any]) -> str:
    bound = [planner.bind(value if hasattr(value, "read") else constant(value)) for value in values]
    return " AND ".join(f"{scope.column(column)} = {value}" for column, value in zip(columns, bound, strict=True))


def _address_now(planner: Planner, url: Source) -> str:
    """Return SQL for the url that an entry has now whose url was, or is, `url`."""
    old = planner.bind(derived(url, partial(page_key, origin=planner.site_url), "page key"))
    return f"coalesce((SELECT page FROM redirect WHERE old = {old}), {planner.bind(url)})"


def redirect(planner: Planner, field: Field, _: AnyScope) -> Expression:
    """Return where an old url leads, or null: first as it is, then without what follows its path."""
    origin = planner.site_url

    def as_json(url: str) -> str:
        key = page_key(url, origin)
        keys = [key, page_key(url), page_key(f"{origin}{key}"), without_query(key), without_query(page_key(url))]
        return orjson.dumps(list(dict.fromkeys(keys))).decode()

    keys = planner.bind(derived(field.arguments["url"], as_json, "old urls"))
    asked = planner.alias("asked")
    found = f"SELECT json_quote(redirect.url) FROM {sql.elements(keys)} AS {asked}"
    where = f"JOIN redirect ON redirect.old = {asked}.value ORDER BY {asked}.key LIMIT 1"
    return sql_value(or_null(f"({found} {where})"))


def node(planner: Planner, field: Field, _: AnyScope) -> Expression:
    """Return the entry with an id, or null."""
    return sql_value(_any_node(planner, field, planner.bind(field.arguments["id"])))


def nodes(planner: Planner, field: Field, _: AnyScope) -> Expression:
    """Return the entries with a list of ids, in its order."""

    def as_json(ids: list[str]) -> str:
        if len(ids) > MAX_NODES:
            raise ValueError(f"'ids' may hold {MAX_NODES} ids at most, not {len(ids)}: ask for them in parts.")
        return orjson.dumps(ids).decode()

    ids = planner.bind(derived(field.arguments["ids"], as_json, "ids"))
    asked = planner.alias("asked")
    with planner.meter.times(Asked(derived(field.arguments["ids"], len, "length"), MAX_NODES)):
        item = sql_value(_any_node(planner, field, f"{asked}.value"))
    return planner.items(item, f"{sql.elements(ids)} AS {asked}", f"ORDER BY {asked}.key")


def _any_node(planner: Planner, field: Field, id_: str) -> str:
    """Return SQL for the entry with the id `id_`, whichever type has it: an id alone never says which."""
    found = []
    for type_name in planner.layout.entries:
        scope = planner.scope(type_name)
        item = planner.object(planner.type_named(type_name), field.nodes, scope)
        found.append(f"(SELECT {item.sql()} FROM {scope.rows()} WHERE {scope.column('node_id')} = {id_})")
    while len(found) > _ARGUMENTS_PER_CALL:
        found = [f"coalesce({', '.join(found[:_ARGUMENTS_PER_CALL])})", *found[_ARGUMENTS_PER_CALL:]]
    return or_null(", ".join(found))


def content(planner: Planner, field: Field, _: AnyScope) -> Expression:
    """Return what is known of the generation."""
    item = planner.object(field.type, field.nodes, MadeScope({"sequence": sequence()}))
    return sql_value(f"(SELECT {item.sql()} FROM content)")


def counted(planner: Planner, mapping: Counted) -> Expression:
    """Return one thing that is known of the generation."""
    table = planner.layout.content
    column = table.find(mapping.field, Role.COUNT) if mapping.field else table.column(mapping.column)
    assert column is not None  # noqa: S101 - the schema is made of the same model
    return stored_value(f"content.{column.name}", column.storage)
