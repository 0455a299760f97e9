"""Fields with a shape of their own: what stands at the root of a query, and excerpts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.engine.expression import Expression, or_null, sql_value
from graphql_api.engine.sources import constant, derived
from graphql_api.loading.rows import DEFAULT_EXCERPT_CHARACTERS

if TYPE_CHECKING:
    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import Scope

MAX_NODES, MAX_EXCERPT = 100, 1000
# Every table whose rows are nodes, with its type. An id alone never says which of them it belongs to.
_NODE_TYPES = {"question": "Question", "subject": "Subject"}


def lookup(planner: Planner, field: Field, table: str) -> Expression:
    """Return the one row that the arguments name, or null."""
    scope = planner.scope(table)
    item = planner.object(field.type, field.nodes, scope)
    if table == "subject":
        condition = f"{scope.column('slug')} = {planner.bind(field.arguments['slug'])}"
    else:
        condition = _question_by(planner, scope, field.arguments["by"])
    return planner.optional(item, scope.rows(), f"WHERE {condition}")


def _question_by(planner: Planner, scope: Scope, by: dict[str, Any]) -> str:
    ((name, value),) = by.items()
    if name == "id":
        return f"{scope.column('node_id')} = {planner.bind(value)}"
    if name == "url":
        return f"{scope.column('url')} = {planner.bind(value)}"
    subject = f"(SELECT pk FROM subject WHERE slug = {planner.bind(value['subject'])})"
    return f"{scope.column('subject_pk')} = {subject} AND {scope.column('slug')} = {planner.bind(value['slug'])}"


def node(planner: Planner, field: Field, _: Scope | None) -> Expression:
    """Return the object with an id, or null."""
    return sql_value(_any_node(planner, field, planner.bind(field.arguments["id"])))


def nodes(planner: Planner, field: Field, _: Scope | None) -> Expression:
    """Return the objects with a list of ids, in its order."""

    def as_json(ids: list[str]) -> str:
        if len(ids) > MAX_NODES:
            raise ValueError(f"'ids' may hold {MAX_NODES} ids at most, not {len(ids)}: ask for them in parts.")
        return orjson.dumps(ids).decode()

    ids = planner.bind(derived(field.arguments["ids"], as_json, "ids"))
    asked = planner.alias("asked")
    item = sql_value(_any_node(planner, field, f"{asked}.value"))
    return planner.items(item, f"{planner.dialect.elements(ids)} AS {asked}", f"ORDER BY {asked}.key")


def _any_node(planner: Planner, field: Field, id_: str) -> str:
    """Return SQL for the object with the id `id_`, whichever table has it."""
    found = []
    for table, type_name in _NODE_TYPES.items():
        scope = planner.scope(table)
        type_ = planner.type_named(type_name)
        item = planner.object(type_, field.nodes, scope)
        found.append(
            f"(SELECT {item.sql(planner.dialect)} FROM {scope.rows()} WHERE {scope.column('node_id')} = {id_})"
        )
    return or_null(", ".join(found))


def content(planner: Planner, field: Field, _: Scope | None) -> Expression:
    """Return what is known of the generation."""
    scope = planner.scope("content")
    item = planner.object(field.type, field.nodes, scope)
    return sql_value(f"(SELECT {item.sql(planner.dialect)} FROM {scope.rows()})")


def excerpt(planner: Planner, field: Field, scope: Scope) -> Expression:
    """Return the start of an answer's text; that of the default length was made when it was loaded."""
    if field.arguments["length"].key == constant(DEFAULT_EXCERPT_CHARACTERS).key:
        return scope.value("excerpt", planner.dialect)
    length = planner.bind(planner.between(field.arguments["length"], "length", 1, MAX_EXCERPT))
    return Expression("%s", (planner.dialect.json_text(planner.dialect.excerpt(scope.column("lead"), length)),))
