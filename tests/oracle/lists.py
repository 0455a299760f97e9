"""Lists to page through, drawn at random: each connection of the schema, with a filter and an order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphql import GraphQLList, GraphQLNonNull

from tests.oracle.arguments import plain_value
from tests.oracle.execution import oracle_schema
from tests.oracle.values import Values
from tests.oracle.walks import HEAD, PAGE, SHOWN, PagedList

if TYPE_CHECKING:
    import random

    from tests.oracle.content import Content

_FILTERED = f"query ({HEAD}, $filter: QuestionFilter, $order: [QuestionOrder!])"
_ORDERED = f"query ({HEAD}, $order: [QuestionOrder!])"


def paged_list(content: Content, draw: random.Random) -> PagedList:
    """Return a list over this content, the same for the same state of `draw`."""
    values = Values(content, draw)
    kind = draw.choice((_questions, _questions, _subjects, _shelf, _sources))
    return kind(content, draw, values)


def _questions(_content: Content, _draw: random.Random, values: Values) -> PagedList:
    document = f"{_FILTERED} {{ questions(filter: $filter, orderBy: $order, {PAGE}) {SHOWN % 'url score'} }}"
    return PagedList(document, ("questions",), {"filter": _filter(values), "order": _order(values, "QuestionOrder")})


def _subjects(_content: Content, _draw: random.Random, values: Values) -> PagedList:
    document = f"query ({HEAD}, $order: [SubjectOrder!]) {{ subjects(orderBy: $order, {PAGE}) {SHOWN % 'slug'} }}"
    return PagedList(document, ("subjects",), {"order": _order(values, "SubjectOrder")})


def _shelf(content: Content, draw: random.Random, values: Values) -> PagedList:
    slug = json.dumps(draw.choice(list(content.subjects)))
    inner = f"questions(filter: $filter, orderBy: $order, {PAGE}) {SHOWN % 'url date'}"
    variables = {"filter": _filter(values), "order": _order(values, "QuestionOrder")}
    return PagedList(f"{_FILTERED} {{ subject(slug: {slug}) {{ {inner} }} }}", ("subject", "questions"), variables)


def _sources(content: Content, draw: random.Random, values: Values) -> PagedList:
    url = json.dumps(draw.choice(sorted(content.inbound) or list(content.articles)))
    inner = f"referencedBy(orderBy: $order, {PAGE}) {SHOWN % 'url title'}"
    document = f"{_ORDERED} {{ question(by: {{url: {url}}}) {{ {inner} }} }}"
    return PagedList(document, ("question", "referencedBy"), {"order": _order(values, "QuestionOrder")})


def _filter(values: Values) -> Any:
    return plain_value(values.value(oracle_schema().type_map["QuestionFilter"], ("filter",)))


def _order(values: Values, name: str) -> Any:
    return plain_value(values.value(GraphQLList(GraphQLNonNull(oracle_schema().type_map[name])), ("orderBy",)))
