"""String: text, without outer white space."""

from __future__ import annotations

from graphql_api.kinds.faults import read_text
from graphql_api.kinds.kind import Kind, Storage
from graphql_api.kinds.orders import TEXT_ORDER

TEXT_OPERATORS = ("eq", "ne", "in", "notIn", "contains", "startsWith")

STRING = Kind(
    name="String",
    storage=Storage.TEXT,
    read=read_text,
    dump=str,
    column=str,
    is_absent_when_empty=False,
    filter_name="StringFilter",
    operators=TEXT_OPERATORS,
    order=TEXT_ORDER,
)
