"""Lists to page through, drawn at random: each connection of a model's schema, with a filter and an order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphql import GraphQLList, GraphQLNonNull

from tests.oracle.answers import id_of
from tests.oracle.arguments import plain_value
from tests.oracle.values import Values
from tests.oracle.walks import HEAD, PAGE, SHOWN, PagedList
from tests.oracle.words import list_name

if TYPE_CHECKING:
    import random

    from graphql import GraphQLSchema

    from tests.oracle.site import Site


def paged_list(site: Site, schema: GraphQLSchema, draw: random.Random) -> PagedList:
    """Return a list over this content, the same for the same state of `draw`."""
    roots = [("Query", list_name(type_)) for type_ in site.model.entries if not type_.is_singleton]
    backs = [
        (type_.name, each.name)
        for type_ in site.model.entries
        for each in type_.fields.values()
        if each.is_list and "back" in each.directives and site.entries[type_.name]
    ]
    owner, name = draw.choice((*roots, *roots, *backs))
    types: dict[str, Any] = schema.type_map
    head, inner, variables = _field(types, types[owner].fields[name], Values(site, draw))
    if owner == "Query":
        return PagedList(f"query ({head}) {{ {name}{inner} }}", (name,), variables)
    entry = json.dumps(id_of(draw.choice(site.entries[owner])))
    document = f"query ({head}) {{ node(id: {entry}) {{ ... on {owner} {{ {name}{inner} }} }} }}"
    return PagedList(document, ("node", name), variables)


def _field(types: dict[str, Any], field: Any, values: Values) -> tuple[str, str, dict[str, Any]]:
    """Return the variables' definitions, the arguments and selections of a list, and the variables' values."""
    entry = field.type.of_type.name.removesuffix("Connection")
    head, arguments, variables = HEAD, PAGE, {}
    if "filter" in field.args:
        head, arguments = f"{head}, $filter: {entry}Filter", f"filter: $filter, {arguments}"
        variables["filter"] = plain_value(values.value(types[f"{entry}Filter"], ("filter",)))
    if "orderBy" in field.args:
        head, arguments = f"{head}, $order: [{entry}Order!]", f"orderBy: $order, {arguments}"
        order = GraphQLList(GraphQLNonNull(types[f"{entry}Order"]))
        variables["order"] = plain_value(values.value(order, ("orderBy",)))
    return head, f"({arguments}) {SHOWN % 'id'}", variables
